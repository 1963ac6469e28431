"""A register with figures in EUR: five that are summed, one of a year gone by, one without any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite
from risks.deciding import actions as deciding
from risks.exposure import FrequencyKind, SeverityKind
from risks.register.actions import assess_risk, draft_risk
from risks.register.assessing import Judged
from risks.register.kinds import Kind
from risks.register.record import Quantity
from risks.register.wording import Wording
from risks.treating.actions import Plan, add_treatment
from tests.built_once import copy_of
from tests.house import actor
from tests.kpis.conftest import settings_in
from tests.risks.house import PEOPLE, Clock, RiskHouse, risk_house
from tests.risks.rounds import TODAY

BERNOULLI, POISSON = FrequencyKind.BERNOULLI, FrequencyKind.POISSON
LOGNORMAL, PERT = SeverityKind.LOGNORMAL, SeverityKind.PERT


@dataclass(frozen=True)
class Case:
    """A risk: how often, how costly, whose; what one treatment would make of it, and its cost."""

    title: str
    category: str
    who: str
    now: Quantity | None
    later: Quantity | None = None
    cost: float | None = None


CASES = (
    Case(
        "Blank passports run out",
        "OPERATIONS",
        "owner",
        Quantity(BERNOULLI, 0.4, LOGNORMAL, 100_000, 1_000_000),
        Quantity(BERNOULLI, 0.1, LOGNORMAL, 100_000, 1_000_000),
        20_000,
    ),
    Case(
        "Printer of cards fails",
        "OPERATIONS",
        "owner",
        Quantity(POISSON, 1.5, PERT, 1_000, 20_000, 4_000),
        Quantity(POISSON, 1.4, PERT, 1_000, 20_000, 4_000),
        50_000,
    ),
    Case("Archive floods", "PROPERTY", "owner", Quantity(BERNOULLI, 0.05, PERT, 0, 9e5, 1e5)),
    Case("Data leak", "OPERATIONS", "other", Quantity(BERNOULLI, 0.2, LOGNORMAL, 5e4, 9e5)),
    Case("Portal fails", "PROPERTY", "other", Quantity(POISSON, 0.5, LOGNORMAL, 1e4, 1e5)),
    Case("Nobody knows", "LEGAL", "owner", None),
    Case("Said long ago", "LEGAL", "owner", Quantity(BERNOULLI, 0.9, LOGNORMAL, 1e5, 1e6)),
)
SUMMED = CASES[:5]
NOT_QUANTIFIED, LONG_AGO = "R-0006", "R-0007"
TOLERANCE = {"OPERATIONS": ((0.1, 300_000.0), (0.01, 2_000_000.0))}
UNIT = {"owner": "O01", "other": "O02"}


def quantified(factory: pytest.TempPathFactory) -> RiskHouse:
    """A copy of the house; it is now, by the clock of the wall."""
    workspace = Workspace.open(settings_in(copy_of(factory, "quantified", _build)))
    people = {name: actor(workspace, f"{name}@example.org") for name in PEOPLE}
    clock = Clock(datetime.now(UTC))
    return RiskHouse(workspace.by_clock(clock), clock, people)


def _build(home: Path) -> None:
    house = risk_house(Workspace.open(settings_in(home)))
    house.clock.now = datetime.combine(TODAY - timedelta(days=400), time(10), UTC)
    for category, points in TOLERANCE.items():
        _bear(house, category, points)
    codes = [_open(house, case) for case in CASES]
    house.clock.now = datetime.combine(TODAY - timedelta(days=20), time(10), UTC)
    for code, case in zip(codes, CASES, strict=True):
        if code != LONG_AGO:
            _judge(house, code, case)
    for code, case in zip(codes, CASES, strict=True):
        if case.later is not None:
            due = TODAY + timedelta(days=90)
            plan = Plan(
                f"Treat {code}", f"{case.who}@example.org", due, None, case.cost, case.later
            )
            house.do(add_treatment, case.who, code, plan=plan)
    house.workspace.database.dispose()


def _bear(house: RiskHouse, category: str, points: tuple[tuple[float, float], ...]) -> None:
    said = Appetite(category, "So much", "low", "medium", points, house.workspace.today, None, True)
    workspace = house.workspace
    statement = propose_appetite(workspace, by=house["coordinator"], said=said)
    by = house["director"]
    decide_appetite(workspace, by=by, statement_id=statement, version=1, approve=True)


def _open(house: RiskHouse, case: Case) -> str:
    wording = Wording(case.title, "Cause", "Event", "Consequence", case.category)
    by = house[case.who]
    code = draft_risk(house.workspace, by=by, wording=wording, unit=UNIT[case.who]).code
    _judge(house, code, case)
    house.do(deciding.propose_risk, case.who, code)
    house.do(deciding.decide_proposal, "coordinator", code, approve=True)
    return code


def _judge(house: RiskHouse, code: str, case: Case) -> None:
    said = Judged(Kind.CURRENT, 3, {"money": 3}, "As seen", quantity=case.now)
    house.do(assess_risk, case.who, code, judged=said)
