"""A register of fifteen risks with half a year behind it, told once a run by the use cases.

On `TOLD` eleven stood in the register; on `PUBLISHED` it was published; on `MOVED` some moved.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from data.language.texts import AGENCY_ZONE
from data.store.tables import Objective, RegisterSnapshot
from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite
from risks.deciding import actions as deciding
from risks.register.actions import draft_risk
from risks.register.kinds import Kind, Response
from risks.register.wording import Wording
from risks.treating.actions import Plan, Progress, add_treatment, tell_treatment
from tests.built_once import copy_of
from tests.house import actor
from tests.kpis.conftest import settings_in
from tests.risks.house import PEOPLE, Clock, RiskHouse, risk_house

TODAY = datetime.now(AGENCY_ZONE).date()
TOLD, PUBLISHED, MOVED = (TODAY - timedelta(days=days) for days in (200, 100, 30))
OBJECTIVES = {"3.1": "Ready within the deadline", "3.2": "Right the first time"}
Cell = tuple[int, int]


@dataclass(frozen=True)
class Story:
    """A risk: who owns it, where it stands without controls, as it is, as it is meant to be."""

    title: str
    category: str
    current: Cell
    inherent: Cell | None = None
    target: Cell | None = None
    who: str = "owner"
    objectives: tuple[str, ...] = ()


STORIES = (
    Story("Blank passports run out", "OPERATIONS", (4, 3), (5, 4), (2, 3), objectives=("3.1",)),
    Story("Archive floods", "PROPERTY", (2, 3), (3, 4), objectives=("3.1", "3.2")),
    Story("Data leak from the register", "INFORMATION", (4, 5), (5, 5), (2, 4), "other", ("3.2",)),
    Story("Printer of cards fails", "TECHNOLOGY", (3, 3), (4, 4), (2, 2), "other"),
    Story("Key staff leave", "PEOPLE", (3, 2), objectives=("3.1",)),
    Story("Court overturns the fees", "LEGAL", (2, 2), who="other"),
    Story("Old forms are used", "OPERATIONS", (1, 1)),
    Story("Plates are misprinted", "OPERATIONS", (2, 3), (4, 3), who="other"),
    Story("Budget is cut", "FINANCIAL", (3, 4), (3, 4)),
    Story("Queue is hacked *again*", "SECURITY", (4, 3), (5, 5), (3, 3)),
    Story("=SUM(A1)", "OPERATIONS", (1, 2), who="other"),
)
LATER = Story("Portal is attacked", "SECURITY", (4, 4), (5, 5), who="other")
PROPOSED = Story("Signatures are forged", "LEGAL", (3, 4), who="other")
REJECTED = Story("Sky falls", "STRATEGY", (1, 5))
UNIT = {"owner": "O01", "other": "O02"}


def registered(factory: pytest.TempPathFactory) -> RiskHouse:
    """A copy of the house; it is now, by the clock of the wall."""

    def build(home: Path) -> None:
        shutil.copytree(_before(factory), home, dirs_exist_ok=True)
        second_half(home)

    return opened(copy_of(factory, "register page", build))


def before_it_moved(factory: pytest.TempPathFactory) -> RiskHouse:
    """The same house in which nothing was done since the register was published."""
    return opened(_before(factory))


def _before(factory: pytest.TempPathFactory) -> Path:
    return copy_of(factory, "register page before", first_half)


def opened(home: Path, now: datetime | None = None) -> RiskHouse:
    """The house as it is now, or at a moment of its story."""
    workspace = Workspace.open(settings_in(home))
    people = {name: actor(workspace, f"{name}@example.org") for name in PEOPLE}
    clock = Clock(now or datetime.now(UTC))
    return RiskHouse(workspace.by_clock(clock), clock, people)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def first_half(home: Path) -> None:
    """Eleven risks are taken into the register, and it is published."""
    house = risk_house(Workspace.open(settings_in(home)))
    house.clock.now = noon(TOLD) - timedelta(days=1)
    with house.workspace.database.writing() as session:
        for place, (code, name) in enumerate(OBJECTIVES.items()):
            named = {f"name_{language}": name for language in ("sq", "sr", "en")}
            said = {"code": code, "challenge": 3, "position": place, **named}
            session.add(Objective.model_validate(said))
    _bear(house, "OPERATIONS", "low", "medium")
    _bear(house, "INFORMATION", "low", "high")
    house.clock.pass_days(1)
    for story in STORIES:
        _open(house, story)
    _what_followed(house)
    house.clock.now = noon(PUBLISHED)
    _publish(house)
    house.workspace.database.dispose()


def second_half(home: Path) -> None:
    """Some of it moves."""
    house = opened(home, noon(MOVED))
    _move(house)
    house.workspace.database.dispose()


def _bear(house: RiskHouse, category: str, optimal: str, tolerable: str) -> None:
    """Proposed by the coordinator, decided by the director."""
    day = house.workspace.today
    said = Appetite(category, "As little as can be", optimal, tolerable, (), day, None, True)
    by = house["coordinator"]
    statement = propose_appetite(house.workspace, by=by, said=said)
    director = house["director"]
    decide_appetite(house.workspace, by=director, statement_id=statement, version=1, approve=True)


def _draft(house: RiskHouse, story: Story) -> str:
    wording = Wording(story.title, "Cause", "Event", "Consequence", story.category)
    wording = replace(wording, objectives=story.objectives)
    by = house[story.who]
    return draft_risk(house.workspace, by=by, wording=wording, unit=UNIT[story.who]).code


def _propose(house: RiskHouse, story: Story) -> str:
    code = _draft(house, story)
    cells = ((Kind.INHERENT, story.inherent), (Kind.CURRENT, story.current))
    for kind, cell in (*cells, (Kind.TARGET, story.target)):
        if cell:
            house.judge(story.who, kind, *cell, code)
    house.do(deciding.propose_risk, story.who, code)
    return code


def _open(house: RiskHouse, story: Story) -> str:
    code = _propose(house, story)
    house.do(deciding.decide_proposal, "coordinator", code, approve=True)
    return code


def _what_followed(house: RiskHouse) -> None:
    """R-0001 is treated, late by now; R-0003 is laid before the director; R-0009 is accepted."""
    day = house.workspace.today
    for who, code, days in (("owner", "R-0001", 190), ("other", "R-0004", 60)):
        plan = Plan("Do what is needed", f"{who}@example.org", day + timedelta(days=days))
        house.do(add_treatment, who, code, plan=plan)
        house.do(deciding.begin_treatment, who, code, response=Response.TREAT)
    house.do(deciding.escalate_risk, "other", "R-0003", to_role="manager", reason="Too large")
    until = day + timedelta(days=300)
    house.do(deciding.request_acceptance, "owner", "R-0009", rationale="By law", valid_until=until)
    house.do(deciding.decide_acceptance, "director", "R-0009", accept=True)


def _publish(house: RiskHouse) -> None:
    moment = house.clock.now
    row = RegisterSnapshot(
        id="s1",
        label="The half-year",
        as_of=moment,
        published=True,
        risks=len(STORIES),
        sha256="",
        content=b"",
        taken_by="coordinator@example.org",
        taken_at=moment,
    )
    with house.workspace.database.writing() as session:
        session.add(row)


def _move(house: RiskHouse) -> None:
    """R-0001 rises, R-0002 moves within its level, R-0004 falls, R-0007 is closed, four are new."""
    house.judge("owner", Kind.CURRENT, 5, 4, "R-0001")
    house.judge("owner", Kind.CURRENT, 3, 3, "R-0002")
    (one,) = house.risk("R-0004").treatments
    for progress in (Progress.BEGIN, Progress.FINISH):
        house.do(
            tell_treatment,
            "other",
            "R-0004",
            treatment_id=one.id,
            progress=progress,
            evidence="Bill 7",
        )
    house.judge("other", Kind.CURRENT, 2, 2, "R-0004")
    gone = {"reason": "Forms burnt", "evidence": "Minutes 7", "source_gone": True}
    house.do(deciding.request_close, "owner", "R-0007", **gone)
    house.do(deciding.decide_close, "coordinator", "R-0007", close=True)
    _open(house, LATER)
    _propose(house, PROPOSED)
    rejected = _propose(house, REJECTED)
    house.do(deciding.decide_proposal, "coordinator", rejected, approve=False, reason="Not ours")
    wording = Wording("Only a thought")
    draft_risk(house.workspace, by=house["owner"], wording=wording, unit="O01")
