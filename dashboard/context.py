"""What a page is given: who looks, in which language, at what; and how a link says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from streamlit.navigation.page import Page

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.extracts.history import known_until
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency, Period
from data.workspace import Workspace

YEARS_OFFERED = 6
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Link:
    """What the parameters of a deep link say; None where they are silent."""

    kpi: str | None = None
    period: Period | None = None
    office: str | None = None
    service: str | None = None
    language: Language | None = None
    part: str | None = None  # of a page
    by: str | None = None  # the breakdown looked at
    risk: str | None = None  # the code of a risk
    objective: str | None = None  # of the strategy
    as_of: str | None = None  # an event or a day, as of which everything is looked at

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Self:
        """Read the parameters a link may carry, others are ignored; nonsense is Invalid."""
        given = {name: parameters[name] for name in PARAMETERS if parameters.get(name)}
        return cls(**{name: _read(name, text) for name, text in given.items()})

    def parameters(self) -> dict[str, str]:
        """The parameters that say this, as text."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: value.code if isinstance(value, Period) else str(value)
            for name, value in said.items()
            if value is not None
        }

    def query(self) -> str:
        """The same as the end of an address: '?kpi=SD-01&period=2025-03', or ''."""
        parameters = self.parameters()
        return f"?{urlencode(parameters)}" if parameters else ""


PARAMETERS = tuple(one.name for one in fields(Link))


@dataclass(frozen=True, slots=True)
class PageContext:
    """The only argument of a page."""

    workspace: Workspace
    actor: Actor
    texts: Texts
    link: Link
    period: Period
    places: Mapping[str, Page] = field(default_factory=dict)  # pages by address, for links

    @property
    def language(self) -> Language:
        return self.texts.language

    @property
    def kpi(self) -> str | None:
        return self.link.kpi

    @property
    def office(self) -> str | None:
        """The office looked at, None for the whole agency."""
        return self.link.office

    @property
    def service(self) -> str | None:
        """The service looked at, None for all."""
        return self.link.service

    @property
    def today(self) -> date:
        """The agency's day, or the last one of the time looked at."""
        return self.workspace.today

    @property
    def in_past(self) -> bool:
        """Whether it is looked at as of an earlier time: then what was not published is counted."""
        return self.workspace.then is not None

    def may(self, permission: Permission) -> bool:
        """Whether to offer something; whether it happens is decided behind the door.

        What was known at an earlier time is looked at, never changed.
        """
        return self.actor.may(permission) and not (self.in_past and permission.changes)

    def may_in(self, permission: Permission, unit: str) -> bool:
        """The same of something in a unit."""
        return self.may(permission) and self.actor.may_in(permission, unit)

    def link_with(self, **changes: Any) -> Link:
        """The link to what is looked at now, with changes."""
        return replace(self.link, **changes)


def newest_period(
    workspace: Workspace, by: Actor, frequency: Frequency = Frequency.MONTH
) -> Period:
    """The newest period that is over and of which something is known, in the agency's days."""
    zone = workspace.settings.zone
    now = datetime.now(zone)
    known = known_until(workspace, by=by)
    day = min(now, known.astimezone(zone)) if known else now
    return Period.covering(day.date(), frequency).shift(-1)


def periods_offered(newest: Period, chosen: Period) -> list[Period]:
    """The periods to choose from, newest first: some years, and the one a link asked for."""
    oldest = Period.covering(date(newest.start.year - YEARS_OFFERED, 1, 4), newest.frequency)
    offered = list(oldest.until(newest))[::-1]
    return offered if chosen in offered else [chosen, *offered]


def _read(name: str, text: str) -> Any:
    if name == "period":
        return Period.parse(text)
    if name == "language":
        if text not in set(Language):
            raise Invalid("shell.link_unreadable", parameter=name)
        return Language(text)
    if not _CODE.fullmatch(text):
        raise Invalid("shell.link_unreadable", parameter=name)
    return text


def language_spoken(accepted: str | None, default: str) -> Language:
    """The first of a browser's languages that the product speaks, else the installation's own."""
    for wish in (accepted or "").split(","):
        code = wish.split(";")[0].strip().lower().split("-")[0]
        # Bosnian, Croatian and Montenegrin readers are served by Serbian in Latin script.
        code = "sr" if code in {"bs", "hr", "me", "cnr", "sh"} else code
        if code in set(Language):
            return Language(code)
    return Language(default)
