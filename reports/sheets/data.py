"""The data sheets behind the board sheets: scorecard, statuses by objective, service delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from data.figure import Figure, Unit
from kpis.assessment import StatusKind
from reports.packs.management import DeliveryRow, Objective, ScorecardRow
from reports.sheets import wording
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table

_OBJECTIVE_COLUMN, _STATUS_COLUMN = 2, 14
ENDS = ("low", "high")


@dataclass(frozen=True)
class StatusCounts:
    """Where the counts stand: one row an objective, one column a status."""

    sheet: str
    rows: int
    totals: dict[StatusKind, int]

    def column(self, status: StatusKind) -> list[object]:
        column = FIRST_STATUS + list(StatusKind).index(status)
        return [self.sheet, 1, column, self.rows, column]

    def categories(self) -> list[object]:
        return [self.sheet, 1, 1, self.rows, 1]

    def total(self, status: StatusKind) -> str:
        """The formula that adds one status over all objectives."""
        letter = xl_col_to_name(FIRST_STATUS + list(StatusKind).index(status))
        return f"=SUM({quote_sheetname(self.sheet)}!${letter}$2:${letter}${self.rows + 1})"


FIRST_STATUS = 2


def write_scorecard_data(book: Book, sheet: Worksheet, rows: Sequence[ScorecardRow]) -> None:
    """One row a KPI, every figure in a cell of its own."""
    columns = [*_identity(book), *_figures(book), *_judgement(book)]
    write_table(
        book, sheet, "tbl_scorecard", columns, rows, book.text("reports.scorecard_data.about")
    )


def _identity(book: Book) -> list[Column[ScorecardRow]]:
    text, texts = book.text, book.texts
    return [
        Column(text("reports.head.code"), lambda row: row.code, 9),
        Column(text("reports.head.kpi"), lambda row: row.name, 34),
        Column(text("reports.head.objective_code"), lambda row: row.objective.code, 11),
        Column(text("reports.head.objective"), lambda row: row.objective.name, 34),
        Column(text("reports.head.unit"), lambda row: texts.word(row.unit), 12),
        Column(text("reports.head.better"), lambda row: wording.word(book, row.direction), 12),
        Column(text("reports.head.frequency"), lambda row: texts.word(row.frequency), 14),
        Column(text("reports.head.period"), lambda row: texts.period_short(row.period), 10),
        Column(text("reports.head.starts"), lambda row: row.period.start, 12),
        Column(text("reports.head.partial"), lambda row: row.partial, 11),
    ]


def _figures(book: Book) -> list[Column[ScorecardRow]]:
    text = book.text
    return [
        Column(text("reports.head.actual"), lambda row: row.actual, 11),
        Column(text("reports.head.target"), lambda row: wording.bounds(row.target)[0], 11),
        Column(text("reports.head.target_high"), lambda row: wording.bounds(row.target)[1], 12),
        Column(text("reports.head.variance"), lambda row: row.variance, 12),
    ]


def _bound(head: str, place: int) -> Column[ScorecardRow]:
    """An end of the 95 % interval of a sample; empty where nobody was asked."""
    return Column(head, lambda row: row.interval[place] if row.interval else None, 12)


def _judgement(book: Book) -> list[Column[ScorecardRow]]:
    text = book.text
    return [
        Column(text("reports.head.status"), lambda row: wording.word(book, row.status), 20),
        Column(text("reports.head.variation"), lambda row: wording.word(book, row.variation), 20),
        Column(text("reports.head.assurance"), lambda row: wording.word(book, row.assurance), 18),
        Column(text("reports.head.previous"), lambda row: row.previous, 11),
        Column(text("reports.head.year_ago"), lambda row: row.year_ago, 11),
        Column(text("reports.head.owner"), lambda row: row.owner, 20),
        Column(text("reports.head.comment"), lambda row: row.comment, 40),
        *(_bound(text(f"reports.head.interval_{end}"), place) for place, end in enumerate(ENDS)),
    ]


def write_status_counts(
    book: Book, sheet: Worksheet, rows: Sequence[ScorecardRow], scorecard: str
) -> StatusCounts:
    """Statuses by objective, counted by formulas over the scorecard's data sheet."""
    objectives = list({row.objective.code: row.objective for row in rows}.values())
    text = book.text
    columns: list[Column[Objective]] = [
        Column(text("reports.head.objective_code"), lambda objective: objective.code, 11),
        Column(text("reports.head.objective"), lambda objective: objective.name, 50),
        *(_count_column(book, status, rows, scorecard) for status in StatusKind),
    ]
    write_table(book, sheet, "tbl_statuses", columns, objectives, text("reports.statuses.about"))
    totals = {status: sum(row.status is status for row in rows) for status in StatusKind}
    return StatusCounts(str(sheet.name), len(objectives), totals)


def _count_column(
    book: Book, status: StatusKind, rows: Sequence[ScorecardRow], scorecard: str
) -> Column[Objective]:
    last = len(rows) + 1
    sheet = quote_sheetname(scorecard)
    objective, judged = (xl_col_to_name(one) for one in (_OBJECTIVE_COLUMN, _STATUS_COLUMN))
    letter = xl_col_to_name(FIRST_STATUS + list(StatusKind).index(status))

    def formula(number: int) -> str:
        """Compares with =, since a code could act as a pattern in a COUNTIF criterion."""
        same_objective = f"{sheet}!${objective}$2:${objective}${last}=$A{number}"
        same_status = f"{sheet}!${judged}$2:${judged}${last}={letter}$1"
        return f"=SUMPRODUCT(({same_objective})*({same_status}))"

    def count(objective: Objective) -> int:
        return sum(row.objective.code == objective.code and row.status is status for row in rows)

    return Column(wording.word(book, status), count, 13, formula=formula)


def write_delivery_data(book: Book, sheet: Worksheet, rows: Sequence[DeliveryRow]) -> None:
    """One row a service and office; 'all' where a row stands for all of them."""
    everything = book.text("reports.all")
    text = book.text
    columns = [
        Column[DeliveryRow](
            text("reports.head.service"), lambda row: row.service or everything, 34
        ),
        Column[DeliveryRow](text("reports.head.office"), lambda row: row.office or everything, 30),
        *delivery_columns(book, rows),
    ]
    write_table(
        book, sheet, "tbl_service_delivery", columns, rows, text("reports.delivery_data.about")
    )


def delivery_columns(book: Book, rows: Sequence[DeliveryRow]) -> list[Column[DeliveryRow]]:
    """The measures of service delivery, each header naming its unit."""

    def column(key: str, figures: list[Figure]) -> str:
        return f"{book.text(key)} ({book.texts.word(only_unit(figures))})"

    return [
        Column(column("reports.head.intake", [r.intake for r in rows]), lambda row: row.intake, 13),
        Column(column("reports.head.output", [r.output for r in rows]), lambda row: row.output, 13),
        Column(
            column("reports.head.backlog", [r.backlog for r in rows]), lambda row: row.backlog, 13
        ),
        Column(
            column("reports.head.overdue_share", [r.overdue_share for r in rows]),
            lambda row: row.overdue_share,
            14,
        ),
        Column(column("reports.head.median", [r.median for r in rows]), lambda row: row.median, 14),
        Column(column("reports.head.p90", [r.p90 for r in rows]), lambda row: row.p90, 14),
        Column(
            column("reports.head.within_deadline", [r.within_deadline for r in rows]),
            lambda row: row.within_deadline,
            14,
        ),
    ]


def only_unit(figures: Sequence[Figure]) -> Unit:
    """The unit a column shares; figures in different units do not belong under one header."""
    units = {figure.unit for figure in figures}
    if len(units) != 1:
        raise ValueError(f"one column holds figures in {sorted(units)}")
    return units.pop()
