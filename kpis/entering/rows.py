"""The rows of entered values as actions take them up: by slot or as somebody saw them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import Actor
from data.errors import Conflict, Invalid, PermissionDenied
from data.store.tables import EnteredReading, Evidence
from data.workspace import Change
from kpis.entering.checks import LONGEST_REASON, unit_of
from kpis.entries.reading import OPEN, Entry, EntryState, Slot, entry_of


def row_for(
    change: Change, by: Actor, slot: Slot, row_version: int | None
) -> tuple[EnteredReading, dict[str, Any] | None]:
    """The row on its way, as the person saw it, or a new one; and what it said before."""
    rows = _rows_of(change, slot)
    on_its_way = next((row for row in rows if row.state in OPEN), None)
    if on_its_way is not None:
        if row_version is None:
            raise Conflict(
                "entering.refused.on_its_way", by=on_its_way.entered_by, at=on_its_way.entered_at
            )
        row = change.get_version(EnteredReading, on_its_way.id, row_version)
        return row, said_by(row)
    approved = [row.id for row in rows if row.state == EntryState.APPROVED.value]
    now = datetime.now(UTC)
    row = EnteredReading(
        kpi_code=slot.code,
        office_code=slot.office,
        frequency=slot.period.frequency.value,
        period_start=slot.period.start,
        numerator=0.0,
        state=EntryState.DRAFT.value,
        replaces_id=approved[-1] if approved else None,
        entered_by=by.email,
        entered_at=now,
        writers=[],
        changed_at=now,
    )
    return row, None


def _rows_of(change: Change, slot: Slot) -> Sequence[EnteredReading]:
    statement = select(EnteredReading).where(
        EnteredReading.kpi_code == slot.code,
        EnteredReading.frequency == slot.period.frequency.value,
        EnteredReading.period_start == slot.period.start,
        col(EnteredReading.office_code).is_not_distinct_from(slot.office),
    )
    return change.all(statement.order_by(col(EnteredReading.id)))


def open_row(change: Change, entry: Entry, states: Collection[EntryState]) -> EnteredReading:
    """The row as it was seen, in the actor's units and in one of these states."""
    row = change.get_version(EnteredReading, entry.id, entry.row_version)
    change.require_unit(unit_of(change, entry_of(row).slot))
    if row.state not in states:
        raise Conflict("entering.refused.state", state=EntryState(row.state))
    return row


def require_second(row: EnteredReading, by: Actor) -> None:
    if by.email in row.writers:
        raise PermissionDenied("entering.refused.own", by=by.email)


def require_evidence(change: Change, row: EnteredReading) -> None:
    statement = select(Evidence).where(
        Evidence.reading_id == row.id, col(Evidence.removed_at).is_(None)
    )
    if change.first(statement) is None:
        raise Invalid("entering.refused.no_evidence")


def touch(row: EnteredReading, by: Actor) -> None:
    """Note who wrote on it: he cannot be the one who approves it."""
    row.writers = sorted({*row.writers, by.email})
    row.changed_at = datetime.now(UTC)


def reason_for(row: EnteredReading, reason: str) -> str:
    return text_of(reason) if row.replaces_id else " ".join(reason.split())[:LONGEST_REASON]


def text_of(reason: str) -> str:
    """A reason without line breaks; none is Invalid."""
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise Invalid("entering.refused.no_reason")
    return text


def said_by(row: EnteredReading) -> dict[str, Any]:
    return row.model_dump(mode="json")
