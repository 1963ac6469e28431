"""Reference data a measurement leans on: calendar, deadlines, places, spans. Frozen, with a hash.

In SQL it is small tables joined by formulas. The calendar is one row a day with the working days
so far, so that the length of any span is a difference of two rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Any

import pyarrow as pa

from data.calendar import WorkingCalendar
from data.errors import Invalid
from data.metrics.succession import Life, Pairs, last_successors, lives_from, lives_to_json

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2059, 12, 31)  # working days are known in between
CALENDAR, WORKDAYS, RULES, DISTRICTS = "ref_calendar", "ref_workdays", "ref_rules", "ref_districts"
OFFICES, ONLINE, MINUTES = "ref_offices", "ref_online", "ref_minutes"
PARAMETERS = "ref_parameters"


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """The deadline of a service at a speed, for submissions from `valid_from` to `valid_to`."""

    service: str
    speed: str
    valid_from: date
    days: int
    basis: str  # working | calendar
    valid_to: date | None = None  # None: until the next rule


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """What holds of a service, or under a name, from a day to another (None: until the next)."""

    name: str
    valid_from: date
    valid_to: date | None = None
    value: str | None = None  # a number as text, so that nothing of it is lost


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything outside the extracts that a measurement depends on.

    `successors` maps each office that was merged to the one in which its cases count today. Where
    there are no mergers and no dates of offices, content and version do not mention them.
    """

    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    rules: tuple[Rule, ...] = ()
    districts: Pairs = ()  # (municipality, district)
    zone: str = "Europe/Belgrade"
    offices: Pairs = ()  # (office, municipality)
    online: tuple[Dated, ...] = ()  # services offered online
    minutes: tuple[Dated, ...] = ()  # standard minutes of services
    parameters: tuple[Dated, ...] = ()
    successors: Pairs = ()  # (merged office, the one open in its stead)
    lives: tuple[Life, ...] = ()

    def __post_init__(self) -> None:
        """Two rules for one service, speed and first day are Invalid, and mergers in a circle."""
        object.__setattr__(self, "rules", tuple(sorted(self.rules, key=_place)))
        for name in ("districts", "offices", "lives"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        object.__setattr__(self, "successors", last_successors(dict(self.successors)))
        for name in ("online", "minutes", "parameters"):
            object.__setattr__(self, name, _in_order(getattr(self, name)))
        for one, next_ in pairwise(self.rules):
            if _place(one) == _place(next_):
                raise Invalid(
                    "formulas.rule_twice", service=one.service, speed=one.speed, day=one.valid_from
                )

    @property
    def version(self) -> str:
        """sha256 of the content, in hex."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The content as a JSON document, in one order whatever order it was given in."""
        return {
            "holidays": sorted(day.isoformat() for day in self.calendar.holidays),
            "working": sorted(day.isoformat() for day in self.calendar.working),
            "rules": [_rule_to_json(rule) for rule in self.rules],
            "districts": dict(self.districts),
            "zone": self.zone,
            "offices": dict(self.offices),
            "online": [_dated_to_json(one) for one in self.online],
            "minutes": [_dated_to_json(one) for one in self.minutes],
            "parameters": [_dated_to_json(one) for one in self.parameters],
            **self._network_to_json(),
        }

    def _network_to_json(self) -> dict[str, Any]:
        """What came with time: said only where there is any."""
        said = {"successors": dict(self.successors), "lives": lives_to_json(self.lives)}
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Reference:
        """The reference data a document of `to_json` stands for."""
        return cls(
            calendar=WorkingCalendar(_days(document["holidays"]), _days(document["working"])),
            rules=tuple(_rule_from_json(row) for row in document["rules"]),
            districts=tuple(document["districts"].items()),
            zone=document["zone"],
            offices=tuple(document.get("offices", {}).items()),
            online=tuple(map(_dated_from_json, document.get("online", ()))),
            minutes=tuple(map(_dated_from_json, document.get("minutes", ()))),
            parameters=tuple(map(_dated_from_json, document.get("parameters", ()))),
            successors=tuple(document.get("successors", {}).items()),
            lives=lives_from(document.get("lives", {})),
        )

    @property
    def located(self) -> Pairs:
        """Every office with a municipality: that of its successor, where it was merged."""
        places, successors = dict(self.offices), dict(self.successors)
        return tuple((one, places.get(successors.get(one, one), of)) for one, of in self.offices)

    def for_counting(self, *, by_place_of_office: bool) -> Reference:
        """What counts of rows depend on: where each office lies, if at all asked for.

        Which office counts for which is said when counts are read, so they need no counting anew.
        """
        offices = self.located if by_place_of_office else self.offices
        return replace(self, offices=offices, successors=(), lives=())

    def tables(self) -> dict[str, pa.Table]:
        """The tables formulas join: name -> rows, each with a unique key."""
        calendar, workdays = _calendar_tables(self.calendar)
        return {
            CALENDAR: calendar,
            WORKDAYS: workdays,
            RULES: _rule_table(self.rules),
            DISTRICTS: _pairs_table(self.districts, "municipality", "district"),
            OFFICES: _pairs_table(self.located, "office", "municipality"),
            ONLINE: _dated_table(self.online, "service", "offered", pa.decimal128(18, 4)),
            MINUTES: _dated_table(self.minutes, "service", "minutes", pa.decimal128(18, 4)),
            PARAMETERS: _dated_table(self.parameters, "name", "value", pa.int64(), int),
        }


def _place(rule: Rule) -> tuple[str, str, date]:
    return rule.service, rule.speed, rule.valid_from


def _days(texts: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def _rule_to_json(rule: Rule) -> dict[str, Any]:
    return {
        "service": rule.service,
        "speed": rule.speed,
        "days": rule.days,
        "basis": rule.basis,
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
    }


def _rule_from_json(row: Mapping[str, Any]) -> Rule:
    valid_to = row["valid_to"]
    return Rule(
        service=row["service"],
        speed=row["speed"],
        days=row["days"],
        basis=row["basis"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
    )


@lru_cache(maxsize=8)
def _calendar_tables(calendar: WorkingCalendar) -> tuple[pa.Table, pa.Table]:
    """(day, worked so far), and (worked so far, the day on which it became so)."""
    counted = calendar.cumulative(FIRST_DAY, LAST_DAY)
    first_days: dict[int, date] = {}
    for day, worked in counted:
        first_days.setdefault(worked, day)
    by_day = {"day": [day for day, _ in counted], "worked": [worked for _, worked in counted]}
    by_count = {"worked": list(first_days), "day": list(first_days.values())}
    return (
        pa.table(by_day, pa.schema({"day": pa.date32(), "worked": pa.int64()})),
        pa.table(by_count, pa.schema({"worked": pa.int64(), "day": pa.date32()})),
    )


def _rule_table(rules: tuple[Rule, ...]) -> pa.Table:
    """The rules with spans that never overlap: the later rule ends the earlier one."""
    spans = [_span(rule, next_) for rule, next_ in zip(rules, (*rules[1:], None), strict=True)]
    schema = pa.schema(
        {
            "service": pa.string(),
            "speed": pa.string(),
            "days": pa.int64(),
            "basis": pa.string(),
            "valid_from": pa.date32(),
            "valid_to": pa.date32(),
        }
    )
    return pa.Table.from_pylist(spans, schema)


def _span(rule: Rule, next_: Rule | None) -> dict[str, Any]:
    until = rule.valid_to or date.max
    if next_ and (next_.service, next_.speed) == (rule.service, rule.speed):
        until = min(until, next_.valid_from - timedelta(days=1))
    return {
        "service": rule.service,
        "speed": rule.speed,
        "days": rule.days,
        "basis": rule.basis,
        "valid_from": rule.valid_from,
        "valid_to": until,
    }


def _pairs_table(pairs: Pairs, one: str, other: str) -> pa.Table:
    schema = pa.schema({one: pa.string(), other: pa.string()})
    return pa.Table.from_pylist(
        [dict(zip((one, other), pair, strict=True)) for pair in pairs], schema
    )


def _in_order(dated: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """Sorted; two of one name that begin on the same day are Invalid."""
    ordered = tuple(sorted(dated, key=lambda one: (one.name, one.valid_from)))
    for one, next_ in pairwise(ordered):
        if (one.name, one.valid_from) == (next_.name, next_.valid_from):
            raise Invalid("formulas.dated_twice", name=one.name, day=one.valid_from)
    return ordered


def _dated_to_json(one: Dated) -> dict[str, Any]:
    return {
        "name": one.name,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "value": one.value,
    }


def _dated_from_json(row: Mapping[str, Any]) -> Dated:
    return Dated(
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        value=row["value"],
    )


def _dated_table(
    dated: tuple[Dated, ...],
    key: str,
    value: str,
    kind: pa.DataType,
    number: Callable[[str], Any] = Decimal,
) -> pa.Table:
    """Spans that never overlap: the later one of a name ends the earlier one."""
    rows = []
    for one, next_ in zip_longest(dated, dated[1:]):
        until = one.valid_to or date.max
        if next_ and next_.name == one.name:
            until = min(until, next_.valid_from - timedelta(days=1))
        span = {"valid_from": one.valid_from, "valid_to": until}
        rows.append({key: one.name, value: number(one.value) if one.value else None, **span})
    schema = {key: pa.string(), value: kind, "valid_from": pa.date32(), "valid_to": pa.date32()}
    return pa.Table.from_pylist(rows, pa.schema(schema))
