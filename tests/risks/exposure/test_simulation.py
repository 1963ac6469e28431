"""Simulated years: each recomputed by hand, and each risk's own whatever is simulated with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from data.errors import Invalid
from risks.exposure import (
    Bernoulli,
    Lognormal,
    Pert,
    Poisson,
    Quantified,
    expected_loss,
    mean,
    simulate,
)
from risks.exposure.frequency import Frequency
from risks.exposure.severity import Severity
from tests.risks.exposure.published import published
from tests.risks.exposure.risks import bernoulli, poisson, registers

PERT = Pert(10_000, 40_000, 500_000)
RISKS = [bernoulli(3, 0.3), poisson(12, 1.7), bernoulli(7, 0.6, PERT), poisson(40, 0.4, PERT)]


def one_year(risk: Quantified, trial: int) -> float:
    """The loss of one risk in one trial, one draw after another, by scipy.stats."""
    uniform = published(trial, 1, risk.number)
    if isinstance(risk.frequency, Bernoulli):
        events = int(uniform < risk.frequency.chance)
    else:
        events = int(stats.poisson.isf(uniform, risk.frequency.rate))
    return sum(one_loss(risk, published(trial, 2, risk.number, event)) for event in range(events))


def one_loss(risk: Quantified, uniform: float) -> float:
    law = risk.severity
    if isinstance(law, Lognormal):
        return float(stats.lognorm.ppf(uniform, law.sigma, scale=np.exp(law.mu)))
    shape = 4 * (law.likely - law.least) / (law.most - law.least)
    share = stats.beta.ppf(uniform, 1 + shape, 5 - shape)
    return float(law.least + (law.most - law.least) * share)


def test_every_year_is_what_its_draws_say() -> None:
    simulation = simulate(RISKS, 300)
    assert [risk.number for risk in simulation.risks] == [3, 7, 12, 40]
    for risk, losses in zip(simulation.risks, simulation.losses, strict=True):
        by_hand = [one_year(risk, trial) for trial in range(1, 301)]
        assert losses.tolist() == pytest.approx(by_hand, rel=1e-10)
    assert simulation.annual == pytest.approx(simulation.losses.sum(axis=0), rel=1e-15)
    assert simulation.trials == 300


def test_a_risk_is_simulated_alike_alone_and_among_others() -> None:
    together = simulate(reversed(RISKS), 1000)
    for row, risk in enumerate(together.risks):
        assert np.array_equal(together.losses[row], simulate([risk], 1000).annual)
    longer = simulate(RISKS, 2000)
    assert np.array_equal(longer.losses[:, :1000], together.losses)


def test_equal_figures_draw_apart() -> None:
    one, other = simulate([bernoulli(1, 0.5), bernoulli(2, 0.5)], 10_000).losses
    assert abs(np.corrcoef(one > 0, other > 0)[0, 1]) < 0.04


@given(registers)
@settings(max_examples=40, deadline=None)
def test_a_risk_more_never_makes_a_year_cheaper(register: list[Quantified]) -> None:
    fewer, all_of_them = simulate(register[1:], 500), simulate(register, 500)
    assert (all_of_them.annual >= fewer.annual).all()


def test_means_of_all_laws_are_met_within_their_error() -> None:
    simulation = simulate(RISKS, 50_000)
    for risk, losses in zip(simulation.risks, simulation.losses, strict=True):
        simulated = mean(losses)
        assert abs(simulated.value - risk.expected_loss) < 3 * simulated.error
    whole = simulation.mean
    assert whole.value == mean(simulation.annual).value
    assert abs(whole.value - expected_loss(RISKS)) < 3 * whole.error
    assert whole.error == pytest.approx(mean(simulation.annual).error, rel=0.03)


@pytest.mark.parametrize("law", [PERT, Lognormal(10_000, 60_000)])
@pytest.mark.parametrize("frequency", [Poisson(3), Bernoulli(0.4)])
def test_annual_losses_have_the_variance_of_their_law(law: Severity, frequency: Frequency) -> None:
    """Which also needs the losses of one year to be independent of each other."""
    risk = Quantified(5, frequency, law)
    assert simulate([risk], 100_000).annual.var() == pytest.approx(risk.variance, rel=0.05)


def test_the_error_of_the_mean_holds_where_heavy_losses_are_rare() -> None:
    """Two hundred risks of the same figures are two hundred simulations of one: the interval holds
    the true mean at least 19 times in 20, the usual one from the sample far less often.
    """
    rare = [bernoulli(number, 0.05, Lognormal(10_000, 10_000_000)) for number in range(1, 201)]
    simulations = [simulate([risk], 2000) for risk in rare]
    true = rare[0].expected_loss
    exact = [one.mean.low < true < one.mean.high for one in simulations]
    usual = [found.low < true < found.high for found in (mean(one.annual) for one in simulations)]
    assert np.mean(exact) >= 0.95
    assert np.mean(usual) < 0.85


def test_nothing_quantified_costs_nothing() -> None:
    simulation = simulate([], 100)
    assert simulation.annual.tolist() == [0] * 100
    assert simulation.losses.shape == (0, 100)


def test_a_simulation_is_not_written_to() -> None:
    simulation = simulate(RISKS, 100)
    with pytest.raises(ValueError, match="read-only"):
        simulation.annual[0] = 1


def test_what_is_not_simulated() -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.trials"):
        simulate(RISKS, 99)
    with pytest.raises(Invalid, match=r"exposure\.refused\.number_twice"):
        simulate([bernoulli(1, 0.1), poisson(1, 0.1)])
