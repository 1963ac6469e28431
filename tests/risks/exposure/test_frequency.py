"""How often: counts against scipy's laws, and fewer events are a part of more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from data.errors import Invalid
from risks.exposure import Bernoulli, Poisson, Quantified, chance_of_any
from risks.exposure.draws import LARGEST, SMALLEST
from risks.exposure.frequency import MOST_RATE
from tests.risks.exposure.risks import bernoulli, poisson

uniforms = st.floats(SMALLEST, LARGEST)


def test_an_event_when_the_draw_lies_below_its_chance() -> None:
    draws = np.array([SMALLEST, 0.0999, 0.1, 0.5, LARGEST])
    assert Bernoulli(0.1).counts(draws).tolist() == [1, 1, 0, 0, 0]
    assert Bernoulli(0).counts(draws).sum() == 0
    assert Bernoulli(1).counts(draws).tolist() == [1] * 5


@given(st.floats(0, MOST_RATE), uniforms)
def test_poisson_counts_are_the_inverse_of_its_law(rate: float, uniform: float) -> None:
    count = int(Poisson(rate).counts(np.array([uniform]))[0])
    assert stats.poisson.sf(count, rate) <= uniform * (1 + 1e-12)
    if count:
        assert stats.poisson.sf(count - 1, rate) > uniform * (1 - 1e-12)
    assert count <= Poisson(rate).most


@given(st.floats(0, 1), st.floats(0, 1), uniforms)
def test_a_lower_chance_keeps_a_part_of_the_same_events(a: float, b: float, u: float) -> None:
    low, high = sorted((a, b))
    draw = np.array([u])
    assert Bernoulli(low).counts(draw) <= Bernoulli(high).counts(draw)
    assert Poisson(low).counts(draw) <= Poisson(high).counts(draw)


def test_the_chance_of_any_event() -> None:
    assert Poisson(0.1).chance_of_any() == pytest.approx(0.09516258196404048, rel=1e-14)
    assert Poisson(0.1).chance_of_any(0.25) == pytest.approx(1 - math.exp(-0.025))
    assert Bernoulli(0.1).chance_of_any() == pytest.approx(0.1, rel=1e-15)
    assert Bernoulli(0.19).chance_of_any(0.5) == pytest.approx(0.1)
    assert (Bernoulli(0).chance_of_any(), Bernoulli(1).chance_of_any(0.1)) == (0, 1)
    assert chance_of_any([bernoulli(1, 0.5), bernoulli(2, 0.5)]) == 0.75
    assert chance_of_any([poisson(1, 0.1)]) == pytest.approx(0.09516258196404048)


@pytest.mark.parametrize("chance", [-0.01, 1.01, math.nan, math.inf])
def test_no_chance(chance: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.chance"):
        Bernoulli(chance)


@pytest.mark.parametrize("rate", [-0.01, 100.5, math.nan, math.inf])
def test_no_rate(rate: float) -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.rate"):
        Poisson(rate)


def test_a_risk_from_what_the_register_keeps() -> None:
    risk = Quantified.of(
        7, frequency="poisson", rate=2, severity="pert", low=1000, high=9000, mode=3000
    )
    assert risk.frequency == Poisson(2)
    assert risk.expected_loss == 2 * (1000 + 4 * 3000 + 9000) / 6
    with pytest.raises(Invalid, match=r"exposure\.refused\.number"):
        Quantified.of(0, frequency="bernoulli", rate=0.1, severity="lognormal", low=1, high=2)
