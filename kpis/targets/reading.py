"""What is aimed at: the target in force for a period, of an office or else of the agency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from data.period import Period
from data.store import tables
from data.workspace import Reader
from kpis.assessment import Target


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target with its history: since when, for whom, who set it and why."""

    code: str
    office: str | None
    valid_from: date
    target: Target
    author: str
    reason: str
    created_at: datetime
    replaced_at: datetime | None


class Targets:
    """The targets of some KPIs that were not replaced, to be asked period by period."""

    def __init__(self, entries: Iterable[TargetEntry] = ()) -> None:
        self._by_owner: dict[tuple[str, str | None], list[TargetEntry]] = {}
        for entry in sorted(entries, key=lambda entry: entry.valid_from):
            self._by_owner.setdefault((entry.code, entry.office), []).append(entry)

    def in_force(self, code: str, period: Period, office: str | None = None) -> Target | None:
        """The target valid on the last day of the period; the office's own, else the agency's."""
        for wanted in dict.fromkeys((office, None)):
            own = self._by_owner.get((code, wanted))
            if not own:
                continue
            valid = bisect_right(own, period.last_day, key=lambda entry: entry.valid_from)
            if valid:
                return own[valid - 1].target
        return None

    def by_date(
        self, code: str, periods: Iterable[Period], office: str | None = None
    ) -> dict[date, Target]:
        """The target of each period that has one, by the period's first day."""
        found = {period.start: self.in_force(code, period, office) for period in periods}
        return {start: target for start, target in found.items() if target is not None}


def read_targets(reader: Reader, codes: Collection[str]) -> Targets:
    """The targets of these KPIs as they stand."""
    table = tables.Target
    statement = select(table).where(col(table.kpi_code).in_(codes))
    return Targets(_entries(reader.all(statement.where(col(table.replaced_at).is_(None)))))


def target_history(reader: Reader, code: str) -> tuple[TargetEntry, ...]:
    """Every target a KPI ever had, the newest first."""
    table = tables.Target
    statement = select(table).where(table.kpi_code == code)
    newest = statement.order_by(col(table.valid_from).desc(), col(table.id).desc())
    return _entries(reader.all(newest))


def _entries(rows: Iterable[tables.Target]) -> tuple[TargetEntry, ...]:
    return tuple(
        TargetEntry(
            code=row.kpi_code,
            office=row.office_code,
            valid_from=row.valid_from,
            target=Target(row.low, row.high, row.source, row.assumption),
            author=row.author,
            reason=row.reason,
            created_at=row.created_at,
            replaced_at=row.replaced_at,
        )
        for row in rows
    )
