"""One page for a board member who reads only one: counts, changes, what lacks action, decisions."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from kpis.assessment import StatusKind
from reports import styles
from reports.packs.management import ManagementPack, ScorecardRow, Variation
from reports.sheets import charts, wording
from reports.sheets.board import set_grid, write_heading, write_paragraph, write_title
from reports.sheets.book import Book
from reports.sheets.data import StatusCounts

_COLUMNS = range(12)
_WIDTHS = (9.0,) * 12
_CHART_WIDTH, _CHART_ROWS = 470, 14
_ROW_PIXELS = 20
_MOST_OVERDUE = 8  # named on the page; the sheet of actions has them all


def write_summary(book: Book, sheet: Worksheet, pack: ManagementPack, counts: StatusCounts) -> None:
    """The page, from what the pack says and what the data sheets count."""
    set_grid(sheet, _WIDTHS)
    sheet.fit_to_pages(1, 1)
    period = book.texts.period(book.cover.period)
    row = write_title(book, sheet, book.text("reports.sheet.summary"), period)
    row = _say(book, sheet, row, _COLUMNS, book.texts.value(pack.summary.headline), bold=True)
    row = _tiles(book, sheet, row + 1, counts)
    row = _pictures(book, sheet, row + 1, pack.scorecard, counts)
    row = _changes(book, sheet, row + 1, pack)
    row = _without_action(book, sheet, row + 1, pack)
    row = _overdue(book, sheet, row + 1, pack)
    _decisions(book, sheet, row + 1, pack)


def _say(book: Book, sheet: Worksheet, row: int, columns: range, text: str, **look: bool) -> int:
    return write_paragraph(book, sheet, row, columns, _WIDTHS, text, **look)


def _tiles(book: Book, sheet: Worksheet, row: int, counts: StatusCounts) -> int:
    """One tile a status: its number, large, over its shape and word."""
    sheet.set_row(row, 34)
    sheet.set_row(row + 1, 30)
    for index, status in enumerate(StatusKind):
        left = index * 2
        colour = styles.STATUS_COLOUR[status]
        tile = {"bg_color": styles.RAISED, "align": "center", "font_color": colour, "bold": True}
        number = book.styles.of(font_size=styles.HUGE, top=5, top_color=colour, **tile)
        sheet.merge_range(row, left, row, left + 1, "", number)
        sheet.write_formula(row, left, counts.total(status), number, counts.totals[status])
        label = book.styles.of(text_wrap=True, **tile)
        sheet.merge_range(row + 1, left, row + 1, left + 1, "", label)
        sheet.write_string(row + 1, left, wording.status_text(book, status), label)
    return row + 2


def _pictures(
    book: Book, sheet: Worksheet, row: int, rows: Sequence[ScorecardRow], counts: StatusCounts
) -> int:
    """Statuses by objective on the left, what is really changing on the right."""
    left, right = range(7), range(7, 12)
    write_heading(book, sheet, row, book.text("reports.summary.by_objective"), left)
    start = write_heading(book, sheet, row, book.text("reports.summary.changing"), right)
    used = max(_CHART_ROWS, 2 * len({one.variation for one in rows}))
    chart = charts.status_chart(book, counts)
    chart.set_size({"width": _CHART_WIDTH, "height": used * _ROW_PIXELS})
    text = book.text("reports.chart.statuses", counts=_counts_in_words(book, counts))
    sheet.insert_chart(start, 0, chart, {"description": text, "object_position": 2})
    for offset in range(used):
        sheet.set_row_pixels(start + offset, _ROW_PIXELS)
    _variations(book, sheet, start, rows)
    return start + used


def _counts_in_words(book: Book, counts: StatusCounts) -> list[str]:
    return [f"{wording.word(book, one)}: {number}" for one, number in counts.totals.items()]


def _variations(book: Book, sheet: Worksheet, row: int, rows: Sequence[ScorecardRow]) -> None:
    """Each verdict of the control charts with its number and its KPIs, over two lines."""
    for variation in Variation:
        codes = [one.code for one in rows if one.variation is variation]
        if not codes:
            continue
        look = wording.variation_look(variation)
        text = wording.variation_text(book, variation)
        book.write(sheet, row, 7, text, bold=True, **look)
        book.write(sheet, row, 11, len(codes), bold=True, **look)
        shape = book.styles.of(font_color=styles.MUTED, font_size=styles.SMALL, text_wrap=True)
        sheet.merge_range(row + 1, 7, row + 1, 11, "", shape)
        sheet.write_string(row + 1, 7, ", ".join(codes), shape)
        row += 2


def _changes(book: Book, sheet: Worksheet, row: int, pack: ManagementPack) -> int:
    row = write_heading(book, sheet, row, book.text("reports.summary.changes"), _COLUMNS)
    for change in pack.summary.changes:
        book.write(sheet, row, 0, change.code, bold=True)
        row = _say(book, sheet, row, range(1, 6), book.texts.value(change.name))
        before, now = wording.status_look(change.before), wording.status_look(change.now)
        book.write(sheet, row - 1, 6, wording.status_text(book, change.before), **before)
        book.write(sheet, row - 1, 8, "→", align="right")
        book.write(sheet, row - 1, 9, wording.status_text(book, change.now), **now)
    return row if pack.summary.changes else _none(book, sheet, row, "reports.summary.no_changes")


def _without_action(book: Book, sheet: Worksheet, row: int, pack: ManagementPack) -> int:
    row = write_heading(book, sheet, row, book.text("reports.summary.without_action"), _COLUMNS)
    by_code = {one.code: one for one in pack.scorecard}
    for code in pack.summary.without_action:
        one = by_code[code]
        book.write(sheet, row, 0, code, **wording.status_look(one.status))
        row = _say(book, sheet, row, range(1, 12), wording.headline(book, one))
    return (
        row
        if pack.summary.without_action
        else _none(book, sheet, row, "reports.summary.all_in_hand")
    )


def _overdue(book: Book, sheet: Worksheet, row: int, pack: ManagementPack) -> int:
    """Commentary and actions that should have come by now, the longest first."""
    found = pack.summary.overdue
    title = book.text("reports.summary.overdue", count=len(found))
    row = write_heading(book, sheet, row, title, _COLUMNS)
    for one in found[:_MOST_OVERDUE]:
        book.write(sheet, row, 0, one.code, bold=True)
        since = book.texts.day_short(one.since)
        book.write(sheet, row, 1, book.text("reports.since", since=since))
        said = [book.texts.word(one.kind), one.owner, one.what and book.texts.value(one.what)]
        row = _say(book, sheet, row, range(3, 12), " · ".join(part for part in said if part))
    return row if found else _none(book, sheet, row, "reports.summary.nothing_overdue")


def _decisions(book: Book, sheet: Worksheet, row: int, pack: ManagementPack) -> int:
    row = write_heading(book, sheet, row, book.text("reports.summary.decisions"), _COLUMNS)
    for number, decision in enumerate(pack.summary.decisions, start=1):
        book.write(sheet, row, 0, f"{number}.", bold=True, align="left")
        codes = f" ({', '.join(decision.codes)})" if decision.codes else ""
        text = book.texts.value(decision.wording) + codes
        row = _say(book, sheet, row, range(1, 12), text)
    return (
        row if pack.summary.decisions else _none(book, sheet, row, "reports.summary.no_decisions")
    )


def _none(book: Book, sheet: Worksheet, row: int, key: str) -> int:
    book.write(sheet, row, 0, book.text(key), font_color=styles.MUTED)
    return row + 1
