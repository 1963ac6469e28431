"""A house with people of every role and a clock one can turn, for tests of the register."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.workspace import Workspace
from risks.criteria.actions import found_register
from risks.register.actions import assess_risk, draft_risk
from risks.register.assessing import Judged
from risks.register.keeping import find
from risks.register.kinds import Kind
from risks.register.record import Risk
from risks.register.wording import Wording
from tests.begun import begun
from tests.house import actor, inhabit, join

BEGIN = datetime(2025, 1, 7, 9, tzinfo=UTC)
# Who is who: name, role, unit. O01 and O02 are offices of the house.
PEOPLE = {
    "owner": (Role.RISK_OWNER, "O01"),
    "other": (Role.RISK_OWNER, "O02"),
    "deputy": (Role.DEPUTY, "O01"),
    "head": (Role.UNIT_HEAD, "O01"),
    "coordinator": (Role.RISK_COORDINATOR, "CRA"),
    "director": (Role.MANAGER, "CRA"),
    "auditor": (Role.INTERNAL_AUDITOR, "CRA"),
    "viewer": (Role.VIEWER, "CRA"),
}
WORDING = Wording(
    title="Blank passports run out",
    cause="Deliveries of blanks come late",
    event="No blank passports are left in the stock",
    consequence="Passports are not issued in time",
    category_code="OPERATIONS",
)


@dataclass
class Clock:
    """It is as late as one says."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> date:
        self.now += timedelta(days=days)
        return self.now.date()


@dataclass
class RiskHouse:
    """The house, its clock and its people by name."""

    workspace: Workspace
    clock: Clock
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def risk(self, code: str = "R-0001") -> Risk:
        """The risk as the auditor sees it now."""
        with self.workspace.read(self["auditor"], Permission.RISK_VIEW) as reader:
            return find(reader, code)

    def do(self, action: Any, name: str, code: str = "R-0001", **said: Any) -> Risk:
        """One of the actions on a risk by somebody who saw it as it stands."""
        version = self.risk(code).row_version
        done: Risk = action(self.workspace, by=self[name], code=code, version=version, **said)
        return done

    def draft(self, name: str = "owner", wording: Wording = WORDING) -> Risk:
        return draft_risk(self.workspace, by=self[name], wording=wording, unit="O01")

    def judge(
        self, name: str, kind: Kind, likelihood: int, impact: int, code: str = "R-0001"
    ) -> Risk:
        said = Judged(kind, likelihood, {"service": impact}, "As seen in the last months.")
        return self.do(assess_risk, name, code, judged=said)


def risk_house(workspace: Workspace) -> RiskHouse:
    """People, categories and criteria, and nothing in the register."""
    begun(workspace, "a register with nothing in it", lambda: _move_in(workspace))
    clock = Clock()
    people = {name: actor(workspace, f"{name}@example.org") for name in PEOPLE}
    return RiskHouse(workspace.by_clock(clock), clock, people)


def _move_in(workspace: Workspace) -> None:
    inhabit(workspace)
    for name, (role, unit) in PEOPLE.items():
        join(workspace, f"{name}@example.org", role, unit)
    earlier = workspace.by_clock(lambda: BEGIN - timedelta(days=30))
    found_register(earlier, by=SYSTEM)
