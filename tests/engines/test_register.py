"""What was judged, tested, accepted or put in force stays what it was, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import text

from data.access.permissions import Permission
from data.store.tables import RiskControl, RiskControlTest
from data.workspace import Workspace
from risks.deciding import actions as deciding
from risks.register.actions import comment_on, review_risk
from risks.register.kinds import Kind, Outcome
from risks.register.reading import read_register
from risks.register.states import Status
from tests.risks.house import RiskHouse, risk_house

NEVER = [
    "UPDATE risk_assessment SET likelihood = 1",
    "DELETE FROM risk_assessment",
    "UPDATE risk_review SET note = 'other'",
    "DELETE FROM risk_review",
    "UPDATE risk_comment SET text = 'other'",
    "DELETE FROM risk_comment",
    "UPDATE risk_control_test SET design = 'effective'",
    "DELETE FROM risk_control_test",
    "UPDATE risk_acceptance SET level = 'low'",
    "UPDATE risk_acceptance SET assessment_id = 'other'",
    "UPDATE risk_criteria SET content_hash = 'other'",
]


def test_the_register_holds_and_its_facts_cannot_be_changed(house: Workspace) -> None:
    told = _story(risk_house(house))
    before = told.risk()
    assert before.status is Status.ACCEPTED
    for statement in NEVER:
        with (
            pytest.raises(sqlalchemy.exc.DBAPIError, match=r"append-only|is frozen"),
            house.database.writing() as session,
        ):
            session.connection().execute(text(statement))
    with told.workspace.read(told["auditor"], Permission.RISK_VIEW) as reader:
        assert read_register(reader) == (before,)


def _story(house: RiskHouse) -> RiskHouse:
    """A risk of which there is a row in each of the tables."""
    house.draft()
    house.judge("owner", Kind.CURRENT, 2, 3)
    house.do(deciding.propose_risk, "owner")
    house.do(deciding.decide_proposal, "coordinator", approve=True)
    house.do(review_risk, "owner", outcome=Outcome.CONFIRM, note="As before.")
    comment_on(house.workspace, by=house["head"], code="R-0001", text="Seen.")
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", rationale="Small.", valid_until=until)
    house.do(deciding.decide_acceptance, "head", accept=True, note="Agreed.")
    _tested_control(house)
    return house


def _tested_control(house: RiskHouse) -> None:
    who, now = house["owner"].email, house.clock.now
    control = RiskControl(
        id="c1",
        code="C-0001",
        title="Weekly count of blanks",
        description="Two people count.",
        kind="detective",
        owner=who,
        unit_code="O01",
        created_by=who,
        created_at=now,
    )
    said = {"design": "partial", "operating": "partial", "note": "Seen.", "tested_by": who}
    with house.workspace.database.writing() as session:
        session.add(control)
        session.flush()
        session.add(RiskControlTest(id="t1", control_id="c1", tested_at=now, **said))
