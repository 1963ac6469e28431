"""Targets go out as a workbook and come back: cell by cell, all or nothing, nothing hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import col, select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, Refusal
from data.language.languages import Language
from data.language.texts import Texts
from data.people import add_first_administrator
from data.store.tables import AuditEntry
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.targets import Baseline, Course, Path, Stage, TargetEntry, target_history
from kpis.targets.actions import set_target
from reports.targets_exchange import (
    Preview,
    RowFate,
    export_targets,
    import_targets,
    preview_import,
)
from reports.targets_exchange.columns import TargetField
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import OFFICES, founded, open_offices, settings_in

DAY, SINCE = date(2025, 6, 30), date(2025, 1, 1)
CODES = ["SD-03", "SD-04", "SD-07", "CS-01"]
NOON = datetime.combine(SINCE, time(12))
FIRST = 2  # the row below the header: SD-03 of the agency
PATH = Path(
    Course.STAGES,
    Baseline(12.5, date(2024, 12, 31), "yearbook"),
    date(2025, 12, 31),
    (Stage(date(2025, 3, 31), low=15.0), Stage(date(2025, 6, 30), low=20.25)),
)
Edit = Callable[[Worksheet], object]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("exchange"))))
    open_offices(workspace, OFFICES)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    source = "=HYPERLINK(1)+cmd"  # a text, and to stay one
    target = Target(low=30.0, source=source, tolerance=2.0)
    set_target(
        workspace,
        by=SYSTEM,
        code="CS-01",
        target=target,
        valid_from=SINCE,
        reason="plan",
        path=PATH,
    )
    yield workspace
    workspace.database.dispose()


@pytest.fixture(scope="module")
def manager(told: Workspace) -> Actor:
    return join(told, "manager@example.org", Role.MANAGER)


@pytest.fixture(scope="module")
def content(told: Workspace) -> bytes:
    return exported(told)


def exported(told: Workspace, language: Language = Language.EN, **more: Any) -> bytes:
    return export_targets(told, by=SYSTEM, language=language, day=DAY, codes=CODES, **more)


def edited(content: bytes, *edits: Edit) -> bytes:
    """The workbook as somebody saves it who changed the first sheet."""
    book = load_workbook(io.BytesIO(content))
    for edit in edits:
        edit(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(field: TargetField, value: object, row: int = FIRST) -> Edit:
    """Fill one cell."""

    def edit(sheet: Worksheet) -> None:
        sheet.cell(row, list(TargetField).index(field) + 1).value = value  # type: ignore[assignment]

    return edit


def looked_at(told: Workspace, content: bytes, by: Actor = SYSTEM) -> Preview:
    return preview_import(told, by=by, content=content, file_name="t.xlsx")


def history(told: Workspace, code: str) -> tuple[TargetEntry, ...]:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return target_history(reader, code)


def sentences(found: Preview) -> list[str]:
    return [Texts(Language.EN).said(fault) for fault in found.faults]


def test_it_says_what_stands_and_what_may_be_filled_in(content: bytes) -> None:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, max_row=6, values_only=True))
    assert [(row[1], row[5]) for row in rows[:4]] == [(code, None) for code in CODES[:4]]
    named = dict(zip(TargetField, rows[3], strict=True))
    assert named[TargetField.LOW] == 30
    assert named[TargetField.SOURCE] == "=HYPERLINK(1)+cmd"
    assert named[TargetField.BASELINE] == 12.5
    assert named[TargetField.STAGES] == "2025-Q1 = 15; 2025-Q2 = 20.25"
    assert named[TargetField.DUE] == datetime.combine(date(2025, 12, 31), time.min)
    assert named[TargetField.AIM] == 20.25
    assert sheet.protection.sheet
    lock = {
        field: sheet.cell(FIRST, n + 1).protection.locked for n, field in enumerate(TargetField)
    }
    assert lock[TargetField.KPI]
    assert lock[TargetField.HIGH]  # no use for it: higher is better
    assert not lock[TargetField.LOW]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet.data_validations.dataValidation
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<dc:language>en" in archive.read("docProps/core.xml")


def test_the_same_targets_give_the_same_bytes(told: Workspace, content: bytes) -> None:
    assert exported(told) == content


@pytest.mark.parametrize("language", list(Language))
def test_brought_back_untouched_it_changes_nothing(told: Workspace, language: Language) -> None:
    for every in (False, True):
        found = looked_at(told, exported(told, language, every_office=every))
        assert {row.fate for row in found.rows} == {RowFate.SAME}
        assert not found.can_be_taken
        again = looked_at(told, edited(exported(told, language, every_office=every)))
        assert {row.fate for row in again.rows} == {RowFate.SAME}


def test_every_changed_cell_is_shown_before_anything_is_done(
    told: Workspace, content: bytes
) -> None:
    row = FIRST + 3
    changed = edited(
        content,
        put(TargetField.LOW, 35, row),
        put(TargetField.STAGES, "2025-Q1: 15; 2025-Q3: 22,5", row),
        put(TargetField.VALID_FROM, date(2026, 1, 1)),
        put(TargetField.LOW, 99),
    )
    before = history(told, "CS-01")
    found = looked_at(told, changed)
    by_code = {one.code: one for one in found.rows}
    assert by_code["CS-01"].fate is RowFate.CHANGED
    assert [(one.field, one.old, one.new) for one in by_code["CS-01"].changes] == [
        (TargetField.LOW, 30.0, 35.0),
        (TargetField.STAGES, "2025-Q1 = 15; 2025-Q2 = 20.25", "2025-Q1 = 15; 2025-Q3 = 22.5"),
    ]
    assert by_code["SD-03"].fate is RowFate.NEW  # another day: a target that follows
    assert found.can_be_taken
    assert history(told, "CS-01") == before


def test_it_is_taken_in_whole_and_put_on_record(told: Workspace, manager: Actor) -> None:
    book = exported(told)
    spare = next(
        number
        for number, row in enumerate(load_workbook(io.BytesIO(book)).worksheets[0].values, 1)
        if row[1] is None
    )
    filled = edited(
        book,
        put(TargetField.KPI, "SD-04", spare),
        put(TargetField.OFFICE, "O02", spare),
        put(TargetField.VALID_FROM, date(2025, 1, 1), spare),
        put(TargetField.HIGH, 120, spare),
        put(TargetField.SOURCE, "five days of intake", spare),
        put(TargetField.ASSUMPTION, "Yes", spare),
        put(TargetField.LOW, 2),
        put(TargetField.VALID_FROM, date(2026, 1, 1)),
        put(TargetField.TOLERANCE, 1.5),
    )
    with pytest.raises(Invalid):
        import_targets(told, by=manager, content=filled, file_name="t.xlsx", reason=" ")
    assert not [one for one in history(told, "SD-04") if one.office == "O02"]
    import_targets(told, by=manager, content=filled, file_name="t.xlsx", reason="the plan of 2026")
    (office,) = (one for one in history(told, "SD-04") if one.office == "O02")
    assert office.target == Target(high=120.0, source="five days of intake", assumption=True)
    newest = history(told, "SD-03")[0]
    assert (newest.valid_from, newest.author) == (date(2026, 1, 1), manager.email)
    assert newest.reason == "the plan of 2026"
    assert newest.target is not None
    assert (newest.target.low, newest.target.tolerance) == (2.0, 1.5)
    with told.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        found = reader.all(select(AuditEntry).order_by(col(AuditEntry.number).desc()))
    assert found[0].tag == "kpis.targets_imported"
    assert found[0].new is not None
    assert found[0].new["file"] == "t.xlsx"
    # Once more: what was set since the file was made is not overwritten, not even by itself.
    assert {row.fate for row in looked_at(told, filled).rows if row.changes} == {RowFate.CONFLICT}


def test_what_somebody_else_changed_since_is_a_conflict(told: Workspace) -> None:
    book = exported(told)
    row = next(
        number
        for number, cells in enumerate(load_workbook(io.BytesIO(book)).worksheets[0].values, 1)
        if cells[1] == "SD-07"
    )
    aim = Target(low=1.0, high=4.0, source="Board", assumption=False)
    (entry,) = history(told, "SD-07")
    set_target(
        told, by=SYSTEM, code="SD-07", target=aim, valid_from=entry.valid_from, reason="meanwhile"
    )
    found = looked_at(told, edited(book, put(TargetField.HIGH, 6, row)))
    (clash,) = (one for one in found.rows if one.fate is RowFate.CONFLICT)
    assert (clash.code, clash.changes[0].old, clash.changes[0].new) == ("SD-07", 5.0, 6.0)
    assert not found.can_be_taken
    (said,) = sentences(found)
    assert said.startswith(f"“Targets”, row {row}, column A (Record): SYSTEM has replaced")
    untouched = looked_at(told, book)
    (noted,) = (one for one in untouched.rows if one.notes)
    assert (noted.code, noted.fate) == ("SD-07", RowFate.SAME)


@pytest.mark.parametrize(
    ("edit", "column", "why"),
    [
        (put(TargetField.LOW, "98,5"), "L", "is no number"),
        (put(TargetField.LOW, None), "L", "needs a value here"),
        (put(TargetField.HIGH, 99), "M", "takes no value here"),
        (put(TargetField.LOW, True), "L", "is no number"),
        (put(TargetField.LOW, 1e12), "L", "is no number"),
        (put(TargetField.TOLERANCE, -1), "L", "a tolerance is not below 0"),
        (put(TargetField.VALID_FROM, "next year"), "K", "is no day"),
        (put(TargetField.VALID_FROM, NOON), "K", "is no day"),
        (put(TargetField.VALID_FROM, date(1925, 1, 1)), "K", "no likely day"),
        (put(TargetField.SOURCE, None), "N", "a source"),
        (put(TargetField.SOURCE, "x" * 1001), "N", "too long"),
        (put(TargetField.ASSUMPTION, "perhaps"), "O", "none of the words"),
        (put(TargetField.COURSE, "In a straight line"), "T", "needs a baseline"),
        (put(TargetField.STAGES, "soon = 3"), "T", "is no stage"),
        (put(TargetField.BASELINE, 3), "T", "both its value and its day"),
        (put(TargetField.KPI, "SD-99"), "B", "There is no “SD-99”"),
        (put(TargetField.KPI, "ЅD-03"), "B", "looks like SD-03"),
        (put(TargetField.KPI, "SD-O3"), "B", "looks like SD-03"),
        (put(TargetField.KPI, "SD-06"), "A", "belongs to another KPI"),
        (put(TargetField.KPI, 3), "B", "a code is text"),
        (put(TargetField.OFFICE, "O77"), "F", "There is no “O77”"),
        (put(TargetField.RECORD, "9999"), "A", "no record of a target"),
        (put(TargetField.RECORD, "1; DROP"), "A", "no record of a target"),
    ],
)
def test_a_cell_that_cannot_be_names_sheet_row_and_column(
    told: Workspace, content: bytes, edit: Edit, column: str, why: str
) -> None:
    wished = put(TargetField.VALID_FROM, date(2027, 1, 1))
    changed = edited(content, wished, edit)
    found = looked_at(told, changed)
    said = sentences(found)
    assert said[0].startswith(f"“Targets”, row {FIRST}, column {column} (")
    assert why in said[0]
    assert not found.can_be_taken
    with pytest.raises(Invalid):
        import_targets(told, by=SYSTEM, content=changed, file_name="t", reason="x")


def test_a_percentage_cell_would_be_a_hundredth(told: Workspace, content: bytes) -> None:
    def edit(sheet: Worksheet) -> None:
        cell = sheet.cell(FIRST, list(TargetField).index(TargetField.LOW) + 1)
        cell.value, cell.number_format = 0.985, "0.0%"

    (said,) = sentences(looked_at(told, edited(content, edit)))
    assert "98.5, not 98.5%" in said


def test_two_rows_that_set_the_same_are_told_apart(told: Workspace, content: bytes) -> None:
    def copy_row(sheet: Worksheet) -> None:
        values = [cell.value for cell in sheet[FIRST]]
        spare = next(n for n, row in enumerate(sheet.values, 1) if row[1] is None)
        for place, value in enumerate(values, start=1):
            sheet.cell(spare, place).value = value
        for row in (FIRST, spare):
            put(TargetField.VALID_FROM, date(2027, 1, 1), row)(sheet)

    (said,) = sentences(looked_at(told, edited(content, copy_row)))
    assert f"Row {FIRST} sets the same KPI" in said


def test_an_office_head_reaches_his_office_alone(told: Workspace, content: bytes) -> None:
    head = join(told, "o01@example.org", Role.KPI_OWNER, "O01")
    wished = put(TargetField.VALID_FROM, date(2027, 1, 1))
    (said,) = sentences(looked_at(told, edited(content, wished), head))
    assert "Your role does not reach this unit" in said


def test_columns_may_move_but_not_go(told: Workspace, content: bytes) -> None:
    def moved(sheet: Worksheet) -> None:
        sheet.move_range(f"K1:L{sheet.max_row}", cols=20)

    assert {row.fate for row in looked_at(told, edited(content, moved)).rows} == {RowFate.SAME}

    def without(sheet: Worksheet) -> None:
        sheet.delete_cols(list(TargetField).index(TargetField.TOLERANCE) + 1)

    with pytest.raises(Invalid, match="columns_missing") as refused:
        looked_at(told, edited(content, without))
    assert "Tolerance" in Texts(Language.EN).said(refused.value)
    with pytest.raises(Invalid, match="column_unknown"):
        looked_at(told, edited(content, put(TargetField.NAME, "Surprise", 1)))
    with pytest.raises(Invalid, match="column_twice"):
        looked_at(told, edited(content, put(TargetField.NAME, "KPI", 1)))


def test_formulas_and_merged_cells_are_refused_by_their_place(
    told: Workspace, content: bytes
) -> None:
    with pytest.raises(Invalid, match=r"refused\.formula") as refused:
        looked_at(told, edited(content, put(TargetField.LOW, "=1+1")))
    said = Texts(Language.EN).said(refused.value)
    assert "Sheet “Targets”, row 2, column L" in said
    with pytest.raises(Invalid, match="error_value"):
        looked_at(told, edited(content, put(TargetField.LOW, "#N/A")))
    with pytest.raises(Invalid, match=r"refused\.merged") as refused:
        looked_at(told, edited(content, lambda sheet: sheet.merge_cells("L2:L3")))
    assert "L2:L3" in Texts(Language.EN).said(refused.value)


def test_a_formula_on_another_sheet_is_refused_too(told: Workspace, content: bytes) -> None:
    book = load_workbook(io.BytesIO(content))
    book.worksheets[1]["A2"] = "=WEBSERVICE(1)"
    with pytest.raises(Invalid, match=r"refused\.formula"):
        looked_at(told, saved(book))


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry), zipfile.ZIP_DEFLATED)
        new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda _: b"", "no_workbook"),
        (lambda _: b"kpi;low\nSD-03;1\n", "no_workbook"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected_or_old"),
        (lambda book: book[:3000], "broken_workbook"),
        (lambda book: book + bytes(5 << 20), "file_too_large"),
        (lambda book: with_part(book, "xl/vbaProject.bin", b"x"), "carries_macros"),
        (
            lambda book: with_part(book, "xl/externalLinks/externalLink1.xml", b"<x/>"),
            "carries_external_links",
        ),
        (lambda book: with_part(book, "xl/connections.xml", b"<x/>"), "carries_connections"),
        (lambda book: with_part(book, "xl/embeddings/a.bin", b"x"), "carries_embedded"),
        (lambda book: with_part(book, "xl/theme/theme1.xml", ENTITY), "broken_workbook"),
        (lambda book: with_part(book, "xl/worksheets/sheet1.xml", b"<no"), "broken_workbook"),
        (lambda book: with_part(book, "xl/media/a.xml", bytes(30 << 20)), "unpacks_too_large"),
        (lambda _: saved(Workbook()), "no_sheet"),
        (lambda book: edited(book, put(TargetField.STAGES, "x", 6000)), "sheet_too_large"),
    ],
)
def test_a_hostile_file_is_refused_before_it_is_read(
    told: Workspace, content: bytes, spoil: Callable[[bytes], bytes], why: str
) -> None:
    with pytest.raises(Refusal, match=rf"targets\.refused\.{why}"):
        looked_at(told, spoil(content))


def test_who_may_not_set_targets_may_not_look_either(told: Workspace, content: bytes) -> None:
    viewer = join(told, "viewer@example.org", Role.VIEWER)
    with pytest.raises(Refusal, match=r"door\.denied"):
        looked_at(told, content, viewer)
    assert replace(looked_at(told, content), file_name="x").file_name == "x"
