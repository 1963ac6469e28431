"""Every write of appetite: proposed by the coordinator, decided by somebody else."""

from __future__ import annotations

from typing import Any

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Invalid
from data.records import TICK
from data.store.tables import AppetiteStatement, RiskCategory
from data.workspace import Change, Workspace, snapshot
from risks.appetite.statement import Appetite, AppetiteState, standing
from risks.criteria.reading import in_force
from risks.exposure.tolerance import Tolerance
from risks.register.keeping import new_id
from risks.register.kinds import Part
from risks.register.lifecycle import said as spoken

LONGEST = 1000


def propose_appetite(workspace: Workspace, *, by: Actor, said: Appetite) -> str:
    """Propose how much risk of a category is sought and borne, from a day on; returns its id.

    What is sought may not be above what is borne; the day may not be over.
    """
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        _check(change, said)
        row = AppetiteStatement(
            id=new_id(),
            category_code=said.category,
            statement=_text(said.statement),
            optimal_level=said.optimal,
            tolerable_level=said.tolerable,
            tolerance=plain(said.tolerance),
            valid_from=said.valid_from,
            valid_to=said.valid_to,
            assumption=said.assumption,
            state=AppetiteState.PROPOSED.value,
            proposed_by=by.email,
            proposed_at=change.now,
        )
        change.add(row)
        change.record(AuditTag.APPETITE_PROPOSED, row, new=_told(row))
        return row.id


def withdraw_appetite(workspace: Workspace, *, by: Actor, statement_id: str, version: int) -> None:
    """Take a proposal back."""
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        row = _waiting(change, statement_id, version)
        _decide(change, row, AppetiteState.WITHDRAWN)
        change.record(AuditTag.APPETITE_WITHDRAWN, row, new=_told(row))


def decide_appetite(
    workspace: Workspace,
    *,
    by: Actor,
    statement_id: str,
    version: int,
    approve: bool,
    note: str = "",
) -> None:
    """Put a proposed statement in force, or refuse it with the reason; not by who proposed it.

    It takes the place of whatever was said of the category for its first day or any later one.
    """
    with workspace.change(by, Permission.CRITERIA_DECIDE) as change:
        change.require_unit(WHOLE_AGENCY)
        row = _waiting(change, statement_id, version)
        if row.proposed_by == by.email:
            raise Invalid("risks.refused.own_request")
        because = note.strip() if approve else spoken(note, Part.REASON)
        replaced = _replace(change, row) if approve else []
        _decide(change, row, AppetiteState.IN_FORCE if approve else AppetiteState.REFUSED)
        told = _told(row) | {"replaced": replaced} | ({"because": because} if because else {})
        change.record(AuditTag.APPETITE_DECIDED, row, new=told)


def _check(change: Change, said: Appetite) -> None:
    change.get(RiskCategory, said.category)
    criteria = in_force(change)
    if criteria.rank(said.optimal) > criteria.rank(said.tolerable):
        raise Invalid("risks.appetite.refused.order")
    if said.tolerance:
        Tolerance(said.tolerance)
    if said.valid_from < change.today:
        raise Invalid("risks.refused.day_over", day=said.valid_from)
    if said.valid_to is not None and said.valid_to < said.valid_from:
        raise Invalid("risks.appetite.refused.ends_before")


def _waiting(change: Change, statement_id: str, version: int) -> AppetiteStatement:
    """The proposal as it was seen, provided nobody decided on it yet."""
    row = change.get_version(AppetiteStatement, statement_id, version)
    if row.state != AppetiteState.PROPOSED.value:
        raise Invalid("risks.appetite.refused.decided")
    change.now = max(change.now, row.proposed_at + TICK)
    return row


def _replace(change: Change, row: AppetiteStatement) -> list[str]:
    """End what was said for the first day of the new one or later; returns the ids."""
    if row.valid_to is not None and row.valid_to < change.today:
        raise Invalid("risks.refused.day_over", day=row.valid_to)
    ended = [
        one
        for one in standing(change)
        if one.category_code == row.category_code and one.valid_from >= row.valid_from
    ]
    # Each stood for a while, however short.
    change.now = max([change.now, *((one.decided_at or change.now) + TICK for one in ended)])
    for one in ended:
        one.state, one.replaced_at = AppetiteState.REPLACED.value, change.now
        change.add(one)
    return [one.id for one in ended]


def _decide(change: Change, row: AppetiteStatement, state: AppetiteState) -> None:
    row.state, row.decided_by, row.decided_at = state.value, change.by.email, change.now
    change.add(row)


def _told(row: AppetiteStatement) -> dict[str, Any]:
    return snapshot(row) | {"kind": row.category_code}


def _text(text: str) -> str:
    kept = spoken(text, Part.DESCRIPTION)
    if len(kept) > LONGEST:
        raise Invalid("risks.refused.too_long", part=Part.DESCRIPTION, longest=LONGEST)
    return kept
