"""What the product says beside what plain pandas says, reading by reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from data.figure import Missing
from data.period import Frequency, Period
from data.workspace import Reader
from kpis.readings import Ask, Reading, values
from tests.real.plain_pandas import Cell, Measures, Told
from tests.real.sources import Source

LONGER = (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)
OF_APPLICATIONS = ("service", "office", "municipality", "channel", "speed")
COUNTS = {"up_to_15", "up_to_30", "up_to_60", "over_60", "approved_not_ready"}
By = tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """How many readings were looked at, and those that differ, in words."""

    readings: int
    differences: list[str]

    def __add__(self, other: Compared) -> Compared:
        return Compared(self.readings + other.readings, self.differences + other.differences)


def compare(reader: Reader, measures: Measures, source: Source) -> Compared:
    """Every line of every KPI: each period known and one on either side, each breakdown."""
    seen, found = 0, list[str]()
    for (code, line), counted in measures.items():
        for frequency, by in _asked(code, line):
            ask = _ask(code, line, frequency, by, source)
            readings = values(reader, ask)
            seen += len(readings)
            found += _differences(readings, counted.told(frequency, by), frequency, by, source)
    return Compared(seen, found)


def compare_parts(
    reader: Reader, code: str, dimension: str, parts: Mapping[Cell, Told], source: Source
) -> Compared:
    """One KPI by a dimension of its numerator, month by month."""
    month, by = Frequency.MONTH, (dimension,)
    readings = values(reader, _ask(code, "value", month, by, source))
    return Compared(len(readings), list(_differences(readings, parts, month, by, source)))


def _asked(code: str, line: str) -> Iterator[tuple[Frequency, By]]:
    """Every breakdown of months, quarters and years; of weeks where they are the KPI's own."""
    dimensions = ("service", "office", "document_type") if code == "SD-08" else OF_APPLICATIONS
    for frequency in LONGER:
        yield from ((frequency, by) for by in [(), *((name,) for name in dimensions)])
    yield Frequency.MONTH, ("office", "service")
    yield Frequency.WEEK, ()
    if code in {"SD-04", "SD-05"} and line == "value":
        yield Frequency.WEEK, ("office",)


def _ask(code: str, line: str, frequency: Frequency, by: By, source: Source) -> Ask:
    first = Period.covering(source.first_day.date(), frequency).shift(-1)
    last = Period.covering(source.last_day.date(), frequency).shift(1)
    return Ask(code, first, last, by, measures=(line,))


def _period(cell: Cell, frequency: Frequency) -> Period:
    start, *_ = cell
    assert isinstance(start, date)
    return Period(start, frequency)


def _differences(
    readings: tuple[Reading, ...],
    truth: Mapping[Cell, Told],
    frequency: Frequency,
    by: By,
    source: Source,
) -> Iterator[str]:
    told: set[Cell] = set()
    for reading in readings:
        cell: Cell = (reading.period.start, *(reading.cell.members[name] for name in by))
        told.add(cell)
        nothing = _nothing(reading, source)
        expected = truth.get(cell, nothing) if _is_known(reading.period, source) else nothing
        found = Told(_shown(reading), reading.cases)
        if found != expected or reading.partial != _is_partial(reading, source):
            yield f"{reading.code} {reading.measure} {cell}: {found}, in pandas {expected}"
    known = {cell for cell in truth if _is_known(_period(cell, frequency), source)}
    yield from (f"nothing is said of {cell}" for cell in known - told)


def _shown(reading: Reading) -> str:
    figure = reading.figure
    return str(figure.shown) if figure.missing is None else figure.missing.value


def _nothing(reading: Reading, source: Source) -> Told:
    """What is to be said of a cell in which pandas counted nothing."""
    if not _is_known(reading.period, source):
        return Told(Missing.NOT_LOADED.value, 0)
    is_count = reading.code in {"SD-04", "IN-01", "IN-02"} or reading.measure in COUNTS
    return Told("0" if is_count else Missing.NO_DATA.value, 0)


def _is_known(period: Period, source: Source) -> bool:
    return period.end > source.first_day.date() and period.start <= source.last_day.date()


def _is_partial(reading: Reading, source: Source) -> bool:
    """The period begins before anything is known, or ends after it."""
    period = reading.period
    ends = period.last_day > source.last_day.date()
    return _is_known(period, source) and (ends or period.start < source.first_day.date())
