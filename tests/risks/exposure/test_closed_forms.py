"""One risk exactly: derived by hand, and agreed with by the simulation within its own error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from risks.exposure import (
    Lognormal,
    Poisson,
    Quantified,
    closed_forms,
    exceedance,
    expected_loss,
    expected_shortfall,
    mean,
    percentile,
    simulate,
)
from tests.risks.exposure.risks import LAW, bernoulli, poisson, registers

RISK = bernoulli(1, 0.1)
EXCEEDANCE = {
    0: 0.1, 50_000: 0.0995795046, 100_000: 0.095, 316_227.7660168379: 0.05,
    500_000: 0.0256377775, 1_000_000: 0.005, 2_000_000: 0.0004204954,
}  # fmt: skip
AT_RISK = {0.95: 316227.7660168382, 0.99: 775468.2386924591, 0.999: 1611237.4280279519}
PORTFOLIO = {  # riskquant's: chance, interval, expected loss
    "ALICE": (0.01, 1e6, 1e7, 40400.128),
    "BOB": (0.10, 1e7, 1e9, 26639800.977),
    "CHARLIE": (0.05, 5e6, 5e7, 1010003.207),
}
MANY = 100_000


def test_the_derived_figures() -> None:
    assert (LAW.mu, LAW.sigma) == pytest.approx((12.664218011467252, 0.699936169171963), rel=1e-14)
    assert RISK.expected_loss == pytest.approx(40400.12826945731, rel=1e-13)
    for loss, probability in EXCEEDANCE.items():
        assert closed_forms.exceedance(RISK, loss) == pytest.approx(probability, abs=6e-11)
    for level, loss in AT_RISK.items():
        assert closed_forms.value_at_risk(RISK, level) == pytest.approx(loss, rel=1e-11)
    assert closed_forms.value_at_risk(RISK, 0.9) == 0
    shortfall = closed_forms.expected_shortfall(RISK, 0.99)
    assert shortfall == pytest.approx(1132871.652081604, rel=1e-11)


def test_the_simulation_meets_them_within_its_error() -> None:
    annual = simulate([RISK], MANY).annual
    simulated = mean(annual)
    assert abs(simulated.value - RISK.expected_loss) < 3 * simulated.error
    for point, exact in zip(exceedance(annual, list(EXCEEDANCE)), EXCEEDANCE.values(), strict=True):
        assert abs(point.probability - exact) < 3 * np.sqrt(exact * (1 - exact) / MANY)
    for level, loss in AT_RISK.items():
        found = percentile(annual, level)
        assert (found.low or 0) < loss < (found.high or 0)
    worst = expected_shortfall(annual, 0.99)
    assert abs(worst.value - 1132871.652081604) < 3 * worst.error


def test_poisson_has_the_same_mean_and_fewer_years_with_a_loss() -> None:
    annual = simulate([poisson(1, 0.1)], MANY).annual
    simulated = mean(annual)
    assert abs(simulated.value - RISK.expected_loss) < 3 * simulated.error
    chance = 0.09516258196404048
    assert abs((annual > 0).mean() - chance) < 3 * np.sqrt(chance * (1 - chance) / MANY)


@pytest.mark.parametrize(
    ("rate", "low", "high", "expected"),
    [
        (0.1, 1, 10, 0.4040012826945718),
        (3.0, 1, 10, 12.120038480837177),
        (0.1, 100_000, 1_000_000, 40400.128269457266),
    ],
)
def test_riskquant_annualised_loss(rate: float, low: float, high: float, expected: float) -> None:
    risk = poisson(1, rate, Lognormal(low, high))
    assert risk.expected_loss == pytest.approx(expected, rel=1e-13)


def test_riskquant_pert_loss() -> None:
    """Its published figure carries a rounded factor."""
    risk = poisson(1, 0.3, Lognormal(1, 10))
    assert risk.expected_loss == pytest.approx(1.2120038962444237, rel=1e-6)


def test_riskquant_portfolio() -> None:
    risks = [
        poisson(number, chance, Lognormal(low, high))
        for number, (chance, low, high, _) in enumerate(PORTFOLIO.values(), start=1)
    ]
    assert [risk.expected_loss for risk in risks] == pytest.approx(
        [expected for *_, expected in PORTFOLIO.values()], abs=6e-4
    )
    assert expected_loss(risks) == pytest.approx(40400.128 + 26639800.977 + 1010003.207, abs=2e-3)
    ranked = sorted(risks, key=lambda risk: -risk.expected_loss)
    assert [risk.number for risk in ranked] == [2, 3, 1]


@given(registers)
@settings(max_examples=30, deadline=None)
def test_the_portfolio_mean_is_the_sum_of_the_means(register: list[Quantified]) -> None:
    simulation = simulate(register, 1000)
    parts = [mean(row).value for row in simulation.losses]
    simulated = mean(simulation.annual)
    assert simulated.value == pytest.approx(sum(parts), rel=1e-9)
    exact = sum(risk.frequency.mean * risk.severity.mean for risk in register)
    assert expected_loss(register) == pytest.approx(exact, rel=1e-12)


def test_several_events_a_year_have_no_closed_form() -> None:
    with pytest.raises(TypeError, match="no closed form"):
        closed_forms.exceedance(Quantified(1, Poisson(1), LAW), 0)
