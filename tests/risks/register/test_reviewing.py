"""The round of reviews: which risks are in it, in which order, and what is told of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from risks.register.kinds import AcceptanceState, Kind, Outcome, TreatmentState
from risks.register.record import Review, Risk
from risks.register.reviewing import (
    ReviewChange,
    Round,
    changes_since,
    last_looked_at,
    needs_exception,
    review_round,
)
from risks.register.states import Status
from tests.risks.records import AT, OWNER, assessed, full, made

ZONE = ZoneInfo("Europe/Belgrade")
TODAY = AT.date()
OTHER = "other@example.org"


def days(number: int) -> timedelta:
    return timedelta(days=number)


def due(number: int, ahead: int, **said: object) -> Risk:
    return made(number, 3, 2, next_review=TODAY + days(ahead), **said)


def looked_at(*risks: Risk, **said: object) -> tuple[list[int], list[int]]:
    found: Round = review_round(risks, {OWNER}, OWNER, TODAY, ZONE, **said)  # type: ignore[arg-type]
    return [one.number for one in found.due], [one.number for one in found.done]


def reviewed(risk: Risk, at: datetime, by: str = OWNER) -> Risk:
    return replace(risk, reviews=(Review("r", None, Outcome.CONFIRM, "", by, at),))


def test_what_is_late_or_near_is_due_and_what_is_asked_anew_comes_first() -> None:
    risks = [
        due(1, 15),
        due(2, 14),
        due(3, -20),
        due(4, 300, reassess="risks.reassess.reopened"),
        due(5, 1, owner=OTHER),
        due(6, 1, status=Status.CLOSED),
        made(7, 3, 2),
    ]
    assert looked_at(*risks) == ([4, 3, 2], [])


def test_what_was_reviewed_today_on_the_agencys_clock_is_done() -> None:
    late = datetime.combine(TODAY - days(1), datetime.min.time(), UTC).replace(hour=23, minute=30)
    risks = [
        reviewed(due(1, 0), late),  # 00:30 of today in Prishtina
        reviewed(due(2, 0), late - timedelta(hours=2)),
        reviewed(due(3, 0), AT, by=OTHER),
    ]
    assert looked_at(*risks) == ([2, 3], [1])


def test_a_risk_that_is_asked_for_comes_first_and_all_can_be_looked_at_early() -> None:
    risks = [due(1, 3), due(2, 200), due(3, 100)]
    assert looked_at(*risks, asked={"R-0002"}) == ([2, 1], [])
    assert looked_at(*risks, early=True) == ([1, 3, 2], [])
    assert looked_at(due(4, 200, owner=OTHER), asked={"R-0004"}) == ([4], [])


def test_it_was_last_looked_at_when_it_was_reviewed_else_first_assessed() -> None:
    later = assessed(3, 3, assessed_at=AT + days(9))
    one = made(1, 3, 2, created_at=AT - days(5))
    assert last_looked_at(replace(one, assessments=(*one.assessments, later))) == AT
    assert last_looked_at(reviewed(one, AT + days(3))) == AT + days(3)
    assert last_looked_at(made(1, created_at=AT - days(5))) == AT - days(5)


def test_changes_are_told_once_what_is_overdue_first() -> None:
    (plan,) = full().treatments
    since = AT - days(1)
    moved, created = plan.due_changes[0], AT - days(60)
    plans = (
        replace(plan, id="1", text="late", due=TODAY - days(3), created_at=created),
        replace(plan, id="2", text="done", state=TreatmentState.DONE, done_on=TODAY),
        replace(plan, id="3", text="new", due_changes=(), due=TODAY + days(40)),
        replace(plan, id="4", text="moved", created_at=created, due_changes=(moved,)),
        replace(plan, id="5", text="old", created_at=created, due_changes=()),
        replace(plan, id="6", text="gone", state=TreatmentState.CANCELLED),
    )
    found = changes_since(made(1, treatments=plans), since, TODAY, ZONE)
    assert found[0].kind is ReviewChange.TREATMENT_LATE
    assert {(one.kind, one.text) for one in found} == {
        (ReviewChange.TREATMENT_LATE, "late"),
        (ReviewChange.TREATMENT_DONE, "done"),
        (ReviewChange.TREATMENT_NEW, "new"),
        (ReviewChange.TREATMENT_MOVED, "moved"),
    }


def test_scores_answers_and_acceptances_since_are_told_and_earlier_ones_are_not() -> None:
    (owed,) = full().escalations
    (borne,) = full().acceptances
    accepted = replace(borne, state=AcceptanceState.ACCEPTED, decided_at=AT)
    ended = replace(accepted, state=AcceptanceState.ENDED, ended_at=AT, ended_because="risks.x")
    answered = replace(owed, answer="Go on", answered_by="x", answered_at=AT)
    one = made(1, 4, 4, escalations=(owed, answered), acceptances=(accepted, ended))
    kinds = [change.kind for change in changes_since(one, AT - days(1), TODAY, ZONE)]
    assert sorted(kinds) == sorted(
        [
            ReviewChange.ASSESSED,
            ReviewChange.ESCALATED,
            ReviewChange.ANSWERED,
            ReviewChange.ACCEPTED,
            ReviewChange.ACCEPTANCE_ENDED,
        ]
    )
    later = [change.kind for change in changes_since(one, AT + days(1), TODAY, ZONE)]
    assert later == [ReviewChange.ESCALATED]  # an answer is owed still


def test_days_are_those_of_the_agency() -> None:
    night = AT.replace(hour=23, minute=30)  # half past midnight in Prishtina
    one = made(1, assessments=(assessed(2, 2), assessed(3, 3, assessed_at=night)))
    (found,) = changes_since(one, AT, TODAY, ZONE)
    assert found.day == TODAY + days(1)


def test_above_the_inherent_score_a_reason_is_asked_for() -> None:
    one = made(1, assessments=(assessed(3, 4, Kind.INHERENT), assessed(2, 2)))
    assert not needs_exception(one, 3, 4)
    assert needs_exception(one, 4, 1)
    assert needs_exception(one, 1, 5)
    assert not needs_exception(one, None, None)
    assert not needs_exception(made(1, 2, 2), 5, 5)
