"""A question to the data interface: who asks, in which language, and what the address says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid, NotFound
from data.extracts.past import past
from data.language.texts import Texts
from data.period import Frequency, Period
from data.workspace import Reader, Workspace
from kpis.sources import event_on, last_events

LONGEST = 100  # characters of a parameter
LARGEST = 1_000_000_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_NAMES = re.compile(r"[a-z0-9_]{1,40}(?:,[a-z0-9_]{1,40}){0,9}")
_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Question:
    """One request, let in and readable: only parameters its place knows, each given once."""

    workspace: Workspace
    actor: Actor
    texts: Texts
    address: str
    path: Mapping[str, str]
    asked: Mapping[str, str]

    @property
    def zone(self) -> ZoneInfo:
        return self.workspace.settings.zone

    @property
    def today(self) -> date:
        return datetime.now(self.zone).date()

    @property
    def kpi(self) -> str:
        """The code of the KPI in the address; what cannot be one is NotFound."""
        code = self.path["code"]
        if not _CODE.fullmatch(code):
            raise NotFound("kpis.refused.no_kpi", code=code[:LONGEST])
        return code.upper()

    def code(self, name: str) -> str | None:
        """A parameter that is a code: of an office, a service, an extract."""
        text = self.asked.get(name)
        if text is not None and not _CODE.fullmatch(text):
            raise Invalid("api.unreadable.value", parameter=name)
        return text

    def names(self, name: str) -> tuple[str, ...] | None:
        """A parameter that lists names with commas between, each counted once."""
        text = self.asked.get(name)
        if text is None:
            return None
        if not _NAMES.fullmatch(text):
            raise Invalid("api.unreadable.value", parameter=name)
        return tuple(dict.fromkeys(text.split(",")))

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A parameter that is a whole number within bounds."""
        text = self.asked.get(name)
        if text is None:
            return default
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise Invalid("api.unreadable.number", parameter=name, least=least, most=most)
        return int(text)

    def period(self, name: str) -> Period | None:
        """A parameter that is a period of this age."""
        text = self.asked.get(name)
        if text is None:
            return None
        period = Period.parse(text)
        if not FIRST_YEAR <= period.start.year <= LAST_YEAR:
            raise Invalid("period.unreadable", period=text)
        return period

    def frequency(self) -> Frequency | None:
        text = self.asked.get("frequency")
        if text is not None and text not in set(Frequency):
            raise Invalid("api.unreadable.choice", parameter="frequency", known=tuple(Frequency))
        return Frequency(text) if text else None

    def part(self) -> dict[str, str]:
        """The part of the agency asked about, by dimension."""
        given = {"office": self.code("office"), "service": self.code("service")}
        return {dimension: member for dimension, member in given.items() if member}

    def looking_back(self) -> Workspace:
        """The house as it was known when `as_of` says; now when it says nothing."""
        text = self.asked.get("as_of")
        if text is None:
            return self.workspace
        with self.workspace.read(self.actor, Permission.KPI_VIEW) as reader:
            self.event(reader)  # refuses what is no event and no day
            return self.workspace.at(past(reader, text))

    def event(self, reader: Reader) -> int | None:
        """The event `as_of` names, itself or as the last one of a day; None is as published."""
        text = self.asked.get("as_of")
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            return event_on(reader, _day(text), self.zone)
        newest = max(last_events(reader).values(), default=0)
        if int(text) > newest:
            raise NotFound("api.refused.no_event", event=text, newest=str(newest))
        return int(text)


def read_parameters(given: QueryParams, known: Collection[str]) -> dict[str, str]:
    """The parameters of an address; one unknown, repeated or endless is Invalid."""
    asked: dict[str, str] = {}
    for name, text in given.multi_items():
        if name not in known:
            raise Invalid("api.unreadable.parameter", parameter=name[:LONGEST], known=sorted(known))
        if name in asked:
            raise Invalid("api.unreadable.repeated", parameter=name)
        if len(text) > LONGEST:
            raise Invalid("api.unreadable.value", parameter=name)
        asked[name] = text
    return asked


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("api.unreadable.value", parameter="as_of") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid("api.unreadable.value", parameter="as_of")
    return day
