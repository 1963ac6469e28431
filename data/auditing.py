"""Reading the audit trail: for auditors and administrators, through the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit import trail
from data.audit.trail import Verdict
from data.store.tables import AuditEntry
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show; None asks for all."""

    actor: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def entries(
    workspace: Workspace, *, by: Actor, wanted: Wanted, limit: int = 200, offset: int = 0
) -> Sequence[AuditEntry]:
    """Entries as wanted, newest first."""
    statement = select(AuditEntry).where(*_conditions(workspace, wanted))
    statement = statement.order_by(col(AuditEntry.number).desc()).limit(limit).offset(offset)
    with workspace.read(by, Permission.AUDIT_VIEW) as reader:
        return reader.all(statement)


def count(workspace: Workspace, *, by: Actor, wanted: Wanted) -> int:
    """How many entries there are as wanted."""
    statement = select(func.count()).select_from(AuditEntry).where(*_conditions(workspace, wanted))
    with workspace.read(by, Permission.AUDIT_VIEW) as reader:
        return reader.first(statement) or 0


def verify_trail(workspace: Workspace, *, by: Actor, expected_head: str | None = None) -> Verdict:
    """Walk the whole chain; see `data.audit.trail.verify`."""
    with workspace.read(by, Permission.AUDIT_VIEW) as reader:
        rows = reader.all(select(AuditEntry).order_by(col(AuditEntry.number)))
        return trail.verify(rows, expected_head)


def head(workspace: Workspace, *, by: Actor) -> str:
    """The hash of the newest entry: what a report prints so that the trail can be held to it."""
    statement = select(AuditEntry.hash).order_by(col(AuditEntry.number).desc()).limit(1)
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        return reader.first(statement) or trail.GENESIS


def _conditions(workspace: Workspace, wanted: Wanted) -> list[bool]:
    """What is wanted, of what was written by the time looked at."""
    conditions: list[bool] = []
    if workspace.then is not None:
        conditions.append(AuditEntry.at < workspace.then.until)
    if wanted.actor:
        conditions.append(AuditEntry.actor == wanted.actor)
    if wanted.tag:
        conditions.append(AuditEntry.tag == wanted.tag)
    if wanted.since:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until:
        conditions.append(AuditEntry.at < wanted.until)
    return conditions
