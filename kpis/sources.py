"""What KPIs are measured from: the shapes of extracts, their events, reference data and clocks.

The clock of an extract is what its batches declare, never the wall clock: the cut-off after which
nothing is known, and the days they cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlmodel import col, func, select

from data.calendar import WorkingCalendar
from data.extracts.contracts import Contract, all_contracts
from data.metrics.history import Event, History, Shape
from data.metrics.reference import Dated, Reference, Rule
from data.period import Frequency, Period
from data.recalling import recalled
from data.store.tables import (
    Batch,
    CalendarDay,
    ExtractEvent,
    Municipality,
    Office,
    OnlineService,
    Parameter,
    ServiceRule,
    StandardMinutes,
)
from data.store.versions import WITHDRAWAL
from data.workspace import Reader
from kpis.network import network_of

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Span = tuple[date, date]  # both days included
Declared = tuple[Any, ...]  # of a batch: cut_at, coverage_from, coverage_to


class Coverage(StrEnum):
    """How much of a period the extracts know."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clock:
    """What one extract knows: everything up to `cut_at` (local), on the days of `spans`.

    `spans` are in order and apart; none where no batch declares what it covers.
    """

    cut_at: datetime | None = None
    spans: tuple[Span, ...] = ()

    @property
    def cut_off(self) -> date | None:
        """The last day of which anything is known."""
        return (self.cut_at - timedelta(microseconds=1)).date() if self.cut_at else None

    @property
    def entered_until(self) -> date | None:
        """The last day that is known whole: who enters during the next may not have yet."""
        return (self.cut_at + SECOND).date() - DAY if self.cut_at else None

    @property
    def first(self) -> date | None:
        """The first day covered; None where nothing is declared."""
        return self.spans[0][0] if self.spans else None

    def coverage(self, period: Period) -> Coverage:
        """NONE before the first day, in a gap, from the cut-off on; PARTIAL where a part lacks."""
        if self.cut_at is None or self.cut_at <= datetime.combine(period.start, time()):
            return Coverage.NONE
        missing = (period.end - period.start).days - self._days_covered(period)
        if self.spans and missing == (period.end - period.start).days:
            return Coverage.NONE
        # An extract cut in the last second of a day knows that day.
        whole = self.cut_at + SECOND >= datetime.combine(period.end, time())
        return Coverage.FULL if whole and not (self.spans and missing) else Coverage.PARTIAL

    def _days_covered(self, period: Period) -> int:
        overlaps = (
            (min(last, period.last_day) - max(first, period.start)).days + 1
            for first, last in self.spans
        )
        return sum(max(0, days) for days in overlaps)

    def periods(
        self, frequency: Frequency, first: date | None
    ) -> Iterator[tuple[Period, Coverage]]:
        """The periods of which anything is known, from the first day covered (else `first`)."""
        start = self.first or first
        if start is None or self.cut_off is None:
            return
        last = Period.covering(self.cut_off, frequency)
        for period in Period.covering(start, frequency).until(last):
            coverage = self.coverage(period)
            if coverage is not Coverage.NONE:
                yield period, coverage


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a measurement depends on besides the definition, as of one event."""

    history: History
    reference: Reference
    clocks: Mapping[str, Clock]

    def clock(self, contract: str) -> Clock:
        """The clock of an extract; one never loaded knows nothing."""
        return self.clocks.get(contract, Clock())


@cache
def shapes() -> Mapping[str, Shape]:
    """The shape of every contract, as the engine needs it."""
    return {contract.name: _shape(contract) for contract in all_contracts()}


def _shape(contract: Contract) -> Shape:
    return Shape(
        contract=contract.name,
        columns={column.name: column.type.value for column in contract.columns},
        key=contract.key,
        updated=contract.updated,
        instants=frozenset(column.name for column in contract.columns if column.instant),
    )


def sources(
    reader: Reader, *, as_of: int | None = None, reference: Reference | None = None
) -> Sources:
    """The sources as of an event (None: now), measured with this reference data (None: today's)."""
    history = read_history(reader)
    if as_of is not None:
        history = history.as_of(as_of)
    reference = reference or read_reference(reader)
    return Sources(history, reference, read_clocks(reader, history, ZoneInfo(reference.zone)))


def read_history(reader: Reader) -> History:
    """Every event there is, or was."""
    table = ExtractEvent
    statement: Any = select(table.number, table.kind, table.contract, table.batch_id)
    if reader.then is not None:
        statement = statement.where(table.number <= reader.then.event)
    return History.of(Event(*row) for row in reader.all(statement))


def last_events(reader: Reader) -> dict[str, int]:
    """The number of the last event of each extract."""
    table = ExtractEvent
    statement: Any = select(table.contract, func.max(table.number))
    return dict(reader.all(statement.group_by(table.contract)))


def event_on(reader: Reader, day: date, zone: ZoneInfo) -> int:
    """The number of the last event known of that local day or before it; 0 without any."""
    midnight = datetime.combine(day + DAY, time(), zone)
    statement = select(ExtractEvent).where(col(ExtractEvent.at) < midnight)
    if reader.then is not None:
        statement = statement.where(col(ExtractEvent.number) <= reader.then.event)
    last = reader.first(statement.order_by(col(ExtractEvent.number).desc()).limit(1))
    return last.number if last else 0


def read_reference(reader: Reader) -> Reference:
    """The reference data as the registers hold it, or held it at the time looked at."""
    kinds = {row.day: row.kind for row in recalled(reader, CalendarDay)}
    rules = recalled(reader, ServiceRule)
    places = recalled(reader, Municipality)
    return Reference(
        calendar=WorkingCalendar(_of_kind(kinds, "holiday"), _of_kind(kinds, "working")),
        rules=tuple(_rule(row) for row in rules),
        districts=tuple((row.code, row.district_code) for row in places),
        zone=reader.settings.zone.key,
        **network_of(recalled(reader, Office), reader.today),
        **_dated(reader),
    )


def _dated(reader: Reader) -> dict[str, Any]:
    """What holds from a day on: services online, standard minutes, numbers set by law."""
    minutes = recalled(reader, StandardMinutes)
    return {
        "online": tuple(
            Dated(row.service_code, row.valid_from, row.valid_to)
            for row in recalled(reader, OnlineService)
        ),
        "minutes": tuple(
            Dated(row.service_code, row.valid_from, row.valid_to, repr(row.minutes))
            for row in minutes
        ),
        "parameters": tuple(
            Dated(row.name, row.valid_from, value=None if row.value is None else str(row.value))
            for row in recalled(reader, Parameter)
        ),
    }


def _of_kind(kinds: Mapping[date, str], wanted: str) -> frozenset[date]:
    return frozenset(day for day, kind in kinds.items() if kind == wanted)


def _rule(row: ServiceRule) -> Rule:
    return Rule(
        service=row.service_code,
        speed=row.speed,
        valid_from=row.valid_from,
        days=row.deadline_days,
        basis=row.day_basis,
        valid_to=row.valid_to,
    )


def read_clocks(reader: Reader, history: History, zone: ZoneInfo) -> dict[str, Clock]:
    """The clock of each extract that has a live batch in this history."""
    rows: Iterable[Any] = reader.all(_declarations("id"))
    declared = {batch: tuple(rest) for batch, *rest in rows}
    contracts = sorted({event.contract for event in history.events})
    live = {name: [declared[batch.id] for batch in history.live(name)] for name in contracts}
    return {name: clock_of(found, zone) for name, found in live.items() if found}


def current_clocks(reader: Reader) -> dict[str, Clock]:
    """The clock of each extract as it stands: what `read_clocks` says of the whole history."""
    if reader.then is not None:
        return read_clocks(reader, read_history(reader), reader.settings.zone)
    withdrawn = select(ExtractEvent.batch_id).where(ExtractEvent.kind == WITHDRAWAL)
    rows: Iterable[Any] = reader.all(
        _declarations("contract").where(col(Batch.id).not_in(withdrawn))
    )
    declared: dict[str, list[Declared]] = {}
    for contract, *rest in rows:
        declared.setdefault(contract, []).append(tuple(rest))
    return {name: clock_of(declared[name], reader.settings.zone) for name in sorted(declared)}


def _declarations(column: str) -> Any:
    """SELECT of a column and what each batch declares."""
    names = (column, "cut_at", "coverage_from", "coverage_to")
    return sqlalchemy.select(*(getattr(Batch, name) for name in names))


def clock_of(declared: Iterable[Declared], zone: ZoneInfo) -> Clock:
    """The clock that some batches of one extract make together."""
    declared = list(declared)
    cut_at = max(row[0] for row in declared).astimezone(zone).replace(tzinfo=None)
    spans = [(first, last) for _cut_at, first, last in declared]
    if any(first is None for first, _ in spans):
        return Clock(cut_at)  # one batch does not say what it covers: gaps cannot be known
    known = [(first, last or cut_at.date()) for first, last in spans]
    return Clock(cut_at, tuple(_joined(sorted(known))))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch or overlap, as one."""
    current: Span | None = None
    for first, last in spans:
        if current and first <= current[1] + DAY:
            current = (current[0], max(current[1], last))
            continue
        if current:
            yield current
        current = (first, last)
    if current:
        yield current
