"""The notes on control charts, and for which parts of the agency each holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import col, select

from data.period import Period
from data.store.tables import ChartNote
from data.workspace import Reader, Then
from kpis.stored_readings import Cell
from kpis.variation import Rebase


class NoteKind(StrEnum):
    """REBASE gives new limits from a day on; ANNOTATION only tells what happened."""

    REBASE = "rebase"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands: of which part, from which day, what is said, by whom."""

    id: int
    code: str
    cell: Cell
    day: date
    kind: NoteKind
    text: str
    author: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def holds_for(self, cell: Cell) -> bool:
        """Whether it stands and is of this part of the agency or of one that it lies in."""
        inside = self.cell.members.items() <= cell.members.items()
        return self.withdrawn_at is None and inside


def read_notes(reader: Reader, codes: Collection[str]) -> dict[str, tuple[Note, ...]]:
    """Every note on these KPIs in order of days, also those withdrawn."""
    statement = select(ChartNote).where(col(ChartNote.kpi_code).in_(list(codes)))
    if reader.then is not None:
        statement = statement.where(col(ChartNote.created_at) <= reader.then.until)
    rows: Iterable[ChartNote] = reader.all(
        statement.order_by(col(ChartNote.day), col(ChartNote.id))
    )
    found: dict[str, list[Note]] = {code: [] for code in codes}
    for row in rows:
        found[row.kpi_code].append(note_of(row, reader.then))
    return {code: tuple(notes) for code, notes in found.items()}


def note_of(row: ChartNote, then: Then | None = None) -> Note:
    """A note as it stood at a time: what was withdrawn later still held."""
    stood = then and row.withdrawn_at and row.withdrawn_at > then.until
    return Note(
        id=row.id or 0,
        code=row.kpi_code,
        cell=cell_of_note(row.office_code, row.service_code),
        day=row.day,
        kind=NoteKind(row.kind),
        text=row.text,
        author=row.author,
        created_at=row.created_at,
        withdrawn_at=None if stood else row.withdrawn_at,
        withdrawn_by=None if stood else row.withdrawn_by,
    )


def cell_of_note(office: str | None, service: str | None) -> Cell:
    members = {"office": office, "service": service}
    return Cell.of({name: member for name, member in members.items() if member})


def standing(notes: Sequence[Note], cell: Cell, first: Period, last: Period) -> tuple[Note, ...]:
    """The notes that hold for a part of the agency and lie within its series."""
    return tuple(
        note for note in notes if note.holds_for(cell) and first.start <= note.day < last.end
    )


def rebases_among(notes: Iterable[Note]) -> tuple[Rebase, ...]:
    """What the notes say of new limits; of two on one day the narrower one holds."""
    wide_first = sorted(notes, key=lambda note: (note.day, len(note.cell.members)))
    by_day = {note.day: note for note in wide_first if note.kind is NoteKind.REBASE}
    return tuple(Rebase(day, note.text, note.author) for day, note in by_day.items())
