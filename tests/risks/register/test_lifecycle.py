"""A risk from its draft to its end: each step by its own hand, refused to every other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.language.languages import Language
from data.language.texts import Texts
from data.store.tables import Delegation, RegisterSnapshot
from data.workspace import Then, Workspace
from risks.deciding import actions as deciding
from risks.exposure import FrequencyKind, SeverityKind
from risks.register import actions
from risks.register.assessing import Judged
from risks.register.kinds import AcceptanceState, Kind, Outcome, Response
from risks.register.published import published_view
from risks.register.reading import read_past, read_register
from risks.register.record import Quantity, Risk
from risks.register.states import Status
from risks.register.wording import Wording
from risks.treating.actions import Plan, Progress, add_treatment, move_due, tell_treatment
from risks.watching.actions import watch_risks
from tests.risks.house import PEOPLE, RiskHouse, risk_house


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def only(house: RiskHouse, who: str, action: Any, **said: Any) -> Risk:
    """What one person may do, and all the others may not; the risk after he did it."""
    before = house.risk()
    for name in PEOPLE:
        if name != who:
            with pytest.raises((PermissionDenied, NotFound, Invalid)):
                house.do(action, name, **said)
    assert house.risk() == before
    return house.do(action, who, **said)


def open_risk(house: RiskHouse, likelihood: int = 4, impact: int = 3) -> Risk:
    house.draft()
    house.judge("owner", Kind.CURRENT, likelihood, impact)
    house.do(deciding.propose_risk, "owner")
    return house.do(deciding.decide_proposal, "coordinator", approve=True)


def test_a_year_in_the_life_of_a_risk(house: RiskHouse) -> None:
    seen: list[tuple[Any, Risk]] = []

    def remember() -> None:
        house.clock.pass_days(1)
        seen.append((house.clock.now, house.risk()))
        house.clock.pass_days(6)

    house.draft()
    remember()
    house.judge("owner", Kind.INHERENT, 5, 4)
    house.judge("owner", Kind.CURRENT, 4, 3)
    house.judge("owner", Kind.TARGET, 2, 2)
    remember()
    assert only(house, "owner", deciding.propose_risk).status is Status.PROPOSED
    remember()
    assert only(house, "coordinator", deciding.decide_proposal, approve=True).status is Status.OPEN
    remember()
    plan = Plan("Hold stock for 90 days", "owner@example.org", house.clock.now.date())
    house.do(add_treatment, "owner", plan=plan)
    after = only(house, "owner", deciding.begin_treatment, response=Response.TREAT)
    assert after.status is Status.IN_TREATMENT
    remember()
    until = house.clock.now.date() + timedelta(days=180)
    said = {"rationale": "The supplier changes next year.", "valid_until": until}
    asked = only(house, "owner", deciding.request_acceptance, **said)
    assert asked.status is Status.ACCEPTANCE_REQUESTED
    remember()
    borne = only(house, "director", deciding.decide_acceptance, accept=True, note="Agreed.")
    assert borne.status is Status.ACCEPTED
    remember()
    house.clock.pass_days(180)
    watch_risks(house.workspace)
    ended = house.risk()
    assert (ended.status, ended.reopened_because) == (Status.OPEN, "risks.ended.expired")
    assert ended.acceptances[-1].state is AcceptanceState.ENDED
    remember()
    treatment = ended.treatments[0].id
    told = {"treatment_id": treatment, "progress": Progress.FINISH, "evidence": "Stock report"}
    house.do(tell_treatment, "owner", **told)
    for one in house.risk().open_escalations:
        house.do(
            deciding.answer_escalation,
            "head" if one.to_role == "unit_head" else "director",
            escalation_id=one.id,
            answer="Seen; stock is filled.",
        )
    house.judge("owner", Kind.CURRENT, 1, 2)
    said_close = {"reason": "The stock holds.", "evidence": "Reports of three months"}
    assert only(house, "owner", deciding.request_close, **said_close).status is (
        Status.CLOSE_REQUESTED
    )
    remember()
    assert house.do(deciding.decide_close, "coordinator", close=True).status is Status.CLOSED
    remember()
    for moment, risk in seen:
        past = house.workspace.at(Then(0, moment))
        with past.read(house["auditor"], Permission.RISK_VIEW) as reader:
            assert read_register(reader) == (risk,)


def test_who_asks_does_not_decide(house: RiskHouse) -> None:
    house.draft("coordinator")
    house.judge("coordinator", Kind.CURRENT, 2, 2)
    house.do(deciding.propose_risk, "coordinator")
    with pytest.raises(Invalid, match="own_risk"):
        house.do(deciding.decide_proposal, "coordinator", approve=True)


def test_a_critical_risk_is_never_accepted(house: RiskHouse) -> None:
    open_risk(house, 5, 5)
    with pytest.raises(Invalid, match="never_accepted"):
        house.do(
            deciding.request_acceptance,
            "owner",
            rationale="r",
            valid_until=house.clock.now.date() + timedelta(days=10),
        )


@pytest.mark.parametrize(("days", "key"), [(0, "acceptance_over"), (400, "acceptance_long")])
def test_an_acceptance_ends_in_the_future_and_within_a_year(
    house: RiskHouse, days: int, key: str
) -> None:
    open_risk(house)
    until = house.clock.now.date() + timedelta(days=days)
    with pytest.raises(Invalid, match=key):
        house.do(deciding.request_acceptance, "owner", rationale="r", valid_until=until)


def test_medium_is_for_the_head_of_unit_and_high_for_the_director(house: RiskHouse) -> None:
    open_risk(house, 3, 2)
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", rationale="r", valid_until=until)
    with pytest.raises(PermissionDenied, match="needs_role"):
        house.do(deciding.decide_acceptance, "director", accept=True)
    assert house.do(deciding.decide_acceptance, "head", accept=True).status is Status.ACCEPTED


def test_a_level_that_rises_ends_the_acceptance(house: RiskHouse) -> None:
    open_risk(house, 3, 2)
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", rationale="r", valid_until=until)
    house.do(deciding.decide_acceptance, "head", accept=True)
    risen = house.judge("owner", Kind.CURRENT, 4, 4)
    assert (risen.status, risen.reopened_because) == (Status.OPEN, "risks.ended.level")


def test_nothing_gets_smaller_by_being_talked_of(house: RiskHouse) -> None:
    open_risk(house)
    with pytest.raises(Invalid, match="lowered"):
        house.judge("owner", Kind.CURRENT, 1, 1)


def test_current_is_not_above_inherent_without_a_reason(house: RiskHouse) -> None:
    house.draft()
    house.judge("owner", Kind.INHERENT, 2, 2)
    with pytest.raises(Invalid, match="order"):
        house.judge("owner", Kind.CURRENT, 3, 2)


def test_figures_that_cannot_be_are_refused_and_others_kept(house: RiskHouse) -> None:
    house.draft()
    figures = Quantity(FrequencyKind.BERNOULLI, 0.1, SeverityKind.LOGNORMAL, 100_000, 1_000_000)
    for wrong in (replace(figures, rate=1.5), replace(figures, high=50_000)):
        said = Judged(Kind.CURRENT, 2, {"money": 3}, "Seen.", quantity=wrong)
        with pytest.raises(Invalid, match="exposure"):
            house.do(actions.assess_risk, "owner", judged=said)
    said = Judged(Kind.CURRENT, 2, {"money": 3}, "Seen.", quantity=figures)
    kept = house.do(actions.assess_risk, "owner", judged=said).assessments[-1].quantity
    assert kept == figures
    # ../shared/golden/risk.md, case 10
    assert kept.quantified(1).expected_loss == pytest.approx(40400.12826945731)


def test_a_stale_form_shows_what_stands(house: RiskHouse) -> None:
    risk = house.draft()
    house.judge("owner", Kind.CURRENT, 2, 2)
    with pytest.raises(Conflict) as caught:
        deciding.propose_risk(
            house.workspace, by=house["owner"], code=risk.code, version=risk.row_version
        )
    assert caught.value.values["current"]["assessments"][0]["likelihood"] == 2


def test_a_due_day_is_moved_with_a_reason_and_the_first_promise_stays(house: RiskHouse) -> None:
    open_risk(house)
    day = house.clock.now.date()
    house.do(add_treatment, "owner", plan=Plan("Do it", "owner@example.org", day))
    one = house.risk().treatments[0]
    with pytest.raises(Invalid, match="empty"):
        house.do(move_due, "owner", treatment_id=one.id, due=day + timedelta(days=9), reason=" ")
    moved = house.do(
        move_due, "owner", treatment_id=one.id, due=day + timedelta(days=9), reason="Late parts"
    ).treatments[0]
    assert (moved.original_due, moved.slippage) == (day, 9)
    assert [change.reason for change in moved.due_changes] == ["Late parts"]


def test_what_is_late_is_laid_before_the_head_once(house: RiskHouse) -> None:
    open_risk(house)
    house.clock.pass_days(200)
    watch_risks(house.workspace)
    assert [one.to_role for one in house.risk().open_escalations] == ["unit_head"]
    assert watch_risks(house.workspace) == ()
    entry = house.risk().escalations[0]
    answer = {"escalation_id": entry.id, "answer": "It will be reviewed this week."}
    only(house, "head", deciding.answer_escalation, **answer)
    assert watch_risks(house.workspace) == ()
    assert house.risk().escalations[0].raised_by == SYSTEM.email


def test_a_confirmed_review_sets_the_next_one(house: RiskHouse) -> None:
    open_risk(house)
    due = house.risk().next_review
    assert due is not None
    house.clock.pass_days(90)
    reviewed = house.do(actions.review_risk, "owner", outcome=Outcome.CONFIRM, note="As it was.")
    assert reviewed.next_review == house.clock.now.date() + timedelta(days=91)
    assert reviewed.reviews[-1].due == due


def test_a_refused_request_goes_back_to_where_it_came_from(house: RiskHouse) -> None:
    open_risk(house)
    house.do(deciding.request_close, "owner", reason="Gone", evidence="Letter", source_gone=True)
    assert house.do(deciding.decide_close, "director", close=False, note="Not yet").status is (
        Status.OPEN
    )


def test_a_late_thing_is_not_laid_before_the_head_again_while_it_waits(house: RiskHouse) -> None:
    """Reviewed and late once more, with the first escalation unanswered: nothing is stuck."""
    open_risk(house)
    house.clock.pass_days(200)
    watch_risks(house.workspace)
    house.do(actions.review_risk, "owner", outcome=Outcome.CONFIRM, note="As it was.")
    house.clock.pass_days(200)
    assert watch_risks(house.workspace) == ()
    assert len(house.risk().escalations) == 1


def test_a_deputy_is_the_owner_on_his_days_and_decides_on_nothing_of_his(house: RiskHouse) -> None:
    open_risk(house)
    day = house.clock.now.date()
    until: dict[str, Any] = {"rationale": "r", "valid_until": day + timedelta(days=30)}
    with pytest.raises(PermissionDenied, match="not_yours"):
        house.do(deciding.request_acceptance, "deputy", **until)
    stand_in(house, "deputy", day, day + timedelta(days=9))
    asked = house.do(deciding.request_acceptance, "deputy", **until)
    assert asked.status is Status.ACCEPTANCE_REQUESTED
    house.clock.pass_days(10)
    with pytest.raises(PermissionDenied, match="not_yours"):
        house.judge("deputy", Kind.CURRENT, 4, 3)


def test_a_coordinator_who_stands_in_for_the_owner_does_not_close(house: RiskHouse) -> None:
    open_risk(house)
    said = {"reason": "Gone", "evidence": "Letter"}
    house.do(deciding.request_close, "owner", source_gone=True, **said)
    day = house.clock.now.date()
    stand_in(house, "coordinator", day, day)
    with pytest.raises(Invalid, match="own_risk"):
        house.do(deciding.decide_close, "coordinator", close=True)
    assert house.do(deciding.decide_close, "director", close=True).status is Status.CLOSED


@pytest.mark.parametrize("who", ["owner", "coordinator", "director"])
def test_a_closed_risk_is_reopened_with_its_reason(house: RiskHouse, who: str) -> None:
    open_risk(house)
    said = {"reason": "Gone", "evidence": "Letter"}
    house.do(deciding.request_close, "owner", source_gone=True, **said)
    house.do(deciding.decide_close, "director", close=True)
    for name in ("deputy", "head", "auditor", "viewer"):
        with pytest.raises(PermissionDenied):
            house.do(deciding.reopen_risk, name, reason="It came back.")
    risk = house.do(deciding.reopen_risk, who, reason="It came back.")
    assert (risk.status, risk.reopened_because) == (Status.OPEN, "It came back.")
    assert risk.reassess == "risks.reassess.reopened"


def test_what_a_coordinator_changes_keeps_his_reason(house: RiskHouse) -> None:
    open_risk(house)
    said = Judged(Kind.CURRENT, 5, {"service": 4}, "Two offices reported it.")
    with pytest.raises(Invalid, match="reason_of_coordinator"):
        house.do(actions.assess_risk, "coordinator", judged=said)
    risk = house.do(actions.assess_risk, "coordinator", judged=said, reason="Owner is ill")
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        last = read_past(reader, risk)[-1]
    assert (last.actor, last.cause) == (house["coordinator"].email, {"reason": "Owner is ill"})


def test_two_changes_of_one_moment_keep_their_order(house: RiskHouse) -> None:
    house.draft()
    for likelihood in (1, 2, 3, 4, 5):
        house.judge("owner", Kind.CURRENT, likelihood, 2)
    said = [one.likelihood for one in house.risk().assessments]
    assert said == [1, 2, 3, 4, 5]
    moments = [one.assessed_at for one in house.risk().assessments]
    assert moments == sorted(set(moments))


def test_those_who_see_what_is_published_see_the_register_of_then(house: RiskHouse) -> None:
    before = open_risk(house)
    publish(house)
    house.clock.pass_days(1)
    house.judge("owner", Kind.CURRENT, 5, 5)
    with house.workspace.read(house["viewer"], Permission.RISK_VIEW_PUBLISHED) as reader:
        assert read_register(reader) == (published_view(before),)
        with pytest.raises(PermissionDenied):
            read_past(reader, before)


def test_a_refusal_speaks_the_readers_language(house: RiskHouse) -> None:
    open_risk(house)
    with pytest.raises(Invalid) as caught:
        house.judge("owner", Kind.CURRENT, 1, 1)
    assert "I lartë" in Texts(Language.SQ).said(caught.value)
    with pytest.raises(Invalid) as caught:
        house.do(actions.word_risk, "owner", wording=Wording(title=" "))
    assert Texts(Language.SR).said(caught.value) == "Popunite: naslov."


def stand_in(house: RiskHouse, deputy: str, first: date, last: date) -> None:
    row = Delegation(
        id="d1",
        owner=house["owner"].email,
        deputy=house[deputy].email,
        valid_from=first,
        valid_to=last,
        created_by=house["owner"].email,
        created_at=house.clock.now,
    )
    with house.workspace.database.writing() as session:
        session.add(row)


def publish(house: RiskHouse) -> None:
    house.clock.pass_days(1)
    row = RegisterSnapshot(
        id="s1",
        label="Q1",
        as_of=house.clock.now,
        published=True,
        risks=1,
        sha256="",
        content=b"",
        taken_by=house["coordinator"].email,
        taken_at=house.clock.now,
    )
    with house.workspace.database.writing() as session:
        session.add(row)


def test_strangers_do_not_even_learn_that_it_is_there(house: RiskHouse) -> None:
    open_risk(house)
    with pytest.raises(NotFound):
        actions.comment_on(house.workspace, by=house["other"], code="R-0001", text="?")
    with house.workspace.read(house["viewer"], Permission.RISK_VIEW_PUBLISHED) as reader:
        assert read_register(reader) == ()
