"""The calendar as it stands."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.store.tables import CalendarDay
from data.workspace import Workspace


def read_calendar(workspace: Workspace, *, by: Actor, year: int) -> tuple[CalendarDay, ...]:
    """The days of a year that are not what their weekday says, in order."""
    within = col(CalendarDay.day).between(date(year, 1, 1), date(year, 12, 31))
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return tuple(reader.all(select(CalendarDay).where(within).order_by(col(CalendarDay.day))))
