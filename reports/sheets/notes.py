"""How to read the workbook: symbols, empty cells, rounding, and what the pack itself adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from data.figure import Missing
from kpis.assessment import StatusKind
from reports.packs.management import Assurance, ManagementPack, Variation
from reports.sheets import wording
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table

_RULES = ("status", "variation", "rounding", "percent", "dash", "plotted", "time", "frozen")


@dataclass(frozen=True)
class _Note:
    topic: str
    text: str


def write_notes(book: Book, sheet: Worksheet, pack: ManagementPack) -> None:
    """One table of notes, so that no data sheet needs any."""
    columns = [
        Column[_Note](book.text("reports.head.topic"), lambda note: note.topic, 34),
        Column(book.text("reports.head.explanation"), lambda note: note.text, 90),
    ]
    notes = [*_rules(book, pack), *_words(book), *_own(book, pack)]
    write_table(book, sheet, "tbl_notes", columns, notes, book.text("reports.notes.about"))


def _rules(book: Book, pack: ManagementPack) -> Iterator[_Note]:
    if pack.cover.demo:
        yield _Note(book.text("reports.demo.label"), book.text("reports.demo.long"))
    for rule in _RULES:
        yield _Note(
            book.text(f"reports.notes.{rule}.topic"), book.text(f"reports.notes.{rule}.text")
        )
    if not pack.gaps:
        yield _Note(book.text("reports.sheet.gaps"), book.text("reports.notes.no_gaps"))
    if not pack.restatements:
        yield _Note(book.text("reports.sheet.restated"), book.text("reports.notes.no_restatements"))


def _words(book: Book) -> Iterator[_Note]:
    for missing in Missing:
        yield _Note(book.texts.word(missing), book.text(f"reports.notes.missing.{missing.value}"))
    for status in StatusKind:
        text = book.text(f"reports.notes.status.{status.value}")
        yield _Note(wording.status_text(book, status), text)
    for variation in Variation:
        text = book.text(f"reports.notes.variation.{variation.value}")
        yield _Note(wording.variation_text(book, variation), text)
    for assurance in Assurance:
        text = book.text(f"reports.notes.assurance.{assurance.value}")
        yield _Note(wording.assurance_text(book, assurance), text)


def _own(book: Book, pack: ManagementPack) -> Iterator[_Note]:
    for number, note in enumerate(pack.notes, start=1):
        yield _Note(book.text("reports.notes.pack", number=number), book.texts.value(note))
