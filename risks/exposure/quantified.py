"""A risk in figures: how often, and what each time costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from data.errors import Invalid
from risks.exposure.draws import MOST_COUNTER
from risks.exposure.frequency import Frequency, FrequencyKind, frequency_of
from risks.exposure.severity import Severity, SeverityKind, severity_of


@dataclass(frozen=True, slots=True)
class Quantified:
    """One risk as it is simulated; its number (1 or more) is the address of its own draws.

    The number must be the risk's own for good: R-0012 is 12, whatever else is simulated with it.
    """

    number: int
    frequency: Frequency
    severity: Severity

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MOST_COUNTER:
            raise Invalid("exposure.refused.number", value=self.number, most=MOST_COUNTER)

    @classmethod
    def of(
        cls,
        number: int,
        *,
        frequency: FrequencyKind | str,
        rate: float,
        severity: SeverityKind | str,
        low: float,
        high: float,
        mode: float | None = None,
    ) -> Self:
        """From the figures a person states: `low` and `high` are the ends of the 90 % interval
        of a lognormal law, the least and the most of a PERT law; `rate` the chance in a year
        (Bernoulli) or how often in a year (Poisson).
        """
        return cls(number, frequency_of(frequency, rate), severity_of(severity, low, high, mode))

    @property
    def expected_loss(self) -> float:
        """The annual loss expected, EUR: events a year times loss an event, without simulation."""
        return self.frequency.mean * self.severity.mean

    @property
    def variance(self) -> float:
        """The variance of the annual loss, EUR squared, without simulation."""
        return self.frequency.variance_of_sum(self.severity.mean, self.severity.mean_square)


def in_order(risks: Iterable[Quantified]) -> tuple[Quantified, ...]:
    """The risks by number; Invalid when two share one, for they would share their draws."""
    ordered = sorted(risks, key=lambda risk: risk.number)
    for before, after in pairwise(ordered):
        if before.number == after.number:
            raise Invalid("exposure.refused.number_twice", value=after.number)
    return tuple(ordered)


def expected_loss(risks: Sequence[Quantified]) -> float:
    """The annual loss expected of all, EUR: the sum of their own, dependent or not."""
    return math.fsum(risk.expected_loss for risk in risks)


def chance_of_any(risks: Sequence[Quantified]) -> float:
    """The chance that at least one happens in a year, as the simulation has it: independent."""
    return 1 - math.prod(1 - risk.frequency.chance_of_any() for risk in risks)
