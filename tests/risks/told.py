"""A small register with a history, told once a run and shared by whoever only reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.access.roles import Role
from data.store.tables import AppetiteStatement, Objective, RegisterSnapshot
from data.workspace import Workspace
from risks.controls.actions import keep_control, link_control, record_test
from risks.controls.reading import Verdict
from risks.controls.record import ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.exposure import FrequencyKind, SeverityKind
from risks.register.actions import assess_risk, comment_on, draft_risk, review_risk, word_risk
from risks.register.assessing import Judged
from risks.register.kinds import Kind, Outcome, Response, Side
from risks.register.record import Quantity
from risks.register.wording import Wording
from risks.treating.actions import Plan, add_treatment, move_due
from tests.built_once import copy_of
from tests.house import actor, join
from tests.kpis.conftest import settings_in
from tests.risks.house import PEOPLE, WORDING, Clock, RiskHouse, risk_house

NOW = Quantity(FrequencyKind.BERNOULLI, 0.4, SeverityKind.PERT, 10_000.0, 90_000.0, 20_000.0)
LATER = replace(NOW, rate=0.1)
FLOODS = Quantity(FrequencyKind.POISSON, 0.2, SeverityKind.LOGNORMAL, 5_000.0, 80_000.0)
PUBLISHED_ON = date(2025, 2, 1)
FORMULA = '=HYPERLINK("http://example.org","Stock")'  # what a person typed, and nothing runs


def told(factory: pytest.TempPathFactory) -> RiskHouse:
    """A copy of the house, with its clock where the story ends."""
    home = copy_of(factory, "register", _tell)
    workspace = Workspace.open(settings_in(home))
    clock = Clock()
    clock.pass_days(100)
    people = {name: actor(workspace, f"{name}@example.org") for name in (*PEOPLE, "guest")}
    return RiskHouse(workspace.by_clock(clock), clock, people)


def _tell(home: Path) -> None:
    house = risk_house(Workspace.open(settings_in(home)))
    join(house.workspace, "guest@example.org", Role.ADMINISTRATOR)
    _say_what_is_borne(house)
    _stock(house)
    _floods(house)
    house.draft("owner", Wording(title="Only a thought", cause=FORMULA))
    _of_another_unit(house)
    _closed(house)
    _publish(house)
    _what_came_after(house)
    house.workspace.database.dispose()


def _say_what_is_borne(house: RiskHouse) -> None:
    row = AppetiteStatement(
        id="s1",
        category_code="OPERATIONS",
        statement="Services do not stop",
        optimal_level="low",
        tolerable_level="medium",
        tolerance=[[0.3, 15_000.0], [0.05, 60_000.0]],
        valid_from=date(2025, 1, 1),
        assumption=True,
        state="in_force",
        proposed_by="coordinator@example.org",
        proposed_at=house.clock.now,
        decided_by="director@example.org",
        decided_at=house.clock.now,
    )
    objective = Objective(code="3.1", challenge=3, position=1, name_sq="Në afat",
                          name_sr="U roku", name_en="Ready within the deadline")  # fmt: skip
    with house.workspace.database.writing() as session:
        session.add_all([row, objective])
    house.clock.pass_days(1)


def _open(house: RiskHouse, code: str, likelihood: int, impact: int, name: str = "owner") -> None:
    house.judge(name, Kind.CURRENT, likelihood, impact, code)
    house.do(deciding.propose_risk, name, code)
    house.do(deciding.decide_proposal, "coordinator", code, approve=True)


def _stock(house: RiskHouse) -> None:
    """R-0001: high, in treatment, in figures, its treatment promised for later than at first."""
    house.draft("owner", replace(WORDING, objectives=("3.1",)))
    house.judge("owner", Kind.INHERENT, 5, 4)
    _open(house, "R-0001", 4, 3)
    for kind, likelihood, quantity in ((Kind.CURRENT, 4, NOW), (Kind.TARGET, 2, LATER)):
        said = Judged(kind, likelihood, {"service": 3}, "Counted in the store", quantity=quantity)
        house.do(assess_risk, "owner", judged=said)
    due = house.clock.now.date() + timedelta(days=40)
    plan = Plan("Hold three months of stock", "owner@example.org", due, cost=12_000.0)
    house.do(add_treatment, "owner", plan=plan)
    house.do(deciding.begin_treatment, "owner", response=Response.TREAT)
    house.clock.pass_days(5)
    (one,) = house.risk().treatments
    later = one.due + timedelta(days=30)
    house.do(move_due, "owner", treatment_id=one.id, due=later, reason="The tender failed")
    comment_on(house.workspace, by=house["head"], code="R-0001", text="Seen, thank you")


def _floods(house: RiskHouse) -> None:
    """R-0002: medium, in figures, accepted by the head of the unit."""
    said = Wording("Archive floods", "Old pipes", "Water in the archive", "Papers are lost",
                   "PROPERTY", ("3.1",))  # fmt: skip
    house.draft("owner", said)
    _open(house, "R-0002", 2, 3)
    judged = Judged(Kind.CURRENT, 2, {"service": 3, "money": 2}, "Plumber's word", quantity=FLOODS)
    house.do(assess_risk, "owner", "R-0002", judged=judged)
    _control(house)
    until = house.clock.now.date() + timedelta(days=200)
    house.do(deciding.request_acceptance, "owner", "R-0002", rationale="Dear to mend",
             valid_until=until)  # fmt: skip
    house.do(deciding.decide_acceptance, "head", "R-0002", accept=True, note="Until autumn")


def _control(house: RiskHouse) -> None:
    """R-0002 leans on C-0001, which was found to work."""
    said = ControlWording(
        title="Weekly look at the pipes",
        description="Somebody goes and looks",
        kind=ControlKind.DETECTIVE,
        owner="owner@example.org",
        unit_code="O01",
        test_every_days=60,
    )
    control = keep_control(house.workspace, by=house["coordinator"], wording=said)
    record_test(
        house.workspace,
        by=house["coordinator"],
        code=control.code,
        design=Verdict.EFFECTIVE,
        operating=Verdict.EFFECTIVE,
        note="Seen with own eyes",
    )
    house.do(link_control, "owner", "R-0002", control=control.code, side=Side.CAUSE)


def _of_another_unit(house: RiskHouse) -> None:
    """R-0004: critical, of another owner and unit, escalated; its review comes late."""
    wording = replace(WORDING, title="Printer of cards fails", category_code="TECHNOLOGY")
    draft_risk(house.workspace, by=house["other"], wording=wording, unit="O02")
    _open(house, "R-0004", 5, 5, "other")
    house.do(deciding.escalate_risk, "other", "R-0004", to_role="manager", reason="One left")


def _closed(house: RiskHouse) -> None:
    """R-0005: low, and closed since its source is gone."""
    house.draft("owner", replace(WORDING, title="Old forms are used"))
    _open(house, "R-0005", 1, 1)
    house.do(deciding.request_close, "owner", "R-0005", reason="Forms burnt",
             evidence="Minutes 7", source_gone=True)  # fmt: skip
    house.do(deciding.decide_close, "coordinator", "R-0005", close=True)


def _publish(house: RiskHouse) -> None:
    house.clock.pass_days((PUBLISHED_ON - house.clock.now.date()).days)
    row = RegisterSnapshot(
        id="s1",
        label="January",
        as_of=house.clock.now,
        published=True,
        risks=5,
        sha256="",
        content=b"",
        taken_by="coordinator@example.org",
        taken_at=house.clock.now,
    )
    with house.workspace.database.writing() as session:
        session.add(row)


def _what_came_after(house: RiskHouse) -> None:
    """Said after the register was published: not yet known outside."""
    house.clock.pass_days(10)
    house.do(review_risk, "owner", outcome=Outcome.CONFIRM, note="Still so")
    after = replace(WORDING, title="Blank passports ran short", objectives=("3.1",))
    house.do(word_risk, "owner", wording=after)
