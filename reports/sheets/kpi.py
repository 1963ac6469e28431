"""A sheet for one KPI off its target: the message, the chart, what is done about it, the table."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports import styles
from reports.packs.acting import ActionRow
from reports.packs.management import Finding, OffTrack, ScorecardRow, SeriesPoint
from reports.sheets import charts, wording
from reports.sheets.board import set_grid, write_heading, write_heads, write_paragraph, write_title
from reports.sheets.book import LINE_HEIGHT, Book, Cell
from reports.sheets.scorecard import signed
from reports.sheets.series import SeriesRange

_WIDTHS = (16.0, *(9.0,) * 4, 13.0, 16.0, 14.0, 9.0, 9.0)
_COLUMNS = range(10)
_CHART_ROWS, _ROW_PIXELS, _CHART_WIDTH = 18, 20, 830
_TABLE_POINTS = 13
_MOST_ACTIONS = 5  # the sheet of actions has them all
_FACTS = (
    "actual", "target", "variance", "previous", "year_ago",
    "status", "variation", "assurance", "owner",
)  # fmt: skip
_SMALL = {"font_color": styles.MUTED, "font_size": styles.SMALL}
_WORDS = {"text_wrap": True, "bold": True, "font_size": styles.SMALL}


def write_kpi(book: Book, sheet: Worksheet, section: OffTrack, place: SeriesRange | None) -> None:
    """One page about one KPI; its chart reads the series sheet."""
    row = section.row
    set_grid(sheet, _WIDTHS)
    sheet.fit_to_pages(1, 1)
    line = write_title(
        book, sheet, f"{row.code} · {book.texts.value(row.name)}", _subtitle(book, row)
    )
    line = _say(book, sheet, line, _COLUMNS, wording.headline(book, row), bold=True)
    line = _facts(book, sheet, line + 1, row)
    sure = wording.interval_text(book, row)
    if sure is not None:
        line = _say(book, sheet, line, _COLUMNS, sure, **_SMALL)
    if place is not None:
        line = _chart(book, sheet, line + 1, section, place)
    line = _answer(book, sheet, line + 1, section)
    _table(book, sheet, line + 1, row)


def _say(
    book: Book, sheet: Worksheet, row: int, columns: range, value: Cell, **look: object
) -> int:
    return write_paragraph(book, sheet, row, columns, _WIDTHS, value, **look)


def _subtitle(book: Book, row: ScorecardRow) -> str:
    return book.text(
        "reports.kpi.subtitle",
        objective=row.objective.name,
        unit=row.unit,
        frequency=row.frequency,
        better=wording.word(book, row.direction),
        period=row.period,
    )


def _facts(book: Book, sheet: Worksheet, line: int, row: ScorecardRow) -> int:
    """What the board asks first, side by side."""
    heads = [book.text(f"reports.head.{name}") for name in _FACTS]
    line = write_heads(book, sheet, line, [*heads, ""], _WIDTHS)
    large = {"bold": True, "font_size": styles.LARGE, "align": "left", "text_wrap": True}
    facts: list[tuple[Cell, dict[str, Any]]] = [
        (row.actual, large),
        (wording.target_cell(book, row.target), large),
        (row.variance, large | signed(row.variance)),
        (row.previous, large),
        (row.year_ago, large),
        (wording.status_of(book, row), _WORDS | wording.status_look(row.status)),
        (
            wording.variation_text(book, row.variation),
            _WORDS | wording.variation_look(row.variation),
        ),
        (
            wording.assurance_text(book, row.assurance),
            _WORDS | wording.assurance_look(row.assurance),
        ),
    ]
    write_paragraph(
        book,
        sheet,
        line,
        range(8, 10),
        _WIDTHS,
        row.owner or book.text("reports.no_owner"),
        **_WORDS,
    )
    for column, (value, look) in enumerate(facts):
        book.write(sheet, line, column, value, **look)
    sheet.set_row(line, 4 * LINE_HEIGHT)
    return line + 1


def _chart(book: Book, sheet: Worksheet, line: int, section: OffTrack, place: SeriesRange) -> int:
    chart = charts.control_chart(book, section.row, place)
    chart.set_size({"width": _CHART_WIDTH, "height": _CHART_ROWS * _ROW_PIXELS})
    text = charts.control_chart_text(book, section.row)
    sheet.insert_chart(line, 0, chart, {"description": text, "object_position": 2})
    for offset in range(_CHART_ROWS):
        sheet.set_row_pixels(line + offset, _ROW_PIXELS)
    line += _CHART_ROWS
    if section.settings is None:
        return line
    return _say(book, sheet, line, _COLUMNS, section.settings, **_SMALL)


def _answer(book: Book, sheet: Worksheet, line: int, section: OffTrack) -> int:
    """What happened, why, and each action with who and by when; what is not there says so."""
    line = write_heading(book, sheet, line, book.text("reports.kpi.answer"), _COLUMNS)
    answers: list[tuple[str, Cell]] = [
        ("commentary.happened", section.happened),
        ("reports.kpi.why", section.explanation),
        *(("reports.kpi.what", _action(book, one)) for one in section.actions[:_MOST_ACTIONS]),
    ]
    if not section.actions:
        answers.append(("reports.kpi.what", None))
    for key, answer in answers:
        book.write(sheet, line, 0, book.text(key), font_color=styles.MUTED)
        look = {} if answer else {"font_color": styles.WORSENING, "bold": True}
        line = _say(
            book, sheet, line, range(2, 10), answer or book.text("reports.kpi.unanswered"), **look
        )
    return line


def _action(book: Book, one: ActionRow) -> str:
    """What, then who and until when; where it was put off, from when; and what is overdue."""
    texts = book.texts
    until = book.text("commentary.until", due=texts.day_short(one.due))
    if one.due != one.first_due:
        first = texts.day_short(one.first_due)
        until += f" ({book.text('actions.first_due', first=first)})"
    part = [texts.value(one.office)] if one.office else []
    late = [texts.word(one.late)] if one.late else []
    said = [one.owner, until, texts.word(one.state), *part, *late]
    return f"{texts.value(one.what)}\n{' · '.join(said)}"


def _table(book: Book, sheet: Worksheet, line: int, row: ScorecardRow) -> None:
    """The last periods as numbers."""
    line = write_heading(book, sheet, line, book.text("reports.kpi.table"), _COLUMNS)
    names = ("period", "value", "target", "mean", "lower", "upper", "finding", "note")
    heads = [book.text(f"reports.head.{name}") for name in names]
    line = write_heads(book, sheet, line, [*heads, "", ""], _WIDTHS)
    for point in reversed(row.series[-_TABLE_POINTS:]):
        _point(book, sheet, line, row, point)
        line += 1


def _point(book: Book, sheet: Worksheet, line: int, row: ScorecardRow, point: SeriesPoint) -> None:
    look = {"bottom": 1, "bottom_color": styles.LINE}
    decimals = point.value.decimals
    book.fill(sheet, line, _COLUMNS, **look)
    book.write(sheet, line, 0, book.texts.period(point.period), **look)
    book.write(sheet, line, 1, point.value, align="left", bold=True, **look)
    book.write(sheet, line, 2, wording.target_cell(book, point.target), align="left", **look)
    for column, value in enumerate((point.mean, point.lower, point.upper), start=3):
        figure = None if value is None else Figure(value, row.unit, decimals)
        book.write(sheet, line, column, figure, align="left", **look)
    colour = {"font_color": styles.FINDING_COLOUR[point.finding]}
    bold = {"bold": point.finding is not Finding.COMMON}
    book.write(sheet, line, 6, wording.word(book, point.finding), **colour, **bold, **look)
    if point.note is not None:
        _say(book, sheet, line, range(7, 10), point.note, font_size=styles.SMALL, **look)
