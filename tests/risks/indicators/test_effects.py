"""What a red indicator does to a risk: once, by the system, with the cause."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from data.access.permissions import Permission
from data.auditing import verify_trail
from data.store.tables import AuditEntry, StoredReading
from data.workspace import Workspace
from risks.deciding import actions as deciding
from risks.indicators.actions import unlink_indicator
from risks.indicators.evaluating.actions import Acted, Evaluation
from risks.indicators.thresholds import IndicatorState
from risks.register.kinds import AcceptanceState, Effect, EscalationCause, Kind, Response
from risks.register.reading import Past, read_past
from risks.register.record import Risk
from risks.register.states import Status
from risks.treating.actions import Plan, add_treatment
from tests.risks.indicators.houses import BAD, GOOD, KPI, WatchedHouse, watched_house

REASSESS = "risks.reassess.indicator"


@pytest.fixture
def house(workspace: Workspace) -> WatchedHouse:
    """An indicator that is not red yet."""
    house = watched_house(workspace)
    house.load({"2025-01": GOOD})
    house.watch()
    house.evaluate()
    return house


def turn_red(house: WatchedHouse) -> Evaluation:
    """Two bad months, loaded, published and evaluated."""
    house.load({"2025-02": BAD, "2025-03": BAD})
    done = house.evaluate()
    assert house.view().state is IndicatorState.RED
    return done


def steps(done: Evaluation) -> list[str]:
    return [one.step.value for one in done.acted]


def past_of(house: WatchedHouse, code: str = "R-0001") -> tuple[Past, ...]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return read_past(reader, house.risk(code))


def test_red_from_a_loaded_extract_reopens_an_accepted_risk(house: WatchedHouse) -> None:
    house.accepted()
    house.link(Effect.REOPEN)
    house.load({"2025-02": BAD})
    assert steps(house.evaluate()) == []  # one period is no alarm
    assert house.risk().status is Status.ACCEPTED
    house.load({"2025-03": BAD})
    assert house.evaluate().acted == (Acted("R-0001", "KRI-001", "end_acceptance"),)  # type: ignore[arg-type]
    risk = house.risk()
    assert (risk.status, risk.reopened_because) == (Status.OPEN, "risks.ended.indicator")
    assert (risk.acceptances[-1].state, risk.acceptances[-1].ended_because) == (
        AcceptanceState.ENDED,
        "risks.ended.indicator",
    )
    assert risk.reassess == REASSESS
    assert not risk.is_escalated


def test_the_transition_is_the_systems_with_the_value_and_the_rows_behind_it(
    house: WatchedHouse,
) -> None:
    house.accepted()
    link = house.link(Effect.REOPEN).indicator_links[0]
    turn_red(house)
    last = past_of(house)[-1]
    assert (last.actor, last.tag) == ("SYSTEM", "risks.acceptance_ended")
    table = StoredReading
    with house.workspace.database.reading() as session:
        wanted = select(table).where(
            col(table.kpi_code) == KPI,
            col(table.period_start) == "2025-03-01",
            col(table.dimension) == "",
            col(table.frequency) == "month",
        )
        reading = session.exec(wanted).one()
        entry = session.exec(
            select(AuditEntry).where(AuditEntry.tag == last.tag, AuditEntry.noun == "risk")
        ).one()
    assert last.cause == {
        "key": "risks.indicators.because_red",
        "indicator": "KRI-001",
        "title": "Applications returned",
        "kpi": KPI,
        "threshold": 90,
        "state": "red",
        "period": "2025-03",
        "value": reading.value,
        "publication": reading.published_in,
        "event": 2,
        "link": link.id,
        "episode": 1,
    }
    assert reading.value == 75
    assert entry.new is not None
    assert entry.new["because"] == last.cause
    assert verify_trail(house.workspace, by=house["auditor"]).holds


def in_treatment(house: WatchedHouse) -> Risk:
    code = house.opened().code
    house.judge("owner", Kind.TARGET, 2, 2, code)
    plan = Plan("Train the counters", "owner@example.org", house.clock.now.date().replace(month=12))
    house.do(add_treatment, "owner", code, plan=plan)
    return house.do(deciding.begin_treatment, "owner", code, response=Response.TREAT)


def requested(house: WatchedHouse) -> Risk:
    code = house.opened().code
    said = {"reason": "Replaced.", "evidence": "Protocol", "source_gone": True}
    return house.do(deciding.request_close, "owner", code, **said)


WHERE: dict[str, Any] = {
    "draft": lambda house: house.draft(),
    "open": lambda house: house.opened(),
    "in_treatment": in_treatment,
    "close_requested": requested,
    "accepted": lambda house: house.accepted(),
    "closed": lambda house: house.closed(),
}
# What is done by where the risk stands and what the link says: the rules once more, as a table.
DONE = {
    ("draft", Effect.REVIEW): [],
    ("draft", Effect.REOPEN): [],
    ("draft", Effect.ESCALATE): [],
    ("open", Effect.REVIEW): ["reassess"],
    ("open", Effect.REOPEN): ["escalate"],
    ("open", Effect.ESCALATE): ["escalate"],
    ("in_treatment", Effect.REVIEW): ["reassess"],
    ("in_treatment", Effect.REOPEN): ["escalate"],
    ("in_treatment", Effect.ESCALATE): ["escalate"],
    ("close_requested", Effect.REVIEW): ["reassess"],
    ("close_requested", Effect.ESCALATE): ["escalate"],
    ("accepted", Effect.REVIEW): ["reassess"],
    ("accepted", Effect.REOPEN): ["end_acceptance"],
    ("accepted", Effect.ESCALATE): ["end_acceptance", "escalate"],
    ("closed", Effect.REVIEW): [],
    ("closed", Effect.REOPEN): ["reopen"],
    ("closed", Effect.ESCALATE): ["reopen", "escalate"],
}


@pytest.mark.parametrize("where", WHERE)
def test_each_effect_does_all_that_the_one_before_does(house: WatchedHouse, where: str) -> None:
    before: dict[str, tuple[Effect, Risk]] = {}
    for effect in [each for status, each in DONE if status == where]:
        code = WHERE[where](house).code
        before[code] = (effect, house.link(effect, code))
    done = turn_red(house)
    for code, (effect, risk) in before.items():
        expected = DONE[where, effect]
        assert [one.step.value for one in done.acted if one.risk == code] == expected
        after = house.risk(code)
        assert_done(risk, after, expected)
        assert after.row_version == risk.row_version + len(expected)
        assert [one.actor for one in past_of(house, code)[risk.row_version :]] == (
            ["SYSTEM"] * len(expected)
        )


def assert_done(before: Risk, after: Risk, done: list[str]) -> None:
    if not done:
        assert after == before
        return
    opened = {"end_acceptance", "reopen"} & set(done)
    assert after.status is (Status.OPEN if opened else before.status)
    assert after.reassess in {REASSESS, "risks.reassess.reopened"}
    escalations = after.escalations[len(before.escalations) :]
    assert [(one.to_role, one.cause, one.raised_by) for one in escalations] == (
        [("unit_head", EscalationCause.INDICATOR, "SYSTEM")] if "escalate" in done else []
    )


def test_once_in_an_episode_and_once_more_in_the_next(house: WatchedHouse) -> None:
    house.opened()
    house.link(Effect.ESCALATE)
    assert steps(turn_red(house)) == ["escalate"]
    (asked,) = house.risk().open_escalations
    house.do(deciding.answer_escalation, "head", escalation_id=asked.id, answer="Seen.")
    house.judge("owner", Kind.CURRENT, 4, 3)
    stood = house.risk()
    house.load({"2025-04": BAD})
    assert steps(house.evaluate()) == []  # still the same red
    house.load({"2025-05": GOOD, "2025-06": GOOD})
    assert steps(house.evaluate()) == []
    assert house.view().state is IndicatorState.GREEN
    assert house.risk() == stood  # not turned back, and nothing asked
    house.load({"2025-07": BAD, "2025-08": BAD})
    assert steps(house.evaluate()) == ["escalate"]
    assert len(house.risk().escalations) == 2


def test_an_episode_that_ended_and_began_between_two_looks_is_another_one(
    house: WatchedHouse,
) -> None:
    house.opened()
    house.link(Effect.ESCALATE)
    turn_red(house)
    (asked,) = house.risk().open_escalations
    house.do(deciding.answer_escalation, "head", escalation_id=asked.id, answer="Seen.")
    house.load({"2025-04": GOOD, "2025-05": GOOD, "2025-06": BAD, "2025-07": BAD})
    assert steps(house.evaluate()) == ["escalate"]


def test_linked_to_what_is_red_already_it_acts_at_the_next_evaluation_once(
    house: WatchedHouse,
) -> None:
    turn_red(house)
    house.closed()
    house.link(Effect.REOPEN)
    assert house.risk().status is Status.CLOSED
    assert steps(house.evaluate()) == ["reopen"]
    assert house.risk().status is Status.OPEN
    assert house.evaluate() == Evaluation()


def test_a_risk_that_comes_into_the_register_while_it_is_red_is_acted_on(
    house: WatchedHouse,
) -> None:
    house.draft()
    house.link(Effect.REVIEW)
    assert steps(turn_red(house)) == []
    house.judge("owner", Kind.CURRENT, 3, 3)
    house.do(deciding.propose_risk, "owner")
    house.do(deciding.decide_proposal, "coordinator", approve=True)
    assert steps(house.evaluate()) == ["reassess"]


def test_what_was_unlinked_is_left_alone(house: WatchedHouse) -> None:
    house.accepted()
    link = house.link(Effect.REOPEN).indicator_links[0]
    house.do(unlink_indicator, "owner", link_id=link.id, reason="Measured otherwise now.")
    assert steps(turn_red(house)) == []
    assert house.risk().status is Status.ACCEPTED


def test_a_restated_value_does_not_silently_turn_the_risk_back(house: WatchedHouse) -> None:
    house.accepted()
    house.link(Effect.REOPEN)
    turn_red(house)
    opened = house.risk()
    house.load({"2025-02": GOOD, "2025-03": GOOD}, edition=3)
    done = house.evaluate()
    assert [one.state for one in done.turned] == [IndicatorState.GREEN]
    assert (done.acted, house.risk()) == ((), opened)


def test_what_is_stale_is_not_red_and_acts_once_it_is_fresh(house: WatchedHouse) -> None:
    house.accepted()
    house.link(Effect.REOPEN)
    house.clock.pass_days(120)
    house.load({"2025-02": BAD, "2025-03": BAD})
    assert (house.evaluate().acted, house.view().state) == ((), IndicatorState.STALE)
    assert house.risk().status is Status.ACCEPTED
    house.load({"2025-04": BAD, "2025-05": BAD})
    assert steps(house.evaluate()) == ["end_acceptance"]
