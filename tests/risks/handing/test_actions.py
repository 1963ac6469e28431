"""Whoever leaves hands over all at once; then he may go, and every risk has an owner."""

from __future__ import annotations

from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.people import disable_person
from data.workspace import Workspace
from risks.controls.actions import keep_control
from risks.controls.reading import read_controls
from risks.controls.record import ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.handing.actions import HandedOver, hand_over
from risks.register.actions import draft_risk
from risks.register.kinds import Kind
from risks.register.reading import read_past
from risks.treating.actions import Plan, add_treatment
from tests.house import join, version_of
from tests.risks.house import PEOPLE, WORDING, RiskHouse, risk_house


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    """An owner with an open and a closed risk, a treatment of another's, and a control."""
    told = risk_house(workspace)
    owner, day = told["owner"].email, told.clock.now.date()
    for code in ("R-0001", "R-0002"):
        open_risk(told, code)
    said: dict[str, Any] = {"reason": "Gone", "evidence": "Letter", "source_gone": True}
    told.do(deciding.request_close, "owner", code="R-0002", **said)
    told.do(deciding.decide_close, "director", code="R-0002", close=True)
    told.draft("deputy")
    told.do(add_treatment, "deputy", code="R-0003", plan=Plan("Hold stock", owner, day))
    wording = ControlWording("Count", "Weekly", ControlKind.DETECTIVE, owner, "O01")
    keep_control(told.workspace, by=told["coordinator"], wording=wording)
    return told


def open_risk(house: RiskHouse, code: str) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 2, 2, code=code)
    house.do(deciding.propose_risk, "owner", code=code)
    house.do(deciding.decide_proposal, "coordinator", code=code, approve=True)


def give(house: RiskHouse, who: str = "coordinator", **said: Any) -> HandedOver:
    told: dict[str, Any] = {
        "owner": house["owner"].email,
        "to": house["deputy"].email,
        "reason": "He leaves",
    }
    return hand_over(house.workspace, by=house[who], **(told | said))


def shut_out(house: RiskHouse, name: str) -> None:
    person_id, version = version_of(house.workspace, house[name].email)
    disable_person(house.workspace, by=SYSTEM, person_id=person_id, version=version)


def test_all_changes_hands_and_he_may_go(house: RiskHouse) -> None:
    with pytest.raises(Invalid, match="still_in_charge"):
        shut_out(house, "owner")
    given = give(house)
    assert given == HandedOver(("R-0001", "R-0002", "R-0003"), ("C-0001",))
    deputy = house["deputy"].email
    assert [house.risk(code).owner for code in given.risks] == [deputy] * 3
    assert house.risk("R-0003").treatments[0].owner == deputy
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        assert [one.owner for one in read_controls(reader)] == [deputy]
        last = read_past(reader, house.risk("R-0002"))[-1]
    assert (last.tag, last.cause) == ("risks.assigned", {"reason": "He leaves"})
    shut_out(house, "owner")
    with pytest.raises(Invalid, match="nothing"):
        give(house)


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "coordinator"])
def test_only_a_coordinator_hands_over(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        give(house, who)
    assert house.risk().owner == house["owner"].email


def test_all_or_nothing(house: RiskHouse) -> None:
    with pytest.raises(Invalid, match="no_owner"):
        give(house, to=house["head"].email)
    with pytest.raises(NotFound, match="no_person"):
        give(house, to="nobody@example.org")
    with pytest.raises(Invalid, match="same"):
        give(house, to=house["owner"].email)
    with pytest.raises(Invalid, match="empty"):
        give(house, reason=" ")
    assert house.risk("R-0003").treatments[0].owner == house["owner"].email


def test_a_coordinator_of_another_unit_has_nothing_to_give(house: RiskHouse) -> None:
    local = join(house.workspace, "local@example.org", Role.RISK_COORDINATOR, "O02")
    house.people["local"] = local
    with pytest.raises(Invalid, match="nothing"):
        give(house, "local")


def test_a_draft_of_somebody_gone_is_not_proposed(house: RiskHouse) -> None:
    """Drafts hold nobody back; whoever wrote one gives it another owner first."""
    other = house["other"].email
    risk = draft_risk(
        house.workspace, by=house["coordinator"], wording=WORDING, unit="O02", owner=other
    )
    shut_out(house, "other")
    with pytest.raises(NotFound, match="no_person"):
        house.do(deciding.propose_risk, "coordinator", code=risk.code)
