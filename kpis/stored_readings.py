"""Published readings, as the table holds them: current, as of a publication, or first published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from data.figure import Figure, Missing
from data.metrics.network import OFFICE
from data.metrics.reference import Reference
from data.metrics.succession import Life
from data.period import Frequency, Period
from data.store.tables import StoredReading
from data.workspace import Reader
from kpis import measurement
from kpis.counting import SLICE
from kpis.definitions import HEADLINE, Definition
from kpis.publishing import KEY, VALUES

COLUMNS = [*KEY, *VALUES]


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A part of the agency: no member is the whole, one of a dimension, or one of each of two."""

    dimension: str = ""
    member: str = ""
    dimension2: str = ""
    member2: str = ""

    @classmethod
    def of(cls, members: Mapping[str, str]) -> Cell:
        """The cell of these members; offices come before services, as published."""
        ordered = sorted(members.items(), key=lambda pair: (_PLACE.get(pair[0], 2), pair[0]))
        return cls(*(part for pair in ordered for part in pair))

    @property
    def members(self) -> dict[str, str]:
        pairs = ((self.dimension, self.member), (self.dimension2, self.member2))
        return {dimension: member for dimension, member in pairs if dimension}


_PLACE = {"office": 0, "service": 1}
WHOLE = Cell()


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a KPI for a period and a cell; the counts behind it are for `kpis` alone."""

    code: str
    measure: str
    period: Period
    cell: Cell
    figure: Figure
    cases: int = 0
    partial: bool = False  # the period goes on after the cut-off, or an extract lacks days of it
    numerator: float | None = None
    denominator: float | None = None
    interval: tuple[Figure, Figure] | None = None  # of a sample: where the share of all lies

    @property
    def loaded(self) -> bool:
        return self.figure.missing is not Missing.NOT_LOADED


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which stored rows: of KPIs, periods and one kind of cell; members None are all members."""

    codes: Collection[str]
    frequency: Frequency
    starts: Collection[date]
    dimension: str = ""
    dimension2: str = ""
    member: str | None = None
    member2: str | None = None
    measures: Collection[str] = (HEADLINE,)

    @classmethod
    def of_cell(cls, cell: Cell, **parts: Any) -> Selection:
        """The rows of one cell."""
        return cls(
            dimension=cell.dimension,
            dimension2=cell.dimension2,
            member=cell.member,
            member2=cell.member2,
            **parts,
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the index of the table is searched by, in its order."""
        table = StoredReading
        found = [
            col(table.kpi_code).in_(sorted(self.codes)),
            col(table.frequency) == self.frequency.value,
            col(table.dimension) == self.dimension,
            col(table.dimension2) == self.dimension2,
            col(table.period_start).in_(sorted(self.starts)),
            col(table.measure).in_(sorted(self.measures)),
        ]
        if self.member is not None:
            found.append(col(table.member) == self.member)
        if self.member2 is not None:
            found.append(col(table.member2) == self.member2)
        return found


Definitions = Mapping[str, Definition]


def find(
    reader: Reader, selection: Selection, definitions: Definitions, *, at: int | None = None
) -> list[Reading]:
    """The readings selected, current or as they stood with a publication (`at`), in order."""
    statement = _columns().where(*selection.conditions(), *_standing(at))
    rows: Iterable[Any] = reader.all(statement)
    ordered = sorted(rows, key=itemgetter(slice(0, len(KEY) + 1)))
    return [_reading(row, definitions[row.kpi_code]) for row in ordered]


def loaded_periods(reader: Reader, selection: Selection) -> dict[str, dict[Period, bool]]:
    """The periods of which anything is published, by KPI: whether each is partial."""
    names = ("kpi_code", "period_start", "partial")
    statement: Any = select(*(getattr(StoredReading, name) for name in names))
    loaded: dict[str, dict[Period, bool]] = {}
    for code, start, partial in reader.all(
        statement.where(*selection.conditions(), *_standing(None))
    ):
        loaded.setdefault(code, {})[_period(start, selection.frequency.value)] = partial
    return loaded


@dataclass(frozen=True, slots=True)
class Standing:
    """A reading as first published and as it stands, with the two publications."""

    first: Reading
    now: Reading
    published_in: tuple[int, int]


def _stands(row: Any, at: int | None) -> bool:
    return row.replaced_in is None or (at is not None and row.replaced_in > at)


def first_published(
    reader: Reader, selection: Selection, definitions: Definitions, *, at: int | None = None
) -> list[Standing]:
    """Each reading selected beside what was published of it first, by period.

    That is the first of the whole period where it ever was whole: what came before had to change,
    when the period went on, all offices entered theirs, or history was brought in afterwards.
    """
    rows: dict[tuple[Any, ...], list[Any]] = {}
    statement = _columns().where(*selection.conditions())
    if at is not None:
        statement = statement.where(col(StoredReading.published_in) <= at)
    for row in reader.all(statement.order_by(col(StoredReading.id))):
        rows.setdefault((row.kpi_code, *(getattr(row, name) for name in KEY)), []).append(row)
    pairs = [(_first(each), each[-1]) for each in rows.values() if _stands(each[-1], at)]
    found = [
        Standing(
            _reading(first, definitions[first.kpi_code]),
            _reading(now, definitions[now.kpi_code]),
            (first.published_in, now.published_in),
        )
        for first, now in pairs
    ]
    return sorted(found, key=lambda each: each.now.period)


def _first(rows: Sequence[Any]) -> Any:
    """The row that was published first as a whole; the very first where none ever was."""
    unknown = Missing.NOT_LOADED.value
    whole = (row for row in rows if not row.partial and row.missing != unknown)
    return next(whole, rows[0])


def stored_frame(reader: Reader, code: str) -> pd.DataFrame:
    """Every current reading of a KPI, with its id, to compare with."""
    names = ["id", *COLUMNS]
    statement = select(*(getattr(StoredReading, name) for name in names))
    statement = statement.where(StoredReading.kpi_code == code, *_standing(None))
    rows: Sequence[Any] = reader.all(statement)
    frame = pd.DataFrame([tuple(row) for row in rows], columns=names)
    return frame.astype(dict.fromkeys(("numerator", "denominator", "value"), "float64"))


def from_frame(frame: pd.DataFrame, definition: Definition) -> list[Reading]:
    """The readings a computed frame (columns KEY and VALUES) holds."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [_reading(row, definition) for row in plain.itertuples(index=False)]


def outside_lives(readings: Iterable[Reading], reference: Reference) -> tuple[Reading, ...]:
    """The readings; an office without a case that was not open in the period is told as such."""
    lives = {life.office: life for life in reference.lives}
    return tuple(
        replace(each, figure=replace(each.figure, value=None, missing=Missing.NOT_OPEN))
        if _is_outside(each, lives)
        else each
        for each in readings
    )


def _is_outside(each: Reading, lives: Mapping[str, Life]) -> bool:
    life = lives.get(each.cell.members.get(OFFICE, ""))
    counted = each.cases > 0 or each.figure.missing not in (None, Missing.NO_DATA)
    if life is None or counted:
        return False
    return not life.touches(each.period.start, each.period.last_day)


def open_at_all(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings without the parts that were open in none of the periods."""
    closed = Missing.NOT_OPEN
    told = {each.cell for each in readings if each.figure.missing is not closed}
    return tuple(each for each in readings if each.cell in told)


def _columns() -> Any:
    names = ["kpi_code", "period_start", *SLICE, "measure", "frequency", *VALUES]
    names += ["published_in", "replaced_in"]
    return select(*(getattr(StoredReading, name) for name in names))


def _standing(at: int | None) -> list[ColumnElement[bool]]:
    closed = col(StoredReading.replaced_in)
    if at is None:
        return [closed.is_(None)]
    return [col(StoredReading.published_in) <= at, closed.is_(None) | (closed > at)]


def _reading(row: Any, definition: Definition) -> Reading:
    measure = definition.formula.measure(row.measure)
    hidden = row.missing == Missing.SUPPRESSED.value  # its counts would give the value away
    told = measurement.figure(row.value, row.missing, measure)
    bounds = measurement.interval(row.numerator, row.denominator, measure)
    return Reading(
        code=definition.code,
        measure=row.measure,
        period=_period(row.period_start, row.frequency),
        cell=_cell(row.dimension, row.member, row.dimension2, row.member2),
        figure=told,
        cases=0 if hidden else row.cases,
        partial=row.partial,
        numerator=None if hidden else row.numerator,
        denominator=None if hidden else row.denominator,
        interval=None if told.value is None else bounds,
    )


@lru_cache(maxsize=10_000)
def _period(start: date, frequency: str) -> Period:
    return Period(start, Frequency(frequency))


@lru_cache(maxsize=10_000)
def _cell(*names: str) -> Cell:
    return Cell(*names)
