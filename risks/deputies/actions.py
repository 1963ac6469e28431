"""Every write of deputies: who stands in for an owner of risks, from when and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid, PermissionDenied
from data.people.reach import units_of
from data.records import TICK
from data.store.tables import Delegation
from data.workspace import Change, Workspace, snapshot
from risks.register.keeping import new_id
from risks.register.owners import require_person

LONGEST = timedelta(days=366)
LONGEST_REASON = 500


def name_deputy(
    workspace: Workspace,
    *,
    by: Actor,
    owner: str,
    deputy: str,
    valid_from: date,
    valid_to: date,
    reason: str = "",
) -> str:
    """Let somebody stand in for an owner on some days; returns the delegation's id.

    The owner names his own deputy, a coordinator one for any owner of his units. Deputies are
    people who may work on risks.
    """
    with workspace.change(by, Permission.DELEGATE) as change:
        _require_say(change, owner)
        _check_people(change, owner, deputy)
        _check_days(change, valid_from, valid_to)
        _check_free(change, owner, deputy, valid_from, valid_to)
        if len(reason.strip()) > LONGEST_REASON:
            raise Invalid("risks.deputies.refused.long_reason", longest=LONGEST_REASON)
        row = Delegation(
            id=new_id(),
            owner=owner,
            deputy=deputy,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason.strip(),
            created_by=by.email,
            created_at=change.now,
        )
        change.add(row)
        change.record(AuditTag.DEPUTY_NAMED, row, new=_told(row))
        return row.id


def end_deputy(workspace: Workspace, *, by: Actor, delegation_id: str) -> None:
    """Let a deputy stand in no longer, from this moment on; that he did stays on record."""
    with workspace.change(by, Permission.DELEGATE) as change:
        row = change.get(Delegation, delegation_id)
        _require_say(change, row.owner)
        if row.ended_at is not None or row.valid_to < change.today:
            raise Invalid("risks.deputies.refused.over")
        old = _told(row)
        change.now = max(change.now, row.created_at + TICK)
        row.ended_by, row.ended_at = by.email, change.now
        change.add(row)
        change.record(AuditTag.DEPUTY_ENDED, row, old=old, new=_told(row))


def _require_say(change: Change, owner: str) -> None:
    """The owner himself, or a coordinator of a unit in which the owner works on risks."""
    if change.by.email == owner or change.by.is_system:
        return
    units = units_of(change, require_person(change, owner), Permission.RISK_WORK)
    if not any(change.by.may_in(Permission.RISK_COORDINATE, unit) for unit in units):
        raise PermissionDenied("risks.deputies.refused.not_yours", person=owner)


def _check_people(change: Change, owner: str, deputy: str) -> None:
    if deputy == owner:
        raise Invalid("risks.deputies.refused.oneself")
    for email in (owner, deputy):
        if not units_of(change, require_person(change, email), Permission.RISK_WORK):
            raise Invalid("risks.deputies.refused.cannot_work", person=email)


def _check_days(change: Change, valid_from: date, valid_to: date) -> None:
    if valid_to < valid_from:
        raise Invalid("risks.deputies.refused.ends_before")
    if valid_from < change.today:
        raise Invalid("risks.refused.day_over", day=valid_from)
    if valid_to - valid_from > LONGEST:
        raise Invalid("risks.deputies.refused.long", days=LONGEST.days)


def _check_free(change: Change, owner: str, deputy: str, valid_from: date, valid_to: date) -> None:
    """The same person is not named twice for the same days."""
    table = Delegation
    standing = select(table).where(
        table.owner == owner,
        table.deputy == deputy,
        col(table.ended_at).is_(None),
        table.valid_from <= valid_to,
        table.valid_to >= valid_from,
    )
    if change.first(standing) is not None:
        raise Invalid("risks.deputies.refused.named", person=deputy)


def _told(row: Delegation) -> dict[str, Any]:
    return snapshot(row) | {"kind": f"{row.owner} ← {row.deputy}"}
