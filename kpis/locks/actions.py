"""Every write of locks: lock a period, and unlock it with a reason."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid
from data.period import Period
from data.store.tables import PeriodLock
from data.workspace import Change, Workspace
from kpis.register import read_kpi

LONGEST = 500


def lock_period(workspace: Workspace, *, by: Actor, period: Period, code: str | None = None) -> int:
    """Let nothing entered take effect in a period any more, of one KPI or of all; the lock's id.

    A period that is not over is Invalid; one locked already is a Conflict.
    """
    with workspace.change(by, Permission.READING_LOCK) as change:
        change.require_unit(WHOLE_AGENCY)
        if code is not None:
            read_kpi(change, code)
        if period.end > datetime.now(change.settings.zone).date():
            raise Invalid("entering.refused.not_over", period=period)
        _require_unlocked(change, period, code)
        row = PeriodLock(
            kpi_code=code,
            frequency=period.frequency.value,
            period_start=period.start,
            locked_by=by.email,
            locked_at=datetime.now(UTC),
        )
        change.add(row)
        change.record(AuditTag.PERIOD_LOCKED, row, new=row.model_dump(mode="json"))
        return row.id or 0


def unlock_period(workspace: Workspace, *, by: Actor, lock_id: int, reason: str) -> None:
    """Lift a lock; without a reason it is Invalid, twice a Conflict."""
    why = " ".join(reason.split())[:LONGEST]
    with workspace.change(by, Permission.READING_LOCK) as change:
        change.require_unit(WHOLE_AGENCY)
        if not why:
            raise Invalid("entering.refused.no_reason")
        row = change.get(PeriodLock, lock_id)
        if row.unlocked_at is not None:
            raise Conflict("entering.refused.unlocked", by=row.unlocked_by, at=row.unlocked_at)
        old = row.model_dump(mode="json")
        row.unlocked_by, row.unlocked_at, row.unlock_reason = by.email, datetime.now(UTC), why
        change.add(row)
        new = row.model_dump(mode="json")
        change.record(AuditTag.PERIOD_UNLOCKED, row, old=old, new=new)


def _require_unlocked(change: Change, period: Period, code: str | None) -> None:
    statement = select(PeriodLock).where(
        PeriodLock.frequency == period.frequency.value,
        PeriodLock.period_start == period.start,
        col(PeriodLock.kpi_code).is_not_distinct_from(code),
        col(PeriodLock.unlocked_at).is_(None),
    )
    held = change.first(statement)
    if held is not None:
        raise Conflict("entering.refused.locked_already", by=held.locked_by, at=held.locked_at)
