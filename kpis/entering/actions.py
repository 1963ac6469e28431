"""Every write of entered values: write, prove, submit, approve or return, withdraw.

What is approved has passed through two pairs of hands: nobody approves what he wrote on, and what
he approves is what he saw (its row version). It is published by the system in the same breath.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound
from data.store.tables import EnteredReading, Evidence, ExtractEvent
from data.workspace import Change, Workspace
from kpis.entered import Entered
from kpis.entering.checks import (
    LONGEST_REASON,
    Written,
    check_slot,
    check_written,
    entered_kpi,
    is_unusual,
    require_plausible,
    require_unlocked,
    unit_of,
)
from kpis.entering.rows import (
    open_row,
    reason_for,
    require_evidence,
    require_second,
    row_for,
    said_by,
    text_of,
    touch,
)
from kpis.entries.reading import EDITABLE, OPEN, Entry, EntryState, Slot, entry_of
from kpis.evidence import files
from kpis.refreshing import refresh
from kpis.register import Kpi

ATTEMPTS = 3  # to publish, while somebody else publishes the same KPI


@dataclass(frozen=True, slots=True)
class Line:
    """A value of a list of them: of what, the figures, why, and where they stand."""

    slot: Slot
    written: Written
    reason: str = ""
    note: str = ""
    row_version: int | None = None  # of what is on its way already


def save_reading(
    workspace: Workspace,
    *,
    by: Actor,
    slot: Slot,
    written: Written,
    reason: str = "",
    row_version: int | None = None,
) -> Entry:
    """Write a value down as a draft, or what is on its way anew; returns it as it then stands.

    Another than an approved value needs a reason. Figures that cannot be are Invalid; somebody
    else's changes since `row_version` a Conflict.
    """
    with workspace.change(by, Permission.READING_ENTER) as change:
        line = Line(slot, written, reason, row_version=row_version)
        row, old = _written(change, by, line, entered_kpi(change, slot.code))
        change.record(AuditTag.READING_ENTERED, row, old=old, new=said_by(row))
        return entry_of(row)


def submit_lines(
    workspace: Workspace, *, by: Actor, lines: Sequence[Line], confirmed: bool = False
) -> None:
    """Write a list of values down and hand all of them to a second person, or none."""
    if not lines:
        raise Invalid("entering.refused.nothing_new")
    with workspace.change(by, Permission.READING_ENTER) as change:
        kpis = {code: entered_kpi(change, code) for code in {line.slot.code for line in lines}}
        handed = [
            _submitted(change, by, line, kpis[line.slot.code], confirmed=confirmed)
            for line in lines
        ]
        rows = [row for row, _old in handed]
        said = [(row.id, row.kpi_code, row.office_code, row.period_start) for row in rows]
        change.record(
            AuditTag.READINGS_IMPORTED,
            noun="entered_reading",
            noun_id=str(len(rows)),
            old={"rows": {str(row.id): old for row, old in handed}},
            new={"rows": [[str(part) for part in one] for one in said]},
        )


def attach_file(workspace: Workspace, *, by: Actor, entry: Entry, name: str, content: bytes) -> int:
    """Add a file that proves a draft; one too large or of another kind is Invalid."""
    file = files.checked_file(name, content)
    files.keep(workspace.settings.home, file)
    said = {
        "file_name": file.name,
        "sha256": file.sha256,
        "file_bytes": len(file.content),
        "media_type": file.media_type,
    }
    return _attach(workspace, by, entry, said)


def attach_note(workspace: Workspace, *, by: Actor, entry: Entry, note: str) -> int:
    """Add a reference that proves a draft: where the value stands, in words or as an address."""
    text = " ".join(note.split())
    if not text:
        raise Invalid("entering.refused.no_note")
    return _attach(workspace, by, entry, {"note": text[:LONGEST_REASON]})


def remove_evidence(workspace: Workspace, *, by: Actor, entry: Entry, evidence_id: int) -> None:
    """Take evidence off a draft; the file stays where it is, and who took it off on record."""
    with workspace.change(by, Permission.READING_ENTER) as change:
        row = open_row(change, entry, EDITABLE)
        item = change.get(Evidence, evidence_id)
        if item.reading_id != row.id or item.removed_at is not None:
            raise NotFound("entering.refused.no_file")
        old = {"reading": said_by(row)}
        item.removed_by, item.removed_at = by.email, datetime.now(UTC)
        touch(row, by)
        change.add(row, item)
        old |= item.model_dump(mode="json")
        change.record(AuditTag.EVIDENCE_REMOVED, item, old=old)


def submit_reading(
    workspace: Workspace, *, by: Actor, entry: Entry, confirmed: bool = False
) -> None:
    """Hand a draft to a second person. Without evidence it is Invalid.

    A value outside what the series has been is Implausible until it is `confirmed`.
    """
    with workspace.change(by, Permission.READING_ENTER) as change:
        row = open_row(change, entry, EDITABLE)
        kpi, entered = entered_kpi(change, row.kpi_code)
        written = Written(row.numerator, row.denominator)
        check_slot(change, kpi, entered, entry.slot)
        check_written(kpi.definition, entered, written)
        require_evidence(change, row)
        unusual = is_unusual(change, kpi, entry.slot, written, confirmed=confirmed)
        old = said_by(row)
        row.state, row.confirmed = EntryState.SUBMITTED.value, unusual
        row.submitted_by, row.submitted_at = by.email, datetime.now(UTC)
        touch(row, by)
        change.add(row)
        change.record(AuditTag.READING_SUBMITTED, row, old=old, new=said_by(row))


def approve_readings(workspace: Workspace, *, by: Actor, entries: Sequence[Entry]) -> None:
    """Approve values exactly as they were seen, all or none, and publish them.

    PermissionDenied to whoever wrote on one of them; a Conflict while its period is locked.
    """
    with workspace.change(by, Permission.READING_APPROVE) as change:
        event = change.first(select(func.max(ExtractEvent.number))) or 0
        for entry in entries:
            row = open_row(change, entry, {EntryState.SUBMITTED})
            require_second(row, by)
            require_unlocked(change, entry.slot)
            old = said_by(row)
            row.state, row.event_number = EntryState.APPROVED.value, event
            row.decided_by, row.decided_at = by.email, datetime.now(UTC)
            change.add(row)
            change.record(AuditTag.READING_APPROVED, row, old=old, new=said_by(row))
    publish_entered(workspace, codes=sorted({entry.slot.code for entry in entries}))


def return_reading(workspace: Workspace, *, by: Actor, entry: Entry, comment: str) -> None:
    """Give a submitted value back to whoever wrote it, and say why."""
    why = text_of(comment)
    with workspace.change(by, Permission.READING_APPROVE) as change:
        row = open_row(change, entry, {EntryState.SUBMITTED})
        require_second(row, by)
        old = said_by(row)
        row.state, row.comment = EntryState.RETURNED.value, why
        row.decided_by, row.decided_at = by.email, datetime.now(UTC)
        change.add(row)
        change.record(AuditTag.READING_RETURNED, row, old=old, new=said_by(row))


def withdraw_reading(workspace: Workspace, *, by: Actor, entry: Entry) -> None:
    """Take back a value that is not approved yet; that it was there stays on record."""
    with workspace.change(by, Permission.READING_ENTER) as change:
        row = open_row(change, entry, OPEN)
        old = said_by(row)
        row.state = EntryState.WITHDRAWN.value
        touch(row, by)
        change.add(row)
        change.record(AuditTag.READING_WITHDRAWN, row, old=old, new=said_by(row))


def publish_entered(workspace: Workspace, *, codes: Sequence[str]) -> None:
    """Publish what is approved, by the system; whoever publishes meanwhile comes first."""
    for attempt in range(ATTEMPTS):
        try:
            refresh(workspace, by=SYSTEM, codes=codes)
            return
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise


def _attach(workspace: Workspace, by: Actor, entry: Entry, said: Mapping[str, Any]) -> int:
    with workspace.change(by, Permission.READING_ENTER) as change:
        row = open_row(change, entry, EDITABLE)
        item = Evidence(
            reading_id=row.id or 0, added_by=by.email, added_at=datetime.now(UTC), **said
        )
        old = {"reading": said_by(row)}
        touch(row, by)
        change.add(row, item)
        change.record(AuditTag.EVIDENCE_ADDED, item, old=old, new=item.model_dump(mode="json"))
        return item.id or 0


def _written(
    change: Change, by: Actor, line: Line, kpi: tuple[Kpi, Entered]
) -> tuple[EnteredReading, dict[str, Any] | None]:
    """The row of a value as a draft, checked; and what it said before."""
    slot, written = line.slot, line.written
    change.require_unit(unit_of(change, slot))
    found, entered = kpi
    check_slot(change, found, entered, slot)
    check_written(found.definition, entered, written)
    row, old = row_for(change, by, slot, line.row_version)
    row.numerator, row.denominator = written.numerator, written.denominator
    row.reason = reason_for(row, line.reason)
    row.state, row.confirmed = EntryState.DRAFT.value, False
    touch(row, by)
    change.add(row)
    return row, old


def _submitted(
    change: Change, by: Actor, line: Line, kpi: tuple[Kpi, Entered], *, confirmed: bool
) -> tuple[EnteredReading, dict[str, Any] | None]:
    """The row of a line, written, proved and handed on; and what it said before."""
    row, old = _written(change, by, line, kpi)
    if line.note:
        now = datetime.now(UTC)
        note = text_of(line.note)
        change.add(Evidence(reading_id=row.id or 0, note=note, added_by=by.email, added_at=now))
    require_evidence(change, row)
    if not confirmed:
        require_plausible(change, kpi[0], line.slot, line.written)
    row.state, row.confirmed = EntryState.SUBMITTED.value, confirmed
    row.submitted_by, row.submitted_at = by.email, datetime.now(UTC)
    change.add(row)
    return row, old
