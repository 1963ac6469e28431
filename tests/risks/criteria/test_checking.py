"""Criteria that are not whole are refused, each with what is wrong; whole ones are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS
from data.errors import Invalid
from risks.criteria.checking import ACCEPTORS, check_follows, checked
from risks.criteria.reading import default_criteria
from risks.criteria.scale import SIZE, Criteria, Level

DEFAULT = default_criteria()
LOW, MEDIUM, HIGH, CRITICAL = DEFAULT.levels
NAMES = {"sq": "a", "sr": "b", "en": "c"}


def with_level(place: int, **said: Any) -> Criteria:
    levels = list(DEFAULT.levels)
    levels[place] = replace(levels[place], **said)
    return replace(DEFAULT, levels=tuple(levels))


def with_step(place: int, **said: Any) -> Criteria:
    steps = list(DEFAULT.likelihood)
    steps[place] = replace(steps[place], **said)
    return replace(DEFAULT, likelihood=tuple(steps))


def with_cell(likelihood: int, impact: int, level: str) -> Criteria:
    rows = [list(row) for row in DEFAULT.matrix]
    rows[likelihood - 1][impact - 1] = level
    return replace(DEFAULT, matrix=tuple(tuple(row) for row in rows))


def with_dimension(**said: Any) -> Criteria:
    first, *others = DEFAULT.dimensions
    return replace(DEFAULT, dimensions=(replace(first, **said), *others))


FAULTS: dict[str, list[Criteria]] = {
    "refused.size": [
        replace(DEFAULT, matrix=DEFAULT.matrix[:4]),
        replace(DEFAULT, matrix=(*DEFAULT.matrix[:4], DEFAULT.matrix[4][:4])),
        replace(DEFAULT, likelihood=DEFAULT.likelihood[1:]),
        replace(DEFAULT, dimensions=()),
        with_dimension(steps=DEFAULT.dimensions[0].steps[:3]),
    ],
    "refused.levels": [
        with_level(0, code="medium"),
        with_level(0, code="Low level"),
        with_level(3, review_days=0),
        with_level(0, review_days=1000),
        with_level(0, review_days=365.5),
        replace(DEFAULT, levels=(CRITICAL,)),
    ],
    "refused.dimensions": [with_dimension(code="money"), with_dimension(code="")],
    "refused.chances": [
        with_step(0, low=0.01),
        with_step(4, high=0.99),
        with_step(1, high=0.3),
        with_step(1, low=float("nan")),
        with_step(4, high=1.2),
    ],
    "refused.falls": [with_cell(5, 5, "low"), with_cell(1, 1, "high")],
    "no_level": [with_cell(3, 3, "enormous")],
    "refused.reviews": [with_level(3, review_days=100)],
    "refused.highest": [with_level(3, accepted_by="manager")],
    "refused.acceptors": [
        with_level(2, accepted_by="viewer"),
        with_level(0, accepted_by=None),
        with_level(0, accepted_by="manager"),
    ],
    "refused.days": [
        replace(DEFAULT, acceptance_days=400),
        replace(DEFAULT, acceptance_days=0),
        replace(DEFAULT, late_review_days=-1),
        replace(DEFAULT, late_treatment_days=1000),
    ],
    "refused.names": [with_level(1, names={"sq": "a", "sr": " ", "en": "c"})],
    "refused.long_names": [with_step(1, names=NAMES | {"en": "x" * 201})],
}


@pytest.mark.parametrize(
    ("key", "criteria"), [(key, one) for key, faults in FAULTS.items() for one in faults]
)
def test_a_fault_is_named(key: str, criteria: Criteria) -> None:
    with pytest.raises(Invalid, match=key):
        checked(criteria)


def test_who_may_accept_is_who_decides_on_acceptances() -> None:
    holders = {role.value for role, may in PERMISSIONS.items() if Permission.RISK_ACCEPT in may}
    assert set(ACCEPTORS) == holders


@given(cells=st.lists(st.integers(0, 3), min_size=25, max_size=25))
def test_a_matrix_is_taken_exactly_when_it_never_falls(cells: list[int]) -> None:
    """Held against a look at each pair of neighbouring cells."""
    rows = [cells[begin : begin + SIZE] for begin in range(0, 25, SIZE)]
    matrix = tuple(tuple(DEFAULT.levels[rank].code for rank in row) for row in rows)
    falls = any(one > other for row in rows for one, other in pairwise(row)) or any(
        rows[place][column] > rows[place + 1][column] for place in range(4) for column in range(5)
    )
    assert is_taken(lambda: checked(replace(DEFAULT, matrix=matrix))) is not falls


def is_taken(check: Callable[[], object]) -> bool:
    try:
        check()
    except Invalid:
        return False
    return True


def test_levels_keep_their_codes_and_their_order() -> None:
    between = Level("raised", NAMES, 120, "manager")
    renamed = replace(MEDIUM, names=NAMES)
    check_follows(replace(DEFAULT, levels=(LOW, renamed, between, HIGH, CRITICAL)), DEFAULT)
    for levels in [(LOW, HIGH, CRITICAL), (MEDIUM, LOW, HIGH, CRITICAL)]:
        with pytest.raises(Invalid, match="drops_levels"):
            check_follows(replace(DEFAULT, levels=levels), DEFAULT)
