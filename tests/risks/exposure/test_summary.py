"""A year of the register in figures, against numpy over the draws and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from risks.exposure import Cost, Payoff, simulate
from risks.exposure.summary import bad_year_of, effect_on, exposure_of
from tests.risks.exposure.risks import bernoulli, poisson

RISKS = (bernoulli(1, 0.4), poisson(2, 0.3), bernoulli(7, 0.05))
TREATED = (bernoulli(1, 0.1), poisson(2, 0.3), bernoulli(7, 0.05))


@pytest.fixture(scope="module")
def losses() -> np.ndarray:
    return np.array(simulate(RISKS).losses)


def test_the_figures_of_a_year_are_those_of_the_simulated_years(losses: np.ndarray) -> None:
    years = exposure_of(RISKS, TREATED).before
    annual = losses.sum(axis=0)
    ordered = np.sort(annual)
    assert years.trials == 10_000
    assert years.mean.value == pytest.approx(annual.mean())
    assert years.bad_year.value == ordered[8_999]
    assert [value.value for _, value in years.percentiles] == [
        ordered[round(10_000 * level) - 1] for level, _ in years.percentiles
    ]
    assert years.shortfall.value == pytest.approx(ordered[9_000:].mean())
    for point in years.curve:
        assert point.probability == (annual > point.loss).mean()


def test_what_is_expected_is_what_the_laws_say() -> None:
    # Of the lognormal law of the golden file a loss costs 404,001.28 on average.
    mean, found = 404_001.2826945731, exposure_of(RISKS, TREATED)
    assert found.before.expected == pytest.approx((0.4 + 0.3 + 0.05) * mean)
    assert found.after.expected == pytest.approx((0.1 + 0.3 + 0.05) * mean)
    assert found.before.chance_of_any == pytest.approx(1 - 0.6 * np.exp(-0.3) * 0.95)
    assert abs(found.before.mean.value - found.before.expected) < 4 * found.before.mean.error


def test_each_risk_has_its_part_of_the_bad_years_and_all_parts_are_the_whole(
    losses: np.ndarray,
) -> None:
    found = exposure_of(RISKS, TREATED)
    worst = np.argsort(losses.sum(axis=0))[-1_000:]
    for share in found.shares:
        row = [risk.number for risk in RISKS].index(share.number)
        assert share.in_bad_years.value == pytest.approx(losses[row, worst].mean())
    assert sum(share.of_bad_years for share in found.shares) == pytest.approx(1)
    assert sum(share.of_expected for share in found.shares) == pytest.approx(1)
    whole = sum(share.in_bad_years.value for share in found.shares)
    assert whole == pytest.approx(found.before.shortfall.value)
    parts = [share.in_bad_years.value for share in found.shares]
    assert parts == sorted(parts, reverse=True)


def test_untreated_the_years_are_the_same() -> None:
    found = exposure_of(RISKS, RISKS)
    assert found.after == found.before


def test_nothing_at_all_costs_nothing() -> None:
    found = exposure_of((), ())
    assert (found.before.mean.value, found.before.bad_year.value, found.shares) == (0.0, 0.0, ())


def test_a_treatment_alone_saves_what_it_saves_among_all(losses: np.ndarray) -> None:
    found = effect_on(RISKS[0], TREATED[0], Cost(once=50_000, years=5))
    saved = losses[0] - simulate(TREATED).losses[0]
    assert found.reduction.value == pytest.approx(saved.mean())
    assert found.reduction.error == pytest.approx(saved.std(ddof=1) / 100)
    assert found.exact_reduction == pytest.approx(0.3 * 404_001.2826945731)
    assert found.net_benefit.value == pytest.approx(saved.mean() - 10_000)
    assert found.payoff is Payoff.PAYS


def test_one_year_in_ten_exceeds_the_bad_year() -> None:
    annual = simulate(RISKS).annual
    assert (annual > bad_year_of(RISKS).value).mean() == pytest.approx(0.1, abs=1e-4)
