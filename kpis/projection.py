"""Where a KPI will stand at the end of the year, and how sure that is: all of it pure.

The level of a series is its exponentially smoothed value; every period still to come is expected
at that level. What can be pooled is pooled over the year, the periods already known with the
expected ones; of a level (a backlog, a median) the last period of the year is told.

The interval comes from the series' own past: the same projection is made from every earlier
period with as many periods known and as many to come, and held against what happened. Eight in
ten of these errors, none of them assumed to be normal, were not larger than the half width. As
projections that reach far overlap, their errors say less than their number; the half width is
raised by sqrt(1 + ahead / errors) for it. `docs/projection.md` says how well that works.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, takewhile

import numpy as np
import numpy.typing as npt

from data.figure import Figure, Missing
from data.metrics.query import Form
from data.period import Frequency, Period
from kpis.measures import Measure, Statistic
from kpis.stored_readings import Reading
from kpis.variation import Message

SMOOTHING = 0.2  # weight of the newest period in the level
COVERED = 0.8  # of the outcomes lie in the interval
FEWEST_ERRORS = 9  # the fewest past errors of which eight in ten mean anything
# Periods before the first projection that is held against what happened.
TRAINING = {Frequency.WEEK: 26, Frequency.MONTH: 12, Frequency.QUARTER: 4}

Numbers = npt.NDArray[np.float64]
Counts = tuple[float, float]  # numerator and denominator; a value and nothing


class Pooling(StrEnum):
    """What the value of a year is, of the values of its periods."""

    SUM = "sum"
    SHARE = "share"  # sum of numerators / sum of denominators
    LAST = "last"  # the last period's own value


_ADDS_UP = frozenset({Form.RATIO, Form.COHORT})
_POOLING = {Statistic.COUNT: Pooling.SUM, Statistic.SHARE: Pooling.SHARE}


@dataclass(frozen=True, slots=True)
class Expected:
    """A projected value with its interval, in the unit of the KPI."""

    figure: Figure
    low: Figure
    high: Figure
    errors: int  # earlier projections the interval rests on


@dataclass(frozen=True, slots=True)
class Projection:
    """What is expected at the end of a year, or why nothing is said."""

    period: Period  # the year where the KPI pools over it, else its last period
    expected: Expected | None = None
    withheld: Message | None = None


def pooling_of(measure: Measure, form: Form) -> Pooling:
    """How the periods of a measure make its year: only what each period counts anew adds up."""
    if form not in _ADDS_UP or measure.window is not None:
        return Pooling.LAST
    return _POOLING.get(measure.statistic, Pooling.LAST)


def project(
    readings: Sequence[Reading], period: Period, measure: Measure, form: Form = Form.RATIO
) -> Projection:
    """The end of the period's year as seen from the last complete reading up to the period."""
    pooling, year = pooling_of(measure, form), year_of(period)
    told = year[-1] if pooling is Pooling.LAST else _calendar_year(period)
    known = _known([each for each in readings if each.period <= period], pooling)
    withheld = _withheld(known, year, told)
    if withheld is not None:
        return Projection(told, withheld=withheld)
    counts = [_counts(each, pooling) or (0.0, 0.0) for each in known]
    within, ahead = _reach(known, year)
    outlook = Outlook(counts, pooling, within, ahead)
    middle, half, errors = outlook.interval(TRAINING[period.frequency])
    if errors < FEWEST_ERRORS or math.isnan(middle):
        return Projection(told, withheld=Message("projection.withheld.too_few_cases"))
    lowest, highest = outlook.bounds()
    ends = (max(middle - half, lowest), min(middle + half, highest))
    figure, low, high = (_figure(value, pooling, measure) for value in (middle, *ends))
    return Projection(told, Expected(figure, low, high, errors))


@lru_cache(maxsize=1_000)
def year_of(period: Period) -> tuple[Period, ...]:
    """Every period of the year in which this one lies; a week lies where its Thursday does."""
    frequency = period.frequency
    if frequency is Frequency.WEEK:
        year = _year_number(period)
        first, after = (Period.parse(f"{each}-W01") for each in (year, year + 1))
        return tuple(first.until(after.shift(-1)))
    start = date(period.start.year, 1, 1)
    last = Period.covering(date(period.start.year, 12, 31), frequency)
    return tuple(Period(start, frequency).until(last))


def fewest_periods(frequency: Frequency, within: int, ahead: int) -> int:
    """How many periods without a gap a projection needs that knows some and expects some."""
    return max(TRAINING[frequency], within) + ahead + FEWEST_ERRORS - 1


def _year_number(period: Period) -> int:
    return (period.start + timedelta(days=3)).year


def _calendar_year(period: Period) -> Period:
    return Period(date(_year_number(period), 1, 1), Frequency.YEAR)


def _known(readings: Sequence[Reading], pooling: Pooling) -> list[Reading]:
    """The readings without a gap that end with the last complete one."""
    backwards = list(reversed(readings))
    while backwards and _is_gap(backwards[0], pooling):
        backwards.pop(0)
    return list(takewhile(lambda each: not _is_gap(each, pooling), backwards))[::-1]


def _is_gap(reading: Reading, pooling: Pooling) -> bool:
    return reading.partial or _counts(reading, pooling) is None


def _counts(reading: Reading, pooling: Pooling) -> Counts | None:
    """What a period brings into the year; None where that is not known."""
    if pooling is not Pooling.SHARE:
        value = reading.figure.value
        return None if value is None else (value, 0.0)
    if reading.numerator is not None and reading.denominator is not None:
        return reading.numerator, reading.denominator
    return (0.0, 0.0) if reading.figure.missing is Missing.NO_DATA else None


def _reach(known: Sequence[Reading], year: Sequence[Period]) -> tuple[int, int]:
    """How many periods of the year are known, and how many come after the last known one."""
    last = known[-1].period
    within = sum(each.period >= year[0] for each in known)
    return within, sum(1 for _ in last.shift(1).until(year[-1]))


def _withheld(known: Sequence[Reading], year: Sequence[Period], told: Period) -> Message | None:
    frequency, values = year[0].frequency, {"year": told}
    if frequency is Frequency.YEAR or (known and known[-1].period == year[-1]):
        return Message("projection.withheld.year_over", values)
    if not known:
        return Message("projection.withheld.nothing")
    within, ahead = _reach(known, year)
    if within + ahead != len(year):
        return Message("projection.withheld.gaps", values)
    needed = fewest_periods(frequency, within, ahead)
    if len(known) < needed:
        counts = {"count": len(known), "needed": needed}
        return Message("projection.withheld.too_short", counts)
    return None


def _figure(value: float, pooling: Pooling, measure: Measure) -> Figure:
    scale = measure.factor / measure.divisor if pooling is Pooling.SHARE else 1
    return Figure(value * scale, measure.unit, measure.decimals)


class Outlook:
    """A series seen from its end: `within` periods of the year known, `ahead` still to come."""

    def __init__(self, counts: Sequence[Counts], pooling: Pooling, within: int, ahead: int) -> None:
        self.tops, self.bottoms = np.array(counts, dtype=np.float64).T
        self.levels = smoothed(self.tops), smoothed(self.bottoms)
        self.pooling, self.within, self.ahead = pooling, within, ahead

    def expected(self, start: int) -> float:
        """The outcome expected when the first `start` periods are known; NaN if undefined."""
        top, bottom = (float(level[start - 1]) for level in self.levels)
        if self.pooling is Pooling.LAST:
            return top
        return self._pooled(start, self.ahead * top, self.ahead * bottom)

    def happened(self, start: int) -> float:
        """The outcome as it came."""
        coming = slice(start, start + self.ahead)
        if self.pooling is Pooling.LAST:
            return float(self.tops[coming][-1])
        return self._pooled(start, self.tops[coming].sum(), self.bottoms[coming].sum())

    def interval(self, training: int) -> tuple[float, float, int]:
        """The outcome expected from the end, the half width, and how many errors it rests on."""
        starts = range(max(training, self.within), len(self.tops) - self.ahead + 1)
        misses = [abs(self.happened(start) - self.expected(start)) for start in starts]
        errors = sorted(miss for miss in misses if not math.isnan(miss))
        count = len(errors)
        if count < FEWEST_ERRORS:
            return math.nan, math.nan, count
        rank = math.ceil(COVERED * (count + 1))
        half = errors[rank - 1] * math.sqrt(1 + self.ahead / count)
        return self.expected(len(self.tops)), half, count

    def bounds(self) -> tuple[float, float]:
        """What the outcome cannot go beyond: what is counted already, a part beyond its whole."""
        if self.tops.min() < 0:
            return -math.inf, math.inf
        known = self.tops[len(self.tops) - self.within :].sum()
        lowest = float(known) if self.pooling is Pooling.SUM else 0.0
        is_part = self.pooling is Pooling.SHARE and bool((self.tops <= self.bottoms).all())
        return lowest, 1.0 if is_part else math.inf

    def _pooled(self, start: int, top: float, bottom: float) -> float:
        before = slice(start - self.within, start)
        top += self.tops[before].sum()
        if self.pooling is Pooling.SUM:
            return float(top)
        bottom += self.bottoms[before].sum()
        return float(top / bottom) if bottom else math.nan


def smoothed(values: Numbers) -> Numbers:
    """The level after each period: exponential smoothing that starts with the first value."""

    def move(level: float, value: float) -> float:
        return level + SMOOTHING * (value - level)

    return np.array(list(accumulate(values.tolist(), move)), dtype=np.float64)
