"""What kind of file it really is, and its plain content, unpacked within limits."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from data.errors import ExtractRejected

CHUNK = 1 << 20
HEAD_BYTES = 1 << 18  # holds any header
# RuntimeError: an encrypted member; NotImplementedError: a compression nobody uses for tables.
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
)


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be. Beyond, it is refused before it is opened."""

    file_bytes: int = 8 << 30
    unpacked_bytes: int = 16 << 30
    workbook_bytes: int = 2 << 30  # unpacked: a full sheet of 1,048,576 rows takes about 1 GiB
    ratio: int = 250  # unpacked to packed; tables reach 50, bombs 1000 and more
    ratio_from: int = 16 << 20  # smaller content cannot hurt


LIMITS = Limits()
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    (b"%PDF", "pdf"),
    (b"SQLite format 3", "sqlite"),
    (b"PAR1", "parquet"),
)


class Readable(Protocol):
    """Whatever gives bytes: files, members of archives."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Content:
    """The plain content of a file: a table of text, or a workbook."""

    kind: Kind
    path: Path
    file_bytes: int  # of the file as it came


def open_content(path: Path, scratch: Path, limits: Limits = LIMITS) -> Content:
    """Unpack the file if it is packed; ExtractRejected for what is no table or too large.

    The bytes decide what a file is, never its name.
    """
    size = path.stat().st_size
    if size == 0:
        raise ExtractRejected("extracts.refused.empty_file")
    if size > limits.file_bytes:
        raise ExtractRejected("extracts.refused.too_large", gibibytes=limits.file_bytes >> 30)
    magic = _magic(path)
    if magic == "zip":
        return _from_zip(path, scratch, size, limits)
    if magic == "gzip":
        return Content(Kind.CSV, _ungzip(path, scratch, size, limits), size)
    _refuse_other(magic)
    return Content(Kind.CSV, path, size)


def read_start(path: Path, limits: Limits = LIMITS) -> tuple[Kind, bytes]:
    """The kind of a file and the first bytes of its plain content; none of a workbook."""
    if path.stat().st_size == 0:
        raise ExtractRejected("extracts.refused.empty_file")
    magic = _magic(path)
    try:
        if magic == "gzip":
            with gzip.open(path, "rb") as packed:
                return Kind.CSV, packed.read(HEAD_BYTES)
        if magic == "zip":
            return _start_of_zip(path, limits)
    except _BROKEN as error:
        raise ExtractRejected("extracts.refused.broken_archive") from error
    _refuse_other(magic)
    with path.open("rb") as file:
        return Kind.CSV, file.read(HEAD_BYTES)


def _start_of_zip(path: Path, limits: Limits) -> tuple[Kind, bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if _is_workbook(members):
            _refuse_large_workbook(members, path.stat().st_size, limits)
            return Kind.XLSX, b""
        with archive.open(_only(members)) as packed:
            return Kind.CSV, packed.read(HEAD_BYTES)


def sha256(path: Path) -> str:
    """The fingerprint of the file as it came."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def fingerprinting(path: Path) -> Iterator[Future[str]]:
    """The fingerprint of the file, computed beside whatever the block does."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        yield beside.submit(sha256, path)


def _refuse_other(magic: str | None) -> None:
    if magic == "old_excel":
        raise ExtractRejected("extracts.refused.old_excel")
    if magic is not None:
        raise ExtractRejected("extracts.refused.wrong_kind", found=magic)


def _magic(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(16)
    return next((name for magic, name in _MAGIC if start.startswith(magic)), None)


def _from_zip(path: Path, scratch: Path, size: int, limits: Limits) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if _is_workbook(members):
                _refuse_large_workbook(members, size, limits)
                return Content(Kind.XLSX, path, size)
            return Content(Kind.CSV, _single_member(archive, members, scratch, limits), size)
    except _BROKEN as error:
        raise ExtractRejected("extracts.refused.broken_archive") from error


def _single_member(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], scratch: Path, limits: Limits
) -> Path:
    member = _only(members)
    _hold_within(member.file_size, member.compress_size, limits.unpacked_bytes, limits)
    with archive.open(member) as packed:
        return _unpack(packed, scratch, member.compress_size, limits)


def _only(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    if len(members) != 1:
        raise ExtractRejected("extracts.refused.archive_members", count=len(members))
    return members[0]


def _is_workbook(members: list[zipfile.ZipInfo]) -> bool:
    return any(member.filename == "xl/workbook.xml" for member in members)


def _refuse_large_workbook(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    _hold_within(unpacked, size, limits.workbook_bytes, limits)


def _ungzip(path: Path, scratch: Path, size: int, limits: Limits) -> Path:
    try:
        with gzip.open(path, "rb") as packed:
            return _unpack(packed, scratch, size, limits)
    except _BROKEN as error:
        raise ExtractRejected("extracts.refused.broken_archive") from error


def _unpack(packed: Readable, scratch: Path, size: int, limits: Limits) -> Path:
    """Write the content to a file of our own naming, counting what really comes out."""
    target, written = scratch / "unpacked", 0
    with target.open("wb") as plain:
        for chunk in chunks(packed):
            written += len(chunk)
            _hold_within(written, size, limits.unpacked_bytes, limits)
            plain.write(chunk)
    if written == 0:
        raise ExtractRejected("extracts.refused.empty_file")
    _refuse_other(_magic(target))
    return target


def _hold_within(unpacked: int, packed: int, limit: int, limits: Limits) -> None:
    if unpacked > limit:
        raise ExtractRejected("extracts.refused.too_large", gibibytes=limit >> 30)
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1):
        raise ExtractRejected("extracts.refused.zip_bomb", ratio=unpacked // max(packed, 1))


def chunks(file: Readable) -> Iterator[bytes]:
    """The file in pieces of one mebibyte."""
    while chunk := file.read(CHUNK):
        yield chunk
