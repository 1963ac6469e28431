"""The sheets beside the targets: what the columns mean, and the codes to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from data.language.languages import LocalText
from kpis.targets.listing import Listed
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table
from reports.targets_exchange.columns import COLUMNS, header

RULES = ("new_day", "stays", "end", "conflict", "reason")


@dataclass(frozen=True, slots=True)
class Offices:
    """Every office by its code, and those that are open."""

    names: Mapping[str, LocalText]
    open: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A line of the sheet of codes."""

    kpi: str | None = None
    name: LocalText | None = None
    office: str | None = None
    office_name: LocalText | None = None


def write_lists(
    book: Book, sheet: Worksheet, rows: Sequence[Listed], offices: Offices
) -> tuple[int, int]:
    """The codes to choose from; how many of each."""
    kpis = {row.kpi.code: row.kpi.definition.names for row in rows}
    named = [(code, LocalText(one.sq, one.sr, one.en)) for code, one in kpis.items()]
    opened = [(code, offices.names[code]) for code in offices.open]
    text = book.text
    columns: list[Column[_Listed]] = [
        Column(text("target_field.kpi"), lambda one: one.kpi, 10, plotted=True),
        Column(text("target_field.name"), lambda one: one.name, 44, plotted=True),
        Column(text("target_field.office"), lambda one: one.office, 10, plotted=True),
        Column(text("target_field.office_name"), lambda one: one.office_name, 30, plotted=True),
    ]
    lines = list(_side_by_side(named, opened))
    write_table(book, sheet, "tbl_lists", columns, lines, text("targets.sheet.lists_about"))
    return len(named), len(opened)


def _side_by_side(
    named: Sequence[tuple[str, LocalText]], opened: Sequence[tuple[str, LocalText]]
) -> Iterator[_Listed]:
    for place in range(max(len(named), len(opened))):
        kpi = named[place] if place < len(named) else (None, None)
        office = opened[place] if place < len(opened) else (None, None)
        yield _Listed(*kpi, *office)


@dataclass(frozen=True, slots=True)
class _Note:
    name: str
    who: str
    text: str


def write_notes(book: Book, sheet: Worksheet) -> None:
    """What each column means, who fills it in, and the rules of coming back."""
    text = book.text
    notes = [
        _Note(
            header(book.texts, field),
            text("targets.notes.input" if column.is_input else "targets.notes.locked"),
            text(f"targets.column_help.{field.value}"),
        )
        for field, column in COLUMNS.items()
    ]
    rule = text("targets.notes.rule")
    notes += [_Note(rule, rule, text(f"targets.notes.{name}")) for name in RULES]
    columns: list[Column[_Note]] = [
        Column(text("targets.notes.column"), lambda note: note.name, 26),
        Column(text("targets.notes.who"), lambda note: note.who, 18),
        Column(text("targets.notes.meaning"), lambda note: note.text, 90),
    ]
    write_table(book, sheet, "tbl_notes", columns, notes, text("targets.sheet.notes_about"))
