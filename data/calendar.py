"""Working days: weekdays without public holidays, plus days declared working."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days count. `holidays` are off; `working` are weekend days made to work."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    working: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        return day in self.working or (day.weekday() < SATURDAY and day not in self.holidays)

    def working_days(self, start: date, end: date) -> int:
        """Working days d with start < d <= end; negative when end lies before start."""
        if end < start:
            return -self.working_days(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def cumulative(self, first: date, last: date) -> list[tuple[date, int]]:
        """(day, working days since `first`) for each day, so that a difference counts a span."""
        rows, count = [], 0
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            count += self.is_working(day)
            rows.append((day, count))
        return rows

    def add_working_days(self, start: date, days: int) -> date:
        """The day on which the given number of working days after `start` has passed."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day
