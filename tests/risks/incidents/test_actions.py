"""What happened is recorded, and the risks that came true in it are open again at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.auditing import verify_trail
from data.codec import canonical, plain
from data.errors import Conflict, Invalid, NotFound, PermissionDenied, Refusal
from data.records import folded
from data.workspace import Then, Workspace
from risks.deciding import actions as deciding
from risks.incidents.actions import amend_incident, record_incident
from risks.incidents.reading import (
    incidents_of,
    incidents_past,
    read_incident,
    read_incidents,
)
from risks.incidents.record import Incident, IncidentWording
from risks.register.kinds import AcceptanceState, Kind
from risks.register.nouns import Noun
from risks.register.reading import read_past
from risks.register.states import Status
from tests.risks.house import BEGIN, WORDING, RiskHouse, risk_house
from tests.risks.trail import entries_about

SAID = IncidentWording(
    title="No passports for two days",
    description="The last blanks were used on Monday.",
    happened_on=BEGIN.date(),
    unit_code="O01",
    loss=4_500,
    risks=("R-0001",),
)
MAY = ("owner", "deputy", "head", "coordinator")


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def open_risk(house: RiskHouse) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 3, 2)
    house.do(deciding.propose_risk, "owner")
    house.do(deciding.decide_proposal, "coordinator", approve=True)


def accept(house: RiskHouse) -> None:
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", rationale="r", valid_until=until)
    house.do(deciding.decide_acceptance, "head", accept=True)


def close(house: RiskHouse) -> None:
    said: dict[str, Any] = {"reason": "Gone", "evidence": "Letter", "source_gone": True}
    house.do(deciding.request_close, "owner", **said)
    house.do(deciding.decide_close, "director", close=True)


def record(house: RiskHouse, who: str = "owner", **said: Any) -> Incident:
    return record_incident(house.workspace, by=house[who], wording=replace(SAID, **said))


def amend(house: RiskHouse, version: int, who: str = "owner", **said: Any) -> Incident:
    return amend_incident(
        house.workspace,
        by=house[who],
        code="I-0001",
        version=version,
        wording=replace(SAID, **said),
        reason="The bill came",
    )


def known(house: RiskHouse, who: str = "auditor", then: Then | None = None) -> list[Incident]:
    with house.workspace.at(then).read(house[who], Permission.RISK_VIEW_PUBLISHED) as reader:
        return list(read_incidents(reader))


def last_cause(house: RiskHouse) -> tuple[str, str, Any]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        past = read_past(reader, house.risk())[-1]
    return past.actor, past.tag, past.cause


def test_an_incident_is_recorded_and_found(house: RiskHouse) -> None:
    open_risk(house)
    incident = record(house)
    assert (incident.code, incident.loss, incident.risks) == ("I-0001", 4500.0, ("R-0001",))
    assert known(house) == [incident]
    assert incidents_of(known(house), "R-0001") == (incident,)
    assert incidents_of(known(house), "R-0002") == ()


def test_an_accepted_risk_is_open_again_by_the_system(house: RiskHouse) -> None:
    open_risk(house)
    accept(house)
    record(house)
    risk = house.risk()
    assert (risk.status, risk.reopened_because) == (Status.OPEN, "risks.ended.incident")
    assert risk.reassess == "risks.reassess.incident"
    assert risk.acceptances[-1].state is AcceptanceState.ENDED
    assert last_cause(house) == (
        SYSTEM.email,
        "risks.acceptance_ended",
        {"key": "risks.ended.incident", "incident": "I-0001"},
    )
    assert verify_trail(house.workspace, by=house["auditor"]).holds


def test_a_closed_risk_is_open_again_by_the_system(house: RiskHouse) -> None:
    open_risk(house)
    close(house)
    record(house)
    risk = house.risk()
    assert (risk.status, risk.reopened_because) == (Status.OPEN, "risks.ended.incident")
    assert risk.next_review == house.clock.now.date()
    assert last_cause(house) == (
        SYSTEM.email,
        "risks.reopened",
        {"key": "risks.ended.incident", "incident": "I-0001"},
    )


def test_any_other_risk_of_the_register_is_asked_anew(house: RiskHouse) -> None:
    open_risk(house)
    record(house)
    risk = house.risk()
    assert (risk.status, risk.reassess) == (Status.OPEN, "risks.reassess.incident")
    cause = {"key": "risks.reassess.incident", "incident": "I-0001"}
    assert last_cause(house) == (SYSTEM.email, "risks.reassessment_asked", cause)
    before = house.risk()
    record(house)
    assert house.risk() == before


def test_the_person_recorded_it_and_the_system_only_followed(house: RiskHouse) -> None:
    open_risk(house)
    accept(house)
    incident = record(house)
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        (first,) = incidents_past(reader, incident)
    assert (first.actor, first.tag) == (house["owner"].email, "risks.incident_recorded")


def test_refused_nothing_of_it_happened(house: RiskHouse) -> None:
    open_risk(house)
    accept(house)
    before = house.risk()
    with pytest.raises(NotFound):
        record(house, risks=("R-0001", "R-0099"))
    assert (house.risk(), known(house)) == (before, [])


@pytest.mark.parametrize("who", ["director", "auditor", "viewer"])
def test_who_does_not_work_in_the_unit_records_nothing(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        record(house, who, risks=())
    assert known(house) == []


@pytest.mark.parametrize("who", MAY)
def test_who_works_in_the_unit_records(house: RiskHouse, who: str) -> None:
    assert record(house, who, risks=()).recorded_by == house[who].email


def test_another_unit_and_its_risks_are_not_within_reach(house: RiskHouse) -> None:
    open_risk(house)
    with pytest.raises(PermissionDenied, match="unit"):
        record(house, "other", risks=())
    with pytest.raises(NotFound, match="no_risk"):
        record(house, "other", unit_code="O02")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"title": " "}, Invalid),
        ({"title": "x" * 121}, Invalid),
        ({"description": " "}, Invalid),
        ({"description": "x" * 2001}, Invalid),
        ({"happened_on": BEGIN.date() + timedelta(days=1)}, Invalid),
        ({"loss": -1.0}, Invalid),
        ({"loss": float("nan")}, Invalid),
        ({"loss": 1e15}, Invalid),
        ({"unit_code": "X99"}, NotFound),
    ],
)
def test_what_cannot_be_is_refused(
    house: RiskHouse, said: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        record(house, **({"risks": ()} | said))


def test_it_is_amended_by_who_recorded_it_or_a_coordinator(house: RiskHouse) -> None:
    record(house, risks=())
    for who in ("other", "deputy", "head", "director", "auditor", "viewer"):
        with pytest.raises(Refusal):
            amend(house, 1, who, loss=9_000, risks=())
    assert amend(house, 1, loss=9_000, risks=()).loss == 9000.0
    assert amend(house, 2, "coordinator", loss=9_500, risks=()).loss == 9500.0
    with pytest.raises(Conflict) as caught:
        amend(house, 1, loss=1, risks=())
    assert caught.value.values["current"]["loss"] == 9500.0
    with pytest.raises(Invalid, match="nothing_changed"):
        amend(house, 3, loss=9_500, risks=())
    with pytest.raises(NotFound):
        amend_incident(
            house.workspace,
            by=house["owner"],
            code="I-0099",
            version=1,
            wording=SAID,
            reason="r",
        )


def test_a_risk_linked_later_is_opened_then(house: RiskHouse) -> None:
    open_risk(house)
    accept(house)
    record(house, risks=())
    assert house.risk().status is Status.ACCEPTED
    linked = amend(house, 1)
    assert linked.risks == ("R-0001",)
    assert house.risk().status is Status.OPEN
    before = house.risk()
    unlinked = amend(house, linked.row_version, risks=())
    assert (unlinked.risks, house.risk()) == ((), before)


def test_of_an_incident_one_sees_the_risks_one_may_see(house: RiskHouse) -> None:
    from risks.register.actions import draft_risk

    open_risk(house)
    wording = replace(WORDING, title="Elsewhere")
    draft_risk(house.workspace, by=house["other"], wording=wording, unit="O02")
    record(house, risks=())
    both = amend(house, 1, "coordinator", risks=("R-0001", "R-0002"))
    assert known(house, "coordinator") == [both]
    assert [one.risks for one in known(house, "owner")] == [("R-0001",)]
    assert [one.risks for one in known(house, "other")] == [("R-0002",)]
    assert known(house, "viewer") == []
    # What the owner cannot see stays linked when he amends.
    again = amend(house, both.row_version, "owner", risks=(), loss=1)
    assert again.risks == ("R-0002",)
    with (
        house.workspace.read(house["deputy"], Permission.RISK_VIEW) as reader,
        pytest.raises(NotFound),
    ):
        read_incident(reader, "I-0099")


def test_as_of_then_it_is_what_was_known_then(house: RiskHouse) -> None:
    house.clock.pass_days(1)
    before = Then(0, house.clock.now)
    first = record(house, risks=())
    house.clock.pass_days(1)
    then = Then(0, house.clock.now)
    amend(house, 1, loss=9_000, risks=())
    assert known(house, then=before) == []
    assert known(house, then=then) == [first]


def test_rows_versions_and_trail_of_an_incident_are_the_same(house: RiskHouse) -> None:
    open_risk(house)
    record(house)
    incident = amend(house, 1, loss=9_000, risks=())
    with house.workspace.read(house["auditor"], Permission.AUDIT_VIEW) as reader:
        past = incidents_past(reader, incident)
    told = entries_about(house, Noun.INCIDENT, incident.id)
    assert len(past) == len(told) == 2
    for count, version in enumerate(past, start=1):
        assert canonical(folded(told[:count])) == canonical(version.content)
    assert canonical(past[-1].content) == canonical(plain(incident))
