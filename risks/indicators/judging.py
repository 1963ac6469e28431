"""What the published values of a KPI say to an indicator, period by period.

The stored, masked readings are read, never what they were measured of: what is suppressed for
pages is no data here. Of what lies after the reader's day nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from data.figure import Missing
from data.period import Frequency, Period
from data.store.tables import Publication, StoredReading
from data.workspace import Reader
from risks.indicators.record import Indicator
from risks.indicators.thresholds import IndicatorState, Signal

PARTIAL = "partial"  # beside the reasons of data.figure.Missing: the period may still change
OFFICE, SERVICE = "office", "service"


@dataclass(frozen=True, slots=True)
class Published:
    """A value as pages show it, and the publication that says so."""

    period_start: date
    value: float | None
    missing: str | None
    cases: int
    partial: bool
    publication_id: int
    event_number: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a period says, why it says nothing, and how the indicator stands with it."""

    period_start: date
    value: float | None
    missing: str | None  # a data.figure.Missing value, or PARTIAL
    signal: Signal
    state: IndicatorState
    publication_id: int
    event_number: int

    @property
    def is_judged(self) -> bool:
        return self.signal is not Signal.NO_DATA


def judged(indicator: Indicator, published: Iterable[Published]) -> tuple[Judged, ...]:
    """Every published period, oldest first, as the indicator judges it."""
    values, rule = tuple(published), indicator.thresholds
    signals = [None if one.partial else rule.signal(one.value, one.cases) for one in values]
    return tuple(
        Judged(
            one.period_start,
            one.value,
            _reason(one, signal),
            signal or Signal.NO_DATA,
            state,
            one.publication_id,
            one.event_number,
        )
        for one, signal, state in zip(values, signals, rule.states(signals), strict=True)
    )


def newest_judged(series: Sequence[Judged]) -> Judged | None:
    """The newest period that says anything."""
    return next((one for one in reversed(series) if one.is_judged), None)


def newest_red(series: Sequence[Judged]) -> Judged | None:
    """The newest period that is red by itself."""
    return next((one for one in reversed(series) if one.signal is Signal.RED), None)


def last_day(indicator: Indicator, one: Judged | None) -> date | None:
    """The last day that a period tells of."""
    return Period(one.period_start, indicator.frequency).last_day if one else None


def read_published(reader: Reader, indicator: Indicator) -> tuple[Published, ...]:
    """The values that stand published of what the indicator watches, oldest first.

    A period that goes on after the reader's day may still change.
    """
    table = StoredReading
    names = ("period_start", "value", "missing", "cases", "partial", "published_in")
    columns: Any = [*(getattr(table, name) for name in names), Publication.event_number]
    statement: Any = select(*columns)
    statement = statement.join(Publication, col(Publication.id) == col(table.published_in))
    rows: Iterable[Any] = reader.all(
        statement.where(*_cell(indicator), col(table.period_start) <= reader.today).order_by(
            col(table.period_start)
        )
    )
    return tuple(_published(row, indicator, reader.today) for row in rows)


def published_frequencies(reader: Reader, kpi_code: str, measure: str) -> tuple[Frequency, ...]:
    """The frequencies at which a line of a KPI is published."""
    table = StoredReading
    statement = select(table.frequency).where(
        table.kpi_code == kpi_code, table.measure == measure, col(table.replaced_in).is_(None)
    )
    found = set(reader.all(statement.distinct()))
    return tuple(one for one in Frequency if one.value in found)


def is_broken_down(reader: Reader, indicator: Indicator) -> bool:
    """Whether anything is published of cells like the one that is watched."""
    table, shape = StoredReading, _shape(indicator)
    conditions = [
        col(table.kpi_code) == indicator.kpi_code,
        col(table.frequency) == indicator.frequency.value,
        col(table.dimension) == shape[0],
        col(table.dimension2) == shape[2],
        col(table.measure) == indicator.measure,
        col(table.replaced_in).is_(None),
    ]
    statement: Any = select(table.id).where(*conditions)
    return reader.first(statement.limit(1)) is not None


def _cell(indicator: Indicator) -> list[Any]:
    """What the index of the table is searched by."""
    table = StoredReading
    dimension, member, dimension2, member2 = _shape(indicator)
    return [
        col(table.kpi_code) == indicator.kpi_code,
        col(table.frequency) == indicator.frequency.value,
        col(table.dimension) == dimension,
        col(table.dimension2) == dimension2,
        col(table.member) == member,
        col(table.member2) == member2,
        col(table.measure) == indicator.measure,
        col(table.replaced_in).is_(None),
    ]


def _shape(indicator: Indicator) -> tuple[str, str, str, str]:
    """The cell as readings are stored: offices come before services."""
    pairs = ((OFFICE, indicator.office_code), (SERVICE, indicator.service_code))
    named = [part for name, member in pairs if member for part in (name, member)]
    first, second, third, fourth = (*named, "", "", "", "")[:4]
    return first, second, third, fourth


def _published(row: Any, indicator: Indicator, today: date) -> Published:
    hidden = row.missing == Missing.SUPPRESSED.value  # its cases would give it away
    return Published(
        period_start=row.period_start,
        value=row.value,
        missing=row.missing,
        cases=0 if hidden else row.cases,
        partial=row.partial or Period(row.period_start, indicator.frequency).end > today,
        publication_id=row.published_in,
        event_number=row.event_number,
    )


def _reason(one: Published, signal: Signal | None) -> str | None:
    """Why a period is not judged; None where it is."""
    if signal is None:
        return PARTIAL
    if signal is not Signal.NO_DATA:
        return None
    return one.missing or Missing.TOO_FEW.value
