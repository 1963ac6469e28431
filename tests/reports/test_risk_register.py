"""The risk register as its readers open it: what is in it, for whom, and how it prints."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.access.permissions import Permission
from data.auditing import Wanted, entries, verify_trail
from data.extracts.past import past
from data.language.languages import Language
from data.language.texts import Texts
from reports.building import build_risk_register
from reports.packs.registering import assemble_register
from reports.packs.risk_register import RiskRegisterPack
from reports.register_workbook import build_register
from risks.register.choosing import Choice
from risks.register.reading import read_register
from risks.register.states import Status
from tests.risks.house import RiskHouse
from tests.risks.told import FORMULA, told

EN = Texts(Language.EN)
SHEETS = ["Cover", "Overview", "Risks", "Treatments", "Assessments", "Controls", "Acceptances",
          "Escalations", "Reviews", "Criteria", "Lists", "Notes"]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture(scope="module")
def pack(house: RiskHouse) -> RiskRegisterPack:
    return assemble_register(house.workspace, by=house["coordinator"])


@pytest.fixture(scope="module")
def content(pack: RiskRegisterPack) -> bytes:
    return build_register(pack, EN)


@pytest.fixture(scope="module")
def book(content: bytes, reopen: Callable[..., Workbook]) -> Workbook:
    return reopen(content)


@pytest.fixture(scope="module")
def outside(house: RiskHouse, reopen: Callable[..., Workbook]) -> Workbook:
    """As somebody takes it away who sees only what is published."""
    seen = assemble_register(house.workspace, by=house["viewer"])
    return reopen(build_register(seen, EN))


def records(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a data sheet by header."""
    rows = list(sheet.iter_rows())
    heads = [str(cell.value) for cell in rows[0]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in rows[1:]]


def texts_in(book: Workbook) -> Iterator[str]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.value is not None)


def test_the_same_register_gives_the_same_bytes(pack: RiskRegisterPack, content: bytes) -> None:
    assert build_register(pack, EN) == content


def test_sheets_with_something_to_tell_stand_in_reading_order(book: Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_every_risk_is_a_row_with_its_version(house: RiskHouse, book: Workbook) -> None:
    with house.workspace.read(house["coordinator"], Permission.RISK_VIEW) as reader:
        known = read_register(reader)
    rows = records(book["Risks"])
    assert [row["Code"] for row in rows] == [one.code for one in known]
    for row, one in zip(rows, known, strict=True):
        assert row["Title"] == one.title
        assert row["Row version"] == one.row_version
        current = one.current
        assert row["Current likelihood"] == (current.likelihood if current else "–")
        assert row["Current impact"] == (current.impact if current else "–")
    first = rows[0]
    assert (first["Inherent level"], first["Current level"], first["Target level"]) == (
        "█ Critical",
        "▆ High",
        "▂ Medium",
    )
    assert (first["Appetite"], first["Overdue treatments"]) == ("above tolerable", 1)
    assert (first["Objectives"], first["Category code"], first["Unit"]) == (
        "3.1",
        "OPERATIONS",
        "Prishtinë (O01)",
    )


def test_every_part_is_told_where_it_belongs(book: Workbook) -> None:
    (plan,) = records(book["Treatments"])
    assert (plan["Risk"], plan["What is done"], plan["Days moved"]) == (
        "R-0001",
        "Hold three months of stock",
        30,
    )
    assert plan["Days promised anew"] == "2025-02-17 → 2025-03-19  Owner: The tender failed"
    assert plan["Cost (EUR)"] == 12_000
    judged = records(book["Assessments"])
    assert len(judged) == 9
    assert {row["Impact: Money"] for row in judged} == {2, "–"}
    figures = [row for row in judged if row["Code"] == "R-0002"][-1]
    assert (figures["A year"], figures["Low loss (EUR)"], figures["High loss (EUR)"]) == (
        0.2,
        5_000,
        80_000,
    )
    (control,) = records(book["Controls"])
    assert (control["Control"], control["Finding"], control["Risks that lean on it"]) == (
        "C-0001",
        "Works",
        "R-0002 (Before the event)",
    )
    assert control["What the test found"] == "Seen with own eyes"
    (borne,) = records(book["Acceptances"])
    assert (borne["State"], borne["Level"], borne["Decided by"]) == (
        "Accepted",
        "Medium",
        "head@example.org",
    )
    (raised,) = records(book["Escalations"])
    assert (raised["Laid before"], raised["Reason"], raised["Answer"]) == (
        EN.text("role.manager"),
        "One left",
        "–",
    )
    (looked,) = records(book["Reviews"])
    assert (looked["Outcome"], looked["Note"]) == ("Confirmed", "Still so")


def test_the_cover_says_whose_when_what_and_what_holds_it_to_account(
    house: RiskHouse, book: Workbook, pack: RiskRegisterPack
) -> None:
    facts = {row[0].value: row[1].value for row in book["Cover"].iter_rows(max_row=20)}
    head = facts["Head of the audit trail (SHA-256)"]
    assert verify_trail(house.workspace, by=house["auditor"], expected_head=str(head)).holds
    assert facts["Snapshot hash (SHA-256)"] == pack.cover.snapshot_hash
    assert (facts["Risks in this workbook"], facts["Prepared by"]) == (5, "Coordinator")
    assert facts["Risk criteria"] == "version 1 · an assumption until the agency decides"
    assert book.properties.keywords == f"{pack.cover.snapshot_id} cra-risk-register-1"
    assert book.properties.language == "en"


def test_only_what_is_chosen_is_in_it_and_the_cover_says_so(
    house: RiskHouse, reopen: Callable[..., Workbook]
) -> None:
    wanted = Choice(units=frozenset({"O02"}), statuses=frozenset({Status.OPEN}), is_escalated=True)
    pack = assemble_register(house.workspace, by=house["auditor"], choice=wanted)
    book = reopen(build_register(pack, EN))
    assert [row["Code"] for row in records(book["Risks"])] == ["R-0004"]
    said = set(texts_in(book))
    assert {"Prizren (O02)", "Open", "Yes"} <= said
    assert "Treatments" not in book.sheetnames


def test_the_heat_map_counts_what_the_register_holds(
    book: Workbook, pack: RiskRegisterPack
) -> None:
    cells = [str(cell.value) for row in book["Overview"]["C8:G12"] for cell in row]
    counts = [int(found.group(1)) for one in cells if (found := re.match(r"\S (\d+)\n", one))]
    assert sum(counts) == len(pack.active) == 3
    assert sorted(re.findall(r"R-\d+", " ".join(cells))) == ["R-0001", "R-0002", "R-0004"]
    tiles = [cell.value for cell in book["Overview"][4] if cell.value is not None]
    assert tiles == [3, 1, 1, 1, 1, 1]


def test_every_data_sheet_is_one_clean_table(book: Workbook) -> None:
    for name in SHEETS[2:]:
        sheet = book[name]
        (table,) = sheet.tables.values()
        assert table.name.startswith("tbl_")
        assert table.ref == sheet.dimensions
        assert not sheet.merged_cells.ranges
        heads = [str(cell.value).casefold() for cell in sheet[1]]
        assert len(set(heads)) == len(heads)


def test_what_people_wrote_stays_text(book: Workbook) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert FORMULA in set(texts_in(book))
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row
             if cell.hyperlink]  # fmt: skip
    assert links
    assert all(link.target is None for link in links)


def test_only_what_may_come_back_is_unlocked(book: Workbook) -> None:
    for name, inputs in (
        (
            "Risks",
            {"Title", "Cause", "Event", "Consequence", "Category code", "Objectives", "KPIs"},
        ),
        ("Treatments", {"Due"}),
    ):
        sheet = book[name]
        assert sheet.protection.sheet
        heads = [str(cell.value) for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            is_open = {
                head for head, cell in zip(heads, row, strict=True) if not cell.protection.locked
            }
            assert is_open == inputs


def test_who_sees_only_what_is_published_takes_no_persons_and_no_inner_words(
    outside: Workbook,
) -> None:
    said = "\n".join(texts_in(outside))
    for hidden in ("@", "tender", "One left", "Dear to mend", "Minutes", "12000", "ran short",
                   "Only a thought", "Owner:", "own eyes", "goes and looks"):  # fmt: skip
        assert hidden not in said
    (control,) = records(outside["Controls"])
    assert (control["Title"], control["Finding"]) == ("Weekly look at the pipes", "Works")
    assert [row["Code"] for row in records(outside["Risks"])] == [
        "R-0001", "R-0002", "R-0004", "R-0005",
    ]  # fmt: skip
    assert "Published register of" in said
    assert not outside["Risks"].protection.sheet
    assert {"Acceptances", "Escalations"}.isdisjoint(outside.sheetnames)


def test_that_it_was_taken_is_on_record(house: RiskHouse) -> None:
    report = build_risk_register(house.workspace, by=house["viewer"], language=Language.SQ)
    assert report.file_name == "risk-register-2025-04-17-sq.xlsx"
    last = entries(house.workspace, by=house["auditor"], wanted=Wanted(), limit=1)[0]
    assert (last.actor, last.noun, last.noun_id) == (
        "viewer@example.org", "risk_register", report.snapshot_id,
    )  # fmt: skip
    assert (last.new or {})["hash"] == report.snapshot_hash


@pytest.mark.parametrize("language", Language)
def test_every_language_says_everything(
    pack: RiskRegisterPack, language: Language, reopen: Callable[..., Workbook]
) -> None:
    book = reopen(build_register(pack, Texts(language)))
    assert len(book.sheetnames) == len(set(book.sheetnames)) == len(SHEETS)
    assert not [text for text in texts_in(book) if re.fullmatch(r"[a-z_]+\.[a-z_.]+", text)]


def test_every_sheet_prints_on_a4_with_its_heads_repeated(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [package.read(name).decode() for name in names]
        workbook = package.read("xl/workbook.xml").decode()
    assert len(sheets) == len(SHEETS)
    for sheet in sheets:
        assert 'paperSize="9"' in sheet
        assert "RR-" in sheet[sheet.index("<oddFooter>") :]
    assert workbook.count("_xlnm.Print_Titles") == len(SHEETS) - 2


def test_another_program_shows_it_whole(
    content: bytes, soffice: str, pdftotext: str, tmp_path: Path
) -> None:
    source = tmp_path / "register.xlsx"
    source.write_bytes(content)
    profile = (tmp_path / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
               "--outdir", str(tmp_path), str(source)]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    command = [pdftotext, "-layout", str(tmp_path / "register.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")
    assert all("###" not in page for page in printed)
    assert "Contents" in printed[0]
    assert "By category" in printed[1]


def test_of_a_past_day_it_says_what_was_known_then(
    house: RiskHouse, reopen: Callable[..., Workbook]
) -> None:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        then = past(reader, "2025-01-31")
    pack = assemble_register(house.workspace.at(then), by=house["coordinator"])
    assert pack.today == date(2025, 1, 31)
    assert not pack.can_return
    rows = records(reopen(build_register(pack, EN))["Risks"])
    assert rows[0]["Title"] == "Blank passports run out"
