"""What demo data is asked for, and what a generated file says about itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from data.errors import Invalid
from data.period import Frequency, Period

DEFAULT_LAST = Period(date(2025, 12, 1), Frequency.MONTH)
DEFAULT_ZONE = ZoneInfo("Europe/Belgrade")
MOST_MONTHS = 120
MOST_FIRST_DAYS = 20


@dataclass(frozen=True, slots=True)
class DemoSpec:
    """The same specification gives the same files, byte for byte.

    `last` is the last whole month, `scale` the part of the national volume (1.0 = all of it),
    `first_days` the days of the month after it that are already known, `dirt` whether a few files
    are as untidy as real ones, `register` whether two years of the risk register are played.
    """

    last: Period = DEFAULT_LAST
    months: int = 36
    scale: float = 0.025
    seed: int = 2026
    first_days: int = 6
    dirt: bool = True
    zone: ZoneInfo = DEFAULT_ZONE
    register: bool = True

    def __post_init__(self) -> None:
        if self.last.frequency is not Frequency.MONTH:
            raise Invalid("demo.refused.last", given=str(self.last))
        if not 1 <= self.months <= MOST_MONTHS:
            raise Invalid("demo.refused.months", given=self.months, most=MOST_MONTHS)
        if not 0 < self.scale <= 1:
            raise Invalid("demo.refused.scale", given=self.scale)
        if not 0 <= self.first_days <= MOST_FIRST_DAYS:
            raise Invalid("demo.refused.first_days", given=self.first_days, most=MOST_FIRST_DAYS)

    @property
    def first(self) -> Period:
        return self.last.shift(1 - self.months)

    @property
    def today(self) -> date:
        """The first day of which nothing is known."""
        return self.last.end + timedelta(days=self.first_days)

    def months_before_end(self, months: int) -> date:
        """The first day of the month so many months before the end of the last whole month."""
        return self.last.shift(1 - months).start

    def spans(self) -> Iterator[MonthSpan]:
        """Every month in order, then the first days of the next."""
        for period in self.first.until(self.last):
            yield MonthSpan(period, period.end)
        if self.first_days:
            yield MonthSpan(self.last.shift(1), self.today)


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """A month, known up to the local midnight that starts `end`."""

    period: Period
    end: date

    @property
    def start(self) -> date:
        return self.period.start


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A generated file and what its sender declares about it; lists are in load order."""

    path: Path
    contract: str
    profile: str
    period: Period
    scope: str
    coverage_from: date
    coverage_to: date
    cut_at: datetime
    is_correction: bool = False  # a month sent again, because it was wrong


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day starts."""
    return datetime.combine(day, time(), tzinfo=zone)
