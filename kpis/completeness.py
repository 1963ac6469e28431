"""How much of a period the extracts behind a value know: which of them lack which days.

The clock of an extract is what its loads declare. A reading carries whether it was measured from
an incomplete extract; here stands why, from the same clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from data.metrics.windows import Window
from data.period import Period
from data.workspace import Reader
from kpis.definitions import Formula
from kpis.measures import Measure
from kpis.register import Kpi
from kpis.sources import DAY, Clock, Coverage, Span, current_clocks, read_clocks, read_history
from kpis.stored_readings import Reading


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be known before a value is whole: some extracts, in a period or a window."""

    extracts: tuple[str, ...] = ()  # none where people enter the values
    window: Window | None = None

    @classmethod
    def of(cls, formula: Formula, measure: Measure) -> Needs:
        """The needs of one line of a KPI, both its sides and what stands beside its rows."""
        if formula.entered:
            return cls()
        sides = (formula.query_of(measure), formula.over(measure))
        named = frozenset[str]().union(*(side.contracts for side in sides if side))
        return cls(tuple(sorted(named)), measure.window)

    def span(self, period: Period) -> Span:
        """The first and the last day that count in a period."""
        first = self.window.first_day(period) if self.window else period.start
        return first, period.last_day


@dataclass(frozen=True, slots=True)
class Lack:
    """An extract that does not know every day that counts."""

    extract: str
    known_until: date | None  # the last day it knows whole; None where it was never loaded
    missing: tuple[Span, ...]  # in order, both ends included

    @property
    def only_the_end(self) -> bool:
        """Whether all it lacks is what comes after the last day it knows."""
        return (
            self.known_until is not None
            and len(self.missing) == 1
            and self.missing[0][0] == self.known_until + DAY
        )


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a value rests on complete extracts; `lacks` names those that are not."""

    coverage: Coverage = Coverage.FULL
    lacks: tuple[Lack, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.coverage is Coverage.FULL

    @property
    def is_partial(self) -> bool:
        """Whether there is a value that may still change."""
        return self.coverage is Coverage.PARTIAL


def completeness_of(needs: Needs, reading: Reading, clocks: Mapping[str, Clock]) -> Completeness:
    """What the extracts know of a reading's period; partial whatever the reason it was so."""
    lacks = tuple(_lacks(needs, reading.period, clocks))
    if not reading.loaded:
        return Completeness(Coverage.NONE, lacks)
    incomplete = reading.partial or bool(lacks)
    return Completeness(Coverage.PARTIAL if incomplete else Coverage.FULL, lacks)


def completeness_of_all(
    reader: Reader, kpi: Kpi, readings: Iterable[Reading], as_of: int | None = None
) -> list[Completeness]:
    """The completeness of each of a KPI's readings, as published or as of an event.

    Those of one line and period are worked out once, however many offices they are told of.
    """
    formula, clocks = kpi.definition.formula, _clocks(reader, kpi, as_of)
    known: dict[tuple[str, Period, bool, bool], Completeness] = {}
    needs = {measure.name: Needs.of(formula, measure) for measure in formula.measures}
    found = []
    for each in readings:
        key = (each.measure, each.period, each.partial, each.loaded)
        if key not in known:
            known[key] = completeness_of(needs[each.measure], each, clocks)
        found.append(known[key])
    return found


def _clocks(reader: Reader, kpi: Kpi, as_of: int | None) -> Mapping[str, Clock]:
    """The clocks the readings rest on."""
    event = kpi.published.event_number if as_of is None and kpi.published else as_of
    if event is None:
        return current_clocks(reader)
    return read_clocks(reader, read_history(reader).as_of(event), reader.settings.zone)


def _lacks(needs: Needs, period: Period, clocks: Mapping[str, Clock]) -> Iterator[Lack]:
    first, last = needs.span(period)
    for extract in needs.extracts:
        clock = clocks.get(extract, Clock())
        missing = tuple(unknown_days(clock, first, last))
        if missing:
            yield Lack(extract, clock.entered_until, missing)


def unknown_days(clock: Clock, first: date, last: date) -> Iterator[Span]:
    """The stretches between two days that an extract does not know whole."""
    until, begin = clock.entered_until, first
    if until is None:
        yield first, last
        return
    for start, covered_to in clock.spans or ((first, until),):
        end = min(covered_to, until)
        if start > last or end < begin:
            continue
        if start > begin:
            yield begin, start - DAY
        begin = end + DAY
    if begin <= last:
        yield begin, last
