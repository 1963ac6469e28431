"""The locks of periods, and which of them holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from data.period import Frequency, Period
from data.store.tables import PeriodLock
from data.workspace import Reader


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of a period and every shorter one in it; of all KPIs where `code` is None."""

    id: int
    code: str | None
    period: Period
    locked_by: str
    locked_at: datetime
    unlocked_by: str | None = None
    unlocked_at: datetime | None = None
    unlock_reason: str | None = None

    @property
    def holds(self) -> bool:
        return self.unlocked_at is None

    def covers(self, code: str, period: Period) -> bool:
        """Whether it holds for this KPI and period."""
        inside = self.period.start <= period.start and period.end <= self.period.end
        return self.holds and inside and self.code in (None, code)


def read_locks(reader: Reader) -> tuple[Lock, ...]:
    """Every lock there ever was, or had been at the time looked at, the newest first."""
    statement = select(PeriodLock).order_by(col(PeriodLock.id).desc())
    if reader.then is None:
        return tuple(_lock(row) for row in reader.all(statement))
    until = reader.then.until
    known = (_lock(row) for row in reader.all(statement) if row.locked_at <= until)
    return tuple(_as_it_was(lock, until) for lock in known)


def _as_it_was(lock: Lock, until: datetime) -> Lock:
    if lock.unlocked_at is None or lock.unlocked_at <= until:
        return lock
    return replace(lock, unlocked_by=None, unlocked_at=None, unlock_reason=None)


def lock_over(locks: Iterable[Lock], code: str, period: Period) -> Lock | None:
    """The lock that holds for a KPI and period, if any does."""
    return next((lock for lock in locks if lock.covers(code, period)), None)


def _lock(row: PeriodLock) -> Lock:
    return Lock(
        id=row.id or 0,
        code=row.kpi_code,
        period=Period(row.period_start, Frequency(row.frequency)),
        locked_by=row.locked_by,
        locked_at=row.locked_at,
        unlocked_by=row.unlocked_by,
        unlocked_at=row.unlocked_at,
        unlock_reason=row.unlock_reason,
    )
