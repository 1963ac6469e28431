"""What each KPI means, and from what exactly its figures were made."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reports.packs.management import DefinitionRow, LineageRow
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table


def write_definitions(book: Book, sheet: Worksheet, rows: Sequence[DefinitionRow]) -> None:
    text = book.text
    columns = [
        Column[DefinitionRow](text("reports.head.code"), lambda row: row.code, 9),
        Column(text("reports.head.kpi"), lambda row: row.name, 24),
        Column(text("reports.head.version"), lambda row: row.version, 9),
        Column(text("reports.head.valid_from"), lambda row: row.valid_from, 12),
        Column(text("reports.head.formula"), lambda row: row.formula, 34),
        Column(text("reports.head.numerator"), lambda row: row.numerator, 34),
        Column(text("reports.head.denominator"), lambda row: row.denominator, 30),
        Column(text("reports.head.inclusion"), lambda row: row.inclusion, 30),
        Column(text("reports.head.period_rule"), lambda row: row.period_rule, 20),
        Column(text("reports.head.target_source"), lambda row: row.target_source, 30),
        Column(text("reports.head.assumption"), lambda row: row.assumption, 12),
    ]
    write_table(book, sheet, "tbl_definitions", columns, rows, text("reports.definitions.about"))


def write_lineage(book: Book, sheet: Worksheet, rows: Sequence[LineageRow]) -> None:
    text = book.text
    columns = [
        Column[LineageRow](text("reports.head.code"), lambda row: row.code, 9),
        Column(text("reports.head.kpi"), lambda row: row.name, 34),
        Column(text("reports.head.definition_version"), lambda row: row.definition_version, 11),
        Column(text("reports.head.definition_hash"), lambda row: row.definition_hash, 34),
        Column(text("reports.head.event"), lambda row: row.event_number, 10),
        Column(text("reports.head.reference_version"), lambda row: row.reference_version, 34),
        Column(text("reports.head.published_at"), lambda row: row.published_at, 17),
        Column(text("reports.head.batches"), lambda row: ", ".join(row.batches) or None, 50),
    ]
    write_table(book, sheet, "tbl_lineage", columns, rows, text("reports.lineage.about"))
