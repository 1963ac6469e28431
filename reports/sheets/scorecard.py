"""The scorecard: every KPI by objective against its target, its limits and its own past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports import styles
from reports.packs.management import Objective, ScorecardRow, YearEnd
from reports.sheets import series, wording
from reports.sheets.board import set_grid, write_heads, write_paragraph, write_title
from reports.sheets.book import Book, Cell
from reports.sheets.series import SeriesRange

_HEADS = (
    "code", "kpi", "unit", "better", "period", "actual", "target", "variance", "status",
    "variation", "assurance", "previous", "year_ago", "year_end", "trend", "owner", "comment",
)  # fmt: skip
_WIDTHS = (7, 28, 9, 9, 10, 9, 9, 9, 16, 17, 14, 9, 9, 14, 12, 15, 21)
_MARK = "*"  # of a figure from an incomplete extract
_TREND = _HEADS.index("trend")
_TREND_POINTS = 13
_LONGEST_COMMENT = 160  # characters
_SCALE = 60  # percent: these columns fill the width of A4 lying, also in a wider font
_BAND_HEIGHT, _TITLE_HEIGHT, _HEAD_HEIGHT = 20.0, 120.0, 40.0  # points
_PAGE_HEIGHT = 500.0 * 100 / _SCALE  # points between the margins, before scaling
_WRITTEN = [column for column in range(len(_HEADS)) if column != _TREND]
_NUMERIC = frozenset(_HEADS.index(head) for head in _HEADS[5:8] + _HEADS[11:13])
_INSET = {"align": "left", "indent": 1}
_ROW = {"bottom": 1, "bottom_color": styles.LINE, "text_wrap": True}

Look = dict[str, Any]


def write_scorecard(
    book: Book,
    sheet: Worksheet,
    rows: Sequence[ScorecardRow],
    places: Mapping[str, SeriesRange],
) -> None:
    """One line a KPI under the band of its objective; sparklines read the series sheet."""
    set_grid(sheet, _WIDTHS)
    sheet.set_margins(left=0.3, right=0.3, top=0.6, bottom=0.6)
    sheet.set_print_scale(_SCALE)
    head = write_title(book, sheet, book.text("reports.sheet.scorecard"), _subtitle(book))
    heads = [book.text(f"reports.head.{one}") for one in _HEADS]
    row = write_heads(book, sheet, head, heads, _WIDTHS, _NUMERIC)
    sheet.freeze_panes(row, 2)
    sheet.repeat_rows(head)
    heights: list[list[float]] = []
    for _, group in groupby(rows, key=lambda one: one.objective.code):
        members = list(group)
        lines = [_line(book, sheet, row + 1 + i, one, places.get(one.code)) for i, one in
                 enumerate(members)]  # fmt: skip
        heights.append([_band(book, sheet, row, members[0].objective), *lines])
        row += 1 + len(members)
    sheet.set_h_pagebreaks(_page_breaks(heights, head + 1))
    _footnotes(book, sheet, row + 2, rows)


def _footnotes(book: Book, sheet: Worksheet, row: int, rows: Sequence[ScorecardRow]) -> None:
    """What marked figures lack, KPIs that lack the same in one line; how sure samples are."""
    alike: dict[str, list[str]] = {}
    for one in rows:
        if one.partial:
            lacks = book.texts.value(one.lacks) or book.text("data_quality.not_over")
            alike.setdefault(lacks, []).append(one.code)
    notes = [
        book.text("data_quality.footnote", mark=_MARK, codes=codes, lacks=lacks)
        for lacks, codes in alike.items()
    ]
    notes += [said for one in rows if (said := wording.interval_text(book, one))]
    for said in notes:
        look = {"font_size": styles.SMALL, "font_color": styles.MUTED}
        write_paragraph(book, sheet, row, range(len(_WIDTHS)), _WIDTHS, said, **look)
        row += 1


def _page_breaks(groups: Sequence[Sequence[float]], first: int) -> list[int]:
    """Rows that start a page: no objective is parted from the first of its KPIs."""
    breaks, row, used = [], first, _TITLE_HEIGHT
    for group in groups:
        for index, height in enumerate(group):
            needed = height + group[1] if index == 0 else height
            if used + needed > _PAGE_HEIGHT:
                breaks.append(row)
                used = _HEAD_HEIGHT
            used += height
            row += 1
    return breaks


def _subtitle(book: Book) -> str:
    period = book.texts.period(book.cover.period)
    return book.text("reports.scorecard.subtitle", period=period, as_of=book.cover.as_of)


def _band(book: Book, sheet: Worksheet, row: int, objective: Objective) -> float:
    """The line that names an objective; gives its height."""
    look = {"bg_color": styles.RAISED, "font_color": styles.PRIMARY, "bold": True}
    book.fill(sheet, row, range(len(_HEADS)), **look)
    text = f"{objective.code} · {book.texts.value(objective.name)}"
    book.write(sheet, row, 0, text, valign="vcenter", **look)
    sheet.set_row(row, _BAND_HEIGHT)
    return _BAND_HEIGHT


def _line(
    book: Book, sheet: Worksheet, row: int, one: ScorecardRow, place: SeriesRange | None
) -> float:
    """One KPI; gives the height of its line."""
    cells = [*_identity(book, one), *_figures(book, one), *_judgement(book, one)]
    written = [
        (book.write(sheet, row, column, value, **_ROW | look), _room(column, look))
        for column, (value, look) in zip(_WRITTEN, cells, strict=True)
    ]
    height = book.fit_row(sheet, row, written)
    book.fill(sheet, row, range(_TREND, _TREND + 1), **_ROW)
    if place is not None:
        sheet.add_sparkline(row, _TREND, _sparkline(one, place))
    return height


def _room(column: int, look: Look) -> float:
    """The width of a column, in letters of the size the cell is written in."""
    return _WIDTHS[column] * styles.SIZE / float(look.get("font_size", styles.SIZE))


def _identity(book: Book, one: ScorecardRow) -> list[tuple[Cell, Look]]:
    small = {"font_size": styles.SMALL}
    return [
        (one.code, {"bold": True}),
        (one.name, {}),
        (book.texts.word(one.unit), small),
        (wording.direction_text(book, one.direction), small),
        (wording.period_text(book, one), small),
    ]


def _figures(book: Book, one: ScorecardRow) -> list[tuple[Cell, Look]]:
    right = {"align": "right"}
    return [
        (one.actual, right | {"bold": True} | _marked(one)),
        (wording.target_cell(book, one.target), right),
        (one.variance, right | signed(one.variance)),
    ]


def _marked(one: ScorecardRow) -> Look:
    """A figure from an incomplete extract keeps its number and shows a mark."""
    if not one.partial or one.actual.value is None:
        return {}
    return {"num_format": f'{styles.figure_format(one.actual)}"{_MARK}"'}


def signed(variance: Figure | None) -> Look:
    """A difference shows its sign; a missing one is a word and has none, nor has nothing."""
    if variance is None or not variance.shown:
        return {}
    return {"num_format": styles.figure_format(variance, signed=True)}


def _judgement(book: Book, one: ScorecardRow) -> list[tuple[Cell, Look]]:
    small = {"font_size": styles.SMALL}
    past = {"align": "right", "font_color": styles.MUTED}
    return [
        (wording.status_of(book, one), small | _INSET | wording.status_look(one.status)),
        (
            wording.variation_text(book, one.variation),
            small | wording.variation_look(one.variation),
        ),
        (
            wording.assurance_text(book, one.assurance),
            small | wording.assurance_look(one.assurance),
        ),
        (one.previous, past),
        (one.year_ago, past),
        (_year_end(book, one.year_end), small | {"align": "right"}),
        (one.owner or book.text("reports.no_owner"), small),
        (_short(book, one.comment), small),
    ]


def _short(book: Book, comment: Cell) -> Cell:
    """The beginning of a comment; its sheet and the data sheet have all of it."""
    said = "" if comment is None else book.texts.value(comment)
    return f"{said[:_LONGEST_COMMENT]}…" if len(said) > _LONGEST_COMMENT else comment


def _year_end(book: Book, expected: YearEnd | None) -> Cell:
    """'96.2 (95.1–97.0)', or nothing."""
    if expected is None:
        return None
    figure, low, high = (
        book.texts.figure_number(each) for each in (expected.figure, expected.low, expected.high)
    )
    return book.text("projection.short", figure=figure, low=low, high=high)


def _sparkline(one: ScorecardRow, place: SeriesRange) -> Look:
    return {
        "range": place.tail(series.VALUE, _TREND_POINTS),
        "last_point": True,
        "series_color": styles.COMMON,
        "last_color": styles.STATUS_COLOUR[one.status],
        "weight": 1.25,
    }
