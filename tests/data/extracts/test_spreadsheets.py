"""Workbooks as people make them: titles, merged cells, hidden parts, formulas, typed cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data.errors import ExtractRejected
from data.extracts.profile_files import read_profile
from data.extracts.profiles import load_profiles
from data.extracts.recognition import recognise
from tests.data.extracts.checks import HEAD, KOSOVAR, Desk, listed, notes, rows

OPENED, DECIDED = datetime.fromisoformat("2025-03-03 09:00"), date(2025, 3, 5)
MIDNIGHT = datetime.fromisoformat("2025-03-06 00:00")
LINE: tuple[Any, ...] = ("A-1", "PASSPORT", "PR-1", OPENED, DECIDED, None, "approved")


def workbook(
    *lines: tuple[Any, ...], change: Callable[[Any], None] | None = None, head: str = HEAD
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(head.split(","))
    for line in lines:
        sheet.append(line)
    if change is not None:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_typed_cells_are_read_as_what_they_are(desk: Desk) -> None:
    lines = [LINE, (7, "PASSPORT", 12.0, OPENED, DECIDED, MIDNIGHT, "approved")]
    checked = desk.check(workbook(*lines), name="a.xlsx")
    found = rows(checked)
    assert checked.encoding == "xlsx"
    assert list(found["application_id"]) == ["7", "A-1"]
    assert list(found["office_code"]) == ["12", "PR-1"]
    assert list(found["submitted_at"]) == [pd.Timestamp(OPENED)] * 2
    assert list(found["decided_at"]) == [pd.Timestamp(DECIDED)] * 2


def test_a_workbook_is_recognised_by_its_headers(desk: Desk) -> None:
    path = desk.folder / "a.xlsx"
    path.write_bytes(workbook(LINE))
    assert recognise(path, path.name, load_profiles(None)).profile.id == "applications-native"


def test_numbers_as_text_are_read_by_the_declared_marks(desk: Desk) -> None:
    path = desk.folder / "p.toml"
    path.write_text(KOSOVAR, encoding="utf-8")
    head = "Nr. i pagesës,Shuma,Paguar më,Statusi"
    lines = [
        ("P-1", "1.234,50 €", OPENED, "paid"),
        ("P-2", 1234.5, OPENED, "paid"),
        ("P-3", 1.234, OPENED, "paid"),
        ("P-4", 1000, OPENED, "paid"),
    ]
    checked = desk.check(workbook(*lines, head=head), read_profile(path))
    assert [float(one) for one in rows(checked)["amount_eur"]] == [1234.5, 1234.5, 1.234, 1000.0]


def test_numbers_too_long_for_a_cell_are_seen(desk: Desk) -> None:
    line = (12345678901234567890, *LINE[1:])
    checked = desk.check(workbook(LINE, line))
    assert checked.quarantine_reasons == {"scientific_notation": 1}


def test_merged_cells_are_filled_in_headers_and_rows(desk: Desk) -> None:
    def merge(book: Any) -> None:
        sheet = book.active
        sheet.merge_cells("C2:C3")

    checked = desk.check(workbook(LINE, ("A-2", "ID_CARD", None, OPENED), change=merge))
    assert list(rows(checked)["office_code"]) == ["PR-1", "PR-1"]


def test_header_groups_over_two_rows(desk: Desk) -> None:
    def group(book: Any) -> None:
        sheet = book.active
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Raporti mujor"
        sheet["A3"], sheet["D3"] = "Kërkesa", "Datat"
        sheet.merge_cells("A3:C3")
        sheet.merge_cells("D3:F3")

    columns = "\n".join(
        f'[columns.{name}]\nheaders = ["{header}"]'
        for name, header in (
            ("application_id", "Kërkesa application_id"),
            ("service_code", "Kërkesa service_code"),
            ("submitted_at", "Datat submitted_at"),
            ("decided_at", "Datat decided_at"),
            ("ready_at", "Datat ready_at"),
        )
    )
    profile = desk.profile("[file]\nheader_row = 3\nheader_rows = 2", columns=columns)
    checked = desk.check(workbook(LINE, change=group), profile)
    assert checked.counts.accepted == 1


def test_hidden_rows_and_sheets_are_noticed(desk: Desk) -> None:
    def hide(book: Any) -> None:
        book.active.row_dimensions[3].hidden = True
        book.create_sheet("Shënime").sheet_state = "hidden"
        front = book.create_sheet("Para", 0)
        front.sheet_state = "veryHidden"
        front["A1"] = "x"

    checked = desk.check(workbook(LINE, ("A-2", *LINE[1:]), change=hide))
    assert checked.counts.accepted == 2
    assert notes(checked)["hidden_rows"]["count"] == 1
    assert notes(checked)["hidden_sheets"]["sheets"] == ("Para", "Shënime")


def test_the_profile_may_name_the_sheet(desk: Desk) -> None:
    def rename(book: Any) -> None:
        book.active.title = "Të dhëna"
        book.create_sheet("Titulli", 0)["A1"] = "Raporti"

    content = workbook(LINE, change=rename)
    profile = desk.profile('[file]\nsheet = "të dhëna"')
    assert desk.check(content, profile).counts.accepted == 1
    with pytest.raises(ExtractRejected) as caught:
        desk.check(content, desk.profile('[file]\nsheet = "Mars"'))
    assert caught.value.values["known"] == ("Titulli", "Të dhëna")


def test_a_formula_without_its_value_refuses_the_file(desk: Desk) -> None:
    with pytest.raises(ExtractRejected) as caught:
        desk.check(workbook(LINE, ("A-2", "PASSPORT", '="PR"&1', OPENED)))
    assert caught.value.key == "extracts.refused.formula_without_value"
    assert caught.value.values["cells"] == ("C3",)


def test_of_a_computed_formula_the_value_is_read(desk: Desk) -> None:
    content = changed_part(
        workbook(LINE, ("A-2", "PASSPORT", '="PR"&1', OPENED)),
        "xl/worksheets/sheet1.xml",
        (b"<v></v>", b"<v>PR1</v>"),
        (b"<v />", b"<v>PR1</v>"),
        (b'<c r="C3"', b'<c r="C3" t="str"'),
    )
    assert list(rows(desk.check(content))["office_code"]) == ["PR-1", "PR1"]


def test_texts_that_look_like_formulas_are_values(desk: Desk) -> None:
    def quote(book: Any) -> None:
        book.active["C2"].value = "=PR"
        book.active["C2"].data_type = "s"

    assert rows(desk.check(workbook(LINE, change=quote)))["office_code"][0] == "=PR"


def test_excel_serial_numbers_under_both_date_systems(desk: Desk) -> None:
    profile = desk.profile("[formats]\nserial_dates = true")
    line = ("A-1", "PASSPORT", "PR-1", 45719.375, 45721, None, "approved")
    assert rows(desk.check(workbook(line), profile))["submitted_at"][0] == pd.Timestamp(OPENED)

    def since_1904(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    typed = ("A-2", *LINE[1:])
    bare = (*line[:3], 45719.375 - 1462, 45721 - 1462, None, "approved")
    content = changed_part(
        workbook(bare, typed, change=since_1904),
        "xl/workbook.xml",
        (b"<workbookPr />", b'<workbookPr date1904="1" />'),
    )
    found = rows(desk.check(content, profile))
    assert list(found["submitted_at"]) == [pd.Timestamp(OPENED)] * 2
    assert list(found["decided_at"]) == [pd.Timestamp(DECIDED)] * 2


def test_rows_in_the_list_are_those_of_the_sheet(desk: Desk) -> None:
    lines = [LINE, (), ("A-3", "PASSPORT", "PR-1", "soon")]
    checked = desk.check(workbook(*lines))
    assert checked.counts.read == 2
    assert [one["row"] for one in listed(checked.quarantine)] == [4]


@pytest.mark.parametrize(
    "attack", [b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>"]
)
def test_declared_entities_refuse_the_workbook(desk: Desk, attack: bytes) -> None:
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        content = changed_part(workbook(LINE), part, (b"<workbook ", attack + b"<workbook "),
                               (b"<worksheet ", attack + b"<worksheet "))  # fmt: skip
        with pytest.raises(ExtractRejected) as caught:
            desk.check(content)
        assert caught.value.key == "extracts.refused.hostile_xml"


def test_a_workbook_that_unfolds_beyond_reason_is_refused(desk: Desk) -> None:
    target = io.BytesIO(workbook(LINE))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.xml", bytes(64 << 20))
    with pytest.raises(ExtractRejected) as caught:
        desk.check(target.getvalue())
    assert caught.value.key == "extracts.refused.zip_bomb"


def test_a_damaged_workbook_is_refused(desk: Desk) -> None:
    content = changed_part(workbook(LINE), "xl/workbook.xml", (b"</workbook>", b""))
    with pytest.raises(ExtractRejected) as caught:
        desk.check(content)
    assert caught.value.key == "extracts.refused.broken_workbook"


def changed_part(content: bytes, name: str, *changes: tuple[bytes, bytes]) -> bytes:
    """The workbook with something replaced in one of its parts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in source.namelist():
            part = source.read(member)
            if member == name:
                for old, new in changes:
                    part = part.replace(old, new)
            archive.writestr(member, part)
    return target.getvalue()
