"""What one event costs, in EUR: a lognormal law from a 90 % interval, or a PERT law.

Lognormal: the ends of the interval are the 5 % and the 95 % quantile, mu = (ln a + ln b) / 2 and
sigma = (ln b - ln a) / (2 z), z = 1.6449. PERT: a beta law between the least and the most, its
mean (least + weight * likely + most) / (weight + 2); Malcolm et al. (1959), Vose (2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import scipy

from data.errors import Invalid
from risks.exposure.draws import Floats
from risks.exposure.inverse_beta import inverse_beta

LARGEST_LOSS = 1e12  # EUR; more is a slip of the pen
WIDEST = 10_000.0  # times the lower end; wider, and the mean nears the upper end and passes it
Z95 = 1.6448536269514722  # the standard normal 95 % quantile
WEIGHT = 4.0  # of the likeliest loss in a PERT mean
MOST_WEIGHT = 100.0


class SeverityKind(StrEnum):
    """Which law the loss of one event follows."""

    LOGNORMAL = "lognormal"
    PERT = "pert"


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A loss of which 5 % are lower than `loss5` and 5 % higher than `loss95`; Invalid unless
    0 < loss5 < loss95, and for an interval too wide to mean anything.
    """

    loss5: float
    loss95: float
    kind: ClassVar[SeverityKind] = SeverityKind.LOGNORMAL

    def __post_init__(self) -> None:
        if not 0 < self.loss5 < self.loss95:
            raise Invalid("exposure.refused.interval", low=self.loss5, high=self.loss95)
        _require_thinkable(self.loss95)
        if self.loss95 > WIDEST * self.loss5:
            raise Invalid("exposure.refused.too_wide", most=WIDEST)

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return (math.log(self.loss5) + math.log(self.loss95)) / 2

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return (math.log(self.loss95) - math.log(self.loss5)) / (2 * Z95)

    @property
    def mean(self) -> float:
        """The loss expected of one event, EUR."""
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def mean_square(self) -> float:
        """E[X^2], EUR squared."""
        return math.exp(2 * self.mu + 2 * self.sigma**2)

    def quantile(self, level: Any) -> Floats:
        """The loss not exceeded with this probability, EUR."""
        losses: Floats = np.exp(self.mu + self.sigma * scipy.special.ndtri(level))
        return losses

    def sample(self, uniform: Floats) -> Floats:
        """One loss for each draw, EUR: its quantile."""
        return self.quantile(uniform)

    def cdf(self, loss: Any) -> Floats:
        """P(X <= loss)."""
        below: Floats = scipy.special.ndtr(self._score(loss))
        return below

    def exceedance(self, loss: Any) -> Floats:
        """P(X > loss), exact far out in the tail."""
        above: Floats = scipy.special.ndtr(-self._score(loss))
        return above

    def mean_above(self, loss: Any) -> Floats:
        """E[X; X > loss], what losses above this one add to the mean."""
        above: Floats = self.mean * scipy.special.ndtr(self.sigma - self._score(loss))
        return above

    def _score(self, loss: Any) -> Floats:
        positive = np.maximum(np.asarray(loss, dtype=np.float64), np.finfo(np.float64).tiny)
        score: Floats = (np.log(positive) - self.mu) / self.sigma
        return score


@dataclass(frozen=True, slots=True)
class Pert:
    """A loss between a least and a most, `likely` the likeliest; Invalid unless
    0 <= least <= likely <= most, least < most and 0 < weight <= 100.

    Other programs fit the beta law to a standard deviation of span / 6 instead (pyfair); then the
    mean is the same and the spread differs.
    """

    least: float
    likely: float
    most: float
    weight: float = WEIGHT
    kind: ClassVar[SeverityKind] = SeverityKind.PERT

    def __post_init__(self) -> None:
        ordered = 0 <= self.least <= self.likely <= self.most and self.least < self.most
        if not ordered:
            values = {"least": self.least, "likely": self.likely, "most": self.most}
            raise Invalid("exposure.refused.pert", **values)
        if not 0 < self.weight <= MOST_WEIGHT:
            raise Invalid("exposure.refused.weight", value=self.weight, most=MOST_WEIGHT)
        _require_thinkable(self.most)

    @property
    def alpha(self) -> float:
        """First shape of the beta law."""
        return 1 + self.weight * (self.likely - self.least) / self.span

    @property
    def beta(self) -> float:
        """Second shape of the beta law."""
        return 1 + self.weight * (self.most - self.likely) / self.span

    @property
    def span(self) -> float:
        """From the least to the most, EUR."""
        return self.most - self.least

    @property
    def mean(self) -> float:
        """The loss expected of one event, EUR."""
        return (self.least + self.weight * self.likely + self.most) / (self.weight + 2)

    @property
    def mean_square(self) -> float:
        """E[X^2], EUR squared."""
        both = self.alpha + self.beta
        variance = self.span**2 * self.alpha * self.beta / (both**2 * (both + 1))
        return self.mean**2 + variance

    def quantile(self, level: Any) -> Floats:
        """The loss not exceeded with this probability, EUR."""
        share = scipy.special.betaincinv(self.alpha, self.beta, level)
        losses: Floats = self.least + self.span * share
        return losses

    def sample(self, uniform: Floats) -> Floats:
        """One loss for each draw, EUR: its quantile to 12 digits, faster for many."""
        return self.least + self.span * inverse_beta(self.alpha, self.beta, uniform)

    def cdf(self, loss: Any) -> Floats:
        """P(X <= loss)."""
        below: Floats = scipy.special.betainc(self.alpha, self.beta, self._share(loss))
        return below

    def exceedance(self, loss: Any) -> Floats:
        """P(X > loss), exact far out in the tail."""
        above: Floats = scipy.special.betaincc(self.alpha, self.beta, self._share(loss))
        return above

    def mean_above(self, loss: Any) -> Floats:
        """E[X; X > loss], what losses above this one add to the mean."""
        above = scipy.special.betaincc(self.alpha + 1, self.beta, self._share(loss))
        part = self.alpha / (self.alpha + self.beta)
        added: Floats = self.least * self.exceedance(loss) + self.span * part * above
        return added

    def _share(self, loss: Any) -> Floats:
        share: Floats = np.clip((np.asarray(loss, dtype=np.float64) - self.least) / self.span, 0, 1)
        return share


Severity = Lognormal | Pert


def severity_of(
    kind: SeverityKind | str, low: float, high: float, mode: float | None = None
) -> Severity:
    """The law of this kind from what a person states; a PERT without a mode is Invalid."""
    if SeverityKind(kind) is SeverityKind.LOGNORMAL:
        return Lognormal(low, high)
    if mode is None:
        raise Invalid("exposure.refused.no_mode")
    return Pert(low, mode, high)


def _require_thinkable(loss: float) -> None:
    if loss > LARGEST_LOSS:
        raise Invalid("exposure.refused.too_large", value=loss, most=LARGEST_LOSS)
