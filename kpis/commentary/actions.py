"""Every write of commentary and of actions: say what happened, give an action, say how it goes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.period import Period
from data.store import tables
from data.store.tables import ActionUpdate, Office, Person
from data.workspace import Change, Workspace
from kpis.commentary.states import NEXT, OPEN, ActionState
from kpis.register import read_kpi

LONGEST_COMMENT, LONGEST_ACTION, LONGEST_UPDATE = 2000, 300, 1000  # characters


def write_commentary(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    period: Period,
    office: str | None = None,
    happened: str,
    cause: str,
    replaces: int | None,
) -> int:
    """Say what happened in a period and why, for the agency or an office; the version's id.

    `replaces` is the version the author saw, None where there was none; if another one stands by
    now it is a Conflict. A part left empty, or a period the KPI is not told of, is Invalid.
    """
    with workspace.change(by, Permission.COMMENT_WRITE) as change:
        change.require_unit(_unit(change, office))
        _require_told(change, code, period, office)
        old = _retire(change, code, period, office, replaces)
        row = tables.Commentary(
            kpi_code=code,
            frequency=period.frequency.value,
            period_start=period.start,
            office_code=office,
            happened=_checked(happened, "happened", LONGEST_COMMENT),
            cause=_checked(cause, "cause", LONGEST_COMMENT),
            author=by.email,
            created_at=datetime.now(UTC),
        )
        change.add(row)
        new = row.model_dump(mode="json") | {"kind": code}
        change.record(AuditTag.COMMENTARY_WRITTEN, row, old=old, new=new)
        return row.id or 0


def assign_action(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    period: Period,
    office: str | None = None,
    what: str,
    assignee: str,
    due: date,
) -> int:
    """Give somebody (by e-mail address) something to do about a KPI until a day; its id.

    A day that is over, nothing to do, or somebody who is shut out is Invalid.
    """
    with workspace.change(by, Permission.ACTION_ASSIGN) as change:
        change.require_unit(_unit(change, office))
        _require_told(change, code, period, office)
        _require_ahead(change, due)
        now = datetime.now(UTC)
        row = tables.Action(
            kpi_code=code,
            frequency=period.frequency.value,
            period_start=period.start,
            office_code=office,
            what=_checked(what, "what", LONGEST_ACTION),
            assignee_id=_person(change, assignee).id or 0,
            due=due,
            first_due=due,
            state=ActionState.PLANNED.value,
            author=by.email,
            created_at=now,
            heard_at=now,
        )
        change.add(row)
        new = row.model_dump(mode="json") | {"kind": code, "person": assignee.lower()}
        change.record(AuditTag.ACTION_ASSIGNED, row, new=new)
        return row.id or 0


def update_action(
    workspace: Workspace,
    *,
    by: Actor,
    action_id: int,
    version: int,
    text: str,
    state: ActionState | None = None,
    due: date | None = None,
) -> None:
    """Say how an action goes: progress, its result when done, the reason of an end or a new day.

    Whoever it was given to may; to end it without a result or to move its day needs the right to
    give actions there. A version seen that is no longer current is a Conflict.
    """
    with workspace.change(by, Permission.ACTION_UPDATE) as change:
        row = change.get_version(tables.Action, action_id, version)
        moved = due if due != row.due else None
        _require_hand(change, row, decides=state is ActionState.CANCELLED or moved is not None)
        _require_follows(row, state, moved)
        if moved is not None:
            _require_ahead(change, moved)
        said = _checked(text, _part(state, moved), LONGEST_UPDATE)
        old = row.model_dump(mode="json")
        _apply(change, row, said, state, moved)
        new = row.model_dump(mode="json") | {"kind": row.kpi_code, "text": said}
        change.record(AuditTag.ACTION_UPDATED, row, old=old, new=new)


def _apply(
    change: Change, row: tables.Action, said: str, state: ActionState | None, due: date | None
) -> None:
    now = datetime.now(UTC)
    row.heard_at = now
    row.due = due or row.due
    row.state = state.value if state else row.state
    row.result = said if state is ActionState.DONE else row.result
    update = ActionUpdate(
        action_id=row.id or 0,
        text=said,
        state=state.value if state else None,
        due=due,
        author=change.by.email,
        created_at=now,
    )
    change.add(row, update)


def _part(state: ActionState | None, due: date | None) -> str:
    """What the text is needed for, as the refusal of an empty one names it."""
    if state is ActionState.DONE:
        return "result"
    return "reason" if state is ActionState.CANCELLED or due else "progress"


def _require_follows(row: tables.Action, state: ActionState | None, due: date | None) -> None:
    """Only an open action can be told of, and only a state that follows its own be brought."""
    now = ActionState(row.state)
    if now not in OPEN:
        raise Invalid("commentary.refused.closed", state=now)
    if state is not None and state not in NEXT[now]:
        raise Invalid("commentary.refused.no_way", state=now, wanted=state)
    if due is not None and state is not None and state not in OPEN:
        raise Invalid("commentary.refused.due_of_closed")


def _require_hand(change: Change, row: tables.Action, *, decides: bool) -> None:
    """His own action anybody may tell of; decisions are for those who may give actions there."""
    by, unit = change.by, _unit(change, row.office_code)
    is_own = by.person_id is not None and by.person_id == row.assignee_id
    if by.may_in(Permission.ACTION_ASSIGN, unit) or (is_own and not decides):
        return
    if is_own:
        raise PermissionDenied("commentary.refused.not_to_decide")
    raise PermissionDenied("commentary.refused.not_yours")


def _require_ahead(change: Change, due: date) -> None:
    today = datetime.now(change.settings.zone).date()
    if due < today:
        raise Invalid("commentary.refused.day_over", day=due)


def _require_told(change: Change, code: str, period: Period, office: str | None) -> None:
    definition = read_kpi(change, code).definition
    known = definition.frequencies(definition.formula.headline)
    begun = period.start <= datetime.now(change.settings.zone).date()
    if period.frequency not in known or not begun:
        raise Invalid("commentary.refused.not_told", code=code, period=period)
    if office is not None and not definition.has_dimension("office"):
        raise Invalid("commentary.refused.not_of_offices", code=code)


def _retire(
    change: Change, code: str, period: Period, office: str | None, replaces: int | None
) -> dict[str, Any] | None:
    """End the version that stands, provided the author saw it; returns what it said."""
    table = tables.Commentary
    statement = select(table).where(
        table.kpi_code == code,
        table.frequency == period.frequency.value,
        table.period_start == period.start,
        col(table.office_code).is_not_distinct_from(office),
        col(table.replaced_at).is_(None),
    )
    standing = change.first(statement)
    if (standing.id if standing else None) != replaces:
        by, at = (standing.author, standing.created_at) if standing else ("", None)
        raise Conflict("commentary.refused.written_meanwhile", by=by, at=at)
    if standing is None:
        return None
    old: dict[str, Any] = standing.model_dump(mode="json")
    standing.replaced_at = datetime.now(UTC)
    change.add(standing)
    return old


def _unit(change: Change, office: str | None) -> str:
    return change.get(Office, office).unit_code if office else WHOLE_AGENCY


def _person(change: Change, email: str) -> Person:
    found = change.first(select(Person).where(Person.email == email.strip().lower()))
    if found is None:
        raise NotFound("kpis.refused.no_person", email=email)
    if not found.active:
        raise Invalid("commentary.refused.shut_out", person=found.name)
    return found


def _checked(text: str, part: str, most: int) -> str:
    """The text without space around it; none, or more than fits, is Invalid."""
    said = text.strip()
    if not said:
        raise Invalid(f"commentary.refused.no_{part}")
    if len(said) > most:
        raise Invalid("commentary.refused.too_long", most=most, length=len(said))
    return said
