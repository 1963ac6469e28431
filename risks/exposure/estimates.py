"""Figures of simulated annual losses, each with the error that simulating so many years leaves.

The error says how far another 10,000 years could lie, not how right the estimates behind the
risks are. Losses are arrays of EUR, one for each trial; levels lie between 0 and 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

from data.errors import Invalid
from risks.exposure.draws import Floats

CONFIDENCE = 0.95  # of every interval here
Z = 1.959963984540054  # the standard normal quantile that goes with it
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated mean, its standard error, and the normal 95 % interval, all in one unit."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.value - Z * self.error

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.value + Z * self.error

    def less(self, amount: float) -> Estimate:
        """The same less an amount that is known exactly."""
        return Estimate(self.value - amount, self.error)

    def per(self, amount: float) -> Estimate:
        """The same divided by a positive amount that is known exactly."""
        return Estimate(self.value / amount, self.error / amount)


@dataclass(frozen=True, slots=True)
class Percentile:
    """A simulated percentile and its 95 % interval; None for an end that so few trials lack."""

    value: float
    low: float | None
    high: float | None


def mean(losses: Floats) -> Estimate:
    """The mean with its standard error s / sqrt(n); `Simulation.mean` knows that error better."""
    return Estimate(float(losses.mean()), float(losses.std(ddof=1)) / math.sqrt(losses.size))


def percentile(losses: Floats, level: float) -> Percentile:
    """Value at risk: the smallest loss that this share of the trials does not exceed.

    The interval is free of any distribution: the two order statistics between which the true
    percentile lies with at least 95 % (David and Nagaraja 2003, 7.1).
    """
    ordered = np.sort(losses)
    low, high = interval_ranks(losses.size, level)
    return Percentile(
        value=float(ordered[rank(losses.size, level) - 1]),
        low=float(ordered[low - 1]) if low >= 1 else None,
        high=float(ordered[high - 1]) if high <= losses.size else None,
    )


def rank(trials: int, level: float) -> int:
    """Which loss, counted from the smallest, is the percentile: n * level, rounded up."""
    _require_level(level)
    return max(1, math.ceil(round(trials * level, 6)))  # 0.07 * 100 is 7.000000000000001


def interval_ranks(trials: int, level: float) -> tuple[int, int]:
    """The ranks around a percentile, 2.5 % of a binomial law outside on either side; the first
    may be 0 and the second n + 1: so far the trials do not reach.
    """
    _require_level(level)
    outside = (1 - CONFIDENCE) / 2
    low = _binomial_quantile(outside, trials, level)
    return low, 1 + _binomial_quantile(1 - outside, trials, level)


def expected_shortfall(losses: Floats, level: float) -> Estimate:
    """The mean of the worst 1 - level of the years, each counted with the share that belongs there.

    VaR + E[(L - VaR)+] / (1 - level), Rockafellar and Uryasev (2002); never below the percentile.
    Its error is told too small where losses are heavy and rare (docs/exposure.md says how much).
    """
    at_risk = percentile(losses, level).value
    over = mean(np.maximum(losses - at_risk, 0))
    return Estimate(at_risk + over.value / (1 - level), over.error / (1 - level))


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, weight = count / of, Z * Z / of
    middle = share + weight / 2
    half = Z * math.sqrt(share * (1 - share) / of + weight / (4 * of))
    low, high = (middle - half) / (1 + weight), (middle + half) / (1 + weight)
    return (0.0 if count == 0 else low), (1.0 if count == of else high)


def _binomial_quantile(probability: float, trials: int, level: float) -> int:
    """The smallest k with P(K <= k) >= probability."""
    guess = max(0, int(scipy.special.bdtrik(probability, trials, level)) - 1)
    while scipy.special.bdtr(guess, trials, level) < probability:
        guess += 1
    return guess


def _require_level(level: float) -> None:
    if not 0 < level < 1:
        raise Invalid("exposure.refused.level", value=level)
