"""What an entered value must be before it goes anywhere; and what is only unusual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isfinite

from data.access.actor import WHOLE_AGENCY
from data.errors import Conflict, Invalid
from data.figure import Figure
from data.period import Period
from data.store.tables import Office
from data.workspace import Reader
from kpis import measurement
from kpis.definitions import Definition
from kpis.entered import OFFICE, Entered, EnteredKind
from kpis.entries.reading import Slot
from kpis.entries.values import Site, figure_of
from kpis.judgement import SPAN, chart_of
from kpis.locks.reading import Lock, lock_over, read_locks
from kpis.notes.reading import read_notes, rebases_among
from kpis.readings import Ask, values_of
from kpis.register import Kpi, read_kpi

LARGEST = 1e12  # beyond, a floating-point number no longer holds every cent
LONGEST_REASON = 500


class Implausible(Invalid):
    """Outside what the series has been: not wrong by itself, but somebody has to say so."""


@dataclass(frozen=True, slots=True)
class Written:
    """The figures as somebody wrote them: a value, or numerator and denominator."""

    numerator: float
    denominator: float | None = None


def entered_kpi(reader: Reader, code: str) -> tuple[Kpi, Entered]:
    """The KPI and how it is entered; one that is computed from extracts is Invalid."""
    kpi = read_kpi(reader, code)
    entered = kpi.definition.formula.entered
    if entered is None:
        raise Invalid("entering.refused.computed", code=code)
    return kpi, entered


def unit_of(reader: Reader, slot: Slot) -> str:
    """The unit in which somebody needs the right to write this value."""
    return reader.get(Office, slot.office).unit_code if slot.office else WHOLE_AGENCY


def check_slot(reader: Reader, kpi: Kpi, entered: Entered, slot: Slot) -> None:
    """Refuse a period that is not the KPI's, not over or too early, and an office that is none."""
    definition, period = kpi.definition, slot.period
    if period.frequency is not definition.frequency:
        raise Invalid("entering.refused.frequency", frequency=definition.frequency, period=period)
    if period.end > datetime.now(reader.settings.zone).date():
        raise Invalid("entering.refused.not_over", period=period)
    if period.start < Period.covering(entered.since, period.frequency).start:
        raise Invalid("entering.refused.too_early", period=period, since=entered.since)
    if (slot.office is not None) is not entered.by_office:
        key = "by_office" if entered.by_office else "not_by_office"
        raise Invalid(f"entering.refused.{key}", code=slot.code)
    if slot.office is not None:
        row = reader.get(Office, slot.office)
        if not Site(row.code, row.opened, row.closed).is_open(period):
            raise Invalid("entering.refused.office_closed", office=slot.office, period=period)


def check_written(definition: Definition, entered: Entered, written: Written) -> None:
    """Refuse figures that cannot be: no numbers, too exact, out of range, parts over wholes."""
    for fault in faults_of(definition, entered, written):
        raise fault


def faults_of(definition: Definition, entered: Entered, written: Written) -> Iterator[Invalid]:
    """Everything that is wrong with the figures by themselves."""
    ratio = entered.kind is EnteredKind.RATIO
    if ratio is not (written.denominator is not None):
        yield Invalid("entering.refused.two_numbers" if ratio else "entering.refused.one_number")
        return
    parts = [part for part in (written.numerator, written.denominator) if part is not None]
    if not all(isfinite(part) and abs(part) <= LARGEST for part in parts):
        yield Invalid("entering.refused.no_number")
        return
    decimals = entered.part_decimals if ratio else entered.decimals
    if any(_decimals(part) > decimals for part in parts):
        yield Invalid("entering.refused.decimals", most=decimals)
    if ratio:
        yield from _faults_of_ratio(entered, written.numerator, written.denominator or 0.0)
    yield from _out_of_range(definition, entered, written)


def _faults_of_ratio(entered: Entered, numerator: float, denominator: float) -> Iterator[Invalid]:
    if numerator < 0 or denominator < 0:
        yield Invalid("entering.refused.negative")
    elif denominator == 0 and numerator != 0:
        yield Invalid("entering.refused.of_nothing")
    elif entered.is_share and numerator > denominator:
        yield Invalid("entering.refused.part_larger")


def _out_of_range(definition: Definition, entered: Entered, written: Written) -> Iterator[Invalid]:
    said = figure_of(definition, written.numerator, written.denominator)
    low, high = entered.bounds
    beyond = said.value is not None and (
        (low is not None and said.value < low) or (high is not None and said.value > high)
    )
    if beyond and not (entered.is_share and written.numerator > (written.denominator or 0.0)):
        yield Invalid("entering.refused.out_of_range", figure=said, least=low, most=high)


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def usual_range(reader: Reader, kpi: Kpi, slot: Slot) -> tuple[Figure, Figure] | None:
    """The control limits of the series before the period; None where there are none yet."""
    if kpi.published is None:
        return None
    last = slot.period.shift(-1)
    where = {OFFICE: slot.office} if slot.office else {}
    first = last.shift(1 - SPAN[last.frequency])
    series = values_of(reader, kpi, Ask(slot.code, first, last, where=where))
    notes = [
        note for note in read_notes(reader, [slot.code])[slot.code]
        if note.holds_for(series[0].cell)
    ]  # fmt: skip
    chart = chart_of(kpi.definition, series, {}, rebases_among(notes))
    if not chart.groups or chart.groups[-1].withheld or chart.groups[-1].limits.lower is None:
        return None
    limits, headline = chart.groups[-1].limits, kpi.definition.formula.headline
    low, high = (measurement.figure(end, None, headline) for end in (limits.lower, limits.upper))
    return low, high


def require_plausible(reader: Reader, kpi: Kpi, slot: Slot, written: Written) -> None:
    """Implausible unless the value lies within what the series has been, or nothing is known."""
    usual = usual_range(reader, kpi, slot)
    said = figure_of(kpi.definition, written.numerator, written.denominator)
    if usual is None or said.value is None:
        return
    low, high = usual
    if not (low.value or 0.0) <= said.value <= (high.value or 0.0):
        raise Implausible("entering.refused.implausible", figure=said, low=low, high=high)


def is_unusual(reader: Reader, kpi: Kpi, slot: Slot, written: Written, *, confirmed: bool) -> bool:
    """Whether the value is outside what the series has been; Implausible unless `confirmed`."""
    try:
        require_plausible(reader, kpi, slot, written)
    except Implausible:
        if not confirmed:
            raise
        return True
    return False


def require_unlocked(reader: Reader, slot: Slot) -> None:
    """A Conflict with whoever locked the period."""
    held = lock_of(reader, slot)
    if held is not None:
        raise Conflict(
            "entering.refused.locked", period=held.period, by=held.locked_by, at=held.locked_at
        )


def lock_of(reader: Reader, slot: Slot) -> Lock | None:
    """The lock that holds for a value, if any does."""
    return lock_over(read_locks(reader), slot.code, slot.period)
