"""Days that are not what their weekday says."""

from data.agency.calendar.actions import DayKind, clear_day, mark_day
from data.agency.calendar.reading import read_calendar

__all__ = ["DayKind", "clear_day", "mark_day", "read_calendar"]
