"""A risk above what is borne is laid before the director once each time that it gets there."""

from __future__ import annotations

import pytest

from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite
from risks.deciding import actions as deciding
from risks.register.actions import review_risk
from risks.register.kinds import EscalationCause, Kind, Outcome
from risks.treating.actions import Plan, Progress, add_treatment, tell_treatment
from risks.watching.actions import watch_risks
from tests.risks.house import RiskHouse, risk_house


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    """One open risk, medium, in a category of which medium is borne."""
    made = risk_house(workspace)
    state(made, tolerable="medium")
    made.draft()
    made.judge("owner", Kind.CURRENT, 3, 3)
    made.do(deciding.propose_risk, "owner")
    made.do(deciding.decide_proposal, "coordinator", approve=True)
    return made


def state(house: RiskHouse, tolerable: str) -> None:
    """Say what is borne, from today on."""
    today = house.clock.now.date()
    said = Appetite(
        "OPERATIONS", "Short stops.", "low", tolerable, (), today, None, assumption=False
    )
    stated = propose_appetite(house.workspace, by=house["coordinator"], said=said)
    decide_appetite(
        house.workspace, by=house["director"], statement_id=stated, version=1, approve=True
    )


def watched(house: RiskHouse) -> int:
    """How often it was laid before the director for this, once the system has looked."""
    house.clock.pass_days(1)
    watch_risks(house.workspace)
    causes = [one.cause for one in house.risk().escalations]
    return causes.count(EscalationCause.ABOVE_TOLERABLE)


def answer(house: RiskHouse) -> None:
    (owed,) = house.risk().open_escalations
    said = {"escalation_id": owed.id, "answer": "It is borne until the new contract."}
    house.do(deciding.answer_escalation, "director", **said)


def test_confirmed_where_it_is_it_is_not_laid_before_him_again(house: RiskHouse) -> None:
    assert watched(house) == 0
    house.judge("owner", Kind.CURRENT, 4, 4)
    assert watched(house) == 1
    assert watched(house) == 1  # while he owes an answer
    answer(house)
    for _month in range(3):
        house.clock.pass_days(30)
        house.do(review_risk, "owner", outcome=Outcome.CONFIRM, note="As before.")
        assert watched(house) == 1


def test_once_it_is_higher_still_it_is_laid_before_him_again(house: RiskHouse) -> None:
    house.judge("owner", Kind.CURRENT, 4, 4)
    assert watched(house) == 1
    answer(house)
    house.clock.pass_days(1)
    house.judge("owner", Kind.CURRENT, 5, 5)
    assert watched(house) == 2


def test_once_less_is_borne_it_is_laid_before_him_again(house: RiskHouse) -> None:
    house.judge("owner", Kind.CURRENT, 4, 4)
    assert watched(house) == 1
    answer(house)
    house.clock.pass_days(1)
    state(house, tolerable="low")
    assert watched(house) == 2


def test_once_it_was_borne_in_between_it_is_laid_before_him_again(house: RiskHouse) -> None:
    house.judge("owner", Kind.CURRENT, 4, 4)
    assert watched(house) == 1
    answer(house)
    plan = Plan("A second supplier", house["owner"].email, house.clock.now.date())
    (made,) = house.do(add_treatment, "owner", plan=plan).treatments
    house.do(
        tell_treatment,
        "owner",
        treatment_id=made.id,
        progress=Progress.FINISH,
        evidence="Contract 12",
    )
    house.judge("owner", Kind.CURRENT, 3, 3)
    assert watched(house) == 1
    house.judge("owner", Kind.CURRENT, 4, 4)
    assert watched(house) == 2
