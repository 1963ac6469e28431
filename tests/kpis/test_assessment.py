"""Status against target: met, behind and which way, or why it cannot be said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Invalid
from data.figure import Figure, Missing, Unit
from kpis.assessment import Status, StatusKind, Target, assess
from kpis.direction import Direction

AT_LEAST_95 = Target(low=95)
AT_MOST_10 = Target(high=10)
ONE_TO_FIVE = Target(low=1, high=5)
numbers = st.decimals(min_value=-1000, max_value=1000, places=4).map(float)


def percent(value: float | None, missing: Missing | None = None) -> Figure:
    return Figure(value, Unit.PERCENT, 1, missing)


def status_of(
    value: float,
    previous: float | None = None,
    target: Target | None = AT_LEAST_95,
    direction: Direction = Direction.HIGHER,
    *,
    fresh: bool = True,
) -> Status:
    before = None if previous is None else percent(previous)
    return assess(percent(value), before, target, direction, fresh=fresh)


@pytest.mark.parametrize(
    ("value", "previous", "target", "direction", "kind"),
    [
        (95.0, 90.0, AT_LEAST_95, Direction.HIGHER, StatusKind.MET),
        (94.9, 90.0, AT_LEAST_95, Direction.HIGHER, StatusKind.BEHIND_IMPROVING),
        (94.9, 94.9, AT_LEAST_95, Direction.HIGHER, StatusKind.BEHIND_WORSENING),
        (94.9, 97.0, AT_LEAST_95, Direction.HIGHER, StatusKind.BEHIND_WORSENING),
        (94.9, None, AT_LEAST_95, Direction.HIGHER, StatusKind.BEHIND_WORSENING),
        (10.0, 12.0, AT_MOST_10, Direction.LOWER, StatusKind.MET),
        (10.1, 12.0, AT_MOST_10, Direction.LOWER, StatusKind.BEHIND_IMPROVING),
        (10.1, 9.0, AT_MOST_10, Direction.LOWER, StatusKind.BEHIND_WORSENING),
        (1.0, 0.0, ONE_TO_FIVE, Direction.RANGE, StatusKind.MET),
        (6.0, 8.0, ONE_TO_FIVE, Direction.RANGE, StatusKind.BEHIND_IMPROVING),
        (6.0, -0.5, ONE_TO_FIVE, Direction.RANGE, StatusKind.BEHIND_IMPROVING),
        (6.0, 0.5, ONE_TO_FIVE, Direction.RANGE, StatusKind.BEHIND_WORSENING),
        (0.5, 3.0, ONE_TO_FIVE, Direction.RANGE, StatusKind.BEHIND_WORSENING),
    ],
)
def test_status(
    value: float, previous: float | None, target: Target, direction: Direction, kind: StatusKind
) -> None:
    assert status_of(value, previous, target, direction).kind is kind


def test_no_value_says_why() -> None:
    status = assess(
        percent(None, Missing.TOO_FEW), percent(90), AT_LEAST_95, Direction.HIGHER, fresh=False
    )
    assert status == Status(StatusKind.NO_DATA, missing=Missing.TOO_FEW)


def test_no_target() -> None:
    assert status_of(99, target=None) == Status(StatusKind.NO_TARGET)


def test_stale_keeps_the_variance_and_outranks_having_no_target() -> None:
    stale = status_of(99, fresh=False)
    assert stale.kind is StatusKind.STALE
    assert stale.variance == Figure(4.0, Unit.PERCENTAGE_POINTS, 1)
    assert status_of(99, target=None, fresh=False).kind is StatusKind.STALE


@pytest.mark.parametrize(
    ("value", "target", "direction", "variance", "difference"),
    [
        (97.0, AT_LEAST_95, Direction.HIGHER, 2.0, 2.0),
        (93.0, AT_LEAST_95, Direction.HIGHER, -2.0, -2.0),
        (8.0, AT_MOST_10, Direction.LOWER, 2.0, -2.0),
        (13.0, AT_MOST_10, Direction.LOWER, -3.0, 3.0),
        (2.0, ONE_TO_FIVE, Direction.RANGE, 1.0, 0.0),
        (7.0, ONE_TO_FIVE, Direction.RANGE, -2.0, 2.0),
        (0.0, ONE_TO_FIVE, Direction.RANGE, -1.0, -1.0),
        (-3.0, Target(low=-2, high=0), Direction.RANGE, -1.0, -1.0),
    ],
)
def test_variance_is_positive_when_better_and_difference_is_plain(
    value: float, target: Target, direction: Direction, variance: float, difference: float
) -> None:
    status = status_of(value, None, target, direction)
    assert status.variance is not None
    assert status.difference is not None
    assert (status.variance.value, status.difference.value) == (variance, difference)


def test_a_small_miss_is_behind_and_is_shown() -> None:
    status = status_of(94.96)
    assert status.kind is StatusKind.BEHIND_WORSENING
    assert status.variance is not None
    assert status.variance.shown == Decimal("-0.04")


def test_floating_point_dust_is_no_miss() -> None:
    assert status_of(0.1 + 0.2, target=Target(high=0.3), direction=Direction.LOWER).kind == "met"


def test_days_keep_their_unit() -> None:
    status = assess(Figure(9, Unit.DAYS), None, AT_MOST_10, Direction.LOWER, fresh=True)
    assert status.variance == Figure(1.0, Unit.DAYS)


@pytest.mark.parametrize(("low", "high"), [(None, None), (5, 1)])
def test_impossible_targets_are_refused(low: float | None, high: float | None) -> None:
    with pytest.raises(Invalid):
        Target(low, high)


@pytest.mark.parametrize(
    ("target", "direction"),
    [
        (AT_MOST_10, Direction.HIGHER),
        (AT_LEAST_95, Direction.LOWER),
        (AT_LEAST_95, Direction.RANGE),
        (ONE_TO_FIVE, Direction.HIGHER),
    ],
)
def test_a_target_must_fit_the_direction(target: Target, direction: Direction) -> None:
    with pytest.raises(Invalid, match="target_unfit"):
        status_of(5, target=target, direction=direction)


@given(numbers, numbers, numbers)
def test_higher_and_lower_mirror_each_other(value: float, previous: float, aim: float) -> None:
    higher = status_of(value, previous, Target(low=aim))
    lower = status_of(-value, -previous, Target(high=-aim), Direction.LOWER)
    assert (higher.kind, higher.variance) == (lower.kind, lower.variance)


@given(numbers, numbers, numbers, numbers)
def test_met_exactly_when_the_variance_is_not_negative(
    value: float, previous: float, one: float, other: float
) -> None:
    target = Target(low=min(one, other), high=max(one, other))
    status = status_of(value, previous, target, Direction.RANGE)
    assert status.variance is not None
    assert status.variance.value is not None
    assert (status.kind is StatusKind.MET) == (status.variance.value >= 0)
    assert (status.kind is StatusKind.MET) == (target.low <= value <= target.high)  # type: ignore[operator]


@given(numbers, numbers)
def test_improving_is_strictly_closer_than_before(value: float, previous: float) -> None:
    target = Target(low=1, high=5)
    status = status_of(value, previous, target, Direction.RANGE)
    if status.kind is not StatusKind.MET:
        distance = min(abs(value - 1), abs(value - 5))
        before = 0 if 1 <= previous <= 5 else min(abs(previous - 1), abs(previous - 5))
        assert (status.kind is StatusKind.BEHIND_IMPROVING) == (distance < before)
