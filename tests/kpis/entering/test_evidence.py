"""Files of evidence: only what they say they are, kept under their hash, behind the door."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.workspace import Workspace
from kpis.entering import Written, attach_file, remove_evidence, save_reading
from kpis.entries import Slot
from kpis.evidence import read_evidence_file
from kpis.evidence.files import FOLDER, MOST_BYTES, checked_file
from tests.kpis.entering.house import HOURS, JAN, LOCAL, MANAGER, OWNER, SCORE, again, person

PDF = b"%PDF-1.7\n%%EOF\n"


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in ("[Content_Types].xml", *names):
            file.writestr(name, "<x/>")
    return packed.getvalue()


GOOD = {
    "report.pdf": PDF,
    "Sheet.XLSX": archive("xl/workbook.xml"),
    "letter.docx": archive("word/document.xml"),
    "scan.png": b"\x89PNG\r\n\x1a\n....",
    "photo.jpeg": b"\xff\xd8\xff\xe0....",
    "rows.csv": "zyra;orë\nPrizren;12\n".encode(),
    "note.txt": "čćžšđ".encode(),
}
BAD = {
    "report.pdf": b"MZ\x90\x00",
    "report.png": PDF,
    "page.html": b"<script>alert(1)</script>",
    "picture.svg": b"<svg onload='x'/>",
    "tool.exe": b"MZ\x90\x00",
    "macro.xlsx": archive("xl/workbook.xml", "xl/vbaProject.bin"),
    "macro.xlsm": archive("xl/workbook.xml"),
    "other.docx": archive("xl/workbook.xml"),
    "old.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "cut.xlsx": archive("xl/workbook.xml")[:20],
    "binary.txt": b"a\x00b",
    "latin.csv": b"\xe7\xeb",
    "nothing": PDF,
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_an_accepted_kind_is_taken(name: str) -> None:
    assert checked_file(name, GOOD[name]).content == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_it_says_or_not_accepted_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="file_kind"):
        checked_file(name, BAD[name])


def test_a_file_without_or_with_too_many_bytes_is_refused() -> None:
    with pytest.raises(Invalid, match="file_empty"):
        checked_file("a.pdf", b"")
    with pytest.raises(Invalid, match="file_large"):
        checked_file("a.pdf", PDF + b" " * MOST_BYTES)


@pytest.mark.parametrize(
    "name", ["../../etc/x.pdf", "C:\\secret\\x.pdf", "x\u202e.pdf", ".x.pdf", "x\r\n.pdf"]
)
def test_a_name_leads_nowhere_and_hides_nothing(name: str) -> None:
    assert checked_file(name, PDF).name == "x.pdf"


def test_a_file_comes_back_through_the_door_alone(house: Workspace) -> None:
    entry = save_reading(house, by=LOCAL, slot=Slot(HOURS, JAN, "O01"), written=Written(1.0))
    number = attach_file(house, by=LOCAL, entry=entry, name="report.pdf", content=PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    kept = house.settings.home / FOLDER / digest[:2] / digest
    assert kept.read_bytes() == PDF
    assert kept.stat().st_mode & 0o077 == 0
    for who in (LOCAL, OWNER, MANAGER, person(Role.INTERNAL_AUDITOR)):
        with house.read(who, Permission.READING_VIEW) as reader:
            file = read_evidence_file(reader, number)
        assert (file.name, file.media_type, file.content) == ("report.pdf", "application/pdf", PDF)
    with (
        pytest.raises(PermissionDenied),
        house.read(person(Role.VIEWER), Permission.READING_VIEW) as reader,
    ):
        read_evidence_file(reader, number)
    far = person(Role.UNIT_HEAD, units=frozenset({"O02"}))
    refused = pytest.raises(PermissionDenied, match="other_unit")
    with house.read(far, Permission.READING_VIEW) as reader, refused:
        read_evidence_file(reader, number)
    (item,) = again(house, entry).evidence
    assert (item.sha256, item.file_bytes) == (digest, len(PDF))
    kept.write_bytes(b"%PDF-forged")
    with house.read(OWNER, Permission.READING_VIEW) as reader, pytest.raises(Invalid):
        read_evidence_file(reader, number)
    remove_evidence(house, by=LOCAL, entry=again(house, entry), evidence_id=number)
    with house.read(OWNER, Permission.READING_VIEW) as reader, pytest.raises(NotFound):
        read_evidence_file(reader, number)


def test_evidence_of_the_agency_is_not_for_one_office(house: Workspace) -> None:
    entry = save_reading(house, by=OWNER, slot=Slot(SCORE, JAN), written=Written(3.0))
    number = attach_file(house, by=OWNER, entry=entry, name="report.pdf", content=PDF)
    with house.read(LOCAL, Permission.READING_VIEW) as reader, pytest.raises(PermissionDenied):
        read_evidence_file(reader, number)
