"""What a treatment changes and whether it pays: the same simulated years before and after it.

Both sides meet the same draws (common random numbers), so what differs in a year is the treatment
alone, and the error of the difference is that of the paired years: far smaller than that of two
separate simulations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from data.errors import Invalid
from risks.exposure.draws import Floats
from risks.exposure.estimates import Estimate, Percentile, expected_shortfall, mean, percentile
from risks.exposure.quantified import Quantified, expected_loss, in_order
from risks.exposure.severity import LARGEST_LOSS
from risks.exposure.simulation import TRIALS, Simulation, simulate


class Payoff(StrEnum):
    """What the interval of the net benefit says, if the laws themselves say the same.

    The interval alone may mislead where rare, heavy losses were hardly met; a claim is made only
    when the exact net benefit has the same sign.
    """

    PAYS = "pays"
    COSTS_MORE = "costs_more"
    NOT_DISTINGUISHABLE = "not_distinguishable"  # from zero, by so many trials


@dataclass(frozen=True, slots=True)
class Cost:
    """EUR paid once, spread evenly over the years it serves, and EUR paid each year. Invalid for a
    negative amount or a period of no years. Nothing is discounted.
    """

    once: float = 0.0
    yearly: float = 0.0
    years: float = 1.0

    def __post_init__(self) -> None:
        amounts = (self.once, self.yearly)
        if not all(0 <= amount <= LARGEST_LOSS for amount in amounts):
            raise Invalid("exposure.refused.cost", most=LARGEST_LOSS)
        if not (self.years > 0 and math.isfinite(self.years)):
            raise Invalid("exposure.refused.years", value=self.years)

    @property
    def annual(self) -> float:
        """EUR a year."""
        return self.once / self.years + self.yearly


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a risk becomes when treated (same number, other figures), and what that costs."""

    after: Quantified
    cost: Cost


@dataclass(frozen=True, slots=True)
class Effect:
    """A year without and with treatments, in EUR; every interval is of the simulation error."""

    before: Estimate
    after: Estimate
    reduction: Estimate  # of the mean annual loss, from paired years
    exact_reduction: float  # the same without simulation, from the laws themselves
    cost: float  # a year
    net_benefit: Estimate  # reduction less cost
    benefit_per_euro: Estimate | None  # reduction by cost; None where nothing is paid
    payoff: Payoff


@dataclass(frozen=True, slots=True)
class TailEffect:
    """The bad years without and with treatments: percentile and expected shortfall, EUR."""

    level: float
    percentile_before: Percentile
    percentile_after: Percentile
    shortfall_before: Estimate
    shortfall_after: Estimate


def treated(risks: Iterable[Quantified], treatments: Iterable[Treatment]) -> tuple[Quantified, ...]:
    """The risks with their figures after treatment; Invalid for a treatment of another risk, and
    for two of one risk: what they do together is for a person to say, as one.
    """
    ordered = in_order(risks)
    after = {risk.number: risk for risk in in_order(each.after for each in treatments)}
    if strangers := sorted(set(after) - {risk.number for risk in ordered}):
        raise Invalid("exposure.refused.not_simulated", value=strangers[0])
    return tuple(after.get(risk.number, risk) for risk in ordered)


def effect(
    risks: Iterable[Quantified], treatments: Iterable[Treatment], trials: int = TRIALS
) -> Effect:
    """What these treatments change in a year of these risks, and whether that pays."""
    chosen = tuple(treatments)
    before = simulate(risks, trials)
    after = simulate(treated(before.risks, chosen), trials)
    return effect_between(before, after, math.fsum(each.cost.annual for each in chosen))


def effect_between(before: Simulation, after: Simulation, cost: float) -> Effect:
    """The same from two simulations at hand; ValueError unless both have as many trials."""
    reduction = mean(_saved(before, after))
    exact = expected_loss(before.risks) - expected_loss(after.risks)
    net = reduction.less(cost)
    return Effect(
        before=before.mean,
        after=after.mean,
        reduction=reduction,
        exact_reduction=exact,
        cost=cost,
        net_benefit=net,
        benefit_per_euro=reduction.per(cost) if cost > 0 else None,
        payoff=_payoff(net, exact - cost),
    )


def tail_effect(before: Simulation, after: Simulation, level: float) -> TailEffect:
    """How the bad years change."""
    return TailEffect(
        level=level,
        percentile_before=percentile(before.annual, level),
        percentile_after=percentile(after.annual, level),
        shortfall_before=expected_shortfall(before.annual, level),
        shortfall_after=expected_shortfall(after.annual, level),
    )


def _saved(before: Simulation, after: Simulation) -> Floats:
    """What each year saves, risk by risk, so that risks left alone cancel to the cent."""
    if before.losses.shape != after.losses.shape:
        raise ValueError("both sides need the same risks and as many trials")
    saved: Floats = (before.losses - after.losses).sum(axis=0)
    return saved


def _payoff(net: Estimate, exact: float) -> Payoff:
    if net.low > 0 and exact > 0:
        return Payoff.PAYS
    return Payoff.COSTS_MORE if net.high < 0 and exact < 0 else Payoff.NOT_DISTINGUISHABLE
