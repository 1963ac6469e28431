"""The data sheet behind sparklines and control charts: one row a KPI and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports.packs.management import Finding, ScorecardRow, SeriesPoint
from reports.sheets import wording
from reports.sheets.book import Book, Cell
from reports.sheets.tables import Column, write_table

LABEL, VALUE, MEAN, LOWER, UPPER, TARGET, TARGET_HIGH, IMPROVEMENT, CONCERN = (
    1, 3, 5, 6, 7, 8, 9, 10, 11,
)  # fmt: skip


@dataclass(frozen=True)
class SeriesRange:
    """Where the points of one KPI stand: rows of the data sheet, counted from 0."""

    sheet: str
    first: int
    last: int

    def column(self, column: int) -> list[object]:
        """A range as XlsxWriter's charts take it."""
        return [self.sheet, self.first, column, self.last, column]

    def tail(self, column: int, points: int) -> str:
        """The last so many points as a reference, for a sparkline."""
        first = max(self.first, self.last - points + 1)
        start = xl_rowcol_to_cell(first, column, row_abs=True, col_abs=True)
        end = xl_rowcol_to_cell(self.last, column, row_abs=True, col_abs=True)
        return f"{quote_sheetname(self.sheet)}!{start}:{end}"


@dataclass(frozen=True)
class _Line:
    row: ScorecardRow
    point: SeriesPoint

    def figure(self, value: float | None) -> Figure | None:
        """A statistic of the chart, with the decimals of the values it judges."""
        return None if value is None else Figure(value, self.row.unit, self.point.value.decimals)

    def found(self, finding: Finding) -> Figure | None:
        shown = self.point.finding is finding and self.point.value.missing is None
        return self.point.value if shown else None


def write_series(
    book: Book, sheet: Worksheet, rows: Sequence[ScorecardRow]
) -> dict[str, SeriesRange]:
    """Write every point of every KPI; gives where each KPI's points stand."""
    lines = [_Line(row, point) for row in rows for point in row.series]
    write_table(book, sheet, "tbl_series", _columns(book), lines, book.text("reports.series.about"))
    ranges, first = {}, 1
    for row in rows:
        if row.series:
            ranges[row.code] = SeriesRange(str(sheet.name), first, first + len(row.series) - 1)
            first += len(row.series)
    return ranges


def _columns(book: Book) -> list[Column[_Line]]:
    text = book.text
    return [
        Column(text("reports.head.code"), lambda line: line.row.code, 9),
        Column(
            text("reports.head.period"), lambda line: book.texts.period_short(line.point.period), 10
        ),
        Column(text("reports.head.starts"), lambda line: line.point.period.start, 12),
        Column(text("reports.head.value"), _value, 11, plotted=True),
        Column(text("reports.head.missing"), _missing, 16),
        *_statistics(book),
        Column(
            text("reports.head.finding"), lambda line: wording.word(book, line.point.finding), 20
        ),
        Column(text("reports.head.note"), lambda line: line.point.note, 28),
    ]


def _statistics(book: Book) -> list[Column[_Line]]:
    text = book.text
    return [
        Column(
            text("reports.head.mean"), lambda line: line.figure(line.point.mean), 10, plotted=True
        ),
        Column(
            text("reports.head.lower"), lambda line: line.figure(line.point.lower), 10, plotted=True
        ),
        Column(
            text("reports.head.upper"), lambda line: line.figure(line.point.upper), 10, plotted=True
        ),
        Column(text("reports.head.target"), lambda line: _bound(line, 0), 10, plotted=True),
        Column(text("reports.head.target_high"), lambda line: _bound(line, 1), 12, plotted=True),
        Column(
            text("reports.head.improvement"),
            lambda line: line.found(Finding.IMPROVEMENT),
            12,
            plotted=True,
        ),
        Column(
            text("reports.head.concern"), lambda line: line.found(Finding.CONCERN), 12, plotted=True
        ),
    ]


def _value(line: _Line) -> Cell:
    return None if line.point.value.missing else line.point.value


def _missing(line: _Line) -> Cell:
    return line.point.value if line.point.value.missing else None


def _bound(line: _Line, which: int) -> Figure | None:
    return wording.bounds(line.point.target)[which]
