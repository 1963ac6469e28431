"""Does a monthly series repeat with the seasons, by how much, and what is left without them?

The course of the years is taken off by a centred twelve-month mean (the first and last one carried
on at the ends). A series is seasonal where what is left resembles itself twelve months later: its
autocorrelation at lag 12 is above 2 / sqrt(months). Of series of pure noise that finds at most 2
in 100 (measured for 36 to 60 months, with and without a shift or a trend).

The effect of a month is the mean of what is left of it over the years. Single values far from the
median of their month are first put back to it, so that one odd month neither makes nor hides a
season. Medians alone were tried: of three years one is always its own median, which leaves too
little variation and made 81 % of stable series look special; as it is 34 % do, and 28 % of pure
noise (`docs/deviations.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, takewhile

import numpy as np
import numpy.typing as npt

from data.period import Frequency
from kpis.variation.chart import Message, Point

YEAR = 12
FEWEST_MONTHS = 3 * YEAR
THRESHOLD = 2.0  # standard errors of an autocorrelation of noise
ODD = 5.0  # standard deviations from the median of its month: not of the season
_PAIRS = 0.954  # median distance of two values of noise, in standard deviations
# Half of the first and of the last month: the mean lies on a month and weighs each month alike.
_WEIGHTS = np.array([0.5, *[1.0] * (YEAR - 1), 0.5]) / YEAR

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Season:
    """The seasonal part of a monthly series, and the points without it."""

    effects: tuple[float, ...]  # January to December, in the unit of the series; they sum to 0
    adjusted: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Seasonality:
    """Whether a series is seasonal, and why it is said."""

    season: Season | None
    why: Message


def seasonality_of(points: Sequence[Point], frequency: Frequency) -> Seasonality:
    """Whether a series in order of time is seasonal; three full years without a gap can tell."""
    if frequency is not Frequency.MONTH:
        return Seasonality(None, Message("season.not_monthly"))
    values = _unbroken(points)
    if len(values) < FEWEST_MONTHS:
        counts = {"count": len(values), "needed": FEWEST_MONTHS}
        return Seasonality(None, Message("season.too_short", counts))
    first = points[len(points) - len(values)].date.month
    left = without_level(without_odd(np.array(values, dtype=np.float64)))
    told = {"found": round(repetition(left), 2), "needed": round(threshold(len(values)), 2)}
    if repetition(left) <= threshold(len(values)):
        return Seasonality(None, Message("season.none", told))
    effects = month_effects(left, first)
    return Seasonality(Season(effects, _adjusted(points, effects)), Message("season.found", told))


def threshold(months: int) -> float:
    """The autocorrelation at lag 12 above which so many months are called seasonal."""
    return THRESHOLD / math.sqrt(months)


def without_level(values: Numbers) -> Numbers:
    """What is left of a series without its centred twelve-month mean."""
    middle = np.convolve(values, _WEIGHTS, "valid")
    return values - np.pad(middle, YEAR // 2, mode="edge")


def repetition(left: Numbers) -> float:
    """The autocorrelation at lag 12; 0 where nothing moves."""
    centred = left - left.mean()
    total = float((centred**2).sum())
    if total <= 1e-18 * len(left):
        return 0.0
    return float((centred[YEAR:] * centred[:-YEAR]).sum()) / total


def without_odd(values: Numbers) -> Numbers:
    """The values, single odd ones put back to the median of their calendar month."""
    left = without_level(values)
    months = [left[month::YEAR] for month in range(YEAR)]
    distances = [abs(a - b) for month in months for a, b in combinations(month.tolist(), 2)]
    far = ODD * float(np.median(distances)) / _PAIRS
    medians = np.array([np.median(month) for month in months])
    off = left - np.resize(medians, len(left))
    return np.where(abs(off) > far, values - off, values)


def month_effects(left: Numbers, first_month: int) -> tuple[float, ...]:
    """The mean of each calendar month, January first, less the mean of all twelve."""
    means = [
        float(left[(month - first_month) % YEAR :: YEAR].mean()) for month in range(1, YEAR + 1)
    ]
    middle = math.fsum(means) / YEAR
    return tuple(mean - middle for mean in means)


def _unbroken(points: Sequence[Point]) -> list[float]:
    """The values from the last gap on."""
    values = takewhile(lambda value: value is not None, (p.value for p in reversed(points)))
    return [value for value in values if value is not None][::-1]


def _adjusted(points: Sequence[Point], effects: Sequence[float]) -> tuple[Point, ...]:
    return tuple(
        point
        if point.value is None
        else replace(point, value=point.value - effects[point.date.month - 1])
        for point in points
    )
