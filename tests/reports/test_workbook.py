"""The board pack as its readers open it: cells, types, formats, properties, tables, print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.figure import Figure, Missing
from data.language.languages import Language
from data.language.texts import Texts
from kpis.assessment import StatusKind
from reports.packs.management import ManagementPack
from reports.workbook import build_workbook

EN = Texts(Language.EN)
AS_OF_LOCAL = datetime.combine(date(2026, 1, 12), time(9, 30))  # on the agency's clock


@pytest.fixture(scope="module")
def content(pack: ManagementPack) -> bytes:
    return build_workbook(pack, EN)


@pytest.fixture(scope="module")
def book(content: bytes, reopen: Callable[..., Workbook]) -> Workbook:
    return reopen(content)


def records(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a data sheet by header."""
    rows = list(sheet.iter_rows())
    heads = [str(cell.value) for cell in rows[0]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in rows[1:]]


def data_sheets(book: Workbook) -> Iterator[Worksheet]:
    yield from (sheet for sheet in book.worksheets if sheet.tables)


def part(content: bytes, pattern: str) -> str:
    with ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if re.search(pattern, name)]
        return "".join(package.read(name).decode() for name in names)


def test_same_pack_same_bytes(pack: ManagementPack, content: bytes) -> None:
    assert build_workbook(pack, EN) == content


def test_sheets_stand_in_reading_order(book: Workbook) -> None:
    names = book.sheetnames
    assert names[:3] == ["Cover", "Summary", "Scorecard"]
    assert names[3].startswith("SD-02 Decided")
    assert names[9:] == [
        "Service delivery",
        "Offices",
        "Data scorecard",
        "Data statuses",
        "Data series",
        "Data service delivery",
        "Data quality",
        "Extracts",
        "Missing data",
        "Restated values",
        "Definitions",
        "Lineage",
        "Actions",
        "Notes",
    ]


def test_properties_name_language_subject_and_snapshot(
    book: Workbook, pack: ManagementPack
) -> None:
    properties = book.properties
    assert properties.title == "Management board pack · Q4 2025 · DEMO DATA"
    assert properties.subject == "Performance of Civil Registration Agency, Q4 2025"
    assert properties.language == "en"
    assert properties.keywords == pack.cover.snapshot_id
    assert properties.created == datetime.combine(date(2026, 1, 12), time(8, 30))
    assert properties.creator == "Arta Rexhepi"


@pytest.mark.parametrize(("language", "tag"), [("sq", "sq"), ("sr", "sr-Latn")])
def test_every_language_says_everything(
    pack: ManagementPack, language: str, tag: str, reopen: Callable[..., Workbook]
) -> None:
    book = reopen(build_workbook(pack, Texts(Language(language))))
    assert book.properties.language == tag
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 23
    assert "Management" not in str(book.worksheets[0]["A2"].value)


def test_scorecard_cells_are_the_figures(book: Workbook, pack: ManagementPack) -> None:
    rows = records(book["Data scorecard"])
    assert len(rows) == len(pack.scorecard)
    for row, one in zip(rows, pack.scorecard, strict=True):
        assert row["Code"] == one.code
        if one.actual.missing:
            assert row["Actual"] == "no data"
        else:
            assert row["Actual"] == pytest.approx(one.actual.value, rel=1e-15)
        if one.target is None:
            assert row["Target"] == "–"


def test_number_formats_follow_unit_and_decimals(book: Workbook, pack: ManagementPack) -> None:
    sheet = book["Data scorecard"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Previous")
    formats = {
        one.code: sheet.cell(number, column).number_format
        for number, one in enumerate(pack.scorecard, start=2)
    }
    assert formats["SD-01"] == "#,##0.0"  # working days
    assert formats["SD-02"] == "0.0"  # percent
    assert formats["SD-03"] == "#,##0"  # cases


def test_board_scorecard_says_status_in_word_and_shape(
    book: Workbook, pack: ManagementPack
) -> None:
    sheet = book["Scorecard"]
    shown = {row[0].value: row for row in sheet.iter_rows()}
    for one in pack.scorecard:
        assert str(shown[one.code][8].value) in {
            "● Met", "▲ Behind, improving", "▼ Behind, not improving", "○ No data", "– No target",
        }  # fmt: skip
    met = next(one for one in pack.scorecard if one.status is StatusKind.MET)
    assert shown[met.code][8].font.color.rgb == "FF1565A0"


def test_every_data_sheet_is_one_clean_table(book: Workbook) -> None:
    sheets = list(data_sheets(book))
    assert len(sheets) == 12
    for sheet in sheets:
        [table] = sheet.tables.values()
        assert table.name.startswith("tbl_")
        assert table.ref == sheet.dimensions
        assert not sheet.merged_cells.ranges
        heads = [str(cell.value).casefold() for cell in sheet[1]]
        assert len(set(heads)) == len(heads)
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows())


def test_empty_cells_stand_only_where_a_chart_needs_a_gap(book: Workbook) -> None:
    for sheet in data_sheets(book):
        heads = [str(cell.value) for cell in sheet[1]]
        empty = {
            head
            for row in sheet.iter_rows(min_row=2)
            for head, cell in zip(heads, row, strict=True)
            if cell.value is None
        }
        if sheet.title != "Data series":
            assert not empty, sheet.title
        assert empty <= {"Value", "Mean", "Lower limit", "Upper limit", "Target",
                         "Target, upper end", "Improvement", "Concern"}  # fmt: skip


def test_gaps_in_a_series_say_why(book: Workbook) -> None:
    gaps = [row for row in records(book["Data series"]) if row["Value"] is None]
    assert len(gaps) == 35
    assert {row["Why there is no value"] for row in gaps} == {"not loaded"}


def test_dates_are_dates(book: Workbook) -> None:
    series = book["Data series"]
    assert series["C2"].value == datetime.combine(date(2023, 1, 1), time())
    assert series["C2"].number_format == "yyyy-mm-dd"
    assert book["Cover"]["B7"].value == datetime.combine(
        date(2026, 1, 12), time(9, 30)
    )  # on the agency's clock


def test_service_delivery_has_every_service_in_every_office(
    book: Workbook, pack: ManagementPack
) -> None:
    rows = records(book["Data service delivery"])
    assert len(rows) == len(pack.delivery) == 49 * 7
    assert (rows[0]["Service"], rows[0]["Office"]) == ("All", "All")
    wanted = {(EN.value(one.service or "All"), EN.value(one.office or "All")): one.backlog.value
              for one in pack.delivery}  # fmt: skip
    for row in rows:
        assert row["Backlog (cases)"] == pytest.approx(wanted[row["Service"], row["Office"]])  # type: ignore[index]


def test_every_sheet_prints_on_a4_with_footer_and_demo_label(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [package.read(name).decode() for name in names]
    assert len(sheets) == 23
    for sheet in sheets:
        assert 'paperSize="9"' in sheet
        footer, header = (
            re.search(rf"<{tag}>(.*?)</{tag}>", sheet) for tag in ("oddFooter", "oddHeader")
        )
        assert footer is not None
        assert header is not None
        assert "Civil Registration Agency · Q4 2025" in footer[1]
        assert "Snapshot S-2026-0007" in footer[1]
        assert "Page &amp;P of &amp;N" in footer[1]
        assert "DEMO DATA" in header[1]


def test_long_sheets_repeat_their_header_rows(book: Workbook) -> None:
    for sheet in data_sheets(book):
        assert sheet.print_title_rows == "$1:$1"
    assert book["Scorecard"].print_title_rows == "$5:$5"


def test_the_workbook_opens_on_its_cover_in_a1(book: Workbook) -> None:
    assert book.active is not None
    assert book.active.title == "Cover"
    for sheet in book.worksheets:
        assert sheet.sheet_view.selection[-1].activeCell in {"A1", None}


def test_charts_are_native_and_described(content: bytes, pack: ManagementPack) -> None:
    charts = part(content, r"charts/chart\d+\.xml")
    assert charts.count("<c:chartSpace") == 2 + len(pack.off_track)
    drawings = part(content, r"drawings/drawing\d+\.xml")
    described = re.findall(r'<xdr:cNvPr[^>]* descr="([^"]+)"', drawings)
    assert len(described) == 2 + len(pack.off_track)
    assert any(text.startswith("Control chart of") for text in described)


def test_sparklines_read_the_series_sheet(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet3.xml").decode()
    ranges = re.findall(r"<xm:f>([^<]+)</xm:f>", sheet)
    assert "'Data series'!D25:D37" in ranges  # the last 13 of the 36 points of the first KPI
    assert len(ranges) == 35


def test_without_demo_data_nothing_says_demo(pack: ManagementPack) -> None:
    real = replace(pack, cover=replace(pack.cover, demo=False))
    content = build_workbook(real, EN)
    assert "DEMO" not in part(content, r"(sharedStrings|core|sheet\d+)\.xml")


def test_a_pack_with_only_a_scorecard_has_no_empty_sheets(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    small = ManagementPack(pack.cover, pack.summary, pack.scorecard)
    names = reopen(build_workbook(small, EN)).sheetnames
    assert names == ["Cover", "Summary", "Scorecard", "Data scorecard", "Data statuses",
                     "Data series", "Notes"]  # fmt: skip


def test_a_pack_without_a_kpi_is_refused(pack: ManagementPack) -> None:
    with pytest.raises(ValueError, match="at least one KPI"):
        build_workbook(ManagementPack(pack.cover, pack.summary, ()), EN)


def test_a_missing_figure_is_never_a_number(pack: ManagementPack, book: Workbook) -> None:
    absent = [one for one in pack.scorecard if one.actual.missing is Missing.NO_DATA]
    assert absent
    shown = {row[0].value: row[5].value for row in book["Scorecard"].iter_rows()}
    assert {shown[one.code] for one in absent} == {"no data"}
    assert isinstance(absent[0].actual, Figure)
