"""One risk of at most one event a year (Bernoulli), exactly and without simulation.

With several events a year there is no such formula; there the mean (`Quantified.expected_loss`)
and the chance of any event are exact. TypeError for a Poisson risk.
"""

from __future__ import annotations

from risks.exposure.frequency import Bernoulli
from risks.exposure.quantified import Quantified


def exceedance(risk: Quantified, loss: float) -> float:
    """P(L > loss) = p P(X > loss), for a loss of 0 EUR or more."""
    return _chance(risk) * float(risk.severity.exceedance(loss))


def value_at_risk(risk: Quantified, level: float) -> float:
    """The loss that a year does not exceed with this probability, EUR; 0 where no event is due."""
    chance, beyond = _chance(risk), round(1 - level, 12)  # 1 - 0.9 is 0.09999999999999998
    return float(risk.severity.quantile(1 - beyond / chance)) if beyond < chance else 0.0


def expected_shortfall(risk: Quantified, level: float) -> float:
    """The mean of the worst 1 - level of years, EUR: VaR + p E[(X - VaR)+] / (1 - level)."""
    at_risk = value_at_risk(risk, level)
    severity = risk.severity
    over = float(severity.mean_above(at_risk) - at_risk * severity.exceedance(at_risk))
    return at_risk + _chance(risk) * over / (1 - level)


def _chance(risk: Quantified) -> float:
    if not isinstance(risk.frequency, Bernoulli):
        raise TypeError("several events a year have no closed form")
    return risk.frequency.chance
