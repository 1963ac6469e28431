"""Deputies: named by the owner or a coordinator, for some days, and never by others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.workspace import Then, Workspace
from risks.deputies.actions import end_deputy, name_deputy
from risks.deputies.reading import StandIn, read_deputies
from risks.register.hands import deputies, owners_stood_in_for
from risks.register.kinds import Kind
from tests.house import join
from tests.risks.house import BEGIN, PEOPLE, RiskHouse, risk_house

TODAY = BEGIN.date()
WEEK = timedelta(days=6)


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def name(house: RiskHouse, who: str = "owner", **said: Any) -> str:
    today = house.clock.now.date()
    told: dict[str, Any] = {
        "owner": house["owner"].email,
        "deputy": house["deputy"].email,
        "valid_from": today,
        "valid_to": today + WEEK,
        "reason": "On leave",
    }
    return name_deputy(house.workspace, by=house[who], **(told | said))


def known(house: RiskHouse, who: str = "auditor", then: Then | None = None) -> tuple[StandIn, ...]:
    with house.workspace.at(then).read(house[who], Permission.KPI_VIEW) as reader:
        return read_deputies(reader)


def test_a_deputy_works_on_the_owners_risks_on_his_days(house: RiskHouse) -> None:
    house.draft()
    with pytest.raises(PermissionDenied):
        house.judge("deputy", Kind.CURRENT, 2, 2)
    name(house, valid_from=TODAY + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        house.judge("deputy", Kind.CURRENT, 2, 2)
    house.clock.pass_days(1)
    assert house.judge("deputy", Kind.CURRENT, 2, 2).level == "low"
    with house.workspace.read(house["deputy"], Permission.RISK_VIEW) as reader:
        assert deputies(reader, house["owner"].email) == {house["deputy"].email}
        assert owners_stood_in_for(reader, house["deputy"].email) == {house["owner"].email}
    house.clock.pass_days(6)
    with pytest.raises(PermissionDenied):
        house.judge("deputy", Kind.CURRENT, 2, 3)


@pytest.mark.parametrize("who", [one for one in PEOPLE if one not in {"owner", "coordinator"}])
def test_nobody_else_names_or_ends_a_deputy(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        name(house, who)
    one = name(house, "coordinator")
    with pytest.raises(PermissionDenied):
        end_deputy(house.workspace, by=house[who], delegation_id=one)
    assert known(house)[0].holds_on(TODAY)


def test_a_coordinator_of_another_unit_has_no_say(house: RiskHouse) -> None:
    local = join(house.workspace, "local@example.org", Role.RISK_COORDINATOR, "O02")
    house.people["local"] = local
    with pytest.raises(PermissionDenied, match="not_yours"):
        name(house, "local")
    said = {"owner": house["other"].email, "deputy": local.email}
    assert name(house, "local", **said) == known(house)[0].id


@pytest.mark.parametrize(
    ("said", "refusal", "key"),
    [
        ({"deputy": "owner@example.org"}, Invalid, "oneself"),
        ({"deputy": "nobody@example.org"}, NotFound, "no_person"),
        ({"deputy": "auditor@example.org"}, Invalid, "cannot_work"),
        ({"deputy": "head@example.org"}, Invalid, "cannot_work"),
        ({"valid_to": TODAY - timedelta(days=1)}, Invalid, "ends_before"),
        ({"valid_from": TODAY - timedelta(days=1)}, Invalid, "day_over"),
        ({"valid_to": TODAY + timedelta(days=400)}, Invalid, "refused.long"),
        ({"reason": "x" * 501}, Invalid, "long_reason"),
    ],
)
def test_what_cannot_be_is_refused(
    house: RiskHouse, said: dict[str, Any], refusal: type[Exception], key: str
) -> None:
    with pytest.raises(refusal, match=key):
        name(house, **said)
    assert known(house) == ()


def test_the_same_person_is_not_named_twice_for_a_day(house: RiskHouse) -> None:
    one = name(house)
    with pytest.raises(Invalid, match="named"):
        name(house, valid_from=TODAY + WEEK, valid_to=TODAY + 2 * WEEK)
    name(house, valid_from=TODAY + WEEK + timedelta(days=1), valid_to=TODAY + 2 * WEEK)
    name(house, deputy=house["other"].email)
    end_deputy(house.workspace, by=house["owner"], delegation_id=one)
    name(house)


def test_ended_he_stands_in_no_longer_and_it_stays_known_that_he_did(house: RiskHouse) -> None:
    house.draft()
    one = name(house)
    house.clock.pass_days(1)
    then = Then(0, house.clock.now)
    house.clock.pass_days(1)
    end_deputy(house.workspace, by=house["coordinator"], delegation_id=one)
    with pytest.raises(PermissionDenied):
        house.judge("deputy", Kind.CURRENT, 2, 2)
    with pytest.raises(Invalid, match="over"):
        end_deputy(house.workspace, by=house["owner"], delegation_id=one)
    with pytest.raises(NotFound):
        end_deputy(house.workspace, by=house["owner"], delegation_id="none")
    (now,) = known(house)
    (before,) = known(house, then=then)
    assert (now.ended_by, now.holds_on(TODAY)) == (house["coordinator"].email, False)
    assert (before.ended_by, before.holds_on(TODAY)) == (None, True)
    assert known(house, then=Then(0, BEGIN - timedelta(days=1))) == ()


def test_who_sees_not_all_risks_sees_what_concerns_him(house: RiskHouse) -> None:
    one = name(house)
    other = name(house, "coordinator", owner=house["other"].email)
    seen = {who: {each.id for each in known(house, who)} for who in PEOPLE}
    everything = {one, other}
    assert seen == {
        "owner": {one},
        "other": {other},
        "deputy": everything,
        "head": set(),
        "coordinator": everything,
        "director": everything,
        "auditor": everything,
        "viewer": set(),
    }


def test_over_is_what_was_ended_or_has_passed(house: RiskHouse) -> None:
    name(house)
    (one,) = known(house)
    days: list[date] = [TODAY, TODAY + WEEK, TODAY + WEEK + timedelta(days=1)]
    assert [one.is_over(day) for day in days] == [False, False, True]
