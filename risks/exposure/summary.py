"""A year of the register in figures: what it may cost, what drives it, before and after treatment.

Pure, and remembered by the figures that go in: nothing here knows who asks. Simulated years are
many numbers, their summary is few; only the summary is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from risks.exposure.curves import ExceedancePoint, exceedance, losses_to_draw
from risks.exposure.draws import Floats
from risks.exposure.estimates import (
    LEVELS,
    Estimate,
    Percentile,
    expected_shortfall,
    mean,
    percentile,
    rank,
)
from risks.exposure.quantified import Quantified, chance_of_any, expected_loss
from risks.exposure.simulation import Simulation, simulate
from risks.exposure.treatment import Cost, Effect, effect_between

ONE_IN_TEN = 0.9  # the share of the years that cost less than a bad one
REMEMBERED = 128


@dataclass(frozen=True, slots=True)
class Share:
    """What one risk adds: to the expected loss by its laws, to the bad years as simulated."""

    number: int
    expected: float  # EUR a year
    of_expected: float  # 0 to 1
    in_bad_years: Estimate  # EUR, the mean over the worst tenth of the years
    of_bad_years: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Years:
    """The simulated years of some risks in figures, EUR."""

    trials: int
    chance_of_any: float  # that anything happens in a year, by the laws
    expected: float  # a year, by the laws
    mean: Estimate  # a year, as simulated
    percentiles: tuple[tuple[float, Percentile], ...]
    bad_year: Percentile  # which one year in ten exceeds
    shortfall: Estimate  # the mean of the worst tenth
    curve: tuple[ExceedancePoint, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """The same years before and after treatment, and what each risk adds before; largest first."""

    before: Years
    after: Years
    shares: tuple[Share, ...]


@lru_cache(maxsize=REMEMBERED)
def exposure_of(before: tuple[Quantified, ...], after: tuple[Quantified, ...]) -> Exposure:
    """These risks, and the same ones as treatment would leave them."""
    untreated = simulate(before)
    treated = untreated if after == before else simulate(after)
    losses = losses_to_draw(untreated.annual, treated.annual)
    return Exposure(_years(untreated, losses), _years(treated, losses), _shares(untreated))


@lru_cache(maxsize=REMEMBERED)
def bad_year_of(risks: tuple[Quantified, ...]) -> Percentile:
    """The loss that one year in ten of these risks exceeds."""
    return percentile(simulate(risks).annual, ONE_IN_TEN)


@lru_cache(maxsize=4 * REMEMBERED)
def effect_on(before: Quantified, after: Quantified, cost: Cost) -> Effect:
    """What one treatment changes in a year of its risk; the years of all others cancel out."""
    return effect_between(simulate((before,)), simulate((after,)), cost.annual)


def _years(simulated: Simulation, losses: Floats) -> Years:
    annual = simulated.annual
    return Years(
        trials=simulated.trials,
        chance_of_any=chance_of_any(simulated.risks),
        expected=expected_loss(simulated.risks),
        mean=simulated.mean,
        percentiles=tuple((level, percentile(annual, level)) for level in LEVELS),
        bad_year=percentile(annual, ONE_IN_TEN),
        shortfall=expected_shortfall(annual, ONE_IN_TEN),
        curve=exceedance(annual, losses),
    )


def _shares(simulated: Simulation) -> tuple[Share, ...]:
    """Of each risk; in the bad years each has what it cost there (Euler's allocation)."""
    worst = np.argsort(simulated.annual, kind="stable")[rank(simulated.trials, ONE_IN_TEN) :]
    whole, expected = float(simulated.annual[worst].mean()), expected_loss(simulated.risks)
    found = []
    for risk, losses in zip(simulated.risks, simulated.losses, strict=True):
        bad = mean(losses[worst])
        of_bad = bad.value / whole if whole else 0.0
        of_expected = risk.expected_loss / expected if expected else 0.0
        found.append(Share(risk.number, risk.expected_loss, of_expected, bad, of_bad))
    return tuple(sorted(found, key=lambda one: (-one.in_bad_years.value, one.number)))
