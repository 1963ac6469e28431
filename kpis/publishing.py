"""What a publication says: every reading of a KPI, and how it differs from what is published.

Readings are dense: every member ever seen has one for every period covered, so that "none" is told
apart from "not loaded".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from data.figure import Missing
from data.metrics.engine import Engine
from data.metrics.query import Form, Query
from data.period import Frequency
from kpis.definitions import Definition, Measure
from kpis.measurement import MEASURED, measured
from kpis.sources import Clock, Coverage, Sources

SLICE = ["dimension", "member", "dimension2", "member2"]
KEY = ["measure", "frequency", "period_start", *SLICE]
VALUES = [*MEASURED, "partial"]
PAIR = ("office", "service")
Grouping = tuple[str, ...]
Counted = dict[tuple[str, str], pd.DataFrame]  # (query, what was wanted) -> the engine's counts
Where = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cells to compute: breakdowns at frequencies, between two days, of some members."""

    frequencies: tuple[Frequency, ...]
    groupings: tuple[Grouping, ...]
    where: Where | None = None
    first: date | None = None
    last: date | None = None


def published(definition: Definition, measure: Measure) -> tuple[Wanted, ...]:
    """What is published of a measure: all breakdowns, of weeks only the usual ones.

    Weeks of an office's single service are published of the headline alone.
    """
    query = definition.formula.query_of(measure)
    names = [dimension.name for dimension in query.dimensions]
    pairs: list[Grouping] = [PAIR] if set(PAIR) <= set(names) else []
    singles: list[Grouping] = [(name,) for name in names]
    weekly: list[Grouping] = [(), *(one for one in singles if one[0] in PAIR)]
    if measure is definition.formula.headline:
        weekly += pairs
    longer = (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)
    return (
        Wanted(longer, ((), *singles, *pairs)),
        Wanted((Frequency.WEEK,), tuple(weekly)),
    )


def readings(
    engine: Engine,
    definition: Definition,
    sources: Sources,
    *,
    small_cell: int,
    counted: Counted | None = None,
) -> pd.DataFrame:
    """Every reading to be published of a KPI, with the columns KEY and VALUES.

    `counted` hands on what was counted for a KPI with the same queries; it is brought up to date.
    """
    wanted = [(m, w) for m in definition.formula.measures for w in published(definition, m)]
    return _bound(
        computed(engine, definition, sources, wanted, small_cell=small_cell, counted=counted)
    )


def computed(
    engine: Engine,
    definition: Definition,
    sources: Sources,
    wanted: Iterable[tuple[Measure, Wanted]],
    *,
    small_cell: int,
    counted: Counted | None = None,
) -> list[pd.DataFrame]:
    """The readings of measures, computed from what the engine counted."""
    closed_source = _lacks_open_rows(engine, definition, sources)
    before, counted = dict(counted or {}), {} if counted is None else counted
    counted.clear()  # only what the last KPI used is kept: tables of a whole country are large
    frames = []
    for measure, what in wanted:
        query = definition.formula.query_of(measure)
        key = (query.content_hash, repr(what))
        if key not in counted:
            counted[key] = before[key] if key in before else _cells(engine, query, sources, what)
        frame = measured(counted[key], measure, small_cell=small_cell)
        if measure.needs_open_rows and closed_source:
            frame = _refused(frame)
        frames.append(frame.assign(measure=measure.name)[[*KEY, *VALUES]])
    return frames


def _bound(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=[*KEY, *VALUES])
    return pd.concat(filled, ignore_index=True)


def _lacks_open_rows(engine: Engine, definition: Definition, sources: Sources) -> bool:
    """Whether the source, as it is known, holds no open case at all."""
    if definition.formula.open_rows is None:
        return False
    query = definition.formula.queries[definition.formula.open_rows]
    cut_off = sources.clock(query.contract).cut_off
    if cut_off is None:
        return False
    stock = engine.stock(query, sources.reference, sources.history, ends=[cut_off], cut_off=cut_off)
    return not sum(stock.column("n").to_pylist())


def _refused(frame: pd.DataFrame) -> pd.DataFrame:
    refused = frame.assign(missing=Missing.NO_OPEN_ROWS.value)
    refused["value"] = float("nan")
    return refused


def _cells(engine: Engine, query: Query, sources: Sources, what: Wanted) -> pd.DataFrame:
    """What the engine counted, one row for every member and period covered."""
    clock = sources.clock(query.contract)
    until = clock.cut_off if query.form is Form.STOCK else None  # whole segments are counted
    table = engine.slices(
        query,
        sources.reference,
        sources.history,
        frequencies=what.frequencies,
        groupings=what.groupings,
        first=what.first or _first_day(clock),
        last=what.last or until,
        where=what.where,
        cut_off=clock.cut_off,
    )
    cells: pd.DataFrame = table.to_pandas()
    return _dense(cells, clock, what)


def _first_day(clock: Clock) -> date | None:
    """The start of the year in which the extract begins to know anything: of every frequency."""
    if clock.first is None:
        return None
    return min(clock.first.replace(month=1, day=1), clock.first - timedelta(days=7))


def _dense(cells: pd.DataFrame, clock: Clock, what: Wanted) -> pd.DataFrame:
    whole = pd.DataFrame([dict.fromkeys(SLICE, "")])
    members = pd.concat([cells[SLICE], whole] if () in what.groupings else [cells[SLICE]])
    members = members.drop_duplicates()
    periods = _covered(cells, clock, what)
    grid = periods.merge(members, how="cross")
    return grid.merge(cells, how="left", on=["frequency", "period_start", *SLICE])


def _covered(cells: pd.DataFrame, clock: Clock, what: Wanted) -> pd.DataFrame:
    """The periods wanted of which anything is known: frequency, period_start, partial."""
    earliest = cells["period_start"].min() if len(cells) else None
    rows = [
        (frequency.value, period.start, coverage is Coverage.PARTIAL)
        for frequency in what.frequencies
        for period, coverage in clock.periods(frequency, what.first or earliest)
        if (what.first is None or period.last_day >= what.first)
        and (what.last is None or period.start <= what.last)
    ]
    return pd.DataFrame(rows, columns=["frequency", "period_start", "partial"])


@dataclass(frozen=True, slots=True)
class Difference:
    """What a publication has to write: rows to insert, ids of rows they replace."""

    new: pd.DataFrame
    replaced: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(len(self.new) or self.replaced)


def difference(stored: pd.DataFrame, wanted: pd.DataFrame) -> Difference:
    """Compare published readings (with their `id`) with those wanted."""
    if not len(stored):
        return Difference(wanted, ())
    both = wanted.merge(stored, how="outer", on=KEY, suffixes=("", "_old"), indicator=True)
    same = both["_merge"] == "both"
    for name in VALUES:
        same &= _equal(both[name], both[f"{name}_old"])
    gone = both.loc[~same & (both["_merge"] != "left_only"), "id"]
    new = both.loc[~same & (both["_merge"] != "right_only"), [*KEY, *VALUES]]
    return Difference(new.astype({"cases": "int64", "partial": bool}), tuple(map(int, gone)))


def _equal(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one == other) | (one.isna() & other.isna())


def records(
    frame: pd.DataFrame, same: tuple[Any, ...], at_once: int
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as plain values for a database, each begun with what is the same in all."""
    for start in range(0, len(frame), at_once):
        part = frame.iloc[start : start + at_once].astype(object)
        columns = [_plain(part[name]) for name in frame.columns]
        yield [(*same, *row) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    """Values every database driver takes: no NaN, and days as ISO text."""
    values = column.where(column.notna(), None).tolist()
    return [value.isoformat() if isinstance(value, date) else value for value in values]
