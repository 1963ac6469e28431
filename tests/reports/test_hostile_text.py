"""What people write stays text: never a formula, a link, mark-up or a broken sheet name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from data.language.languages import Language, LocalText
from data.language.texts import Texts
from reports.packs.management import ManagementPack, Summary
from reports.sheets.book import Book
from reports.workbook import build_workbook

EN = Texts(Language.EN)
OUR_FORMULAS = ("=SUMPRODUCT(", "=SUM(", "=C")


@pytest.fixture(scope="module")
def book(nasty_pack: ManagementPack, reopen: Callable[..., Workbook]) -> Workbook:
    return reopen(build_workbook(nasty_pack, EN))


def test_no_text_becomes_a_formula(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert str(cell.value).startswith(OUR_FORMULAS), cell.coordinate


def test_hostile_text_arrives_unchanged(book: Workbook, nasty_pack: ManagementPack) -> None:
    names = [row[1].value for row in book["Data scorecard"].iter_rows(min_row=2)]
    assert names == [one.name.en for one in nasty_pack.scorecard]
    assert {"=cmd()", "+1", "@x", "\t=1+1", "<b>bold</b>", "http://x.example"} <= set(names)


def test_links_lead_only_to_our_own_sheets(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    assert sheet.title == "Cover"
                    assert cell.hyperlink.target is None
                    assert cell.hyperlink.location


def test_counts_stay_right_when_codes_look_like_criteria(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    rows = [
        replace(one, objective=replace(one.objective, code="=*" if i % 2 else "<>x"))
        for i, one in enumerate(pack.scorecard)
    ]
    small = ManagementPack(pack.cover, pack.summary, tuple(rows))
    sheet = reopen(build_workbook(small, EN), values=True)["Data statuses"]
    counts = [int(str(cell.value)) for row in sheet.iter_rows(min_row=2, min_col=3) for cell in row]
    assert sum(counts) == len(rows)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("a/b\\c[d]e:f*g?h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("History", "History 2"),
        ("x" * 40, "x" * 31),
        ("", "-"),
    ],
)
def test_sheet_names_are_made_valid(pack: ManagementPack, wanted: str, given: str) -> None:
    sheet = Book(EN, pack.cover).add_sheet(wanted)
    assert sheet.name == given


def test_clashing_sheet_names_get_numbers(pack: ManagementPack) -> None:
    book = Book(EN, pack.cover)
    names = [book.add_sheet(name).name for name in ("Ë" * 40, "ë" * 31, "Ë" * 31, "a", "A")]
    assert names == ["Ë" * 31, "ë" * 29 + " 2", "Ë" * 29 + " 3", "a", "A 2"]


def test_the_longest_text_fits_a_cell(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    long = replace(pack.scorecard[0], comment=LocalText.same("x" * 40_000))
    small = ManagementPack(pack.cover, Summary(LocalText.same("x")), (long,))
    sheet = reopen(build_workbook(small, EN))["Data scorecard"]
    assert sheet["U2"].value == "x" * 32_767


def test_an_ampersand_in_the_agency_is_no_footer_command(
    pack: ManagementPack,
) -> None:
    cover = replace(pack.cover, agency=LocalText.same("A&D"))
    content = build_workbook(replace(pack, cover=cover), EN)
    with ZipFile(BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "A&amp;&amp;D" in sheet
