"""Criteria: founded once, proposed by the coordinator, decided by the director, never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import Wanted, entries
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.workspace import Then, Workspace
from risks.criteria.actions import (
    add_category,
    decide_criteria,
    found_register,
    propose_criteria,
    rename_category,
    withdraw_criteria,
)
from risks.criteria.comparing import differences
from risks.criteria.reading import (
    all_criteria,
    default_criteria,
    in_force,
    read_categories,
    read_versions,
)
from risks.criteria.scale import Criteria, CriteriaState
from risks.register.kinds import Kind
from tests.begun import with_schema
from tests.house import actor, inhabit, join
from tests.risks.house import PEOPLE, RiskHouse, risk_house

DEFAULT = default_criteria()
NAMES = {"sq": "Mjedisi", "sr": "Životna sredina", "en": "Environment"}
# The lowest likelihood with the highest impact is high from now on.
STRICTER = replace(DEFAULT, matrix=(("low", "low", "low", "medium", "high"), *DEFAULT.matrix[1:]))


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def propose(house: RiskHouse, who: str = "coordinator", criteria: Criteria = STRICTER) -> int:
    return propose_criteria(
        house.workspace, by=house[who], criteria=criteria, reason="Lessons of the year"
    )


def decide(house: RiskHouse, who: str = "director", **said: Any) -> None:
    told: dict[str, Any] = {"version": 2, "approve": True} | said
    decide_criteria(house.workspace, by=house[who], **told)


def known(house: RiskHouse, read: Callable[..., Any], then: Then | None = None) -> Any:
    with house.workspace.at(then).read(house["auditor"], Permission.RISK_VIEW) as reader:
        return read(reader)


def test_a_house_is_founded_with_criteria_once(workspace: Workspace) -> None:
    with_schema(workspace)
    admin = inhabit(workspace)
    with workspace.read(SYSTEM, Permission.RISK_VIEW) as reader, pytest.raises(NotFound):
        in_force(reader)
    with pytest.raises(PermissionDenied):
        found_register(workspace, by=admin)
    assert found_register(workspace, by=SYSTEM)
    assert not found_register(workspace, by=SYSTEM)
    with workspace.read(SYSTEM, Permission.RISK_VIEW) as reader:
        assert in_force(reader) == DEFAULT
        assert len(read_categories(reader)) == 13
        assert [one.state for one in read_versions(reader)] == [CriteriaState.IN_FORCE]


def test_a_new_version_replaces_the_old_from_its_decision_on(house: RiskHouse) -> None:
    assert propose(house) == 2
    proposed = house.clock.now
    assert known(house, in_force) == DEFAULT
    house.clock.pass_days(3)
    decide(house)
    assert known(house, in_force) == replace(STRICTER, version=2)
    assert known(house, all_criteria) == {1: DEFAULT, 2: replace(STRICTER, version=2)}
    house.clock.pass_days(1)
    new, old = known(house, read_versions)
    assert (new.state, new.author, new.decided_by) == (
        CriteriaState.IN_FORCE,
        house["coordinator"].email,
        house["director"].email,
    )
    assert (old.state, old.replaced_at) == (CriteriaState.REPLACED, new.decided_at)
    then = Then(0, new.decided_at)
    assert known(house, in_force, then) == DEFAULT
    waiting, standing = known(house, read_versions, then)
    assert (waiting.state, waiting.decided_by) == (CriteriaState.DRAFT, None)
    assert (standing.state, standing.replaced_at) == (CriteriaState.IN_FORCE, None)
    assert [one.version for one in known(house, read_versions, Then(0, proposed))] == [1]


def test_an_assessment_keeps_the_level_it_was_given(house: RiskHouse) -> None:
    house.draft()
    before = house.judge("owner", Kind.CURRENT, 1, 5).assessments
    propose(house)
    decide(house)
    assert house.risk().assessments == before
    assert before[0].level == DEFAULT.level(1, 5) == "medium"
    after = house.judge("owner", Kind.CURRENT, 1, 5).current
    assert after is not None
    assert (after.level, after.criteria_version) == ("high", 2)


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "coordinator"])
def test_only_the_coordinator_proposes(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        propose(house, who)
    with pytest.raises(PermissionDenied):
        add_category(house.workspace, by=house[who], code="ENV", names=NAMES, source="s")
    propose(house)
    with pytest.raises(PermissionDenied):
        withdraw_criteria(house.workspace, by=house[who], version=2, reason="r")


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "director"])
def test_only_the_director_decides(house: RiskHouse, who: str) -> None:
    propose(house)
    with pytest.raises(PermissionDenied):
        decide(house, who)
    assert known(house, in_force) == DEFAULT


@pytest.mark.parametrize("role", [Role.RISK_COORDINATOR, Role.MANAGER])
def test_rights_over_one_unit_are_not_rights_over_the_criteria(
    house: RiskHouse, role: Role
) -> None:
    someone = join(house.workspace, "of-unit@example.org", role, "O01")
    if role is Role.RISK_COORDINATOR:
        with pytest.raises(PermissionDenied, match="unit"):
            propose_criteria(house.workspace, by=someone, criteria=STRICTER, reason="r")
    propose(house)
    with pytest.raises(PermissionDenied):
        decide_criteria(house.workspace, by=someone, version=2, approve=True)


def test_who_proposed_does_not_decide_with_another_role(house: RiskHouse) -> None:
    from data.people import grant_role, list_people

    people = list_people(house.workspace, by=SYSTEM)
    both = next(one for one in people if one.email == house["coordinator"].email)
    grant_role(house.workspace, by=SYSTEM, person_id=both.id, role=Role.MANAGER, unit_code="CRA")
    house.people["coordinator"] = actor(house.workspace, both.email)
    propose(house)
    with pytest.raises(Invalid, match="own_request"):
        decide(house, "coordinator")
    decide(house)


def test_one_proposal_waits_at_a_time_and_can_be_withdrawn(house: RiskHouse) -> None:
    propose(house)
    with pytest.raises(Invalid, match="waiting"):
        propose(house)
    withdraw_criteria(house.workspace, by=house["coordinator"], version=2, reason="A mistake")
    with pytest.raises(Invalid, match="decided"):
        decide(house)
    assert propose(house) == 3
    with pytest.raises(Invalid, match="no_reason"):
        decide(house, version=3, approve=False, note=" ")
    decide(house, version=3, approve=False, note="Too strict")
    assert known(house, in_force) == DEFAULT
    assert [one.state for one in known(house, read_versions)] == [
        CriteriaState.WITHDRAWN,
        CriteriaState.WITHDRAWN,
        CriteriaState.IN_FORCE,
    ]


@pytest.mark.parametrize(
    ("criteria", "key"),
    [
        (DEFAULT, "nothing_changed"),
        (replace(DEFAULT, acceptance_days=9999), "days"),
        (replace(DEFAULT, levels=DEFAULT.levels[1:]), "no_level"),
    ],
)
def test_what_is_not_whole_or_not_new_is_refused(
    house: RiskHouse, criteria: Criteria, key: str
) -> None:
    with pytest.raises(Invalid, match=key):
        propose(house, criteria=criteria)
    with pytest.raises(Invalid, match="no_reason"):
        propose_criteria(house.workspace, by=house["coordinator"], criteria=STRICTER, reason=" ")


def test_the_trail_tells_which_cells_were_to_change(house: RiskHouse) -> None:
    propose(house)
    wanted = Wanted(tag="risks.criteria_proposed")
    (entry,) = entries(house.workspace, by=house["auditor"], wanted=wanted)
    assert entry.new is not None
    assert [(one["likelihood"], one["impact"]) for one in entry.new["cells"]] == [(1, 5)]
    (cell,) = differences(DEFAULT, STRICTER)
    assert (cell.old["en"], cell.new["en"]) == ("Medium", "High")


def test_a_category_is_called_what_it_was_called_then(house: RiskHouse) -> None:
    by, workspace = house["coordinator"], house.workspace
    add_category(workspace, by=by, code="ENV", names=NAMES, source="Decision 4/2025")
    with pytest.raises(Invalid, match="taken"):
        add_category(workspace, by=by, code="ENV", names=NAMES, source="Decision 4/2025")
    house.clock.pass_days(1)
    then = Then(0, house.clock.now)
    house.clock.pass_days(1)
    other = NAMES | {"en": "Surroundings"}
    rename_category(workspace, by=by, code="ENV", version=1, names=other, reason="Clearer")
    with pytest.raises(Conflict):
        rename_category(workspace, by=by, code="ENV", version=1, names=NAMES, reason="Back")
    assert known(house, read_categories)[-1].name_en == "Surroundings"
    assert known(house, read_categories, then)[-1].name_en == "Environment"
