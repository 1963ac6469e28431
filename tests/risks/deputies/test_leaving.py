"""Nobody is shut out while he still answers for something in the register."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid
from data.language.languages import Language
from data.language.texts import Texts
from data.people import disable_person, end_role, grant_role
from data.people.charges import OPEN_TREATMENTS, OVER, OWNED
from data.store.tables import RoleGrant
from data.workspace import Workspace
from risks.controls.actions import keep_control, retire_control
from risks.controls.record import ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.deputies.actions import end_deputy, name_deputy
from risks.register import record
from risks.register.actions import assign_risk
from risks.register.kinds import Kind
from risks.register.states import ACTIVE, Status
from risks.treating.actions import Plan, Progress, add_treatment, tell_treatment
from tests.house import version_of
from tests.risks.house import RiskHouse, risk_house


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def shut_out(house: RiskHouse, name: str) -> None:
    person_id, version = version_of(house.workspace, house[name].email)
    disable_person(house.workspace, by=SYSTEM, person_id=person_id, version=version)


def refused(house: RiskHouse, name: str) -> list[tuple[str, Any]]:
    """What somebody still answers for, as the refusal names it."""
    with pytest.raises(Invalid, match="still_in_charge") as caught:
        shut_out(house, name)
    return [(one.key.rpartition(".")[2], one.values) for one in caught.value.values["charges"]]


def test_the_words_of_the_ground_are_those_of_the_register() -> None:
    assert set(OWNED) == {one.value for one in (*ACTIVE, Status.PROPOSED, Status.CLOSED)}
    assert set(OVER) == {Status.REJECTED.value, Status.CLOSED.value}
    assert set(OPEN_TREATMENTS) == {one.value for one in record.OPEN_TREATMENTS}


def test_an_owner_hands_over_his_risks_first(house: RiskHouse) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 2, 2)
    house.do(deciding.propose_risk, "owner")
    assert refused(house, "owner") == [("risks", {"codes": ["R-0001"]})]
    house.do(deciding.decide_proposal, "coordinator", approve=True)
    assert refused(house, "owner") == [("risks", {"codes": ["R-0001"]})]
    house.do(assign_risk, "coordinator", owner=house["deputy"].email, reason="He leaves")
    shut_out(house, "owner")
    assert not _is_there(house, "owner")
    assert refused(house, "deputy") == [("risks", {"codes": ["R-0001"]})]


def test_the_last_role_by_which_somebody_works_on_his_risks_stays(house: RiskHouse) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 2, 2)
    house.do(deciding.propose_risk, "owner")
    (held,) = _grants(house, "owner")
    with pytest.raises(Invalid, match="still_in_charge") as caught:
        end_role(house.workspace, by=SYSTEM, grant_id=held)
    assert [one.values for one in caught.value.values["charges"]] == [{"codes": ["R-0001"]}]
    assert _grants(house, "owner") == [held]

    person_id, _version = version_of(house.workspace, house["owner"].email)
    grant_role(house.workspace, by=SYSTEM, person_id=person_id, role=Role.DEPUTY, unit_code="CRA")
    end_role(house.workspace, by=SYSTEM, grant_id=held)  # above the unit he works as well
    assert held not in _grants(house, "owner")


def _grants(house: RiskHouse, name: str) -> list[int]:
    with house.workspace.read(SYSTEM, Permission.PEOPLE_VIEW) as reader:
        live = select(RoleGrant).where(
            RoleGrant.person_id == house[name].person_id, col(RoleGrant.ended_at).is_(None)
        )
        return [grant.id for grant in reader.all(live) if grant.id is not None]


def test_a_draft_keeps_nobody(house: RiskHouse) -> None:
    house.draft()
    shut_out(house, "owner")
    assert not _is_there(house, "owner")


def test_what_is_treated_run_and_stood_in_for_is_named(house: RiskHouse) -> None:
    house.draft()
    day = house.clock.now.date()
    house.do(add_treatment, "owner", plan=Plan("Hold stock", house["head"].email, day))
    wording = ControlWording("Count", "Weekly", ControlKind.DETECTIVE, house["head"].email, "O01")
    keep_control(house.workspace, by=house["coordinator"], wording=wording)
    assert refused(house, "head") == [
        ("treatments", {"codes": ["R-0001"]}),
        ("controls", {"codes": ["C-0001"]}),
    ]
    treatment = house.risk().treatments[0].id
    told = {"treatment_id": treatment, "progress": Progress.CANCEL, "reason": "Not needed"}
    house.do(tell_treatment, "owner", **told)
    by = house["coordinator"]
    retire_control(house.workspace, by=by, code="C-0001", version=1, reason="Gone")
    shut_out(house, "head")
    assert not _is_there(house, "head")


def test_a_deputy_is_relieved_first(house: RiskHouse) -> None:
    one = name_deputy(
        house.workspace,
        by=house["owner"],
        owner=house["owner"].email,
        deputy=house["deputy"].email,
        valid_from=house.clock.now.date(),
        valid_to=house.clock.now.date(),
    )
    assert refused(house, "deputy") == [("deputy", {"people": [house["owner"].email]})]
    end_deputy(house.workspace, by=house["owner"], delegation_id=one)
    shut_out(house, "deputy")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "Owner still answers for risks (R-0001). Give this to somebody else first."),
        (Language.SQ, "Owner ende përgjigjet për rreziqe (R-0001)."),
        (Language.SR, "Owner još odgovara za: rizike (R-0001)."),
    ],
)
def test_the_refusal_names_it_in_the_readers_language(
    house: RiskHouse, language: Language, said: str
) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 2, 2)
    house.do(deciding.propose_risk, "owner")
    with pytest.raises(Invalid) as caught:
        shut_out(house, "owner")
    assert Texts(language).said(caught.value).startswith(said)


def _is_there(house: RiskHouse, name: str) -> bool:
    from data.signing_in import actor_by_email

    return actor_by_email(house.workspace, house[name].email) is not None
