"""An owner with ten risks whose review is due, told by the use cases half a year back until now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.workspace import Workspace
from risks.deciding import actions as deciding
from risks.incidents.actions import record_incident
from risks.incidents.record import IncidentWording
from risks.register.actions import assess_risk, draft_risk
from risks.register.assessing import Judged
from risks.register.kinds import Kind
from risks.register.wording import Wording
from risks.treating.actions import Plan, Progress, add_treatment, tell_treatment
from tests.built_once import copy_of
from tests.house import actor
from tests.kpis.conftest import settings_in
from tests.risks.house import PEOPLE, Clock, RiskHouse, risk_house

TITLES = (
    "Blank passports run out",
    "Archive floods",
    "Printer of cards fails",
    "Key staff leave",
    "Court overturns the fees",
    "Old forms are used",
    "Plates are misprinted",
    "Portal is attacked",
    "Signatures are forged",
    "Queues grow in summer",
)
TODAY = datetime.now(ZoneInfo("Europe/Belgrade")).date()  # of the agency, as the pages see it
OPENED = TODAY - timedelta(days=190)  # a medium risk is reviewed every 182 days
LATE, DONE = "R-0001", "R-0002"  # with a treatment that is overdue, and one that is done
HIT, HIGH = "R-0003", "R-0004"  # that came true, and that stands below its inherent level
INHERENT = (3, 3)


def due_round(factory: pytest.TempPathFactory) -> RiskHouse:
    """A copy of the house; it is now, by the clock of the wall."""
    workspace = Workspace.open(settings_in(copy_of(factory, "round of reviews", _build)))
    people = {name: actor(workspace, f"{name}@example.org") for name in PEOPLE}
    clock = Clock(datetime.now(UTC))
    return RiskHouse(workspace.by_clock(clock), clock, people)


def _build(home: Path) -> None:
    house = risk_house(Workspace.open(settings_in(home)))
    house.clock.now = datetime.combine(OPENED, time(10), UTC)
    for number, title in enumerate(TITLES, start=1):
        _open(house, f"R-{number:04}", title)
    house.judge("owner", Kind.INHERENT, *INHERENT, HIGH)
    _treat(house)
    house.clock.pass_days(100)
    _finish(house)
    _happen(house)
    house.workspace.database.dispose()


def _open(house: RiskHouse, code: str, title: str) -> None:
    """Taken into the register at a medium level."""
    event = f"One day it comes to this: {title.lower()}"
    wording = Wording(title, "Nobody looked", event, "People wait", "OPERATIONS")
    by = house["owner"]
    assert draft_risk(house.workspace, by=by, wording=wording, unit="O01").code == code
    said = Judged(Kind.CURRENT, 3, {"service": 3, "legal": 2}, "As seen in the last months.")
    house.do(assess_risk, "owner", code, judged=said)
    house.do(deciding.propose_risk, "owner", code)
    house.do(deciding.decide_proposal, "coordinator", code, approve=True)


def _treat(house: RiskHouse) -> None:
    day = house.workspace.today
    for code, text, ahead in ((LATE, "Hold three months of stock", 170), (DONE, "Move it up", 120)):
        plan = Plan(text, "owner@example.org", day + timedelta(days=ahead))
        house.do(add_treatment, "owner", code, plan=plan)


def _finish(house: RiskHouse) -> None:
    (one,) = house.risk(DONE).treatments
    done = {"treatment_id": one.id, "progress": Progress.FINISH, "evidence": "Bill 7"}
    house.do(tell_treatment, "owner", DONE, **done)


def _happen(house: RiskHouse) -> None:
    wording = IncidentWording(
        "The printer stood still for two days",
        "No spare part",
        house.workspace.today,
        "O01",
        4_500.0,
        (HIT,),
    )
    record_incident(house.workspace, by=house["owner"], wording=wording)
