"""The register out as a workbook, changed, and back in: seen cell by cell, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.access.permissions import Permission
from data.auditing import Wanted, entries
from data.errors import Invalid, PermissionDenied
from data.language.languages import Language
from data.language.texts import Texts
from reports.building import build_risk_register
from reports.exchange_faults import RowFate
from reports.register_columns import RiskColumn, TreatmentColumn
from reports.register_exchange import Preview, import_register, preview_register
from risks.register.actions import word_risk
from risks.register.reading import read_past, read_register
from risks.register.record import Risk
from risks.register.wording import Wording
from tests.risks.house import RiskHouse
from tests.risks.told import told

EN = Texts(Language.EN)
Sheet = type[RiskColumn] | type[TreatmentColumn]
LATER, LATER_CELL = date(2025, 6, 30), datetime(2025, 6, 30)  # noqa: DTZ001
WHY = "Said in the meeting"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    """A house that is only looked at."""
    return told(tmp_path_factory)


def exported(house: RiskHouse, by: str, language: Language = Language.EN) -> bytes:
    return build_risk_register(house.workspace, by=house[by], language=language).content


@pytest.fixture(scope="module")
def content(shared: RiskHouse) -> bytes:
    """As the coordinator takes it out."""
    return exported(shared, "coordinator")


class Edited:
    """A workbook as somebody changes it."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(BytesIO(content))

    def cell(self, column: RiskColumn | TreatmentColumn, code: str) -> Any:
        """The cell of a column in the row of a risk."""
        sheet = self._sheet(type(column))
        heads = [str(cell.value) for cell in sheet[1]]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == code)
        return row[heads.index(EN.word(column))]

    def put(self, column: RiskColumn | TreatmentColumn, code: str, value: object) -> Edited:
        self.cell(column, code).value = value
        return self

    def _sheet(self, columns: type) -> Worksheet:
        return self.book["Risks" if columns is RiskColumn else "Treatments"]

    def done(self) -> bytes:
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def seen(house: RiskHouse, by: str, content: bytes) -> Preview:
    return preview_register(house.workspace, by=house[by], content=content, file_name="r.xlsx")


def taken(
    house: RiskHouse, by: str, content: bytes, reason: str = "Said in the meeting"
) -> Preview:
    return import_register(
        house.workspace, by=house[by], content=content, file_name="r.xlsx", reason=reason
    )


def register(house: RiskHouse) -> tuple[Risk, ...]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return read_register(reader)


def reasons(found: Preview) -> list[str]:
    return [fault.why.key for fault in found.faults]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("by", ["coordinator", "owner", "head"])
def test_what_comes_back_as_it_went_changes_nothing(
    shared: RiskHouse, by: str, language: Language
) -> None:
    content = exported(shared, by, language)
    again = Edited(content).done()  # as another program writes it
    for each in (content, again):
        found = seen(shared, by, each)
        assert (found.cells, found.faults, found.changes) == ((), (), ())
        assert {one.fate for one in found.risks} == {RowFate.SAME}
    with pytest.raises(Invalid, match="import_empty"):
        taken(shared, by, content)


def test_one_changed_cell_is_one_difference_and_nothing_else(
    shared: RiskHouse, content: bytes
) -> None:
    cases: list[tuple[RiskColumn | TreatmentColumn, object, object, object]] = [
        (RiskColumn.TITLE, "Blanks run short", "Blank passports ran short", "Blanks run short"),
        (RiskColumn.CAUSE, "", "Deliveries of blanks come late", ""),
        (RiskColumn.CATEGORY, "PEOPLE", "OPERATIONS", "PEOPLE"),
        (RiskColumn.OBJECTIVES, None, "3.1", ""),
        (TreatmentColumn.DUE, LATER_CELL, date(2025, 3, 19), LATER),
    ]  # fmt: skip
    for column, value, old, new in cases:
        found = seen(shared, "coordinator", Edited(content).put(column, "R-0001", value).done())
        (cell,) = found.cells
        assert (cell.field, cell.old, cell.new, cell.standing) == (column, old, new, None)
        assert (found.faults, len(found.changes)) == ((), 1)
        where = Edited(content).cell(column, "R-0001")
        assert (cell.row, cell.column) == (where.row, where.column_letter)


def test_what_is_taken_in_is_done_at_once_and_audited_as_the_persons(house: RiskHouse) -> None:
    edited = Edited(exported(house, "coordinator"))
    edited.put(RiskColumn.TITLE, "R-0001", "Blanks run short")
    edited.put(RiskColumn.OBJECTIVES, "R-0002", "")
    edited.put(TreatmentColumn.DUE, "R-0001", LATER)
    before = {one.code: one for one in register(house)}
    taken(house, "coordinator", edited.done())
    after = {one.code: one for one in register(house)}
    assert after["R-0001"].title == "Blanks run short"
    assert after["R-0002"].objectives == ()
    (plan,) = after["R-0001"].treatments
    assert (plan.due, plan.due_changes[-1].reason, plan.due_changes[-1].by) == (
        LATER, "Said in the meeting", "coordinator@example.org",
    )  # fmt: skip
    changed = {code for code, one in after.items() if one != before[code]}
    assert changed == {"R-0001", "R-0002"}
    for code in changed:
        assert after[code].row_version == before[code].row_version + 1
        with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
            last = read_past(reader, after[code])[-1]
        assert (last.actor, last.tag) == ("coordinator@example.org", "risks.imported")
        assert last.cause is not None
        assert (last.cause["reason"], last.cause["file"]) == ("Said in the meeting", "r.xlsx")


def test_a_file_taken_in_twice_says_nothing_new_the_second_time(house: RiskHouse) -> None:
    content = Edited(exported(house, "owner")).put(RiskColumn.TITLE, "R-0003", "A thought").done()
    taken(house, "owner", content)
    found = seen(house, "owner", content)
    assert [one.fate for one in found.risks if one.code == "R-0003"] == [RowFate.CONFLICT]
    fresh = Edited(exported(house, "owner")).done()
    assert seen(house, "owner", fresh).cells == ()


def test_changed_on_both_sides_is_a_conflict_shown_against_what_stands(house: RiskHouse) -> None:
    content = exported(house, "coordinator")
    risk = house.risk("R-0001")
    said = Wording(risk.title, "The supplier is bankrupt", risk.event, risk.consequence,
                   risk.category_code, risk.objectives)  # fmt: skip
    word_risk(house.workspace, by=house["owner"], code="R-0001", version=risk.row_version,
              wording=said)  # fmt: skip
    untouched = seen(house, "coordinator", content)
    assert (untouched.cells, untouched.faults) == ((), ())
    (note,) = next(one for one in untouched.risks if one.code == "R-0001").notes
    assert note.values["by"] == "owner@example.org"
    edited = Edited(content).put(RiskColumn.CAUSE, "R-0001", "Customs strike")
    edited.put(RiskColumn.TITLE, "R-0002", "Archive is flooded")
    found = seen(house, "coordinator", edited.done())
    one = next(one for one in found.risks if one.code == "R-0001")
    (cell,) = one.changes
    assert (one.fate, cell.old, cell.new, cell.standing) == (
        RowFate.CONFLICT,
        "Deliveries of blanks come late",
        "Customs strike",
        "The supplier is bankrupt",
    )
    assert reasons(found) == ["register_import.refused.conflict"]
    before = register(house)
    with pytest.raises(Invalid, match="import_faulty"):
        taken(house, "coordinator", edited.done())
    assert register(house) == before  # not even what was in no conflict


def test_rights_are_those_of_each_risk(house: RiskHouse) -> None:
    title = "Another title"
    content = Edited(exported(house, "head")).put(RiskColumn.TITLE, "R-0001", title).done()
    assert reasons(seen(house, "head", content)) == ["risks.refused.not_yours"]
    category = Edited(exported(house, "owner")).put(RiskColumn.CATEGORY, "R-0001", "PEOPLE").done()
    (fault,) = seen(house, "owner", category).faults
    assert (fault.why.key, fault.field) == ("risks.refused.not_coordinator", RiskColumn.CATEGORY)
    foreign = Edited(exported(house, "coordinator")).put(RiskColumn.TITLE, "R-0004", title).done()
    assert "risks.refused.no_risk" in reasons(seen(house, "owner", foreign))
    for nobody in ("viewer", "auditor", "director", "deputy"):
        with pytest.raises(PermissionDenied):
            seen(house, nobody, content)


@pytest.mark.parametrize(
    ("column", "code", "value", "why"),
    [
        (RiskColumn.TITLE, "R-0001", "", "risks.refused.empty"),
        (RiskColumn.TITLE, "R-0001", "x" * 121, "risks.refused.too_long"),
        (RiskColumn.TITLE, "R-0001", 12, "targets.refused.not_a_text"),
        (RiskColumn.CATEGORY, "R-0001", "ОPERATIONS", "targets.refused.code_unknown"),
        (RiskColumn.OBJECTIVES, "R-0001", "3.1; 9.9", "targets.refused.code_unknown"),
        (RiskColumn.KPIS, "R-0001", "SD-01", "targets.refused.code_unknown"),
        (RiskColumn.TITLE, "R-0005", "Closed and renamed", "risks.refused.not_editable"),
        (RiskColumn.VERSION, "R-0001", 999, "register_import.refused.version_unknown"),
        (RiskColumn.VERSION, "R-0001", "two", "register_import.refused.version_unreadable"),
        (RiskColumn.CODE, "R-0001", "R-9999", "risks.refused.no_risk"),
        (RiskColumn.CODE, "R-0001", None, "register_import.refused.no_code"),
        (RiskColumn.CODE, "R-0001", "R-0002", "register_import.refused.twice"),
        (TreatmentColumn.DUE, "R-0001", None, "register_import.refused.due_missing"),
        (TreatmentColumn.DUE, "R-0001", "soon", "targets.refused.not_a_day"),
        (TreatmentColumn.DUE, "R-0001", date(2025, 1, 1), "risks.refused.day_over"),
        (TreatmentColumn.ID, "R-0001", "elsewhere", "risks.refused.no_such_treatment"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    shared: RiskHouse,
    content: bytes,
    column: RiskColumn | TreatmentColumn,
    code: str,
    value: object,
    why: str,
) -> None:
    edited = Edited(content)
    place = edited.cell(column, code)
    place.value = value
    found = seen(shared, "coordinator", edited.done())
    fault = next(one for one in found.faults if one.why.key == why)
    assert (fault.sheet, fault.row) == (
        (place.parent.title, place.row) if why != "register_import.refused.twice" else ("Risks", 3)
    )
    for language in Language:
        assert fault.sheet in Texts(language).said(fault)
    with pytest.raises(Invalid, match="import_faulty"):
        taken(shared, "coordinator", edited.done())


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda sheet: sheet.__setitem__("B2", "=1+1"), "targets.refused.formula"),
        (lambda sheet: sheet.merge_cells("B2:C2"), "targets.refused.merged"),
        (lambda sheet: sheet.__setitem__("B1", "Weather"), "targets.refused.column_unknown"),
        (lambda sheet: sheet.__setitem__("C1", "Title"), "targets.refused.column_twice"),
        (lambda sheet: sheet.delete_cols(3), "targets.refused.columns_missing"),
        (lambda sheet: sheet.delete_cols(1), "register_import.refused.no_sheet"),
    ],
)
def test_a_sheet_that_hides_something_is_not_read(
    shared: RiskHouse, content: bytes, spoil: Callable[[Worksheet], None], why: str
) -> None:
    edited = Edited(content)
    spoil(edited.book["Risks"])
    with pytest.raises(Invalid) as caught:
        seen(shared, "coordinator", edited.done())
    assert caught.value.key == why


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "targets.refused.no_workbook"),
        (b"PK\x03\x04 cut", "targets.refused.broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "targets.refused.protected_or_old"),
        (b"0" * (17 << 20), "register_import.refused.file_too_large"),
    ],
)
def test_what_is_no_workbook_is_not_opened(shared: RiskHouse, given: bytes, why: str) -> None:
    with pytest.raises(Invalid) as caught:
        seen(shared, "coordinator", given)
    assert caught.value.key == why


def test_a_workbook_with_macros_or_entities_is_not_opened(
    shared: RiskHouse, content: bytes
) -> None:
    for name, part in (
        ("xl/vbaProject.bin", b"macro"),
        ("xl/more.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ):
        stream = BytesIO(content)
        with ZipFile(stream, "a", ZIP_DEFLATED) as package:
            package.writestr(name, part)
        with pytest.raises(Invalid):
            seen(shared, "coordinator", stream.getvalue())


def test_missing_rows_other_sheets_and_other_columns_change_nothing(
    shared: RiskHouse, content: bytes
) -> None:
    edited = Edited(content)
    edited.book["Risks"].delete_rows(3, 2)
    del edited.book["Reviews"], edited.book["Treatments"], edited.book["Cover"]
    edited.put(RiskColumn.CURRENT_LEVEL, "R-0001", "Low").put(RiskColumn.OWNER, "R-0001", "me")
    edited.book["Assessments"]["D2"] = "=1+1"
    found = seen(shared, "coordinator", edited.done())
    assert (found.cells, found.faults) == ((), ())


def test_a_preview_leaves_nothing_behind(shared: RiskHouse, content: bytes) -> None:
    before = entries(shared.workspace, by=shared["auditor"], wanted=Wanted(), limit=1)[0].number
    edited = Edited(content).put(RiskColumn.TITLE, "R-0001", "Tried").done()
    assert seen(shared, "coordinator", edited).can_be_taken
    after = entries(shared.workspace, by=shared["auditor"], wanted=Wanted(), limit=1)[0].number
    assert before == after
    assert house_titles(shared)["R-0001"] == "Blank passports ran short"


def test_an_import_without_a_reason_does_nothing(house: RiskHouse) -> None:
    content = Edited(exported(house, "owner")).put(RiskColumn.TITLE, "R-0001", "Why?").done()
    with pytest.raises(Invalid):
        taken(house, "owner", content, reason="  ")
    assert house_titles(house)["R-0001"] == "Blank passports ran short"


def test_texts_of_every_kind_come_back_as_they_were(house: RiskHouse) -> None:
    nasty = "=cmd()\n+1\t@x _x000D_ _x0041_ <b> & 'ë đ ш 🙂 “q”"
    risk = house.risk("R-0003")
    said = Wording(risk.title, nasty, "-1", "@SUM(A1)")
    word_risk(house.workspace, by=house["owner"], code="R-0003", version=risk.row_version,
              wording=said)  # fmt: skip
    for content in (exported(house, "owner"), Edited(exported(house, "owner")).done()):
        assert seen(house, "owner", content).cells == ()


def house_titles(house: RiskHouse) -> dict[str, str]:
    return {one.code: one.title for one in register(house)}
