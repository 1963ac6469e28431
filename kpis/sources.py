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
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from data.calendar import WorkingCalendar
from data.extracts.contracts import Contract, all_contracts
from data.metrics.history import Event, History, Shape
from data.metrics.reference import Reference, Rule
from data.period import Frequency, Period
from data.store.tables import Batch, CalendarDay, ExtractEvent, Municipality, ServiceRule
from data.workspace import Reader

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Span = tuple[date, date]  # both days included


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
    """Every event there is."""
    rows: Iterable[ExtractEvent] = reader.all(select(ExtractEvent))
    return History.of(Event(row.number, row.kind, row.contract, row.batch_id) for row in rows)


def event_on(reader: Reader, day: date, zone: ZoneInfo) -> int:
    """The number of the last event of that local day or before it; 0 when there is none."""
    midnight = datetime.combine(day + DAY, time(), zone)
    statement = select(ExtractEvent).where(col(ExtractEvent.at) < midnight)
    last = reader.first(statement.order_by(col(ExtractEvent.number).desc()).limit(1))
    return last.number if last else 0


def read_reference(reader: Reader) -> Reference:
    """The reference data as the registers hold it now."""
    days: Iterable[CalendarDay] = reader.all(select(CalendarDay))
    kinds = {row.day: row.kind for row in days}
    rules: Iterable[ServiceRule] = reader.all(select(ServiceRule))
    places: Iterable[Municipality] = reader.all(select(Municipality))
    return Reference(
        calendar=WorkingCalendar(_of_kind(kinds, "holiday"), _of_kind(kinds, "working")),
        rules=tuple(_rule(row) for row in rules),
        districts=tuple((row.code, row.district_code) for row in places),
        zone=reader.settings.zone.key,
    )


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
    batches: dict[str, Batch] = {row.id: row for row in reader.all(select(Batch))}
    contracts = sorted({event.contract for event in history.events})
    live = {name: [batches[batch.id] for batch in history.live(name)] for name in contracts}
    return {name: clock_of(rows, zone) for name, rows in live.items() if rows}


def clock_of(batches: Iterable[Batch], zone: ZoneInfo) -> Clock:
    """The clock that some batches of one extract make together."""
    rows = list(batches)
    cut_at = max(row.cut_at for row in rows).astimezone(zone).replace(tzinfo=None)
    spans = [(row.coverage_from, row.coverage_to) for row in rows]
    if any(first is None for first, _ in spans):
        return Clock(cut_at)  # one batch does not say what it covers: gaps cannot be known
    known = [(first, last or cut_at.date()) for first, last in spans if first is not None]
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
