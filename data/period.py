"""Reporting periods: weeks (ISO), months, quarters and years, each ending where the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from data.errors import Invalid


class Frequency(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}
_CODE = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{2})|Q(?P<quarter>[1-4])|(?P<month>\d{2})))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period of one frequency, from local midnight of `start` to local midnight of `end`."""

    start: date
    frequency: Frequency

    @classmethod
    def covering(cls, day: date, frequency: Frequency) -> Period:
        """The period of this frequency in which the day lies."""
        if frequency is Frequency.WEEK:
            return cls(day - timedelta(days=day.weekday()), frequency)
        months = _MONTHS[frequency]
        first_month = (day.month - 1) // months * months + 1
        return cls(date(day.year, first_month, 1), frequency)

    @classmethod
    def parse(cls, code: str) -> Period:
        """Read '2025-W03', '2025-03', '2025-Q1' or '2025'; anything else is Invalid."""
        match = _CODE.fullmatch(code.strip().upper())
        try:
            if match is None:
                raise ValueError(code)
            return cls._from_parts(**match.groupdict())
        except ValueError:
            raise Invalid("period.unreadable", period=code) from None

    @classmethod
    def _from_parts(
        cls, year: str, week: str | None, quarter: str | None, month: str | None
    ) -> Period:
        if week:
            return cls(date.fromisocalendar(int(year), int(week), 1), Frequency.WEEK)
        if quarter:
            return cls(date(int(year), int(quarter) * 3 - 2, 1), Frequency.QUARTER)
        if month:
            return cls(date(int(year), int(month), 1), Frequency.MONTH)
        return cls(date(int(year), 1, 1), Frequency.YEAR)

    @property
    def end(self) -> date:
        """The first day that no longer belongs to the period."""
        return _end(self)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def code(self) -> str:
        """The form people type: 2025-W03, 2025-03, 2025-Q1, 2025."""
        if self.frequency is Frequency.WEEK:
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02}"
        if self.frequency is Frequency.MONTH:
            return f"{self.start:%Y-%m}"
        if self.frequency is Frequency.QUARTER:
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return str(self.start.year)

    def shift(self, steps: int) -> Period:
        """The period so many steps later (earlier when negative)."""
        if self.frequency is Frequency.WEEK:
            return Period(self.start + timedelta(weeks=steps), self.frequency)
        months = self.start.year * 12 + self.start.month - 1 + steps * _MONTHS[self.frequency]
        return Period(date(months // 12, months % 12 + 1, 1), self.frequency)

    def year_ago(self) -> Period:
        """The same month, quarter or year one year back; for a week, the one 52 weeks back."""
        steps = {Frequency.WEEK: 52, Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.YEAR: 1}
        return self.shift(-steps[self.frequency])

    def until(self, last: Period) -> Iterator[Period]:
        """Every period from this one to `last`, both included."""
        period = self
        while period.start <= last.start:
            yield period
            period = period.shift(1)

    def __str__(self) -> str:
        return self.code


@lru_cache(maxsize=10_000)  # asked for again and again, of the same few hundred periods
def _end(period: Period) -> date:
    return period.shift(1).start
