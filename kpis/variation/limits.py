"""The natural limits of an individuals (XmR) chart: centre line and process limits of one group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Series = Sequence[float | None]

PROCESS = 2.66  # 3 / d2 with d2 = 1.128, Shewhart's constant for ranges of two
NEAR = 2 * (PROCESS / 3)
SCREEN = 3.267  # D4 for ranges of two: larger moving ranges are themselves special
_NOISE = 1e-9  # of the largest value: less movement than this is floating-point dust


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre line, process limits and near limits (two thirds out), all in the series' unit."""

    mean: float | None = None  # None: no value at all
    lower: float | None = None  # None: no moving range, hence no width
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None

    @classmethod
    def around(cls, mean: float | None, moving_range: float | None) -> Limits:
        """The limits that a mean and a mean moving range give; nothing is clipped at 0 or 100."""
        if mean is None or moving_range is None:
            return cls(mean)
        wide, near = PROCESS * moving_range, NEAR * moving_range
        return cls(mean, mean - wide, mean + wide, mean - near, mean + near)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much a baseline moves: its mean moving range after screening, and from how many."""

    moving_range: float | None
    ranges: int  # adjacent pairs of values before screening
    values: int  # actual values in the baseline
    largest: float  # largest absolute value, the yardstick for what counts as no movement

    @property
    def collapsed(self) -> bool:
        """True when nothing moves (or all movement was screened out), so limits mean nothing."""
        return self.moving_range is None or self.moving_range <= _NOISE * self.largest

    @property
    def torn(self) -> bool:
        """True when gaps leave less than half of the adjacent pairs."""
        return 2 * self.ranges < self.values - 1


def baseline_of(series: Series, length: float | None) -> Series:
    """The rows that set the limits: the first `length` of a group, missing ones counted, or all."""
    return series if length is None else series[: int(length)]


def mean_of(values: Sequence[float]) -> float | None:
    """The arithmetic mean, rounded once at the end so that equal values have themselves as mean."""
    if not values:
        return None
    estimate = math.fsum(values) / len(values)
    return estimate + math.fsum([*values, *[-estimate] * len(values)]) / len(values)


def moving_ranges(series: Series) -> list[float]:
    """Absolute differences of adjacent rows; a gap is not bridged."""
    return [abs(b - a) for a, b in pairwise(series) if a is not None and b is not None]


def screened(ranges: Sequence[float]) -> list[float]:
    """The ranges strictly below 3.267 times their mean; once only, as the reference does."""
    mean = mean_of(ranges)
    return [] if mean is None else [each for each in ranges if each < SCREEN * mean]


def spread_of(baseline: Series, *, screening: bool) -> Spread:
    """How much the rows of a baseline move."""
    ranges = moving_ranges(baseline)
    values = values_in(baseline)
    kept = screened(ranges) if screening else ranges
    largest = max((abs(value) for value in values), default=0.0)
    return Spread(mean_of(kept), len(ranges), len(values), largest)


def values_in(series: Series) -> list[float]:
    """The rows that have a value."""
    return [value for value in series if value is not None]
