"""Controls: kept and tested by the coordinator, leaned on by risks, and what follows of a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import verify_trail
from data.codec import canonical, plain
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.records import folded
from data.workspace import Then, Workspace
from risks.controls.actions import (
    keep_control,
    link_control,
    record_test,
    retire_control,
    unlink_control,
)
from risks.controls.reading import controls_past, leaning, overdue, read_control, read_controls
from risks.controls.record import Control, ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.register.kinds import Kind, Side
from risks.register.nouns import Noun
from risks.register.reading import read_past, read_register
from risks.register.tested import Verdict
from tests.house import join
from tests.risks.house import PEOPLE, RiskHouse, risk_house
from tests.risks.trail import entries_about

COUNT = ControlWording(
    title="Weekly count of blanks",
    description="Two people count the blanks in the safe.",
    kind=ControlKind.DETECTIVE,
    owner="owner@example.org",
    unit_code="O01",
    test_every_days=90,
)
GOOD, BAD = Verdict.EFFECTIVE, Verdict.INEFFECTIVE


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    told = risk_house(workspace)
    keep(told)
    return told


def keep(house: RiskHouse, who: str = "coordinator", **said: Any) -> Control:
    return keep_control(house.workspace, by=house[who], **({"wording": COUNT} | said))


def attest(house: RiskHouse, who: str = "coordinator", **said: Any) -> Control:
    told: dict[str, Any] = {
        "code": "C-0001",
        "design": GOOD,
        "operating": GOOD,
        "note": "Protocols seen.",
    }
    return record_test(house.workspace, by=house[who], **(told | said))


def known(house: RiskHouse, then: Then | None = None) -> Control:
    with house.workspace.at(then).read(house["auditor"], Permission.RISK_VIEW) as reader:
        return read_control(reader, "C-0001")


def open_risk(house: RiskHouse) -> None:
    house.draft()
    house.judge("owner", Kind.CURRENT, 4, 3)
    house.do(deciding.propose_risk, "owner")
    house.do(deciding.decide_proposal, "coordinator", approve=True)


def lean(house: RiskHouse, who: str = "owner", **said: Any) -> Any:
    return house.do(link_control, who, **({"control": "C-0001", "side": Side.CAUSE} | said))


def test_a_control_comes_into_the_catalogue_and_is_found_there(house: RiskHouse) -> None:
    control = known(house)
    today = house.clock.now.date()
    assert (control.code, control.title, control.created_by) == (
        "C-0001",
        COUNT.title,
        house["coordinator"].email,
    )
    assert control.next_test == today + timedelta(days=90)
    assert not control.works
    other = replace(COUNT, title="Seal on the safe", next_test=today, test_every_days=None)
    assert keep(house, wording=other).code == "C-0002"
    with house.workspace.read(house["owner"], Permission.RISK_VIEW) as reader:
        assert [one.code for one in read_controls(reader)] == ["C-0001", "C-0002"]


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "coordinator"])
def test_only_the_coordinator_keeps_controls(house: RiskHouse, who: str) -> None:
    before = known(house)
    with pytest.raises(PermissionDenied):
        keep(house, who)
    with pytest.raises(PermissionDenied):
        keep(house, who, code="C-0001", version=1)
    with pytest.raises(PermissionDenied):
        attest(house, who)
    with pytest.raises(PermissionDenied):
        retire_control(house.workspace, by=house[who], code="C-0001", version=1, reason="r")
    assert known(house) == before


def test_a_coordinator_of_one_unit_keeps_the_controls_of_that_unit(house: RiskHouse) -> None:
    house.people["local"] = join(house.workspace, "local@example.org", Role.RISK_COORDINATOR, "O02")
    with pytest.raises(PermissionDenied, match="unit"):
        keep(house, "local")
    with pytest.raises(PermissionDenied, match="unit"):
        attest(house, "local")
    elsewhere = replace(COUNT, unit_code="O02")
    with pytest.raises(PermissionDenied, match="unit"):
        keep(house, "local", wording=elsewhere, code="C-0001", version=1)
    assert keep(house, "local", wording=elsewhere).unit_code == "O02"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"title": " "}, Invalid),
        ({"title": "x" * 121}, Invalid),
        ({"description": ""}, Invalid),
        ({"evidence": "x" * 1001}, Invalid),
        ({"test_every_days": 0}, Invalid),
        ({"owner": "nobody@example.org"}, NotFound),
        ({"unit_code": "X99"}, NotFound),
    ],
)
def test_what_cannot_be_is_refused(
    house: RiskHouse, said: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        keep(house, wording=replace(COUNT, **said))


def test_a_change_needs_the_version_that_stands_and_something_new(house: RiskHouse) -> None:
    stands = known(house)
    said = replace(COUNT, title="Daily count of blanks", next_test=stands.next_test)
    changed = keep(house, wording=said, code="C-0001", version=stands.row_version)
    assert changed.title == "Daily count of blanks"
    with pytest.raises(Conflict) as caught:
        keep(house, wording=COUNT, code="C-0001", version=stands.row_version)
    assert caught.value.values["current"]["title"] == "Daily count of blanks"
    assert caught.value.values["by"] == house["coordinator"].email
    with pytest.raises(Invalid, match="nothing_changed"):
        keep(house, wording=said, code="C-0001", version=changed.row_version)


def test_tests_add_up_and_the_next_one_is_due_after_the_interval(house: RiskHouse) -> None:
    attest(house, operating=Verdict.PARTIAL)
    house.clock.pass_days(10)
    then = Then(0, house.clock.now)
    house.clock.pass_days(1)
    control = attest(house)
    assert [one.operating for one in control.tests] == [Verdict.PARTIAL, GOOD]
    assert control.works
    assert control.next_test == house.clock.now.date() + timedelta(days=90)
    past = known(house, then)
    assert (len(past.tests), past.works) == (1, False)
    day = house.clock.now.date() + timedelta(days=7)
    assert attest(house, next_test=day).next_test == day
    with pytest.raises(Invalid, match="day_over"):
        attest(house, next_test=house.clock.now.date())
    with pytest.raises(Invalid, match="empty"):
        attest(house, note=" ")


def test_who_runs_a_control_does_not_test_it(house: RiskHouse) -> None:
    said = replace(COUNT, owner=house["coordinator"].email, next_test=known(house).next_test)
    keep(house, wording=said, code="C-0001", version=1)
    with pytest.raises(Invalid, match="own_control"):
        attest(house)


def test_overdue_tests_are_named_the_longest_first(house: RiskHouse) -> None:
    today = house.clock.now.date()
    for days in (30, 10):
        keep(house, wording=replace(COUNT, next_test=today + timedelta(days=days)))
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        controls = read_controls(reader)
    late = overdue(controls, today + timedelta(days=31))
    assert [(one.code, one.days_overdue(today + timedelta(days=31))) for one in late] == [
        ("C-0003", 21),
        ("C-0002", 1),
    ]
    assert overdue(controls, today) == ()


def test_a_risk_leans_on_a_control_and_its_level_may_fall(house: RiskHouse) -> None:
    open_risk(house)
    lean(house)
    with pytest.raises(Invalid, match="lowered"):
        house.judge("owner", Kind.CURRENT, 2, 2)
    attest(house)
    assert house.judge("owner", Kind.CURRENT, 2, 2).level == "low"
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        (found,) = leaning(read_register(reader))[known(house).id]
    assert (found.risk.code, found.side) == ("R-0001", Side.CAUSE)


def test_links_are_made_once_a_side_and_end_on_record(house: RiskHouse) -> None:
    open_risk(house)
    lean(house)
    with pytest.raises(Invalid, match="linked"):
        lean(house)
    both = lean(house, side=Side.CONSEQUENCE)
    assert [one.side for one in both.control_links] == [Side.CAUSE, Side.CONSEQUENCE]
    link = both.control_links[0].id
    with pytest.raises(NotFound, match="no_link"):
        house.do(unlink_control, "owner", link_id="none")
    after = house.do(unlink_control, "owner", link_id=link)
    assert [one.side for one in after.control_links] == [Side.CONSEQUENCE]
    assert [one.ended_by for one in after.controls] == [house["owner"].email, None]
    with pytest.raises(NotFound, match="no_link"):
        house.do(unlink_control, "owner", link_id=link)
    with pytest.raises(NotFound, match="no_control"):
        lean(house, control="C-0099")


@pytest.mark.parametrize("who", ["other", "deputy", "head", "director", "auditor", "viewer"])
def test_controls_of_a_risk_are_its_owners_to_link(house: RiskHouse, who: str) -> None:
    open_risk(house)
    link = lean(house).control_links[0].id
    before = house.risk()
    with pytest.raises((PermissionDenied, NotFound)):
        lean(house, who, side=Side.CONSEQUENCE)
    with pytest.raises((PermissionDenied, NotFound)):
        house.do(unlink_control, who, link_id=link)
    assert house.risk() == before


def test_a_coordinator_links_with_a_reason(house: RiskHouse) -> None:
    open_risk(house)
    with pytest.raises(Invalid, match="reason_of_coordinator"):
        lean(house, "coordinator")
    lean(house, "coordinator", reason="Found in the audit")
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        last = read_past(reader, house.risk())[-1]
    assert (last.tag, last.cause) == ("risks.control_linked", {"reason": "Found in the audit"})


def test_a_control_that_fails_asks_its_risks_anew_once(house: RiskHouse) -> None:
    open_risk(house)
    lean(house)
    attest(house)
    assert house.risk().reassess is None
    attest(house, operating=BAD, note="No protocols for three weeks.")
    asked = house.risk()
    assert (asked.reassess, asked.updated_by) == ("risks.reassess.control", SYSTEM.email)
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        last = read_past(reader, asked)[-1]
    assert last.cause == {"key": "risks.reassess.control", "control": "C-0001"}
    house.judge("owner", Kind.CURRENT, 4, 4)
    attest(house, operating=BAD)
    assert house.risk().reassess is None


def test_a_control_is_retired_once_nothing_leans_on_it(house: RiskHouse) -> None:
    open_risk(house)
    link = lean(house).control_links[0].id
    attest(house)

    def retire() -> Control:
        version = known(house).row_version
        return retire_control(
            house.workspace,
            by=house["coordinator"],
            code="C-0001",
            version=version,
            reason="The safe is gone",
        )

    with pytest.raises(Invalid, match="leaned_on") as caught:
        retire()
    assert caught.value.values["risks"] == ["R-0001"]
    house.do(unlink_control, "owner", link_id=link)
    retired = retire()
    assert (retired.is_in_use, retired.works, retired.next_test) == (False, False, None)
    with pytest.raises(Invalid, match="retired"):
        retire()
    with pytest.raises(Invalid, match="retired"):
        lean(house)
    with pytest.raises(Invalid, match="retired"):
        attest(house)


def test_rows_versions_and_trail_of_a_control_are_the_same(house: RiskHouse) -> None:
    attest(house)
    said = replace(COUNT, title="Daily count of blanks")
    keep(house, wording=said, code="C-0001", version=known(house).row_version)
    control = attest(house, design=BAD)
    with house.workspace.read(house["auditor"], Permission.AUDIT_VIEW) as reader:
        past = controls_past(reader, control)
    told = entries_about(house, Noun.CONTROL, control.id)
    assert len(past) == len(told) == 4
    for count, version in enumerate(past, start=1):
        assert canonical(folded(told[:count])) == canonical(version.content)
    assert canonical(past[-1].content) == canonical(plain(control))
    assert verify_trail(house.workspace, by=house["auditor"]).holds
