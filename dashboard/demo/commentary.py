"""What the demo agency says about its KPIs and does about them, as unsaved table rows."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.demo.agency import MAIL_DOMAIN
from data.period import Period
from data.store.tables import Action, ActionUpdate, Commentary
from kpis.commentary import ActionState

FILE = Path(__file__).with_name("commentary.toml")
LABEL = "Demo: "  # before everything somebody could take for said in earnest
HOUR = time(10, 30)

People = Mapping[str, int]  # their numbers by e-mail address


@dataclass(frozen=True, slots=True)
class DemoDays:
    """The last month of the demo, the day up to which it goes, and the clock of the agency."""

    last: Period
    today: date
    zone: ZoneInfo

    def day(self, row: Mapping[str, Any], name: str) -> date:
        return self.today + timedelta(days=row[name])

    def moment(self, ago: int) -> datetime:
        """The hour at which things are said, so many days ago."""
        return datetime.combine(self.today - timedelta(days=ago), HOUR, self.zone)


def periods(days: DemoDays) -> set[Period]:
    """The months about which something is said."""
    return {days.last.shift(-row["months_ago"]) for row in _read()["commentary"]}


def commentary(days: DemoDays, behind: Collection[tuple[str, Period]]) -> Iterator[Commentary]:
    """What was said of those KPIs that were behind, a later version replacing an earlier one."""
    rows = [
        row
        for row in _read()["commentary"]
        if (row["kpi"], days.last.shift(-row["months_ago"])) in behind
    ]
    for place, row in enumerate(rows):
        later = [one for one in rows[place + 1 :] if _of(one) == _of(row)]
        period = days.last.shift(-row["months_ago"])
        yield Commentary(
            kpi_code=row["kpi"],
            frequency=period.frequency.value,
            period_start=period.start,
            happened=f"{LABEL}{row['happened']}",
            cause=row["cause"],
            author=_email(row["by"]),
            created_at=days.moment(row["ago"]),
            replaced_at=days.moment(later[0]["ago"]) if later else None,
        )


def _of(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["kpi"], row["months_ago"]


def actions(
    days: DemoDays, people: People, known: Collection[str]
) -> Iterator[tuple[Action, list[ActionUpdate]]]:
    """Every action on a KPI that is known, with what was said of it."""
    for row in _read()["action"]:
        if row["kpi"] in known:
            updates = [_update(days, one) for one in row.get("updates", ())]
            yield _action(days, row, people, updates), updates


def _action(
    days: DemoDays, row: Mapping[str, Any], people: People, updates: list[ActionUpdate]
) -> Action:
    states = [one.state for one in updates if one.state]
    done = [one.text for one in updates if one.state == ActionState.DONE.value]
    given = days.moment(row["given_ago"])
    period = days.last.shift(-1)
    return Action(
        kpi_code=row["kpi"],
        frequency=period.frequency.value,
        period_start=period.start,
        office_code=row.get("office"),
        what=f"{LABEL}{row['what']}",
        assignee_id=people[_email(row["who"])],
        due=days.day(row, "due_in"),
        first_due=days.day(row, "first_in" if "first_in" in row else "due_in"),
        state=states[-1] if states else ActionState.PLANNED.value,
        result=done[-1] if done else None,
        author=_email(row["by"]),
        created_at=given,
        heard_at=max([given, *(one.created_at for one in updates)]),
    )


def _update(days: DemoDays, row: Mapping[str, Any]) -> ActionUpdate:
    return ActionUpdate(
        action_id=0,  # the database numbers the action first
        text=row["text"],
        state=row.get("state"),
        due=days.day(row, "due_in") if "due_in" in row else None,
        author=_email(row["by"]),
        created_at=days.moment(row["ago"]),
    )


def _email(key: str) -> str:
    return f"{key}@{MAIL_DOMAIN}"


@cache
def _read() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
