"""The cover: whose report, of when, from which snapshot, how far to trust it, what is inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.packs.common import Verdict
from reports.sheets.board import set_grid, write_heading, write_paragraph
from reports.sheets.book import Book, Cell, lines_of

_WIDTHS = (32, 66)
_VERDICT = {
    Verdict.SOUND: ("●", styles.MET),
    Verdict.GAPS: ("▲", styles.IMPROVING),
    Verdict.DOUBTFUL: ("▼", styles.WORSENING),
}


def write_cover(book: Book, sheet: Worksheet, contents: Sequence[tuple[str, str]]) -> None:
    """Write the cover; `contents` are the sheets that follow with what each is."""
    set_grid(sheet, _WIDTHS)
    sheet.fit_to_pages(1, 1)
    row = _masthead(book, sheet)
    row = _facts(book, sheet, row + 1)
    row = _trust(book, sheet, row + 1)
    _contents(book, sheet, row + 1, contents)


def _masthead(book: Book, sheet: Worksheet) -> int:
    band = {"bg_color": styles.PRIMARY, "font_color": styles.WHITE, "align": "left", "indent": 1}
    lines: list[tuple[Any, dict[str, Any], float]] = [
        (book.cover.agency, {"font_size": styles.LARGE, "valign": "bottom"}, 34),
        (book.text("reports.title"), {"font_size": styles.HUGE, "bold": True}, 40),
        (book.cover.period, {"font_size": styles.LARGE, "valign": "top"}, 34),
    ]
    for row, (value, look, height) in enumerate(lines):
        text = book.texts.value(value)
        write_paragraph(book, sheet, row, range(2), _WIDTHS, text, **band | look)
        if lines_of(text, sum(_WIDTHS) * styles.SIZE / look["font_size"]) == 1:
            sheet.set_row(row, height)
    return _demo(book, sheet, len(lines)) if book.cover.demo else len(lines)


def _demo(book: Book, sheet: Worksheet, row: int) -> int:
    frame = {"border": 2, "border_color": styles.WORSENING, "align": "center"}
    text = book.text("reports.demo.long")
    look = {"bold": True, "font_color": styles.WORSENING} | frame
    return write_paragraph(book, sheet, row + 1, range(2), _WIDTHS, text, **look)


def _facts(book: Book, sheet: Worksheet, row: int) -> int:
    cover = book.cover
    facts: list[tuple[str, Cell]] = [
        ("reports.cover.as_of", cover.as_of),
        ("reports.cover.event", cover.event_number),
        ("reports.cover.snapshot", cover.snapshot_id),
        ("reports.cover.hash", cover.snapshot_hash),
        ("reports.cover.prepared", cover.prepared_by),
        ("reports.cover.approved", cover.approved_by or book.text("reports.cover.not_approved")),
    ]
    for key, value in facts:
        book.write(sheet, row, 0, book.text(key), font_color=styles.MUTED)
        text = book.write(sheet, row, 1, value, align="left", text_wrap=True)
        book.fit_row(sheet, row, [(text, _WIDTHS[1])])
        row += 1
    return row


def _trust(book: Book, sheet: Worksheet, row: int) -> int:
    verdict = book.cover.verdict
    shape, colour = _VERDICT[verdict]
    row = write_heading(book, sheet, row, book.text("reports.cover.verdict"), range(2))
    text = f"{shape} {book.text(f'reports.verdict.{verdict.value}')}"
    book.write(sheet, row, 0, text, bold=True, font_color=colour)
    for reason in book.cover.verdict_reasons:
        row = write_paragraph(book, sheet, row + 1, range(2), _WIDTHS, reason) - 1
    return row + 1


def _contents(book: Book, sheet: Worksheet, row: int, contents: Sequence[tuple[str, str]]) -> None:
    row = write_heading(book, sheet, row, book.text("reports.cover.contents"), range(2))
    link = book.styles.of(font_color=styles.PRIMARY, underline=1, text_wrap=True)
    for name, about in contents:
        sheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", link, string=name)
        text = book.write(sheet, row, 1, about, text_wrap=True)
        book.fit_row(sheet, row, [(name, _WIDTHS[0]), (text, _WIDTHS[1])])
        row += 1
