"""Every write to the days of the calendar. What a day was is kept by the audit trail."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlmodel import delete

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.stating import Grounds, checked_text
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid
from data.metrics.reference import FIRST_DAY, LAST_DAY
from data.store.tables import CalendarDay
from data.workspace import Workspace, snapshot

SATURDAY = 5


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    WORKING = "working"


def mark_day(
    workspace: Workspace,
    *,
    by: Actor,
    day: date,
    kind: DayKind,
    name: str,
    grounds: Grounds,
    version: int = 0,
) -> None:
    """Make a weekday a holiday, or a day of the weekend a working day; or change what it is.

    `version` is that of the day as the person saw it, 0 where it was not marked.
    """
    grounds, name = grounds.checked(), checked_text(name, "reference.refused.no_day_name")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid("reference.refused.out_of_calendar", first=FIRST_DAY, last=LAST_DAY)
    if kind is DayKind.WORKING and day.weekday() < SATURDAY:
        raise Invalid("reference.refused.works_anyway", day=day)
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row = change.find(CalendarDay, day)
        if (row.row_version if row else 0) != version:
            raise Conflict("reference.refused.day_changed", day=day)
        old = snapshot(row) if row else None
        row = row or CalendarDay(day=day, kind=kind.value, name=name, source=grounds.source)
        row.kind, row.name, row.source = kind.value, name, grounds.source
        change.add(row)
        told = {**snapshot(row), "reason": grounds.reason}
        change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)


def clear_day(workspace: Workspace, *, by: Actor, day: date, version: int, reason: str) -> None:
    """Let a day be what its weekday says."""
    reason = Grounds("-", reason).checked().reason
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row = change.get_version(CalendarDay, day, version)
        old = snapshot(row)
        change.execute(delete(CalendarDay).where(CalendarDay.day == day))  # type: ignore[arg-type]
        told = {"removed": True, "reason": reason}
        change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)
