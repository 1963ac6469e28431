"""How complete and how fresh each extract is: a calendar of months, from what live loads claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.access.actor import Actor
from data.extracts.contracts import all_contracts
from data.extracts.history import loads
from data.period import Frequency, Period
from data.store.tables import Batch
from data.workspace import Workspace

# How long after its end a month may still be on its way (an assumption; no rule was found).
DAYS_TO_DELIVER = 5


class MonthState(StrEnum):
    """How much of a month the live loads of a contract cover."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    NOT_DUE = "not_due"  # the month is not over, or its extract may still be on its way


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of one contract: its state, the days covered, and how late its news is."""

    period: Period
    state: MonthState
    days_covered: int
    days: int
    cut_at: datetime | None  # the latest cut-off among the loads that cover any of its days
    batch_ids: tuple[str, ...]
    backfilled: bool = False  # what is covered is covered by loads of a time before the system only


@dataclass(frozen=True, slots=True)
class ContractCalendar:
    """Completeness month by month from the first covered one until today, and freshness."""

    contract: str
    months: tuple[CalendarMonth, ...]
    cut_at: datetime | None  # the latest cut-off of any live load
    loaded_at: datetime | None
    live_loads: int

    def age_days(self, now: datetime) -> int | None:
        """Whole days since the latest cut-off; None when nothing is loaded."""
        return None if self.cut_at is None else (now - self.cut_at).days


def overdue(calendar: ContractCalendar, today: date) -> list[CalendarMonth]:
    """The months that should have arrived in whole by now and have not."""
    return [
        month
        for month in calendar.months
        if month.state in {MonthState.MISSING, MonthState.PARTIAL}
        and today >= month.period.end + timedelta(days=DAYS_TO_DELIVER)
    ]


def calendar(workspace: Workspace, *, by: Actor, contract: str, today: date) -> ContractCalendar:
    """The calendar of one contract."""
    live = [load.batch for load in loads(workspace, by=by, contract=contract) if load.is_live]
    return _calendar(contract, live, today, workspace.settings.zone)


def calendars(workspace: Workspace, *, by: Actor, today: date) -> tuple[ContractCalendar, ...]:
    """The calendars of all contracts, those without any load included."""
    live = [load.batch for load in loads(workspace, by=by) if load.is_live]
    return tuple(
        _calendar(
            one.name,
            [batch for batch in live if batch.contract == one.name],
            today,
            workspace.settings.zone,
        )
        for one in all_contracts()
    )


def _calendar(
    contract: str, live: Sequence[Batch], today: date, zone: ZoneInfo
) -> ContractCalendar:
    covering = [(batch, set(days_covered(batch, zone))) for batch in live]
    first = min((min(days) for _batch, days in covering if days), default=None)
    months: Iterable[Period] = ()
    if first is not None:
        first_month = Period.covering(first, Frequency.MONTH)
        months = first_month.until(Period.covering(max(today, first), Frequency.MONTH))
    return ContractCalendar(
        contract,
        tuple(_month(month, covering, today) for month in months),
        cut_at=max((batch.cut_at for batch in live), default=None),
        loaded_at=max((batch.loaded_at for batch in live), default=None),
        live_loads=len(live),
    )


def days_covered(batch: Batch, zone: ZoneInfo) -> Iterable[date]:
    """The days a batch claims, none after its cut-off."""
    if batch.coverage_from is None or batch.coverage_to is None:
        return
    last = min(batch.coverage_to, batch.cut_at.astimezone(zone).date())
    for offset in range((last - batch.coverage_from).days + 1):
        yield batch.coverage_from + timedelta(days=offset)


def _month(
    period: Period, covering: Sequence[tuple[Batch, set[date]]], today: date
) -> CalendarMonth:
    days = {period.start + timedelta(days=n) for n in range((period.end - period.start).days)}
    inside = [(batch, days & covered) for batch, covered in covering if days & covered]
    covered = set().union(*(some for _batch, some in inside))
    return CalendarMonth(
        period,
        _state(period, len(covered), len(days), today),
        days_covered=len(covered),
        days=len(days),
        cut_at=max((batch.cut_at for batch, _some in inside), default=None),
        batch_ids=tuple(batch.id for batch, _some in inside),
        backfilled=bool(inside) and all(batch.history for batch, _some in inside),
    )


def _state(period: Period, covered: int, days: int, today: date) -> MonthState:
    if covered == days:
        return MonthState.COVERED
    if today < period.end + timedelta(days=DAYS_TO_DELIVER) and not covered:
        return MonthState.NOT_DUE
    return MonthState.PARTIAL if covered else MonthState.MISSING
