"""What moved between two looks: the difference of both, whatever they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risks.criteria.reading import default_criteria
from risks.register.kinds import Kind
from risks.register.moving import Movement, Off, by_place, flows, level_movement, moves, place_of
from risks.register.record import Risk
from risks.register.states import Status
from tests.risks.records import assessed, made

CRITERIA = default_criteria()
STEP = st.integers(1, 5)
# A risk by its number: in a cell, or not assessed.
REGISTER = st.dictionaries(st.integers(1, 12), st.none() | st.tuples(STEP, STEP))
Cells = dict[int, tuple[int, int] | None]


def risks_of(cells: Cells) -> tuple[Risk, ...]:
    return tuple(made(number, *(cell or ())) for number, cell in cells.items())


@settings(deadline=None)
@given(before=REGISTER, after=REGISTER)
def test_movement_is_the_difference_of_both_days(before: Cells, after: Cells) -> None:
    then, now = risks_of(before), risks_of(after)
    moved = flows(moves(then, now), Kind.CURRENT)
    gained: Counter[Any] = Counter()
    for (start, end), some in moved.items():
        gained[end] += len(some)
        gained[start] -= len(some)
    counts = Counter(after.values())
    counts.subtract(Counter(before.values()))
    for likelihood in range(1, 6):
        for impact in range(1, 6):
            cell = likelihood, impact
            assert gained[cell] == counts[cell]
    assert gained[Off.UNASSESSED] == counts[None]
    assert gained[Off.OUTSIDE] == len(before) - len(after)


@settings(deadline=None)
@given(before=REGISTER, after=REGISTER)
def test_everybody_moves_once_or_not_at_all(before: Cells, after: Cells) -> None:
    moved = flows(moves(risks_of(before), risks_of(after)), Kind.CURRENT)
    told = [move.risk.number for some in moved.values() for move in some]
    apart: Any = object()
    wanted = {
        number
        for number in {**before, **after}
        if before.get(number, apart) != after.get(number, apart)
    }
    assert sorted(told) == sorted(wanted)


@settings(deadline=None)
@given(cells=REGISTER)
def test_each_risk_stands_in_one_place(cells: Cells) -> None:
    places = by_place(risks_of(cells), Kind.CURRENT)
    assert {place: len(some) for place, some in places.items()} == Counter(
        cell or Off.UNASSESSED for cell in cells.values()
    )


def test_who_is_not_there_is_outside_and_who_is_half_judged_unassessed() -> None:
    assert place_of(None, Kind.CURRENT) is Off.OUTSIDE
    half = replace(assessed(3, 3), likelihood=None, level=None)
    assert place_of(made(1, assessments=(half,)), Kind.CURRENT) is Off.UNASSESSED
    assert place_of(made(1, 3, 4), Kind.CURRENT) == (3, 4)
    assert place_of(made(1, 3, 4), Kind.TARGET) is Off.UNASSESSED


@pytest.mark.parametrize(
    ("before", "after", "movement"),
    [
        (None, made(1, 3, 3), Movement.NEW),
        (made(1, 3, 3, status=Status.PROPOSED), made(1, 3, 3), Movement.NEW),
        (made(1, 3, 3, status=Status.CLOSED), made(1, 3, 3), Movement.NEW),
        (made(1), made(1, 3, 3), Movement.FIRST),
        (made(1, 3, 3), made(1, 4, 4), Movement.RISEN),
        (made(1, 3, 3), made(1, 2, 2), Movement.FALLEN),
        (made(1, 3, 3), made(1, 2, 3), Movement.SAME),  # another cell of the same level
        (made(1, 3, 3), made(1), Movement.SAME),
        (made(1, 3, 3), made(1, 3, 3, status=Status.CLOSED), Movement.SAME),
    ],
)
def test_the_movement_of_a_level(before: Risk | None, after: Risk, movement: Movement) -> None:
    assert level_movement(before, after, CRITERIA) is movement


def test_by_other_criteria_nothing_is_said_of_a_change() -> None:
    anew = replace(assessed(5, 5), criteria_version=2)
    after = made(1, assessments=(anew,))
    assert level_movement(made(1, 1, 1), after, CRITERIA) is Movement.OTHER_CRITERIA
