"""Every write of notices: the system writes and closes them, a person says that he has seen one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict
from data.notices.kinds import NewNotice, NoticeKind
from data.notices.reading import open_notices
from data.store.tables import Notice
from data.workspace import Change, Workspace


def write_notices(workspace: Workspace, found: Iterable[NewNotice]) -> tuple[NewNotice, ...]:
    """Write what is not open already; returns what was new."""
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        known = {_identity(each) for each in open_notices(reader, tuple(NoticeKind))}
    new = [(one, row) for one in found if _identity(row := _row(one)) not in known]
    if not new:
        return ()
    with workspace.change(SYSTEM, Permission.JOBS_RUN) as change:
        for _one, row in new:
            change.add(row)
            change.record(AuditTag.NOTICE_WRITTEN, row, new=_told(row))
    return tuple(one for one, _row in new)


def close_notices(workspace: Workspace, *, kind: NoticeKind, still: Collection[str]) -> None:
    """Close the notices of a kind about anything but the subjects to which it still applies."""
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        past = [each.id for each in open_notices(reader, [kind]) if each.subject not in still]
    if not past:
        return
    with workspace.change(SYSTEM, Permission.JOBS_RUN) as change:
        for row in change.all(select(Notice).where(col(Notice.id).in_(past))):
            _close(change, row)


def acknowledge(workspace: Workspace, *, by: Actor, notice_id: int) -> None:
    """Say that somebody has seen to it; one that is closed already is a Conflict."""
    with workspace.change(by, Permission.EXTRACT_LOAD) as change:
        row = change.get(Notice, notice_id)
        if row.closed_at is not None:
            raise Conflict("tick.refused.notice_closed", by=row.closed_by or "", at=row.closed_at)
        _close(change, row)


def _close(change: Change, row: Notice) -> None:
    row.closed_at, row.closed_by = datetime.now(UTC), change.by.email
    change.add(row)
    change.record(AuditTag.NOTICE_CLOSED, row, new=_told(row))


def _identity(row: Notice) -> tuple[Any, ...]:
    """A tick that was killed and begun again must not say the same twice."""
    said = json.dumps(row.text_values, sort_keys=True)
    return row.kind, row.subject, row.text_key, said, row.span_from, row.span_to


def _row(new: NewNotice) -> Notice:
    return Notice(
        kind=new.kind.value,
        subject=new.subject,
        text_key=new.key,
        text_values=json.loads(json.dumps(dict(new.values), default=str)),
        contract=new.contract,
        span_from=new.span[0],
        span_to=new.span[1],
        at=datetime.now(UTC),
    )


def _told(row: Notice) -> dict[str, Any]:
    return {"kind": row.kind, "subject": row.subject, "text": row.text_key}
