"""Figures of simulated losses: by numpy, by scipy, and with intervals that hold what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from data.errors import Invalid
from risks.exposure import expected_shortfall, mean, percentile
from risks.exposure.estimates import Estimate, interval_ranks, share_interval

losses = st.lists(st.floats(0, 1e9), min_size=2, max_size=60).map(np.array)
levels = st.floats(0.01, 0.99)


def test_riskquant_percentiles() -> None:
    """100 each of 0 to 9 and ten nines more."""
    sample = np.array([*range(10)] * 100 + [9] * 10, dtype=np.float64)
    found = [percentile(sample, level).value for level in (0.1, 0.5, 0.9)]
    assert found == [1, 5, 9]


@given(losses)
def test_mean_and_error(sample: np.ndarray) -> None:
    found = mean(sample)
    assert found.value == pytest.approx(sum(sample) / len(sample))
    assert found.error == pytest.approx(stats.sem(sample), abs=1e-6)
    assert found.high - found.low == pytest.approx(2 * 1.959964 * found.error, rel=1e-5, abs=1e-6)


@given(losses, levels)
def test_a_percentile_is_the_smallest_loss_not_exceeded_so_often(
    sample: np.ndarray, level: float
) -> None:
    found = percentile(sample, level)
    assert found.value == np.quantile(sample, level, method="inverted_cdf")
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.value <= found.high


@pytest.mark.parametrize("level", [0.07, 0.29, 0.57, 0.9, 0.95, 0.999])
def test_ranks_do_not_suffer_from_rounding(level: float) -> None:
    sample = np.arange(1, 10_001, dtype=np.float64)
    assert percentile(sample, level).value == round(10_000 * level)


@given(st.integers(1, 20_000), levels)
def test_interval_ranks_are_those_of_the_binomial_law(trials: int, level: float) -> None:
    low, high = interval_ranks(trials, level)
    assert low == stats.binom.ppf(0.025, trials, level)
    assert high == 1 + stats.binom.ppf(0.975, trials, level)


def test_the_interval_of_a_percentile_holds_it_nineteen_times_in_twenty() -> None:
    samples = np.random.default_rng(11).lognormal(size=(1000, 400))
    true = math.exp(stats.norm.ppf(0.9))
    intervals = [percentile(sample, 0.9) for sample in samples]
    held = [each.low <= true <= each.high for each in intervals if each.low and each.high]
    assert len(held) == 1000
    assert 0.94 <= np.mean(held) <= 0.98


def test_too_few_trials_leave_an_end_open() -> None:
    found = percentile(np.arange(100.0), 0.99)
    assert found.high is None
    assert found.low is not None


@given(losses, levels)
def test_expected_shortfall_is_no_less_than_the_percentile(s: np.ndarray, level: float) -> None:
    assert expected_shortfall(s, level).value >= percentile(s, level).value


def test_expected_shortfall_is_the_mean_of_the_worst() -> None:
    sample = np.random.default_rng(5).lognormal(size=10_000)
    worst = np.sort(sample)[-100:].mean()
    assert expected_shortfall(sample, 0.99).value == pytest.approx(worst, rel=1e-12)
    half_a_loss = expected_shortfall(np.array([1.0, 2, 3, 10]), 0.625)
    assert half_a_loss.value == pytest.approx((10 + 3 * 0.5) / 1.5)


def test_the_error_of_the_shortfall_is_that_of_many_simulations() -> None:
    samples = np.random.default_rng(6).exponential(size=(2000, 1000))
    found = [expected_shortfall(sample, 0.9) for sample in samples]
    spread = np.std([each.value for each in found])
    assert np.mean([each.error for each in found]) == pytest.approx(spread, rel=0.1)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_of_a_share_is_wilsons(count: int, of: int) -> None:
    count = min(count, of)
    other = stats.binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert share_interval(count, of) == pytest.approx((other.low, other.high), abs=1e-9)
    assert share_interval(0, 0) == (0, 1)


def test_known_amounts_move_an_estimate_and_not_its_error() -> None:
    assert Estimate(10, 2).less(4) == Estimate(6, 2)
    assert Estimate(10, 2).per(4) == Estimate(2.5, 0.5)


@pytest.mark.parametrize("level", [0, 1, -1, math.nan])
def test_no_level(level: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.level"):
        percentile(np.arange(10.0), level)
