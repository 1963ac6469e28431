"""The calendar as it stands, or stood."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.recalling import recalled
from data.store.tables import CalendarDay
from data.workspace import Workspace


def read_calendar(workspace: Workspace, *, by: Actor, year: int) -> tuple[CalendarDay, ...]:
    """The days of a year that are not what their weekday says, in order."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        days = recalled(reader, CalendarDay)
    return tuple(sorted((row for row in days if row.day.year == year), key=lambda row: row.day))
