"""What was judged, tested, accepted or put in force stays what it was, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import text

from data.access.permissions import Permission
from data.auditing import verify_trail
from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite, read_appetite
from risks.controls.actions import keep_control, record_test
from risks.controls.record import ControlKind, ControlWording
from risks.criteria.actions import decide_criteria, propose_criteria
from risks.criteria.reading import default_criteria, in_force
from risks.deciding import actions as deciding
from risks.deputies.actions import name_deputy
from risks.deputies.reading import read_deputies
from risks.following.actions import follow_criteria
from risks.incidents.actions import record_incident
from risks.incidents.reading import read_incidents
from risks.incidents.record import IncidentWording
from risks.register.actions import comment_on, review_risk
from risks.register.kinds import Kind, Outcome
from risks.register.reading import read_register
from risks.register.states import Status
from risks.register.tested import Verdict
from risks.snapshots.actions import take_snapshot
from risks.snapshots.proving import Proof, proved
from risks.snapshots.reading import list_snapshots
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


def test_the_register_is_kept_as_well_on_either_database(house: Workspace) -> None:
    """Criteria, appetite, incident, deputy and snapshot: written, followed, proved."""
    told = _story(risk_house(house))
    first = take_snapshot(told.workspace, by=told["coordinator"], label="Before")
    _stricter(told)
    assert follow_criteria(told.workspace) == 1
    assert told.risk().reopened_because == "risks.ended.criteria"
    _borne(told)
    day = told.clock.now.date()
    said = IncidentWording("Late", "Blanks came late.", day, "O01", 120.5, ("R-0001",))
    record_incident(told.workspace, by=told["head"], wording=said)
    owner, deputy = told["owner"].email, told["deputy"].email
    name_deputy(
        told.workspace,
        by=told["owner"],
        owner=owner,
        deputy=deputy,
        valid_from=day,
        valid_to=day,
    )
    last = take_snapshot(told.workspace, by=told["coordinator"], label="After", published=True)
    with told.workspace.read(told["auditor"], Permission.RISK_VIEW) as reader:
        assert in_force(reader).version == 2
        assert read_appetite(reader)["OPERATIONS"].tolerable == "medium"
        assert [one.loss for one in read_incidents(reader)] == [120.5]
        assert [one.deputy for one in read_deputies(reader)] == [deputy]
        assert [one.label for one in list_snapshots(reader)] == ["After", "Before"]
        for one in (first, last):
            assert proved(reader, one.id) == Proof(True, True, True)
    assert verify_trail(told.workspace, by=told["auditor"]).holds


def _stricter(house: RiskHouse) -> None:
    old = default_criteria()
    matrix = (("low", "low", "low", "medium", "high"), *old.matrix[1:])
    criteria = replace(old, matrix=matrix)
    by = house["coordinator"]
    version = propose_criteria(house.workspace, by=by, criteria=criteria, reason="Lessons")
    decide_criteria(house.workspace, by=house["director"], version=version, approve=True)


def _borne(house: RiskHouse) -> None:
    day, curve = house.clock.now.date(), ((0.5, 20_000.0), (0.05, 200_000.0))
    said = Appetite("OPERATIONS", "Days.", "low", "medium", curve, day, None, assumption=False)
    one = propose_appetite(house.workspace, by=house["coordinator"], said=said)
    by = house["director"]
    decide_appetite(house.workspace, by=by, statement_id=one, version=1, approve=True)


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
    owner, by = house["owner"].email, house["coordinator"]
    wording = ControlWording(
        "Weekly count of blanks", "Two people count.", ControlKind.DETECTIVE, owner, "O01"
    )
    control = keep_control(house.workspace, by=by, wording=wording)
    partial = Verdict.PARTIAL
    record_test(
        house.workspace,
        by=by,
        code=control.code,
        design=partial,
        operating=partial,
        note="Seen.",
    )
