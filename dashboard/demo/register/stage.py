"""The stage on which the register is played: the house by a clock, its people, its risks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dashboard.demo import agency
from dashboard.demo.register.days import Days
from dashboard.demo.register.scripts import RiskScript, Text
from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import NotFound
from data.signing_in import actor_by_email
from data.workspace import Workspace
from risks.register.reading import read_register
from risks.register.record import Risk

LABEL = "Demo: "  # before what could be taken for said in earnest and bears no other mark
COORDINATOR, DIRECTOR = "risk-coordinator", "manager"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to be played at a moment. `repeats`: played twice it does nothing more."""

    moment: datetime
    name: str
    play: Callable[[Stage], None]
    repeats: bool = False


@dataclass
class Stage:
    """The house as late as the play has come; `missed` are cues that found nothing to do."""

    house: Workspace
    days: Days
    now: datetime
    missed: list[str] = field(default_factory=list)
    _actors: dict[str, Actor] = field(default_factory=dict)
    _risks: dict[str, Risk] | None = None

    def __post_init__(self) -> None:
        self.workspace = self.house.by_clock(lambda: self.now)

    @property
    def today(self) -> date:
        return self.workspace.today

    def say(self, text: Text) -> str:
        """The text in the language of the installation."""
        return text.get(self.house.settings.language, text[FALLBACK])

    def actor(self, who: str) -> Actor:
        """The person of this key or address; whoever is gone is NotFound."""
        email = address(who)
        if email not in self._actors:
            found = actor_by_email(self.house, email)
            if found is None:
                raise NotFound("demo.refused.nobody", email=email)
            self._actors[email] = found
        return self._actors[email]

    def find(self, script: RiskScript) -> Risk | None:
        """The risk of a script as it stands on the stage; None where it is not raised."""
        if self._risks is None:
            with self.workspace.read(SYSTEM, Permission.RISK_VIEW) as reader:
                self._risks = {one.title: one for one in read_register(reader)}
        return self._risks.get(self.say(script.row["title"]))

    def risk(self, script: RiskScript) -> Risk:
        """The risk of a script as it stands; none is NotFound."""
        risk = self.find(script)
        if risk is None:
            raise NotFound("risks.refused.no_risk", code=script.row["key"])
        return risk

    def do(self, action: Any, script: RiskScript, by: str | None = None, **said: Any) -> None:
        """An action on a risk by somebody who saw it as it stands; by its owner unless told."""
        risk = self.risk(script)
        actor, version = self.actor(by or risk.owner), risk.row_version
        done: Risk = action(self.workspace, by=actor, code=risk.code, version=version, **said)
        if self._risks is not None:
            self._risks[done.title] = done

    def turn(self) -> None:
        """Something else was done: what was read before may no longer stand."""
        self._risks = None


def address(who: str) -> str:
    """The address of a person of the demo."""
    return who if "@" in who else f"{who}@{agency.MAIL_DOMAIN}"


def head_over(stage: Stage, risk: Risk) -> str:
    """Who answers for a unit: its head, or whoever is above where the head owns the risk."""
    heads = [one for unit in (risk.unit_code, WHOLE_AGENCY) for one in _heads(stage, unit)]
    return next(one for one in heads if one != risk.owner)


def _heads(stage: Stage, unit: str) -> Iterator[str]:
    for one in agency.people(stage.now):
        if (Role.UNIT_HEAD, unit) in one.grants:
            yield one.person.email
