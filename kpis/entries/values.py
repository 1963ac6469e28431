"""From entered values to readings: pooled over offices and periods, with what is still missing.

What nobody entered has no reading. A whole of which some parts are missing is pooled of those that
are there, and said to be partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from data.figure import Figure
from data.period import Period
from data.recalling import recalled
from data.store.tables import Office
from data.workspace import Reader
from kpis.counting import PLACE
from kpis.definitions import HEADLINE, Definition
from kpis.entered import OFFICE, Entered, EnteredKind
from kpis.entries.reading import Entry, Slot, read_entries, standing
from kpis.measurement import figure, measured, quotient
from kpis.publishing import KEY, VALUES

Parts = tuple[float, float]  # numerator, denominator


@dataclass(frozen=True, slots=True)
class Site:
    """An office of which values may be expected, while it is open."""

    code: str
    opened: date | None
    closed: date | None

    def is_open(self, period: Period) -> bool:
        """Whether it is open on any day of the period."""
        begun = self.opened is None or self.opened < period.end
        return begun and (self.closed is None or self.closed > period.start)


def read_sites(reader: Reader) -> tuple[Site, ...]:
    """Every office, in the order of its code."""
    rows = sorted(recalled(reader, Office), key=lambda row: row.code)
    return tuple(Site(row.code, row.opened, row.closed) for row in rows)


def expected_slots(definition: Definition, sites: Sequence[Site], last: Period) -> Iterator[Slot]:
    """Every value that has to be entered up to a period, by period and office."""
    entered = _spec(definition)
    first = Period.covering(entered.since, definition.frequency)
    for period in first.until(last):
        for office in offices_of(entered, sites, period):
            yield Slot(definition.code, period, office)


def offices_of(entered: Entered, sites: Iterable[Site], period: Period) -> tuple[str | None, ...]:
    """The offices that enter a value of their own, or None for the agency alone."""
    if not entered.by_office:
        return (None,)
    return tuple(site.code for site in sites if site.is_open(period))


def entered_readings(
    reader: Reader, definition: Definition, *, as_of: int | None = None
) -> pd.DataFrame:
    """Every reading that what is approved gives, with the columns KEY and VALUES."""
    entries = standing(read_entries(reader, codes=[definition.code]), as_of)
    return pooled_readings(definition, entries, read_sites(reader))


def pooled_readings(
    definition: Definition, entries: Mapping[Slot, Entry], sites: Sequence[Site]
) -> pd.DataFrame:
    """The readings of the agency and of each office, at the KPI's own frequency and longer ones."""
    frequency = definition.frequency
    own = {slot: one for slot, one in entries.items() if slot.period.frequency is frequency}
    rows = list(_Pooling(definition, own, sites).rows()) if own else []
    cells = pd.DataFrame(rows, columns=[*PLACE, "numerator", "denominator", "n", "partial"])
    headline = definition.formula.headline
    found = measured(cells, headline, small_cell=0)
    if _spec(definition).kind is EnteredKind.VALUE:
        found["cases"] = cells["n"].astype("int64")  # how many values were entered
    found = found.assign(measure=HEADLINE)[[*KEY, *VALUES]]
    return found.astype({"cases": "int64", "partial": bool})


def _spec(definition: Definition) -> Entered:
    entered = definition.formula.entered
    if entered is None:
        raise ValueError(f"nobody enters values of {definition.code}")
    return entered


def figure_of(definition: Definition, numerator: float, denominator: float | None) -> Figure:
    """What a value as written says, in the unit of the KPI: itself, or the quotient."""
    headline = definition.formula.headline
    if denominator is None:
        return figure(numerator, None, headline)
    value = quotient(numerator, denominator, headline.factor) if denominator else None
    return figure(value, None, headline)


@dataclass(frozen=True, slots=True)
class _Pooling:
    """The values of one KPI, to be pooled."""

    definition: Definition
    entries: Mapping[Slot, Entry]
    sites: Sequence[Site]

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each place and period of which anything was entered."""
        starts = [slot.period for slot in self.entries]
        first, last = min(starts), max(starts)
        for frequency in self.definition.frequencies(self.definition.formula.headline):
            whole = Period.covering(first.start, frequency)
            for period in whole.until(Period.covering(last.last_day, frequency)):
                yield from self._of_period(period)

    def _of_period(self, period: Period) -> Iterator[dict[str, Any]]:
        frequency = self.definition.frequency
        first = Period.covering(period.start, frequency)
        own = list(first.until(Period.covering(period.last_day, frequency)))
        places: list[str | None] = [None]
        if _spec(self.definition).by_office:
            places += sorted({s.office for s in self.entries if s.office and s.period in own})
        for place in places:
            row = self._row(period, own, place)
            if row is not None:
                yield row

    def _row(self, period: Period, own: list[Period], place: str | None) -> dict[str, Any] | None:
        """The parts of a place pooled over the periods within one; None where there are none."""
        found = [self._at(each, place) for each in own]
        told = [parts for parts, _missing in found if parts]
        if not told:
            return None
        if _spec(self.definition).is_last:
            told = told[-1:]
        numerator, denominator = _summed([_summed(parts) for parts in told])
        if _spec(self.definition).kind is EnteredKind.VALUE:
            denominator = len(told)
        return {
            "frequency": period.frequency.value,
            "period_start": period.start,
            "dimension": OFFICE if place else "",
            "member": place or "",
            "dimension2": "",
            "member2": "",
            "numerator": numerator,
            "denominator": denominator,
            "n": sum(len(parts) for parts in told),
            "partial": any(missing for _parts, missing in found),
        }

    def _at(self, period: Period, place: str | None) -> tuple[list[Parts], bool]:
        """What was entered for a place in one period of the KPI's own, and whether any lacks."""
        expected = offices_of(_spec(self.definition), self.sites, period)
        if place is not None:
            expected = (place,)
        slots = {Slot(self.definition.code, period, office) for office in expected}
        if place is None:  # what was entered counts, though nobody expected it
            slots |= set(self._in(period))
        there = [self.entries[slot] for slot in slots if slot in self.entries]
        ordered = sorted(there, key=lambda entry: entry.slot.office or "")
        return [(e.numerator, e.denominator or 0.0) for e in ordered], len(there) < len(slots)

    def _in(self, period: Period) -> Iterator[Slot]:
        return (slot for slot in self.entries if slot.period == period)


def _summed(parts: Iterable[Parts]) -> Parts:
    """Sums that do not depend on the order in which they are made."""
    listed = list(parts)
    return _exact(one for one, _other in listed), _exact(other for _one, other in listed)


def _exact(values: Iterable[float]) -> float:
    return float(sum((Fraction(repr(value)) for value in values), Fraction()))
