"""What of the register calls for somebody above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from risks.appetite.statement import Appetite
from risks.pressing import Pressing, pressing
from risks.register.published import published_view
from risks.register.record import Risk
from risks.register.states import Status
from tests.risks.records import AT, CRITERIA, full, made

DAY = AT.date()
APPETITE = {
    "OPERATIONS": Appetite("OPERATIONS", "", "low", "medium", (), DAY, None, assumption=False)
}
(PLAN,) = full().treatments
LATE = replace(PLAN, due=DAY - timedelta(days=1))
(OWED,) = full().escalations


def found(*risks: Risk, day: date = DAY) -> dict[Pressing, list[int]]:
    said = pressing(risks, APPETITE, CRITERIA, day)
    return {why: [one.number for one in some] for why, some in said.items()}


def test_above_what_is_tolerated_and_nothing_done_comes_first_the_highest_before() -> None:
    risks = [made(1, 3, 4), made(2, 5, 5), made(3, 2, 2)]  # high, critical, low
    assert found(*risks) == {Pressing.UNANSWERED: [2, 1]}


def test_what_is_treated_accepted_laid_before_somebody_or_closed_is_not_unanswered() -> None:
    planned = replace(PLAN, due=DAY + timedelta(days=9))
    risks = [
        made(1, 5, 5, treatments=(planned,)),
        made(2, 5, 5, status=Status.ACCEPTED),
        made(3, 5, 5, status=Status.CLOSED),
    ]
    assert found(*risks) == {}
    assert found(made(4, 5, 5, escalations=(OWED,))) == {Pressing.ESCALATED: [4]}


def test_what_is_late_is_told_from_the_day_after() -> None:
    risks = [made(1, treatments=(LATE,)), made(2, next_review=DAY), made(3)]
    assert found(*risks) == {Pressing.TREATMENT_LATE: [1]}
    assert found(*risks, day=DAY + timedelta(days=1))[Pressing.REVIEW_LATE] == [2]


def test_an_accepted_risk_is_not_unanswered_for_those_who_see_what_is_published() -> None:
    borne = published_view(made(1, 5, 5, status=Status.ACCEPTED))
    assert not borne.acceptances
    assert found(borne, published_view(made(2, 5, 5))) == {Pressing.UNANSWERED: [2]}
