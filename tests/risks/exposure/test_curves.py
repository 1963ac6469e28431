"""The exceedance curve and the tolerance it is held against."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Invalid
from risks.exposure import (
    ExceedancePoint,
    Quantified,
    Tolerance,
    ToleranceVerdict,
    chance_of_any,
    compare,
    exceedance,
    losses_to_draw,
    mean,
    percentile,
    simulate,
    spans_above,
)
from tests.risks.exposure.risks import bernoulli, registers

TWO = Tolerance(((0.1, 100_000), (0.01, 1_000_000)))
THREE = Tolerance(((0.5, 10_000), (0.1, 100_000), (0.01, 1_000_000)))

# The curve


@given(registers)
@settings(max_examples=40, deadline=None)
def test_the_curve_falls_from_any_loss_to_none_and_its_area_is_the_mean(
    register: list[Quantified],
) -> None:
    annual = simulate(register, 500).annual
    steps = np.unique([0.0, *annual])
    curve = [point.probability for point in exceedance(annual, steps)]
    assert curve == sorted(curve, reverse=True)
    assert curve[0] == np.mean(annual > 0)
    assert curve[-1] == 0
    area = (np.diff(steps) * curve[:-1]).sum()
    assert area == pytest.approx(mean(annual).value, rel=1e-9, abs=1e-9)


@given(registers)
@settings(max_examples=40, deadline=None)
def test_a_risk_more_never_lowers_the_curve(register: list[Quantified]) -> None:
    fewer, more = (simulate(risks, 500).annual for risks in (register[1:], register))
    at = losses_to_draw(fewer, more)
    pairs = zip(exceedance(fewer, at), exceedance(more, at), strict=True)
    assert all(one.probability <= other.probability for one, other in pairs)


def test_the_curve_starts_at_the_chance_of_any_loss() -> None:
    risks = [bernoulli(1, 0.2), bernoulli(2, 0.05)]
    start = exceedance(simulate(risks).annual, [0])[0]
    assert start.low < chance_of_any(risks) < start.high
    assert chance_of_any(risks) == pytest.approx(1 - 0.8 * 0.95)


@given(registers, st.sampled_from([0.5, 0.9, 0.99]))
@settings(max_examples=30, deadline=None)
def test_curve_and_percentile_say_the_same(register: list[Quantified], level: float) -> None:
    annual = simulate(register, 500).annual
    beyond = exceedance(annual, [percentile(annual, level).value])[0].probability
    assert beyond <= 1 - level + 1e-12


def test_where_to_draw() -> None:
    before, after = np.array([0, 10, 1000.0]), np.array([0, 4, 0.0])
    at = losses_to_draw(before, after, points=5)
    assert (at[0], at[1], at[-1], at.size) == (0, 4, 1000, 5)
    assert losses_to_draw(np.zeros(3)).tolist() == [0]
    assert losses_to_draw().tolist() == [0]
    assert losses_to_draw(np.array([0, 7.0])).tolist() == [0, 7]


# The tolerance


def test_two_points_are_joined_by_a_lognormal_law() -> None:
    assert (TWO.mu, TWO.sigma) == pytest.approx((8.68856486307134, 2.2038602876651825), rel=1e-13)
    assert TWO.at(500_000) == pytest.approx(0.022118780140517342, rel=1e-12)
    assert TWO.at([0, 100_000, 1_000_000]) == pytest.approx([1, 0.1, 0.01], rel=1e-12)


def test_more_points_are_joined_by_straight_lines_between_logarithms() -> None:
    assert THREE.at([10_000, 100_000, 1_000_000]) == pytest.approx([0.5, 0.1, 0.01], rel=1e-12)
    middle = math.sqrt(100_000 * 1_000_000)
    assert THREE.at(middle) == pytest.approx(math.sqrt(0.1 * 0.01), rel=1e-12)
    assert np.isnan(THREE.at([0, 9_999, 1_000_001])).all()


def test_each_point_is_judged_by_its_own_interval() -> None:
    curve = [
        ExceedancePoint(loss, probability, probability * 0.9, probability * 1.1)
        for loss, probability in [
            (5_000, 0.9), (10_000, 0.6), (50_000, 0.3), (100_000, 0.105), (1_000_000, 0.001)
        ]
    ]  # fmt: skip
    compared = compare(curve, THREE)
    verdicts = [each.verdict for each in compared]
    assert verdicts == ["not_stated", "above", "above", "unclear", "within"]
    assert compared[0].tolerated is None
    (span,) = spans_above(compared)
    assert (span.start, span.end) == (10_000, 50_000)
    assert span.worst.point.loss == 50_000  # 0.3 of 0.16; 0.6 of 0.5 is less
    assert spans_above(compare(curve[3:], THREE)) == ()


def test_an_exposure_above_tolerance_is_found_where_it_is() -> None:
    """p = 0.3 of a loss that is hardly below 100,000 or above 1,000,000."""
    annual = simulate([bernoulli(1, 0.3)]).annual
    compared = compare(exceedance(annual, losses_to_draw(annual)), TWO)
    (span,) = spans_above(compared)
    assert span.start < 100_000 < 1_000_000 < span.end
    assert compared[0].verdict is ToleranceVerdict.WITHIN
    safe = simulate([bernoulli(1, 0.001)]).annual
    assert spans_above(compare(exceedance(safe, losses_to_draw(safe)), TWO)) == ()


@pytest.mark.parametrize(
    ("points", "what"),
    [
        ([(0.1, 100.0)], "points"),
        ([(0.1 - n / 1000, 1.0 + n) for n in range(21)], "points"),
        ([(0.1, 100.0), (0.2, 200.0)], "order"),
        ([(0.2, 200.0), (0.1, 200.0)], "order"),
        ([(1.0, 100.0), (0.1, 200.0)], "point"),
        ([(0.2, 0.0), (0.1, 200.0)], "point"),
        ([(0.2, 1.0), (math.nan, 200.0)], "point"),
    ],
)
def test_no_tolerance(points: list[tuple[float, float]], what: str) -> None:
    with pytest.raises(Invalid, match=rf"exposure\.refused\.tolerance_{what}\("):
        Tolerance(tuple(points))
