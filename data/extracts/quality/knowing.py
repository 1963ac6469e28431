"""What each extract knows of a period: which days and offices it lacks, and whether it is fresh."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.access.actor import Actor
from data.access.permissions import Permission
from data.calendar import WorkingCalendar
from data.extracts.completeness import DAYS_TO_DELIVER, days_covered
from data.extracts.contracts import Contract, all_contracts
from data.extracts.history import Load, loads
from data.extracts.quality.silence import Closings, Silence, silence_of
from data.period import Frequency, Period
from data.recalling import recalled
from data.store.tables import Batch, CalendarDay, Office
from data.store.versions import LiveBatch
from data.workspace import Reader, Workspace

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Span = tuple[date, date]  # both days included


class ExtractState(StrEnum):
    """How much of a period an extract knows, the worst first."""

    MISSING = "missing"  # no day of it
    PARTIAL = "partial"  # not every day
    SILENT = "silent"  # every day by its own word, yet an office or a day has no rows
    NOT_DUE = "not_due"  # the period is not over, or its extract may still be on its way
    COMPLETE = "complete"
    NEVER = "never"  # nothing was ever loaded


@dataclass(frozen=True, slots=True)
class ExtractQuality:
    """An extract and a period: its state and what it lacks, how fresh it is, its loads."""

    contract: str
    period: Period
    state: ExtractState
    days: int
    missing: tuple[Span, ...]
    silence: Silence
    expected: Frequency  # how often its next file is expected; an assumption
    cut_at: datetime | None
    known_until: date | None  # the last day it knows whole
    age_days: int | None  # from that day to today
    due: date  # by when a file that knows `due_until` should be here
    due_until: date
    loads: tuple[Load, ...] = field(repr=False)  # those that count, in the order of their events

    @property
    def days_missing(self) -> int:
        return sum((last - first).days + 1 for first, last in self.missing)

    @property
    def is_stale(self) -> bool:
        """Whether the newest file that should be here is not."""
        return self.known_until is None or self.known_until < self.due_until

    @property
    def of_period(self) -> tuple[Load, ...]:
        """The loads that speak for any day of the period."""
        return tuple(load for load in self.loads if _speaks_for(load.batch, self.period))


def qualities(
    workspace: Workspace, *, by: Actor, period: Period, today: date
) -> tuple[ExtractQuality, ...]:
    """Every extract, those without any load included, in the order of their names."""
    live: dict[str, list[Load]] = {}
    for load in reversed(loads(workspace, by=by)):
        if load.is_live:
            live.setdefault(load.batch.contract, []).append(load)
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        closings = _closings(reader)
    return tuple(
        _quality(workspace, contract, tuple(live.get(contract.name, ())), period, today, closings)
        for contract in all_contracts()
    )


def expected_every(contract: Contract) -> Frequency:
    """How often a file is expected: yearly where rows speak for years, else monthly.

    No rule on deliveries was found, so this is an assumption and is shown as one.
    """
    return Frequency.YEAR if contract.spans == "year" else Frequency.MONTH


def _quality(
    workspace: Workspace,
    contract: Contract,
    own: tuple[Load, ...],
    period: Period,
    today: date,
    closings: Closings,
) -> ExtractQuality:
    zone, settings = workspace.settings.zone, workspace.settings
    known = {day for load in own for day in _days_known(load.batch, zone)}
    missing = tuple(_stretches(_days(period), known))
    batches = [LiveBatch(one.batch.id, contract.name, one.event.number) for one in own]
    silence = silence_of(settings, contract, batches, period, known, closings)
    cut_at = max((load.batch.cut_at for load in own), default=None)
    until = _whole_until(cut_at, zone) if cut_at else None
    due = Period.covering(today - timedelta(days=DAYS_TO_DELIVER), expected_every(contract))
    return ExtractQuality(
        contract=contract.name,
        period=period,
        state=_state(period, own, missing, silence, today),
        days=(period.end - period.start).days,
        missing=missing,
        silence=silence,
        expected=expected_every(contract),
        cut_at=cut_at,
        known_until=until,
        age_days=(today - until).days if until else None,
        due=due.start + timedelta(days=DAYS_TO_DELIVER),
        due_until=due.start - DAY,
        loads=own,
    )


def _state(
    period: Period,
    own: Sequence[Load],
    missing: Sequence[Span],
    silence: Silence,
    today: date,
) -> ExtractState:
    if not own:
        return ExtractState.NEVER
    if missing:
        nothing = missing[0] == (period.start, period.last_day)
        if today < period.end + timedelta(days=DAYS_TO_DELIVER):
            return ExtractState.NOT_DUE
        return ExtractState.MISSING if nothing else ExtractState.PARTIAL
    silent = silence.offices or silence.days
    return ExtractState.SILENT if silent else ExtractState.COMPLETE


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]


def _days_known(batch: Batch, zone: ZoneInfo) -> Iterator[date]:
    """The days a batch claims and knows to their end."""
    until = _whole_until(batch.cut_at, zone)
    return (day for day in days_covered(batch, zone) if day <= until)


def _whole_until(cut_at: datetime, zone: ZoneInfo) -> date:
    """The last day known whole: an extract cut in the last second of a day knows that day."""
    return (cut_at.astimezone(zone).replace(tzinfo=None) + SECOND).date() - DAY


def _stretches(days: Iterable[date], known: Collection[date]) -> Iterator[Span]:
    """The days that are not known, in stretches."""
    first = last = None
    for day in days:
        if day in known:
            continue
        if last is not None and first is not None and day - last > DAY:
            yield first, last
            first = None
        first, last = first or day, day
    if first is not None and last is not None:
        yield first, last


def _speaks_for(batch: Batch, period: Period) -> bool:
    first, last = batch.coverage_from, batch.coverage_to
    if first is None or last is None:
        return True
    return first <= period.last_day and last >= period.start


def _closings(reader: Reader) -> Closings:
    """Days off, and offices that are closed, as the registers hold them, or held."""
    kinds = {row.day: row.kind for row in recalled(reader, CalendarDay)}
    offices = recalled(reader, Office)
    return Closings(
        WorkingCalendar(_of_kind(kinds, "holiday"), _of_kind(kinds, "working")),
        {row.code: row.closed for row in offices if row.closed is not None},
    )


def _of_kind(kinds: Mapping[date, str], wanted: str) -> frozenset[date]:
    return frozenset(day for day, kind in kinds.items() if kind == wanted)
