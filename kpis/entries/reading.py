"""Entered values as rows of their own: who wrote them, how far they have come, what proves them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select

from data.period import Frequency, Period
from data.store.tables import EnteredReading
from data.workspace import Reader
from kpis.entries.recalling import recalled_entries
from kpis.evidence.reading import EvidenceItem, read_evidence


class EntryState(StrEnum):
    """How far an entered value has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"  # by whoever was to approve it, with a comment
    WITHDRAWN = "withdrawn"


OPEN = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED})
EDITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED})


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """What one value is of: a KPI, a period, an office or (None) the agency."""

    code: str
    period: Period
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entered value, with everybody who had a hand in it."""

    id: int
    row_version: int
    slot: Slot
    numerator: float
    denominator: float | None
    state: EntryState
    reason: str
    replaces_id: int | None
    confirmed: bool
    entered_by: str
    entered_at: datetime
    writers: frozenset[str]
    changed_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    comment: str
    event: int | None  # the last event of the extracts when it was approved
    evidence: tuple[EvidenceItem, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_approved(self) -> bool:
        return self.state is EntryState.APPROVED


def read_entries(
    reader: Reader, *, codes: Collection[str] | None = None, ids: Collection[int] | None = None
) -> tuple[Entry, ...]:
    """Everything entered of these KPIs, or under these ids, in the order in which it began."""
    rows = _rows(reader, codes, ids)
    evidence = read_evidence(reader, [row.id or 0 for row in rows])
    return tuple(entry_of(row, evidence[row.id or 0]) for row in rows)


def _rows(
    reader: Reader, codes: Collection[str] | None, ids: Collection[int] | None
) -> Sequence[EnteredReading]:
    if reader.then is not None:
        return recalled_entries(reader, codes, ids)
    statement = select(EnteredReading).order_by(col(EnteredReading.id))
    if codes is not None:
        statement = statement.where(col(EnteredReading.kpi_code).in_(list(codes)))
    if ids is not None:
        statement = statement.where(col(EnteredReading.id).in_(list(ids)))
    return reader.all(statement)


def standing(entries: Iterable[Entry], as_of: int | None = None) -> Mapping[Slot, Entry]:
    """What holds: of each slot the approved value that nothing approved later replaces.

    `as_of` knows only what was approved before anything came after that event of the extracts.
    """
    found: dict[Slot, Entry] = {}
    for entry in sorted(entries, key=lambda one: one.id):
        known = as_of is None or (entry.event or 0) <= as_of
        if entry.is_approved and known:
            found[entry.slot] = entry
    return found


def entry_of(row: EnteredReading, evidence: tuple[EvidenceItem, ...] = ()) -> Entry:
    """A row of the table as it is told."""
    period = Period(row.period_start, Frequency(row.frequency))
    return Entry(
        id=row.id or 0,
        row_version=row.row_version,
        slot=Slot(row.kpi_code, period, row.office_code),
        numerator=row.numerator,
        denominator=row.denominator,
        state=EntryState(row.state),
        reason=row.reason,
        replaces_id=row.replaces_id,
        confirmed=row.confirmed,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        writers=frozenset(row.writers),
        changed_at=row.changed_at,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        comment=row.comment,
        event=row.event_number,
        evidence=evidence,
    )
