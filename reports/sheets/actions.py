"""Every action as a row: what, who, until when, how it stands and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reports.packs.acting import ActionRow
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table


def write_actions(book: Book, sheet: Worksheet, rows: Sequence[ActionRow]) -> None:
    """The table of actions, the first due first."""
    text, texts = book.text, book.texts
    columns = [
        Column[ActionRow](text("actions.head.number"), lambda row: str(row.number), 9),
        Column(text("reports.head.code"), lambda row: row.code, 9),
        Column(text("actions.head.office"), lambda row: row.office or text("reports.all"), 20),
        Column(text("actions.head.period"), lambda row: row.period and row.period.code, 12),
        Column(text("actions.head.what"), lambda row: row.what, 50),
        Column(text("actions.head.person"), lambda row: row.owner, 20),
        Column(text("actions.head.due"), lambda row: row.due, 12),
        Column(text("actions.head.first"), lambda row: row.first_due, 12),
        Column(text("actions.head.slipped"), lambda row: (row.due - row.first_due).days, 10),
        Column(text("actions.head.state"), lambda row: texts.word(row.state), 14),
        Column(text("actions.head.late"), lambda row: row.late and texts.word(row.late), 22),
        Column(text("actions.head.heard"), lambda row: row.heard_on, 12),
        Column(text("actions.head.result"), lambda row: row.result, 40),
    ]
    write_table(book, sheet, "tbl_actions", columns, rows, text("reports.actions.about"))
