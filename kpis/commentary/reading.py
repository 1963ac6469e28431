"""Commentary and actions as they stand, with everything that was said of them before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from data.period import Frequency, Period
from data.store import tables
from data.store.tables import ActionUpdate, Person
from data.workspace import Reader, Then
from kpis.commentary.states import OPEN, ActionState


@dataclass(frozen=True, slots=True)
class Commentary:
    """What happened in a period and why, in one version; the standing one was never replaced."""

    id: int
    code: str
    period: Period
    office: str | None  # None: the whole agency
    happened: str
    cause: str
    author: str
    at: datetime
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does until a day; `heard_on` is when anything was last said of it."""

    id: int
    code: str | None  # the KPI, None where it answers something else
    period: Period | None
    office: str | None
    what: str
    assignee_id: int
    assignee: str
    due: date
    first_due: date
    state: ActionState
    result: str | None
    author: str
    created_at: datetime
    heard_on: date
    row_version: int

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def slipped_days(self) -> int:
        """By how many days it was put off since it was first promised."""
        return (self.due - self.first_due).days

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.is_open and self.due < today

    def holds_for(self, office: str | None) -> bool:
        """Whether it is of this part of the agency, or of the whole."""
        return self.office is None or self.office == office


@dataclass(frozen=True, slots=True)
class Update:
    """What was said of an action, with the state or the due day it brought."""

    text: str
    state: ActionState | None
    due: date | None
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody an action can be given to."""

    id: int
    email: str
    name: str


def read_commentary(
    reader: Reader, codes: Collection[str], period: Period, office: str | None
) -> tuple[Commentary, ...]:
    """What stands of these KPIs and this part, on the period or on a shorter one within it."""
    table = tables.Commentary
    statement = select(table).where(
        col(table.kpi_code).in_(sorted(codes)),
        col(table.period_start) >= period.start,
        col(table.period_start) < period.end,
        col(table.office_code).is_not_distinct_from(office),
        *_standing(reader.then),
    )
    found = map(commentary_of, reader.all(statement.order_by(col(table.period_start))))
    return tuple(one for one in found if one.period.end <= period.end)


def _standing(then: Then | None) -> list[ColumnElement[bool]]:
    """What was said and not replaced, by now or by an earlier time."""
    replaced = col(tables.Commentary.replaced_at)
    if then is None:
        return [replaced.is_(None)]
    stood = or_(replaced.is_(None), replaced > then.until)
    return [stood, col(tables.Commentary.created_at) <= then.until]


def read_history(reader: Reader, code: str) -> tuple[Commentary, ...]:
    """Every version of every commentary on a KPI, the newest first."""
    table = tables.Commentary
    statement = select(table).where(table.kpi_code == code).order_by(col(table.id).desc())
    if reader.then is None:
        return tuple(map(commentary_of, reader.all(statement)))
    until = reader.then.until
    found = map(commentary_of, reader.all(statement.where(col(table.created_at) <= until)))
    return tuple(
        replace(one, replaced_at=None) if one.replaced_at and one.replaced_at > until else one
        for one in found
    )


def read_actions(
    reader: Reader, codes: Collection[str] | None = None, *, open_only: bool = False
) -> tuple[Action, ...]:
    """The actions of these KPIs or all there are, the first due first."""
    table = tables.Action
    columns: list[Any] = [table, Person.name]
    statement: Any = select(*columns).join(Person, col(Person.id) == table.assignee_id)
    if codes is not None:
        statement = statement.where(col(table.kpi_code).in_(sorted(codes)))
    if open_only and reader.then is None:
        statement = statement.where(col(table.state).in_([state.value for state in OPEN]))
    if reader.then is not None:
        statement = statement.where(col(table.created_at) <= reader.then.until)
    rows: Iterable[Any] = reader.all(statement.order_by(col(table.due), col(table.id)))
    found = tuple(action_of(row, name, reader.settings.zone) for row, name in rows)
    if reader.then is None:
        return found
    stood = (_as_it_stood(reader, each) for each in found)
    return tuple(each for each in stood if each.is_open or not open_only)


def _as_it_stood(reader: Reader, action: Action) -> Action:
    """An action by what had been said of it by the time looked at."""
    zone, (updates,) = reader.settings.zone, read_updates(reader, [action]).values()
    said = updates[::-1]
    states = [one.state for one in said if one.state is not None]
    days = [one.due for one in said if one.due is not None]
    state = states[-1] if states else ActionState.PLANNED
    heard = said[-1].at if said else action.created_at
    return replace(
        action,
        state=state,
        due=days[-1] if days else action.first_due,
        result=action.result if state is ActionState.DONE else None,
        heard_on=heard.astimezone(zone).date(),
    )


def read_updates(reader: Reader, actions: Sequence[Action]) -> dict[int, tuple[Update, ...]]:
    """What was said of each of these actions, the newest first."""
    found: dict[int, list[Update]] = {action.id: [] for action in actions}
    statement = select(ActionUpdate).where(col(ActionUpdate.action_id).in_(list(found)))
    if reader.then is not None:
        statement = statement.where(col(ActionUpdate.created_at) <= reader.then.until)
    for row in reader.all(statement.order_by(col(ActionUpdate.id).desc())):
        state = ActionState(row.state) if row.state else None
        update = Update(row.text, state, row.due, row.author, row.created_at)
        found[row.action_id].append(update)
    return {number: tuple(updates) for number, updates in found.items()}


def read_colleagues(reader: Reader) -> tuple[Colleague, ...]:
    """Everybody an action can be given to, by name."""
    active = select(Person).where(col(Person.active).is_(True))
    rows = reader.all(active.order_by(col(Person.name), col(Person.email)))
    return tuple(Colleague(row.id or 0, row.email, row.name) for row in rows)


def commentary_of(row: tables.Commentary) -> Commentary:
    return Commentary(
        id=row.id or 0,
        code=row.kpi_code,
        period=Period(row.period_start, Frequency(row.frequency)),
        office=row.office_code,
        happened=row.happened,
        cause=row.cause,
        author=row.author,
        at=row.created_at,
        replaced_at=row.replaced_at,
    )


def action_of(row: tables.Action, assignee: str, zone: ZoneInfo) -> Action:
    period = None
    if row.period_start is not None and row.frequency is not None:
        period = Period(row.period_start, Frequency(row.frequency))
    return Action(
        id=row.id or 0,
        code=row.kpi_code,
        period=period,
        office=row.office_code,
        what=row.what,
        assignee_id=row.assignee_id,
        assignee=assignee,
        due=row.due,
        first_due=row.first_due,
        state=ActionState(row.state),
        result=row.result,
        author=row.author,
        created_at=row.created_at,
        heard_on=row.heard_at.astimezone(zone).date(),
        row_version=row.row_version,
    )
