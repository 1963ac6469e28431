"""The workbook of readings: out, filled in as somebody would, and back in after a look."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from data.access.roles import Role
from data.errors import Invalid, PermissionDenied
from data.language.compile import compile_catalogues
from data.language.languages import Language
from data.language.texts import Texts
from data.workspace import Workspace
from kpis.entering import approve_readings, submit_lines
from kpis.entries import EntryState, Slot
from reports.readings_exchange import Preview, export_readings, preview_readings
from reports.readings_exchange.columns import ReadingField
from tests.kpis.conftest import settings_in
from tests.kpis.entering.house import (
    HOURS,
    LOCAL,
    MAR,
    OTHER,
    OWNER,
    SCORE,
    SHARE,
    approved,
    entries_of,
    person,
    settled,
    told,
    write,
)

PERIODS = 40  # more than there are since January 2024: all of them
Edit = Callable[[Any, dict[str, int]], None]
FIELD = ReadingField


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one value is approved and one on its way."""
    compile_catalogues()
    home = tmp_path_factory.mktemp("exchange") / "home"
    workspace = settled(home)
    approved(workspace, Slot(SCORE, MAR), 3.0)
    write(workspace, Slot(SHARE, MAR, "O02"), 5, 10)
    workspace.database.dispose()
    return home


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(begun, tmp_path / "home")
    workspace = Workspace.open(settings_in(tmp_path / "home"))
    yield workspace
    workspace.database.dispose()


_written: dict[Language, bytes] = {}  # every house is the same until somebody works in it


def exported(house: Workspace, language: Language = Language.EN) -> bytes:
    """The workbook as it goes out of the house, of two KPIs of three offices and one of none."""
    if language not in _written:
        codes = [SHARE, HOURS, SCORE]
        _written[language] = export_readings(
            house, by=OWNER, language=language, codes=codes, periods=PERIODS
        )
    return _written[language]


def filled(content: bytes, edit: Edit, language: Language = Language.EN) -> bytes:
    """The workbook after somebody worked on its first sheet: `edit` gets it and its columns."""
    workbook = load_workbook(io.BytesIO(content))
    sheet = workbook.worksheets[0]
    texts = Texts(language)
    heads = {cell.value: place for place, cell in enumerate(sheet[1], start=1)}
    edit(sheet, {field.value: heads[texts.word(field)] for field in FIELD})
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def row_of(sheet: Any, columns: dict[str, int], slot: Slot) -> int:
    for number in range(2, sheet.max_row + 1):
        said = [sheet.cell(number, columns[name]).value for name in ("kpi", "period", "office")]
        if said == [slot.code, slot.period.code, slot.office]:
            return number
    raise AssertionError(slot)


def putting(slot: Slot, **cells: Any) -> Edit:
    def edit(sheet: Any, columns: dict[str, int]) -> None:
        number = row_of(sheet, columns, slot)
        for name, value in cells.items():
            sheet.cell(number, columns[name]).value = value

    return edit


def preview(house: Workspace, content: bytes) -> Preview:
    return preview_readings(house, by=OWNER, content=content)


def test_the_same_values_give_the_same_bytes_and_a_row_for_each_expected(house: Workspace) -> None:
    asked: dict[str, Any] = {"by": OWNER, "language": Language.EN, "codes": [SHARE]}
    content = export_readings(house, periods=PERIODS, **asked)
    assert content == export_readings(house, periods=PERIODS, **asked)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) % 3 == 0
    assert {(row[0], row[4]) for row in rows} == {(SHARE, f"O0{n}") for n in (1, 2, 3)}
    assert sheet.protection.sheet


@pytest.mark.parametrize("language", list(Language))
def test_an_untouched_workbook_changes_nothing_in_any_language(
    house: Workspace, language: Language
) -> None:
    found = preview(house, exported(house, language))
    assert (found.changes, found.faults, found.lines) == ([], [], [])
    with pytest.raises(Invalid, match="nothing_new"):
        submit_lines(house, by=OWNER, lines=found.lines)


def test_what_is_filled_in_is_previewed_and_then_submitted(house: Workspace) -> None:
    slot = Slot(SHARE, MAR, "O01")
    edit = putting(slot, first=8, second=10, evidence="=page 3")
    found = preview(house, filled(exported(house), _as_text(edit)))
    assert [(one.field, one.old, one.new) for one in found.changes] == [
        (FIELD.FIRST, None, 8.0),
        (FIELD.SECOND, None, 10.0),
        (FIELD.EVIDENCE, "", "=page 3"),
    ]
    submit_lines(house, by=OWNER, lines=found.lines)
    (entry,) = [one for one in entries_of(house, codes=[SHARE]) if one.slot == slot]
    assert entry.state is EntryState.SUBMITTED
    assert [item.note for item in entry.evidence] == ["=page 3"]
    approve_readings(house, by=OTHER, entries=[entry])
    assert told(house, SHARE, "2024-03", office="O01").figure.value == 80.0


def _as_text(edit: Edit) -> Edit:
    """Text that begins like a formula stays text."""

    def edited(sheet: Any, columns: dict[str, int]) -> None:
        edit(sheet, columns)
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"

    return edited


def test_a_draft_goes_on_in_the_workbook(house: Workspace) -> None:
    slot = Slot(SHARE, MAR, "O02")
    found = preview(house, filled(exported(house), putting(slot, first=6)))
    assert [(one.old, one.new) for one in found.changes] == [(5.0, 6.0)]
    submit_lines(house, by=OWNER, lines=found.lines)
    (entry,) = [one for one in entries_of(house, codes=[SHARE]) if one.slot == slot]
    assert (entry.numerator, entry.state) == (6.0, EntryState.SUBMITTED)
    assert len(entry.evidence) == 1


@pytest.mark.parametrize(
    ("slot", "cells", "why"),
    [
        (Slot(SHARE, MAR, "O01"), {"first": 11, "second": 10, "evidence": "x"}, "part_larger"),
        (Slot(SHARE, MAR, "O01"), {"first": 8, "second": 10}, "no_evidence"),
        (Slot(SHARE, MAR, "O01"), {"first": "eight", "second": 10, "evidence": "x"}, "no_number"),
        (Slot(SHARE, MAR, "O01"), {"second": 10, "evidence": "x"}, "no_number"),
        (Slot(SHARE, MAR, "O01"), {"first": 8, "evidence": "x"}, "two_numbers"),
        (Slot(SCORE, MAR), {"first": 4, "evidence": "x"}, "no_reason"),
        (Slot(SCORE, MAR), {"first": 9, "evidence": "x", "reason": "x"}, "out_of_range"),
        (Slot(SHARE, MAR, "O01"), {"office": "O09", "first": 8}, "row_unknown"),
        (Slot(SHARE, MAR, "O01"), {"office": "O02", "first": 8}, "row_changed"),
        (Slot(SHARE, MAR, "O01"), {"stand": "1.1", "first": 8}, "row_changed"),
        (Slot(HOURS, MAR, "O01"), {"first": True, "evidence": "x"}, "no_number"),
        (Slot(HOURS, MAR, "O01"), {"first": 1, "evidence": 7}, "no_text"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_can_be_taken(
    house: Workspace, slot: Slot, cells: dict[str, Any], why: str
) -> None:
    found = preview(house, filled(exported(house), putting(slot, **cells)))
    assert not found.can_be_taken
    assert why in {fault.why.key.rpartition(".")[2] for fault in found.faults}
    assert all(fault.cell[-1].isdigit() for fault in found.faults)


def test_what_changed_since_the_workbook_went_out_is_a_fault(house: Workspace) -> None:
    slot = Slot(SHARE, MAR, "O01")
    content = filled(exported(house), putting(slot, first=8, second=10, evidence="x"))
    write(house, slot, 1, 10)
    found = preview(house, content)
    assert [fault.why.key for fault in found.faults] == ["entering.refused.row_changed"]


def test_a_row_twice_is_a_fault(house: Workspace) -> None:
    def twice(sheet: Any, columns: dict[str, int]) -> None:
        number = row_of(sheet, columns, Slot(SHARE, MAR, "O01"))
        for column in range(1, sheet.max_column + 1):
            sheet.cell(sheet.max_row + (column == 1), column).value = sheet.cell(
                number, column
            ).value

    found = preview(house, filled(exported(house), twice))
    assert [fault.why.key for fault in found.faults] == ["entering.refused.row_twice"]


def test_a_formula_is_refused_with_its_cell(house: Workspace) -> None:
    content = filled(exported(house), putting(Slot(SHARE, MAR, "O01"), first="=1+1"))
    with pytest.raises(Invalid, match="formula") as refused:
        preview(house, content)
    assert refused.value.values["cell"].startswith("H")


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused(house: Workspace, content: bytes) -> None:
    with pytest.raises(Invalid, match="broken_workbook"):
        preview(house, content)


@pytest.mark.parametrize(
    ("part", "body", "why"),
    [
        ("xl/vbaProject.bin", b"x", "carries"),
        ("xl/externalLinks/one.xml", b"<a/>", "carries"),
        ("xl/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "broken_workbook"),
        ("xl/media/big.bin", b"\0" * (25 << 20), "workbook_large"),
    ],
)
def test_a_hostile_workbook_is_refused_before_it_is_opened(
    house: Workspace, part: str, body: bytes, why: str
) -> None:
    packed = io.BytesIO(exported(house))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, body)
    with pytest.raises(Invalid, match=why):
        preview(house, packed.getvalue())


def test_one_sees_and_fills_in_only_what_one_may_enter(house: Workspace) -> None:
    content = export_readings(house, by=LOCAL, language=Language.EN, periods=PERIODS)
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert {row[4] for row in rows} == {"O01"}
    edit = putting(Slot(SHARE, MAR, "O03"), first=8, second=10, evidence="x")
    found = preview_readings(house, by=LOCAL, content=filled(exported(house), edit))
    assert not found.can_be_taken
    with pytest.raises(PermissionDenied):
        export_readings(house, by=person(Role.VIEWER), language=Language.EN)
