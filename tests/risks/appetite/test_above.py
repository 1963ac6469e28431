"""Which risks are above appetite, the worst first, and what is being done about each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from risks.appetite.above import Bound, above_appetite, without_appetite
from risks.appetite.statement import Appetite, above_optimal, above_tolerable
from risks.criteria.reading import default_criteria
from risks.register.kinds import AcceptanceState
from risks.register.record import Risk
from risks.register.states import Status
from tests.risks.records import AT, assessed, full, made

CRITERIA = default_criteria()
TODAY = AT.date()
SAID = Appetite("OPERATIONS", "s", "low", "medium", (), date(2020, 1, 1), None, assumption=False)
APPETITE = {"OPERATIONS": SAID}
# A cell of the matrix for each level.
CELLS = {"low": (1, 1), "medium": (3, 2), "high": (4, 3), "critical": (5, 5)}


def risk(number: int, level: str, **said: Any) -> Risk:
    cell = CELLS[level]
    kept = {"status": Status.OPEN, "category_code": "OPERATIONS"} | said
    return made(number, assessments=(assessed(*cell),), **kept)


def test_the_worst_comes_first_with_what_is_being_done() -> None:
    (plan,) = full().treatments
    late = replace(plan, id="late", due=TODAY - timedelta(days=3))
    soon = replace(plan, id="soon", due=TODAY + timedelta(days=9))
    risks = [
        risk(1, "low"),
        risk(2, "medium"),
        risk(3, "high", treatments=(soon,)),
        risk(4, "critical", treatments=(late, soon)),
        risk(5, "high"),
        risk(6, "critical", status=Status.CLOSED),
    ]
    found = above_appetite(risks, APPETITE, CRITERIA, TODAY)
    assert [one.risk.number for one in found] == [4, 5, 3, 2]
    assert [one.bound for one in found] == [*[Bound.TOLERABLE] * 3, Bound.OPTIMAL]
    assert [one.ranks for one in found] == [2, 1, 1, 1]
    worst, unattended, treated, _sought = found
    assert (worst.next_due, worst.late) == (late.due, 1)
    assert (unattended.is_unattended, unattended.next_due) == (True, None)
    assert (treated.is_unattended, treated.treatments) == (False, (soon,))


def test_what_is_borne_or_laid_before_somebody_is_not_unattended() -> None:
    whole = full()
    (borne,) = whole.acceptances
    (asked,) = whole.escalations
    owed = replace(asked, answered_at=None)
    accepted = replace(borne, state=AcceptanceState.ACCEPTED)
    wanted = replace(borne, state=AcceptanceState.REQUESTED)
    risks = [
        risk(1, "high", acceptances=(accepted,), status=Status.ACCEPTED),
        risk(2, "high", acceptances=(wanted,), status=Status.ACCEPTANCE_REQUESTED),
        risk(3, "high", escalations=(owed,)),
        risk(4, "high", escalations=(replace(owed, answered_at=AT),)),
    ]
    found = above_appetite(risks, APPETITE, CRITERIA, TODAY)
    unattended = {one.risk.number: one.is_unattended for one in found}
    assert unattended == {1: False, 2: True, 3: False, 4: True}
    by_number = {one.risk.number: one for one in found}
    assert by_number[1].acceptance == accepted
    assert by_number[3].escalations == (owed,)


def test_of_what_nothing_is_said_nothing_is_above() -> None:
    silent = risk(1, "critical", category_code="LEGAL")
    closed = replace(silent, number=2, status=Status.CLOSED)
    assert above_appetite([silent, closed], APPETITE, CRITERIA, TODAY) == ()
    assert without_appetite([silent, closed, risk(3, "low")], APPETITE) == (silent,)


@given(
    levels=st.lists(st.sampled_from(sorted(CELLS)), max_size=12),
    bounds=st.tuples(st.sampled_from(list(CELLS)), st.sampled_from(list(CELLS))),
)
def test_it_is_what_each_rule_says_alone(levels: list[str], bounds: tuple[str, str]) -> None:
    low, high = sorted(bounds, key=list(CELLS).index)
    appetite = {"OPERATIONS": replace(SAID, optimal=low, tolerable=high)}
    risks = [risk(number, level) for number, level in enumerate(levels, start=1)]
    found = above_appetite(risks, appetite, CRITERIA, TODAY)
    assert {one.risk.number for one in found} == {
        one.number for one in risks if above_optimal(one, appetite, CRITERIA)
    }
    assert {one.risk.number for one in found if one.bound is Bound.TOLERABLE} == {
        one.number for one in risks if above_tolerable(one, appetite, CRITERIA)
    }
    ranks = [(one.bound is Bound.OPTIMAL, -one.ranks) for one in found]
    assert ranks == sorted(ranks)
