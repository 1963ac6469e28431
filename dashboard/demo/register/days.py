"""When things happen in the played register, counted back from the end of the demo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dashboard.demo.spec import DemoSpec
from data.period import Frequency, Period

MONTHS = 24  # of history
SATURDAY, WEEK = 5, 7
PUBLISHED = 5  # the day of the month after a quarter
# From which minute of the day on who does what: nobody does two things at once.
NIGHT, DAWN, OFFICE, AFTERNOON, EVENING = 5 * 60, 7 * 60, 8 * 60, 16 * 60, 18 * 60
EACH = 10  # minutes of the day for each risk
ANSWERED, LOOKED_AT = 8, 9  # of these ten; the others are for its steps


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar of a play. A day is told as [months before the end of the demo, day of month]:
    1 is the last whole month, 0 the one that has begun, below are months to come.
    """

    spec: DemoSpec

    def day(self, at: Sequence[int]) -> date:
        """The working day told, or the first one after it."""
        months, number = at
        return working(self.spec.months_before_end(months) + timedelta(days=number - 1))

    def moment(self, day: date, minute: int) -> datetime:
        """The minute of a day by the agency's clock."""
        at = time(minute // 60, minute % 60)
        return datetime.combine(day, at, self.spec.zone).astimezone(UTC)

    def months(self) -> Iterator[date]:
        """The first day of each month of the history, and of the one that has begun."""
        for months in range(MONTHS, -1, -1):
            yield self.spec.months_before_end(months)

    def mondays(self) -> Iterator[date]:
        """Every Monday of the history."""
        begin = self.spec.months_before_end(MONTHS)
        day = begin + timedelta(days=-begin.weekday() % WEEK)
        while day < self.spec.today:
            yield day
            day += timedelta(days=WEEK)

    def quarters(self) -> Iterator[tuple[Period, date]]:
        """Each quarter that ended in the history, and the day its register is published."""
        for begin in list(self.months())[1:]:
            quarter = Period.covering(begin - timedelta(days=1), Frequency.QUARTER)
            if quarter.end == begin:
                yield quarter, working(begin + timedelta(days=PUBLISHED - 1))


def working(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=WEEK - day.weekday() if day.weekday() >= SATURDAY else 0)


def slot(number: int, place: int) -> int:
    """The minute of the day of something done on the risk of this number."""
    return OFFICE + (number - 1) * EACH + place
