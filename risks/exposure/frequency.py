"""How often a risk happens in a year: at most once (Bernoulli), or any number of times (Poisson).

Both read one uniform draw the same way: at least n events happen when the draw lies below the
chance of at least n events. A lower chance therefore keeps a subset of the same events.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
import scipy

from data.errors import Invalid
from risks.exposure.draws import SMALLEST, Counts, Floats

MOST_RATE = 100.0  # events a year; what happens more often is a running cost, not a risk


class FrequencyKind(StrEnum):
    """Which law the number of events follows."""

    BERNOULLI = "bernoulli"
    POISSON = "poisson"


@dataclass(frozen=True, slots=True)
class Bernoulli:
    """One event in a year with this chance (0 to 1), else none; Invalid outside."""

    chance: float
    kind: ClassVar[FrequencyKind] = FrequencyKind.BERNOULLI

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:  # NaN is refused too
            raise Invalid("exposure.refused.chance", value=self.chance)

    @property
    def mean(self) -> float:
        """Events expected in a year."""
        return self.chance

    @property
    def most(self) -> int:
        """The largest number of events that any draw gives."""
        return 1

    def chance_of_any(self, years: float = 1) -> float:
        """The chance of at least one event in so many years, each year like the other."""
        return 1.0 if self.chance == 1 else -math.expm1(years * math.log1p(-self.chance))

    def variance_of_sum(self, mean: float, mean_square: float) -> float:
        """The variance of the annual sum of events of which each has these two moments."""
        return self.chance * mean_square - (self.chance * mean) ** 2

    def counts(self, uniform: Floats) -> Counts:
        """Events in a year, for each uniform draw; same shape."""
        return (uniform < self.chance).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Poisson:
    """Independent events, so many a year on average (0 to 100); Invalid outside."""

    rate: float
    kind: ClassVar[FrequencyKind] = FrequencyKind.POISSON

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= MOST_RATE:
            raise Invalid("exposure.refused.rate", value=self.rate, most=MOST_RATE)

    @property
    def mean(self) -> float:
        """Events expected in a year."""
        return self.rate

    @property
    def most(self) -> int:
        """The largest number of events that any draw gives."""
        return int(_tails(self.rate).size)

    def chance_of_any(self, years: float = 1) -> float:
        """The chance of at least one event in so many years."""
        return -math.expm1(-self.rate * years)

    def variance_of_sum(self, mean: float, mean_square: float) -> float:
        """The variance of the annual sum of independent events with these two moments."""
        return self.rate * mean_square

    def counts(self, uniform: Floats) -> Counts:
        """Events in a year, for each uniform draw; same shape."""
        rising = _tails(self.rate)[::-1]
        return rising.size - np.searchsorted(rising, uniform, side="right").astype(np.int64)


Frequency = Bernoulli | Poisson


def frequency_of(kind: FrequencyKind | str, rate: float) -> Frequency:
    """The law of this kind; `rate` is the chance in a year, or how often in a year."""
    return Bernoulli(rate) if FrequencyKind(kind) is FrequencyKind.BERNOULLI else Poisson(rate)


def _tails(rate: float) -> Floats:
    """P(N >= n) for n = 1, 2, ... as long as a draw can lie below it: falling."""
    enough = int(rate + 10 * math.sqrt(rate)) + 20
    tails: Floats = scipy.special.pdtrc(np.arange(enough), rate)
    return tails[tails > SMALLEST]
