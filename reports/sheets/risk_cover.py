"""The cover of the register: whose it is, of when, what was chosen, what holds it to account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from data.language.texts import Texts
from reports import styles
from reports.packs.risk_register import RiskRegisterPack
from reports.sheets.board import set_grid, write_heading, write_paragraph
from reports.sheets.book import Book, Cell, lines_of
from reports.sheets.risk_looks import unit_text

_WIDTHS = (32, 66)
_RULES = ("levels", "past", "published", "returns")


def write_cover(
    book: Book, sheet: Worksheet, pack: RiskRegisterPack, contents: Sequence[tuple[str, str]]
) -> None:
    """The cover; `contents` are the sheets that follow with what each is."""
    set_grid(sheet, _WIDTHS)
    sheet.fit_to_pages(1, 1)
    row = _masthead(book, sheet, pack)
    row = _facts(book, sheet, row + 1, _about(book, pack))
    row = _heading(book, sheet, row + 1, "risk_book.cover.chosen")
    row = _facts(book, sheet, row, _chosen(book, pack))
    row = _heading(book, sheet, row + 1, "risk_book.cover.how")
    hold = {"published": pack.published_as_of is not None, "returns": pack.can_return}
    for rule in (one for one in _RULES if hold.get(one, True)):
        said = book.text(f"risk_book.cover.{rule}")
        row = write_paragraph(book, sheet, row, range(2), _WIDTHS, said)
    row = _heading(book, sheet, row + 1, "reports.cover.contents")
    _contents(book, sheet, row, contents)


def _masthead(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> int:
    band = {"bg_color": styles.PRIMARY, "font_color": styles.WHITE, "align": "left", "indent": 1}
    lines: list[tuple[Any, dict[str, Any], float]] = [
        (book.cover.agency, {"font_size": styles.LARGE, "valign": "bottom"}, 34),
        (book.text("risk_book.title"), {"font_size": styles.HUGE, "bold": True}, 40),
        (pack.today, {"font_size": styles.LARGE, "valign": "top"}, 34),
    ]
    for row, (value, look, height) in enumerate(lines):
        text = book.texts.value(value)
        write_paragraph(book, sheet, row, range(2), _WIDTHS, text, **band | look)
        if lines_of(text, sum(_WIDTHS) * styles.SIZE / look["font_size"]) == 1:
            sheet.set_row(row, height)
    if not book.cover.demo:
        return len(lines)
    frame = {"border": 2, "border_color": styles.WORSENING, "align": "center"}
    look = {"bold": True, "font_color": styles.WORSENING} | frame
    text = book.text("reports.demo.long")
    return write_paragraph(book, sheet, len(lines) + 1, range(2), _WIDTHS, text, **look)


def _about(book: Book, pack: RiskRegisterPack) -> Iterator[tuple[str, Cell]]:
    cover = book.cover
    yield "reports.cover.as_of", cover.as_of
    if pack.published_as_of is not None:
        yield "risk_book.cover.published_as_of", pack.published_as_of
    yield "risk_book.cover.risks", len(pack.risks)
    if pack.criteria is not None:
        yield "risk_book.cover.criteria", _criteria(book, pack)
    yield "reports.cover.snapshot", cover.snapshot_id
    yield "reports.cover.hash", cover.snapshot_hash
    yield "risk_book.cover.trail", pack.head_hash
    yield "reports.cover.prepared", cover.prepared_by


def _criteria(book: Book, pack: RiskRegisterPack) -> str:
    """Which version, and whether it is an assumption until the agency has decided."""
    if pack.criteria is None:
        return ""
    version = book.text("risk_book.cover.version", version=pack.criteria.version)
    if not pack.criteria.assumption:
        return version
    return f"{version} · {book.text('risk_book.cover.assumption')}"


def _chosen(book: Book, pack: RiskRegisterPack) -> Iterator[tuple[str, Cell]]:
    """What was asked about; nothing asked about is everything within sight."""
    choice, naming, texts = pack.choice, pack.lexicon.naming, book.texts
    said = {
        "risk_column.unit": [unit_text(pack, texts, one) for one in sorted(choice.units)],
        "risk_column.category_name": [
            texts.value(naming.categories.get(one, one)) for one in sorted(choice.categories)
        ],
        "risk_column.status": [texts.word(one) for one in sorted(choice.statuses)],
        "risk_column.owner": sorted(choice.owners),
        "risk_column.current_level": [_level(pack, texts, one) for one in sorted(choice.levels)],
        "risk_column.objectives": sorted(choice.objectives),
        "risk_column.kpis": sorted(choice.kpis),
        "risk_book.cover.words": [choice.text] if choice.text else [],
    }
    yes_no = {"risk_column.escalated": choice.is_escalated, "risk_column.appetite": choice.is_above}
    asked = {key: ", ".join(values) for key, values in said.items() if values}
    asked |= {key: texts.value(value) for key, value in yes_no.items() if value is not None}
    yield from asked.items()
    if not asked:
        yield "risk_book.cover.everything", book.text("risk_book.cover.within_sight")


def _level(pack: RiskRegisterPack, texts: Texts, code: str) -> str:
    if not code or pack.criteria is None:
        return texts.value(None)
    return texts.value(pack.criteria.level_of(code).names)


def _facts(book: Book, sheet: Worksheet, row: int, facts: Iterator[tuple[str, Cell]]) -> int:
    for key, value in facts:
        book.write(sheet, row, 0, book.text(key), font_color=styles.MUTED)
        text = book.write(sheet, row, 1, value, align="left", text_wrap=True)
        book.fit_row(sheet, row, [(text, _WIDTHS[1])])
        row += 1
    return row


def _heading(book: Book, sheet: Worksheet, row: int, key: str) -> int:
    return write_heading(book, sheet, row, book.text(key), range(2))


def _contents(book: Book, sheet: Worksheet, row: int, contents: Sequence[tuple[str, str]]) -> None:
    link = book.styles.of(font_color=styles.PRIMARY, underline=1, text_wrap=True)
    for name, about in contents:
        sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", link, string=name)
        text = book.write(sheet, row, 1, about, text_wrap=True)
        book.fit_row(sheet, row, [(name, _WIDTHS[0]), (text, _WIDTHS[1])])
        row += 1
