"""What is aimed at: the target in force for a period, of an office or else of the agency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import col, or_, select

from data.period import Period
from data.store import tables
from data.workspace import Reader
from kpis.assessment import Target
from kpis.targets.path import AT_ONCE, Baseline, Course, Path, Stage


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target with its history: since when, for whom, who set it and why.

    Without a target it says that nothing is aimed at from that day on.
    """

    code: str
    office: str | None
    valid_from: date
    target: Target | None
    author: str
    reason: str
    created_at: datetime
    replaced_at: datetime | None
    path: Path = AT_ONCE
    replaced_by: str | None = None
    replaced_because: str | None = None
    id: int = 0

    def aim(self, day: date) -> Target | None:
        """What is aimed at on a day on the way."""
        return None if self.target is None else self.path.aim(self.target, day)


class Targets:
    """The targets of some KPIs that were not replaced, to be asked period by period."""

    def __init__(self, entries: Iterable[TargetEntry] = ()) -> None:
        self._by_owner: dict[tuple[str, str | None], list[TargetEntry]] = {}
        for entry in sorted(entries, key=lambda entry: entry.valid_from):
            self._by_owner.setdefault((entry.code, entry.office), []).append(entry)

    def in_force(self, code: str, period: Period, office: str | None = None) -> Target | None:
        """The aim of the last day of the period; by the office's own target, else the agency's."""
        day = period.last_day
        entry = self.entry_in_force(code, day, office)
        return None if entry is None else entry.aim(day)

    def entry_in_force(self, code: str, day: date, office: str | None = None) -> TargetEntry | None:
        """The target that holds on a day; an office whose own has ended goes by the agency's."""
        for wanted in dict.fromkeys((office, None)):
            own = self.own_on(code, day, wanted)
            if own is not None and own.target is not None:
                return own
        return None

    def own_on(self, code: str, day: date, office: str | None = None) -> TargetEntry | None:
        """What the agency or an office itself last said by this day, its end included."""
        own = self._by_owner.get((code, office), [])
        valid = bisect_right(own, day, key=lambda entry: entry.valid_from)
        return own[valid - 1] if valid else None

    def by_date(
        self, code: str, periods: Iterable[Period], office: str | None = None
    ) -> dict[date, Target]:
        """The target of each period that has one, by the period's first day."""
        found = {period.start: self.in_force(code, period, office) for period in periods}
        return {start: target for start, target in found.items() if target is not None}

    def entries(self, code: str) -> tuple[TargetEntry, ...]:
        """All targets of a KPI, the agency's first, in order of days."""
        owners = sorted((o for c, o in self._by_owner if c == code), key=lambda o: o or "")
        return tuple(entry for owner in owners for entry in self._by_owner[code, owner])


def read_targets(reader: Reader, codes: Collection[str], at: datetime | None = None) -> Targets:
    """The targets of these KPIs as they stand, or as they stood at a moment."""
    table = tables.Target
    statement = select(table).where(col(table.kpi_code).in_(codes))
    at = at or (reader.then.until if reader.then else None)
    if at is None:
        return Targets(_entries(reader.all(statement.where(col(table.replaced_at).is_(None)))))
    stood = or_(col(table.replaced_at).is_(None), col(table.replaced_at) > at)
    return Targets(_entries(reader.all(statement.where(col(table.created_at) <= at, stood))))


def target_history(reader: Reader, code: str) -> tuple[TargetEntry, ...]:
    """Every target a KPI ever had, the newest first."""
    table, then = tables.Target, reader.then
    statement = select(table).where(table.kpi_code == code)
    if then is not None:
        statement = statement.where(col(table.created_at) <= then.until)
    newest = statement.order_by(col(table.valid_from).desc(), col(table.id).desc())
    found = _entries(reader.all(newest))
    return tuple(_stood(one, then.until) for one in found) if then else found


def _stood(entry: TargetEntry, until: datetime) -> TargetEntry:
    """The entry as it stood: what replaced it later had not been said."""
    if entry.replaced_at is None or entry.replaced_at <= until:
        return entry
    return replace(entry, replaced_at=None, replaced_by=None, replaced_because=None)


def targets_by_id(reader: Reader, ids: Collection[int]) -> dict[int, TargetEntry]:
    """The targets with these numbers, also those replaced."""
    rows = reader.all(select(tables.Target).where(col(tables.Target.id).in_(list(ids))))
    return {entry.id: entry for entry in _entries(rows)}


def _entries(rows: Iterable[tables.Target]) -> tuple[TargetEntry, ...]:
    return tuple(
        TargetEntry(
            code=row.kpi_code,
            office=row.office_code,
            valid_from=row.valid_from,
            target=_target(row),
            author=row.author,
            reason=row.reason,
            created_at=row.created_at,
            replaced_at=row.replaced_at,
            path=_path(row),
            replaced_by=row.replaced_by,
            replaced_because=row.replaced_because,
            id=row.id or 0,
        )
        for row in rows
    )


def _target(row: tables.Target) -> Target | None:
    if row.low is None and row.high is None:
        return None
    return Target(row.low, row.high, row.source, row.assumption, row.tolerance)


def _path(row: tables.Target) -> Path:
    baseline = None
    if row.baseline is not None and row.baseline_day is not None:
        baseline = Baseline(row.baseline, row.baseline_day, row.baseline_source or "")
    stages = tuple(
        Stage(date.fromisoformat(one["day"]), one["low"], one["high"]) for one in row.stages or ()
    )
    return Path(Course(row.course), baseline, row.due, stages, row.decimals)
