"""What waits for whom, told for everybody at each step of a story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.access.permissions import Permission
from data.workspace import Workspace
from risks.deciding import actions as deciding
from risks.register.hands import owners_stood_in_for
from risks.register.kinds import Kind
from risks.register.reading import read_register
from risks.register.waiting import waiting_for
from risks.treating.actions import Plan, add_treatment
from risks.watching.actions import watch_risks
from tests.risks.house import PEOPLE, RiskHouse, risk_house


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def waits(house: RiskHouse) -> dict[str, list[str]]:
    """The matters that wait for each, without those for whom nothing does."""
    found = {}
    for name in PEOPLE:
        by = house[name]
        with house.workspace.read(by, Permission.RISK_VIEW_PUBLISHED) as reader:
            owners = owners_stood_in_for(reader, by.email)
            risks = read_register(reader)
            said = waiting_for(risks, by, reader.today, stands_in_for=owners)
        found[name] = [one.matter.value for one in said]
    return {name: matters for name, matters in found.items() if matters}


def test_at_each_step_it_waits_for_who_has_to_move_it(house: RiskHouse) -> None:
    assert waits(house) == {}
    house.draft()
    assert waits(house) == {"owner": ["draft"]}
    house.judge("owner", Kind.CURRENT, 3, 2)
    house.do(deciding.propose_risk, "owner")
    assert waits(house) == {"coordinator": ["decide_proposal"]}
    house.do(deciding.decide_proposal, "coordinator", approve=True)
    assert waits(house) == {}
    day = house.clock.now.date()
    plan = Plan("Hold stock", "owner@example.org", day + timedelta(days=10))
    house.do(add_treatment, "owner", plan=plan)
    assert waits(house) == {"owner": ["treatment_due"]}
    house.clock.pass_days(11)
    assert waits(house) == {"owner": ["treatment_late"]}
    house.clock.pass_days(31)
    watch_risks(house.workspace)
    assert waits(house) == {"head": ["answer"], "owner": ["treatment_late"]}
    until = house.clock.now.date() + timedelta(days=20)
    house.do(deciding.request_acceptance, "owner", rationale="r", valid_until=until)
    asked = waits(house)
    assert asked["head"] == ["answer", "decide_acceptance"]
    house.do(deciding.decide_acceptance, "head", accept=True)
    house.clock.pass_days(7)
    assert "acceptance_ends" in waits(house)["owner"]
