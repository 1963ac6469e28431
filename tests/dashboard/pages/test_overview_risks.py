"""Risks among what needs attention first: to those who may see them, as published to others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.access.actor import SYSTEM
from data.access.roles import Role
from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite
from risks.criteria.actions import found_register
from risks.deciding import actions as deciding
from risks.register.actions import assess_risk, draft_risk
from risks.register.assessing import Judged
from risks.register.kinds import Kind
from risks.register.wording import Wording
from risks.snapshots.actions import take_snapshot
from risks.treating.actions import Plan, add_treatment
from tests.built_once import copy_of
from tests.dashboard.pages import measured
from tests.dashboard.pages.measured import MANAGER, VIEWER, Tab
from tests.house import actor, join
from tests.kpis.conftest import settings_in
from tests.risks.rounds import TODAY

MP = pytest.MonkeyPatch
OWNER, COORDINATOR = "riskowner@example.org", "riskcoordinator@example.org"
BEGIN = datetime.now(UTC) - timedelta(days=120)
PEOPLE = ((OWNER, Role.RISK_OWNER), (COORDINATOR, Role.RISK_COORDINATOR))


class House:
    """The measured house with a register in it, and a clock that is turned by hand."""

    def __init__(self, workspace: Workspace) -> None:
        self.now = BEGIN
        self.workspace = workspace.by_clock(lambda: self.now)
        found_register(self.workspace, by=SYSTEM)
        for email, role in PEOPLE:
            join(workspace, email, role)
        self.bear("OPERATIONS", "low", "medium")

    def bear(self, category: str, optimal: str, tolerable: str) -> None:
        day = self.workspace.today
        said = Appetite(category, "Little", optimal, tolerable, (), day, None, True)
        by, house = actor(self.workspace, COORDINATOR), self.workspace
        statement = propose_appetite(house, by=by, said=said)
        by = actor(self.workspace, MANAGER)
        decide_appetite(house, by=by, statement_id=statement, version=1, approve=True)

    def open(self, title: str, likelihood: int, impact: int) -> str:
        """A risk in the register at a level of operations."""
        owner, coordinator = (actor(self.workspace, one) for one, _ in PEOPLE)
        wording = Wording(title, "Cause", "Event", "Consequence", "OPERATIONS")
        risk = draft_risk(self.workspace, by=owner, wording=wording, unit="CRA")
        said = Judged(Kind.CURRENT, likelihood, {"service": impact}, "As seen")
        for action, by, more in (
            (assess_risk, owner, {"judged": said}),
            (deciding.propose_risk, owner, {}),
            (deciding.decide_proposal, coordinator, {"approve": True}),
        ):
            risk = action(self.workspace, by=by, code=risk.code, version=risk.row_version, **more)
        return risk.code

    def treat(self, code: str, days: int) -> None:
        plan = Plan("Do something", OWNER, self.workspace.today + timedelta(days=days))
        by = actor(self.workspace, OWNER)
        add_treatment(self.workspace, by=by, code=code, version=4, plan=plan)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """High risks: four untouched, one with a treatment; the first two and a low one published."""
    home = copy_of(tmp_path_factory, "measured", measured._build)
    made = House(Workspace.open(settings_in(home)))
    for title in ("Portal fails", "Archive floods"):
        made.open(title, 4, 4)
    made.treat(made.open("Printer fails", 4, 4), 100)
    made.open("Forms run out", 1, 1)
    made.now += timedelta(days=1)
    by = actor(made.workspace, COORDINATOR)
    take_snapshot(made.workspace, by=by, label="First", published=True)
    made.now = datetime.now(UTC) - timedelta(days=1)
    for title in ("Data leak", "*Strikes*", "Fire", "Flu"):
        made.open(title, 5, 5)
    yield made
    made.workspace.database.dispose()


def said(house: House, monkeypatch: MP, email: str, **link: str) -> str:
    return Tab(house.workspace, monkeypatch, "overview", email=email, period="2025-03", **link).said


def test_management_sees_what_is_above_what_is_borne_and_what_is_late(
    house: House, monkeypatch: MP
) -> None:
    shown = said(house, monkeypatch, MANAGER)
    assert "Risks above what is tolerated, and nothing is done about them: 6" in shown
    # The highest first, each named once for its gravest reason, one of them only counted.
    for title in ("Data leak", "*Strikes*", "Fire", "Printer fails", "Portal fails", "Archive"):
        assert shown.count(title) == 1
    assert "Flu" not in shown
    assert "Others in the register: 1" in shown
    # High risks are reviewed every 91 days, and three were opened 120 days ago.
    assert "Risks whose review is overdue: 3" in shown
    assert "Risks with overdue treatments: 1" in shown


def test_an_escalation_is_told_until_it_is_answered(house: House, monkeypatch: MP) -> None:
    owner, manager = (actor(house.workspace, one) for one in (OWNER, MANAGER))
    assert "an answer is owed" not in said(house, monkeypatch, MANAGER)
    risk = deciding.escalate_risk(
        house.workspace, by=owner, code="R-0004", version=4, to_role="manager", reason="See"
    )
    assert "Risks escalated, an answer is owed: 1" in said(house, monkeypatch, MANAGER)
    (one,) = risk.escalations
    deciding.answer_escalation(
        house.workspace,
        by=manager,
        code="R-0004",
        version=risk.row_version,
        escalation_id=one.id,
        answer="Go on",
    )
    assert "an answer is owed" not in said(house, monkeypatch, MANAGER)


def test_others_see_what_was_published_and_when(house: House, monkeypatch: MP) -> None:
    shown = said(house, monkeypatch, VIEWER)
    assert "Risks above what is tolerated, and nothing is done about them: 2" in shown
    assert "Portal fails" in shown
    assert "Data leak" not in shown
    assert "Strikes" not in shown
    assert "overdue" not in shown.split("Risks above")[1].split("published")[0]
    assert "As the register was last published" in shown
    assert "published" not in said(house, monkeypatch, MANAGER)


def test_it_is_as_it_was_on_an_earlier_day(house: House, monkeypatch: MP) -> None:
    day = (TODAY - timedelta(days=60)).isoformat()
    shown = said(house, monkeypatch, MANAGER, as_of=day)
    assert "Data leak" not in shown


def test_a_house_without_a_register_says_nothing_of_risks(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: MP
) -> None:
    workspace = measured.measured(tmp_path_factory)
    tab = Tab(workspace, monkeypatch, "overview", period="2025-03")
    assert "Risks above" not in tab.said
    workspace.database.dispose()
