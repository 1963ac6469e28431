"""Files of evidence: what they really are, and where they lie.

<home>/evidence/<first two letters of the hash>/<hash>    the bytes as they came

The bytes decide what a file is; its name must agree with them. Nothing here is served by the web
server: a download comes through the door.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path

from data.errors import Invalid

FOLDER = "evidence"
MOST_BYTES = 10 << 20
MOST_UNPACKED = 200 << 20  # of a document that is an archive
LONGEST_NAME, LONGEST_ENDING = 120, 12
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]")  # also what hides an ending
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
}
_SAME = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file of evidence whole: its name, what it is, its bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked_file(name: str, content: bytes) -> EvidenceFile:
    """The file under a harmless name; Invalid if too large, of another kind, or not as it says."""
    clean = _clean(name)
    if not content:
        raise Invalid("entering.refused.file_empty", file=clean)
    if len(content) > MOST_BYTES:
        raise Invalid("entering.refused.file_large", file=clean, most=MOST_BYTES >> 20)
    ending = Path(clean).suffix.lower().removeprefix(".")
    ending = _SAME.get(ending, ending)
    found = _kind(content)
    if found == "text" and ending in ("csv", "txt"):
        found = ending
    if found != ending or found not in MEDIA_TYPES:
        raise Invalid("entering.refused.file_kind", file=clean, known=sorted(MEDIA_TYPES))
    return EvidenceFile(clean, MEDIA_TYPES[found], content)


def keep(home: Path, file: EvidenceFile) -> None:
    """Lay the bytes down under their hash, readable by nobody else on the machine."""
    target = _place(home, file.sha256)
    if target.is_file():
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = target.with_name(f"{uuid.uuid4().hex}.part")
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(file.content)
        out.flush()
        os.fsync(out.fileno())
    waiting.replace(target)


def content_of(home: Path, sha256: str) -> bytes:
    """The bytes with this hash; gone or changed, they are Invalid."""
    place = _place(home, sha256)
    content = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Invalid("entering.refused.file_damaged", sha256=sha256[:12])
    return content


def _place(home: Path, sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a sha256")
    return home / FOLDER / sha256[:2] / sha256


def _clean(name: str) -> str:
    """The last part of a name, without control signs, not longer than a name is."""
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join(_CONTROL.sub("", last).split()).lstrip(".")
    path = Path(plain or "file")
    ending = path.suffix[:LONGEST_ENDING]
    return f"{path.stem[: LONGEST_NAME - len(ending)]}{ending}"


def _kind(content: bytes) -> str:
    """What the bytes are; '' for what is not accepted."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return "text" if _is_text(content) else ""


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return ""
    names = {member.filename for member in members}
    macros = any(name.endswith("vbaProject.bin") for name in names)
    if macros or sum(member.file_size for member in members) > MOST_UNPACKED:
        return ""
    return next((kind for part, kind in _PARTS.items() if part in names), "")


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
