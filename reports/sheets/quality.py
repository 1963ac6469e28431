"""Data quality: the extracts and what became of their rows, what is missing, what was restated."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reports.packs.management import BatchRow, Gap, Restatement
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table

_READ, _ACCEPTED, _DUPLICATE, _TOTALS, _QUARANTINED = "C", "D", "I", "K", "L"


def write_fates(book: Book, sheet: Worksheet, rows: Sequence[BatchRow]) -> None:
    """Rows by fate; the last count must be 0, since every row read has one fate."""
    text = book.text
    columns = [
        Column[BatchRow](text("reports.head.batch"), lambda row: row.batch, 20),
        Column(text("reports.head.extract"), lambda row: row.contract, 22),
        Column(text("reports.head.read"), lambda row: row.read, 10),
        Column(text("reports.head.accepted"), lambda row: row.accepted, 10),
        Column(text("reports.head.added"), lambda row: row.added, 10),
        Column(text("reports.head.changed"), lambda row: row.changed, 10),
        Column(text("reports.head.unchanged"), lambda row: row.unchanged, 12),
        Column(text("reports.head.vanished"), lambda row: row.vanished, 10),
        Column(text("reports.head.duplicate"), lambda row: row.duplicate, 11),
        Column(text("reports.head.tests"), lambda row: row.excluded_test, 12),
        Column(text("reports.head.totals"), lambda row: row.excluded_total, 12),
        Column(text("reports.head.quarantined"), lambda row: row.quarantined, 13),
        Column(text("reports.head.unaccounted"), _unaccounted, 14, formula=_difference),
        Column(text("reports.head.reasons"), lambda row: _reasons(book, row), 34),
    ]
    write_table(book, sheet, "tbl_rows_by_fate", columns, rows, text("reports.fates.about"))


def _unaccounted(row: BatchRow) -> int:
    return row.read - row.accepted - row.duplicate - row.excluded_total - row.quarantined


def _difference(number: int) -> str:
    taken = "".join(
        f"-{column}{number}" for column in (_ACCEPTED, _DUPLICATE, _TOTALS, _QUARANTINED)
    )
    return f"={_READ}{number}{taken}"


def _reasons(book: Book, row: BatchRow) -> str | None:
    said = [
        f"{book.texts.value(reason)}: {book.texts.number(rows)}" for reason, rows in row.reasons
    ]
    return "; ".join(said) or None


def write_extracts(book: Book, sheet: Worksheet, rows: Sequence[BatchRow]) -> None:
    """Where each batch came from and what days it speaks for."""
    text = book.text
    columns = [
        Column[BatchRow](text("reports.head.batch"), lambda row: row.batch, 20),
        Column(text("reports.head.extract"), lambda row: row.contract, 22),
        Column(text("reports.head.file"), lambda row: row.file_name, 30),
        Column(text("reports.head.profile"), lambda row: row.profile, 18),
        Column(text("reports.head.coverage_from"), lambda row: row.coverage_from, 12),
        Column(text("reports.head.coverage_to"), lambda row: row.coverage_to, 12),
        Column(text("reports.head.cut_off"), lambda row: row.cut_at, 17),
        Column(text("reports.head.loaded_at"), lambda row: row.loaded_at, 17),
        Column(text("reports.head.loaded_by"), lambda row: row.loaded_by, 28),
        Column(text("reports.head.sha256"), lambda row: row.sha256, 34),
    ]
    write_table(book, sheet, "tbl_extracts", columns, rows, text("reports.extracts.about"))


def write_gaps(book: Book, sheet: Worksheet, rows: Sequence[Gap]) -> None:
    text = book.text
    columns = [
        Column[Gap](text("reports.head.extract"), lambda row: row.contract, 26),
        Column(text("reports.head.period"), lambda row: book.texts.period(row.period), 20),
        Column(text("reports.head.starts"), lambda row: row.period.start, 12),
        Column(text("reports.head.reason"), lambda row: row.reason, 50),
        Column(text("reports.head.affected"), lambda row: ", ".join(row.codes) or None, 34),
    ]
    write_table(book, sheet, "tbl_missing", columns, rows, text("reports.gaps.about"))


def write_restatements(book: Book, sheet: Worksheet, rows: Sequence[Restatement]) -> None:
    text = book.text
    columns = [
        Column[Restatement](text("reports.head.code"), lambda row: row.code, 10),
        Column(text("reports.head.kpi"), lambda row: row.name, 34),
        Column(text("reports.head.period"), lambda row: book.texts.period(row.period), 20),
        Column(text("reports.head.unit"), lambda row: book.texts.word(row.now.unit), 14),
        Column(text("reports.head.published"), lambda row: row.published, 13),
        Column(text("reports.head.now"), lambda row: row.now, 13),
        Column(text("reports.head.published_at"), lambda row: row.published_at, 17),
        Column(text("reports.head.reason"), lambda row: row.reason, 40),
    ]
    write_table(book, sheet, "tbl_restated", columns, rows, text("reports.restated.about"))
