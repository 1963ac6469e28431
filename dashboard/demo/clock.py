"""The agency's clock as arrays: local seconds since 1970 and steps in working days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np

from data.calendar import WorkingCalendar
from data.store.reference import calendar_days

Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

EPOCH = date(1970, 1, 1)
DAY = 86_400  # seconds
NEVER = 2**60  # a moment that does not come
OPENS, CLOSES = 8 * 3_600, 16 * 3_600
LATE = 15 * 3_600  # what comes in after this is done the next working day


def day_number(day: date) -> int:
    return (day - EPOCH).days


def moment(day: date) -> int:
    """Local seconds since 1970 at which a day starts."""
    return day_number(day) * DAY


@dataclass(frozen=True, slots=True)
class WorkClock:
    """Which days count, and how many so far."""

    origin: int
    counted: Ints  # working days up to and including each day from the origin on
    working: Ints  # the working days themselves, in order

    @classmethod
    def spanning(cls, first: date, last: date) -> WorkClock:
        """A clock for every day from `first` to `last`."""
        calendar = _calendar(range(first.year, last.year + 1))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        works = np.array([calendar.is_working(day) for day in days])
        numbers = np.arange(len(days), dtype=np.int64) + day_number(first)
        return cls(day_number(first), np.cumsum(works, dtype=np.int64), numbers[works])

    def is_working(self, days: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
        position = self._positions(days)
        return self.counted[position] > np.where(position > 0, self.counted[position - 1], 0)

    def after(self, days: Ints, steps: Ints) -> Ints:
        """The day on which so many working days have passed; 0 = the same or next working day."""
        closed = ~self.is_working(days)
        passed = self.counted[self._positions(days)] + np.where(closed, np.maximum(steps, 1), steps)
        return np.asarray(self.working[np.minimum(passed, len(self.working)) - 1])

    def before(self, days: Ints, steps: Ints) -> Ints:
        """The working day so many working days earlier than each (working) day."""
        passed = self.counted[self._positions(days)] - steps
        return np.asarray(self.working[np.maximum(passed, 1) - 1])

    def _positions(self, days: Ints) -> Ints:
        return np.minimum(days - self.origin, len(self.counted) - 1)

    def move(self, moments: Ints, steps: Ints, rng: np.random.Generator) -> Ints:
        """Each moment so many working days later, in office hours; 0 = within the hour if open."""
        days = moments // DAY
        at_once = (steps == 0) & self.is_working(days) & (moments % DAY < LATE)
        later = self.after(days, np.where(at_once, steps, np.maximum(steps, 1)))
        random_hour = rng.integers(OPENS, CLOSES, len(moments))
        return np.where(
            at_once, moments + rng.integers(300, 3_600, len(moments)), later * DAY + random_hour
        )

    def in_office_hours(self, moments: Ints) -> Ints:
        """Each moment, or the same hour of the next working day."""
        days = self.after(moments // DAY, np.zeros_like(moments))
        return days * DAY + np.clip(moments % DAY, OPENS, CLOSES - 1)


def _calendar(years: Iterable[int]) -> WorkingCalendar:
    rows = calendar_days(years)
    return WorkingCalendar(
        holidays=frozenset(row.day for row in rows if row.kind == "holiday"),
        working=frozenset(row.day for row in rows if row.kind == "working"),
    )
