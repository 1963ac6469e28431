"""Appetite: proposed by the coordinator, decided by the director, dated, readable as of then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import verify_trail
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.settings import Settings
from data.workspace import Then, Workspace
from risks.appetite.actions import decide_appetite, propose_appetite, withdraw_appetite
from risks.appetite.history import Stated, read_statements, waiting_statements
from risks.appetite.statement import Appetite, AppetiteState, read_appetite
from tests.house import join
from tests.risks.house import BEGIN, PEOPLE, RiskHouse, risk_house

TODAY = BEGIN.date()
SAID = Appetite(
    category="OPERATIONS",
    statement="Services may be late for days, not for weeks.",
    optimal="low",
    tolerable="medium",
    tolerance=((0.5, 20_000), (0.05, 200_000)),
    valid_from=TODAY,
    valid_to=None,
    assumption=False,
)


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def propose(house: RiskHouse, who: str = "coordinator", **said: Any) -> str:
    today = house.clock.now.date()
    made = replace(SAID, **({"valid_from": today} | said))
    return propose_appetite(house.workspace, by=house[who], said=made)


def decide(house: RiskHouse, one: str, who: str = "director", **said: Any) -> None:
    told: dict[str, Any] = {"statement_id": one, "version": 1, "approve": True} | said
    decide_appetite(house.workspace, by=house[who], **told)


def agree(house: RiskHouse, **said: Any) -> str:
    one = propose(house, **said)
    decide(house, one)
    return one


def known(house: RiskHouse, then: Then | None = None, on: date | None = None) -> dict[str, Any]:
    with house.workspace.at(then).read(house["auditor"], Permission.RISK_VIEW) as reader:
        return dict(read_appetite(reader, on))


def told(house: RiskHouse, then: Then | None = None) -> tuple[Stated, ...]:
    with house.workspace.at(then).read(house["auditor"], Permission.RISK_VIEW) as reader:
        return read_statements(reader, "OPERATIONS")


def test_a_statement_holds_once_somebody_else_decided(house: RiskHouse) -> None:
    one = propose(house)
    assert known(house) == {}
    with house.workspace.read(house["director"], Permission.RISK_VIEW) as reader:
        assert [each.id for each in waiting_statements(reader)] == [one]
    decide(house, one)
    assert known(house) == {"OPERATIONS": SAID}
    (kept,) = told(house)
    assert (kept.state, kept.proposed_by, kept.decided_by) == (
        AppetiteState.IN_FORCE,
        house["coordinator"].email,
        house["director"].email,
    )
    assert verify_trail(house.workspace, by=house["auditor"]).holds


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "coordinator"])
def test_only_the_coordinator_proposes_and_withdraws(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        propose(house, who)
    one = propose(house)
    with pytest.raises(PermissionDenied):
        withdraw_appetite(house.workspace, by=house[who], statement_id=one, version=1)


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "director"])
def test_only_the_director_decides(house: RiskHouse, who: str) -> None:
    one = propose(house)
    with pytest.raises(PermissionDenied):
        decide(house, one, who)
    assert known(house) == {}


def test_who_proposed_does_not_decide_and_one_unit_is_not_enough(house: RiskHouse) -> None:
    one = propose(house)
    house.people["local"] = join(house.workspace, "local@example.org", Role.MANAGER, "O01")
    with pytest.raises(PermissionDenied, match="unit"):
        decide(house, one, "local")
    coordinator = house["coordinator"]
    both = (*coordinator.grants, *house["director"].grants)
    house.people["both"] = replace(coordinator, grants=both)
    with pytest.raises(Invalid, match="own_request"):
        decide(house, one, "both")


@pytest.mark.parametrize(
    ("said", "refusal", "key"),
    [
        ({"optimal": "high"}, Invalid, "order"),
        ({"tolerable": "enormous"}, Invalid, "no_level"),
        ({"category": "WEATHER"}, NotFound, "not_found"),
        ({"statement": "  "}, Invalid, "empty"),
        ({"statement": "x" * 1001}, Invalid, "too_long"),
        ({"valid_from": TODAY - timedelta(days=1)}, Invalid, "day_over"),
        ({"valid_to": TODAY - timedelta(days=1)}, Invalid, "ends_before"),
        ({"tolerance": ((0.5, 20_000),)}, Invalid, "tolerance_points"),
        ({"tolerance": ((0.05, 200_000), (0.5, 20_000))}, Invalid, "tolerance_order"),
        ({"tolerance": ((1.5, 20_000), (0.05, 200_000))}, Invalid, "tolerance_point"),
    ],
)
def test_what_cannot_be_is_refused(
    house: RiskHouse, said: dict[str, Any], refusal: type[Exception], key: str
) -> None:
    with pytest.raises(refusal, match=key):
        propose(house, **said)


def test_a_new_statement_begins_where_the_old_one_ends(house: RiskHouse) -> None:
    agree(house)
    later = TODAY + timedelta(days=30)
    agree(house, tolerable="high", valid_from=later)
    assert known(house)["OPERATIONS"].tolerable == "medium"
    assert known(house, on=later - timedelta(days=1))["OPERATIONS"].tolerable == "medium"
    assert known(house, on=later)["OPERATIONS"].tolerable == "high"
    new, old = told(house)
    assert (new.ends_on, old.ends_on) == (None, later - timedelta(days=1))
    assert [one.state for one in (new, old)] == [AppetiteState.IN_FORCE] * 2
    house.clock.pass_days(30)
    assert known(house)["OPERATIONS"].tolerable == "high"


def test_after_its_last_day_nothing_is_said(house: RiskHouse) -> None:
    agree(house)
    last = TODAY + timedelta(days=20)
    agree(house, valid_from=TODAY + timedelta(days=10), valid_to=last, tolerable="high")
    assert known(house, on=last)["OPERATIONS"].tolerable == "high"
    assert known(house, on=last + timedelta(days=1)) == {}


def test_what_was_said_for_later_days_is_replaced(house: RiskHouse) -> None:
    agree(house, valid_from=TODAY + timedelta(days=60), tolerable="critical")
    house.clock.pass_days(1)
    then = Then(0, house.clock.now)
    house.clock.pass_days(1)
    agree(house, valid_from=TODAY + timedelta(days=30), tolerable="high")
    day = TODAY + timedelta(days=90)
    assert known(house, on=day)["OPERATIONS"].tolerable == "high"
    assert known(house, then, on=day)["OPERATIONS"].tolerable == "critical"
    assert [one.state for one in told(house)] == [AppetiteState.REPLACED, AppetiteState.IN_FORCE]
    (before,) = told(house, then)
    assert (before.state, before.replaced_at) == (AppetiteState.IN_FORCE, None)


def test_refused_and_withdrawn_statements_never_hold(house: RiskHouse) -> None:
    one, other = propose(house), propose(house)
    with pytest.raises(Invalid, match="empty"):
        decide(house, one, approve=False, note=" ")
    decide(house, one, approve=False, note="Too little")
    by = house["coordinator"]
    withdraw_appetite(house.workspace, by=by, statement_id=other, version=1)
    assert known(house) == {}
    for each in (one, other):
        with pytest.raises(Conflict):
            decide(house, each)
        with pytest.raises(Invalid, match="decided"):
            decide(house, each, version=2)
    assert {each.state for each in told(house)} == {
        AppetiteState.REFUSED,
        AppetiteState.WITHDRAWN,
    }


def test_a_statement_that_ended_before_it_was_decided_is_refused(house: RiskHouse) -> None:
    one = propose(house, valid_to=TODAY + timedelta(days=5))
    house.clock.pass_days(6)
    with pytest.raises(Invalid, match="day_over"):
        decide(house, one)


DAYS = st.integers(0, 40)
STORIES = st.lists(
    st.tuples(DAYS, st.none() | DAYS, st.sampled_from(["low", "medium", "high", "critical"])),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    home = tmp_path_factory.mktemp("appetite")
    config = Settings.from_environment(
        {"CRA_HOME": str(home), "CRA_DATABASE_URL": f"sqlite:///{home / 'cra.db'}"}
    )
    return risk_house(Workspace.open(config))


@given(story=STORIES, asked=DAYS)
@settings(max_examples=30, deadline=None)
def test_each_day_holds_what_was_said_last_for_it(
    shared_house: RiskHouse, story: list[tuple[int, int | None, str]], asked: int
) -> None:
    """Held against a calendar in which each statement overwrites all days from its first on."""
    house = shared_house
    house.clock.pass_days(100)
    first = house.clock.now.date()
    calendar: dict[int, str | None] = {}
    for begin, length, level in story:
        valid_to = None if length is None else first + timedelta(days=begin + length)
        agree(house, valid_from=first + timedelta(days=begin), valid_to=valid_to, tolerable=level)
        for day in range(begin, 100):
            calendar[day] = level if length is None or day <= begin + length else None
    found = known(house, on=first + timedelta(days=asked)).get("OPERATIONS")
    begun = min(begin for begin, _length, _level in story)
    if asked >= begun:
        assert (found.tolerable if found else None) == calendar[asked]
