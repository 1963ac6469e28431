"""Every write of notes on control charts: say one, withdraw one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid
from data.period import Period
from data.store.tables import ChartNote, Office, Service, StoredReading
from data.workspace import Change, Reader, Workspace
from kpis.definitions import HEADLINE
from kpis.notes.reading import NoteKind, cell_of_note
from kpis.register import read_kpi

LONGEST = 200  # characters: what a chart and its caption have room for


@dataclass(frozen=True, slots=True)
class Place:
    """Whose chart: of a KPI for the agency, an office, a service or both."""

    code: str
    office: str | None = None
    service: str | None = None


def add_note(
    workspace: Workspace, *, by: Actor, place: Place, kind: NoteKind, day: date, text: str
) -> int:
    """Say on a chart what happened on a day, or that its limits are new from then on; the id.

    It holds for everything within the place. Without a reason, or on a day outside the published
    series, it is Invalid; a second rebase of the same place and day is a Conflict.
    """
    reason = " ".join(text.split())
    with workspace.change(by, Permission.KPI_ANNOTATE) as change:
        _require_place(change, place)
        _check(change, place, day, reason)
        if kind is NoteKind.REBASE:
            _require_free_day(change, place, day)
        row = ChartNote(
            kpi_code=place.code,
            office_code=place.office,
            service_code=place.service,
            day=day,
            kind=kind.value,
            text=reason,
            author=by.email,
            created_at=datetime.now(UTC),
        )
        change.add(row)
        change.record(AuditTag.CHART_NOTE_ADDED, row, new=row.model_dump(mode="json"))
        return row.id or 0


def withdraw_note(workspace: Workspace, *, by: Actor, note_id: int) -> None:
    """Take a note off its chart; what it said stays on record. Twice is a Conflict."""
    with workspace.change(by, Permission.KPI_ANNOTATE) as change:
        row = change.get(ChartNote, note_id)
        _require_place(change, Place(row.kpi_code, row.office_code, row.service_code))
        if row.withdrawn_at is not None:
            raise Conflict("notes.refused.withdrawn", by=row.withdrawn_by, at=row.withdrawn_at)
        old = row.model_dump(mode="json")
        row.withdrawn_at, row.withdrawn_by = datetime.now(UTC), by.email
        change.add(row)
        new = row.model_dump(mode="json")
        change.record(AuditTag.CHART_NOTE_WITHDRAWN, row, old=old, new=new)


def noted_days(reader: Reader, place: Place) -> tuple[date, date] | None:
    """The first and the last day of the published series of a place; None where there is none."""
    cell = cell_of_note(place.office, place.service)
    frequency = read_kpi(reader, place.code).definition.frequency
    table, start = StoredReading, col(StoredReading.period_start)
    statement: Any = select(func.min(start), func.max(start)).where(
        table.kpi_code == place.code,
        table.frequency == frequency.value,
        table.dimension == cell.dimension,
        table.dimension2 == cell.dimension2,
        table.member == cell.member,
        table.member2 == cell.member2,
        table.measure == HEADLINE,
        col(table.replaced_in).is_(None),
    )
    bounds: Any = reader.all(statement)[0]
    first, last = bounds
    if first is None:
        return None
    return first, Period(last, frequency).end - timedelta(days=1)


def _require_place(change: Change, place: Place) -> None:
    unit = change.get(Office, place.office).unit_code if place.office else WHOLE_AGENCY
    if place.service:
        change.get(Service, place.service)
    change.require_unit(unit)


def _check(change: Change, place: Place, day: date, reason: str) -> None:
    if not reason:
        raise Invalid("notes.refused.no_reason")
    if len(reason) > LONGEST:
        raise Invalid("notes.refused.too_long", most=LONGEST)
    days = noted_days(change, place)
    if days is None:
        raise Invalid("notes.refused.no_series", code=place.code)
    if not days[0] <= day <= days[1]:
        raise Invalid("notes.refused.outside", day=day, first=days[0], last=days[1])


def _require_free_day(change: Change, place: Place, day: date) -> None:
    statement = select(ChartNote).where(
        ChartNote.kpi_code == place.code,
        ChartNote.day == day,
        ChartNote.kind == NoteKind.REBASE.value,
        col(ChartNote.office_code).is_not_distinct_from(place.office),
        col(ChartNote.service_code).is_not_distinct_from(place.service),
        col(ChartNote.withdrawn_at).is_(None),
    )
    taken = change.first(statement)
    if taken is not None:
        raise Conflict("notes.refused.day_taken", day=day, by=taken.author, reason=taken.text)
