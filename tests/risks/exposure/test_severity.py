"""What one event costs: published means, and every function against another computation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from data.errors import Invalid
from risks.exposure import Lognormal, Pert
from risks.exposure.draws import LARGEST, SMALLEST
from risks.exposure.inverse_beta import inverse_beta
from risks.exposure.severity import Severity, severity_of

LAWS: list[Severity] = [
    Lognormal(100_000, 1_000_000),
    Lognormal(1_000, 10_000_000),
    Pert(10_000, 40_000, 500_000),
    Pert(0, 0, 1),
    Pert(5, 50, 50, weight=2),
]


def scipys(law: Severity) -> stats.rv_continuous:
    """The same law by scipy.stats."""
    if isinstance(law, Lognormal):
        return stats.lognorm(law.sigma, scale=math.exp(law.mu))
    span = law.most - law.least
    alpha = 1 + law.weight * (law.likely - law.least) / span
    return stats.beta(alpha, law.weight + 2 - alpha, loc=law.least, scale=span)


# Published


def test_riskquant_severity_mean() -> None:
    assert Lognormal(635_000, 19_000_000).mean == pytest.approx(5922706.83351131, rel=1e-14)


def test_riskquant_ends_of_the_interval() -> None:
    law = Lognormal(1, 10)
    assert law.cdf(1) == pytest.approx(0.05, abs=1e-12)
    assert law.cdf(10) == pytest.approx(0.95, abs=1e-12)


def test_pert_mean_of_the_fair_example() -> None:
    assert Pert(2, 4, 9).mean == 4.5


def test_pyfair_beta_pert() -> None:
    """The same mean by another law: pyfair fits the shapes to a deviation of range / (weight + 2),
    which gives its published mean of 1,000 draws; ours are the usual 1 + weight * part of range.
    """
    low, high, mean, deviation = 5, 50, 23.75, 45 / 4
    assert Pert(low, 20, high, weight=2).mean == mean
    alpha = (mean - low) / 45 * ((mean - low) * (high - mean) / deviation**2 - 1)
    shares = np.random.RandomState(42).beta(alpha, alpha * (high - mean) / (mean - low), 1000)
    assert (low + 45 * shares).mean() == pytest.approx(23.848266752716704, rel=1e-14)


# Against another computation


@pytest.mark.parametrize("law", LAWS)
def test_mean_cdf_and_quantile_agree_with_scipy(law: Severity) -> None:
    other = scipys(law)
    levels = np.array([1e-9, 0.01, 0.05, 0.5, 0.95, 0.999])
    losses = other.ppf(levels)
    assert law.mean == pytest.approx(other.mean(), rel=1e-12)
    assert law.mean_square == pytest.approx(other.moment(2), rel=1e-9)
    assert law.quantile(levels) == pytest.approx(losses, rel=1e-9)
    assert law.cdf(losses) == pytest.approx(levels, rel=1e-9)
    assert law.exceedance(losses) == pytest.approx(other.sf(losses), rel=1e-9)


@pytest.mark.parametrize("law", LAWS)
def test_mean_above_is_the_upper_part_of_the_mean(law: Severity) -> None:
    for level in (0.1, 0.5, 0.9):
        upper, _ = integrate.quad(
            lambda z: float(law.quantile(special.ndtr(z)) * stats.norm.pdf(z)),
            special.ndtri(level),
            8,
        )
        assert law.mean_above(law.quantile(level)) == pytest.approx(upper, rel=1e-6)
    assert law.mean_above(0) == pytest.approx(law.mean, rel=1e-12)
    assert law.exceedance(0) == 1
    assert law.cdf(0) == 0


@given(st.floats(0, 1), st.floats(0.1, 100))
def test_many_draws_at_once_are_exact_to_twelve_digits(place: float, weight: float) -> None:
    law = Pert(0, place, 1, weight)
    levels = np.array([SMALLEST, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999, LARGEST])
    exact = special.betaincinv(law.alpha, law.beta, levels)
    assert inverse_beta(law.alpha, law.beta, levels) == pytest.approx(exact, rel=2e-12)


# Refused


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-5, 5), (10, 10), (10, 9), (math.nan, 1), (1, math.nan)]
)
def test_no_interval(low: float, high: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.interval"):
        Lognormal(low, high)


@pytest.mark.parametrize(
    "ends", [(-1, 0, 1), (0, 2, 1), (2, 1, 3), (1, 1, 1), (0, math.nan, 1), (0, 1, math.nan)]
)
def test_no_pert(ends: tuple[float, float, float]) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.pert"):
        Pert(*ends)


@pytest.mark.parametrize("weight", [0, -1, 101, math.nan])
def test_no_weight(weight: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.weight"):
        Pert(0, 1, 2, weight)


@pytest.mark.parametrize("high", [2e12, math.inf])
def test_a_loss_beyond_reason(high: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.too_large"):
        Lognormal(1, high)
    with pytest.raises(Invalid, match=r"exposure\.refused\.too_large"):
        Pert(0, 1, high)


def test_an_interval_too_wide_to_have_a_mean() -> None:
    assert Lognormal(1, 10_000).mean < 10_000
    for low in (0.9, 1e-300):
        with pytest.raises(Invalid, match=r"exposure\.refused\.too_wide"):
            Lognormal(low, 10_000)


def test_a_law_from_what_the_register_keeps() -> None:
    assert severity_of("lognormal", 1, 10) == Lognormal(1, 10)
    assert severity_of("pert", 1, 10, mode=2) == Pert(1, 2, 10)
    with pytest.raises(Invalid, match=r"exposure\.refused\.no_mode"):
        severity_of("pert", 1, 10)
