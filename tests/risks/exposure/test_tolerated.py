"""Tolerance the other way round and of several together, against what it says forwards."""

from __future__ import annotations

import math

import pytest

from risks.exposure import Tolerance
from risks.exposure.tolerated import together, tolerated_loss

TWO = Tolerance(((0.1, 100_000.0), (0.01, 1_000_000.0)))
THREE = Tolerance(((0.2, 10_000.0), (0.1, 40_000.0), (0.02, 90_000.0)))


@pytest.mark.parametrize("tolerance", [TWO, THREE])
def test_the_points_that_are_stated_come_back(tolerance: Tolerance) -> None:
    for chance, loss in tolerance.points:
        assert tolerated_loss(tolerance, chance) == pytest.approx(loss)


@pytest.mark.parametrize("tolerance", [TWO, THREE])
@pytest.mark.parametrize("chance", [0.03, 0.05, 0.1, 0.15])
def test_it_is_the_inverse_of_what_is_said_forwards(tolerance: Tolerance, chance: float) -> None:
    loss = tolerated_loss(tolerance, chance)
    assert loss is not None
    assert float(tolerance.at(loss)) == pytest.approx(chance)


def test_between_points_it_is_straight_between_logarithms() -> None:
    part = (math.log(0.1) - math.log(0.05)) / (math.log(0.1) - math.log(0.02))
    wanted = math.exp(math.log(40_000) + part * (math.log(90_000) - math.log(40_000)))
    assert tolerated_loss(THREE, 0.05) == pytest.approx(wanted)


def test_of_what_is_not_stated_nothing_is_said() -> None:
    assert tolerated_loss(THREE, 0.5) is None
    assert tolerated_loss(THREE, 0.001) is None


def test_together_they_bear_the_sum_at_each_chance_of_which_both_speak() -> None:
    both = together((TWO, THREE))
    assert both is not None
    assert (both.points[0][0], both.points[-1][0]) == (0.1, 0.02)
    assert tolerated_loss(both, 0.1) == pytest.approx(140_000)
    for chance, loss in both.points:
        parts = [tolerated_loss(one, chance) for one in (TWO, THREE)]
        assert None not in parts
        assert loss == pytest.approx(sum(part for part in parts if part is not None))


def test_one_alone_is_itself_and_none_is_none() -> None:
    assert together((THREE,)) is THREE
    assert together(()) is None


def test_of_no_common_chance_there_is_no_sum() -> None:
    rare = Tolerance(((0.01, 1_000.0), (0.001, 2_000.0)))
    assert together((THREE, rare)) is None
