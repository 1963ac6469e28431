"""What a publication says: every reading of a KPI, and how it differs from what is published.

Readings are dense: every member ever seen has one for every period covered, so that "none" is told
apart from "not loaded".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from data.figure import Missing
from data.metrics.engine import Engine
from data.period import Frequency
from kpis.composing import cells_of, groupings_of
from kpis.counting import PLACE, SLICE, Counts, Ground, Grouping, Kept, Wanted, bound, dense
from kpis.definitions import Definition
from kpis.measurement import MEASURED, measured
from kpis.measures import Measure
from kpis.sources import Sources
from kpis.suppression import protected

KEY = ["measure", "frequency", "period_start", *SLICE]
VALUES = [*MEASURED, "partial"]
PAIR = ("office", "service")


def published(definition: Definition, measure: Measure) -> tuple[Wanted, ...]:
    """What is published of a measure: all breakdowns, of weeks only the usual ones.

    Weeks of an office's single service are published of the headline alone.
    """
    formula, frequencies = definition.formula, definition.frequencies(measure)
    query = formula.query_of(measure)
    names = [one.name for one in query.dimensions if one.name != measure.distinct]
    pairs: list[Grouping] = [PAIR] if set(PAIR) <= set(names) and not measure.match else []
    singles: list[Grouping] = [(name,) for name in names]
    weekly: list[Grouping] = [(), *(one for one in singles if one[0] in PAIR)]
    if measure is formula.headline:
        weekly += pairs
    over = formula.over(measure)
    longer = tuple(one for one in frequencies if one is not Frequency.WEEK)
    wanted = [Wanted(longer, tuple(groupings_of(query, over, ((), *singles, *pairs))))]
    if Frequency.WEEK in frequencies:
        wanted.append(Wanted((Frequency.WEEK,), tuple(groupings_of(query, over, weekly))))
    return tuple(wanted)


def readings(
    engine: Engine,
    definition: Definition,
    sources: Sources,
    *,
    small_cell: int,
    counted: Kept | None = None,
) -> pd.DataFrame:
    """Every reading to be published of a KPI, with the columns KEY and VALUES.

    `counted` hands on what was counted for a KPI with the same queries; it is brought up to date.
    """
    wanted = [(m, w) for m in definition.formula.measures for w in published(definition, m)]
    found = computed(engine, definition, sources, wanted, small_cell=small_cell, counted=counted)
    return protected(bound(found, [*KEY, *VALUES]), definition.formula, small_cell=small_cell)


def sensitive_readings(
    engine: Engine, definition: Definition, sources: Sources, dimension: str, *, small_cell: int
) -> pd.DataFrame:
    """The readings of the whole and of one sensitive breakdown: of all periods, as published.

    Which of them are suppressed depends on all of them.
    """
    names = ((), (dimension,))
    wanted = [
        (measure, replace(what, groupings=tuple(one for one in what.groupings if one in names)))
        for measure in definition.formula.measures
        for what in published(definition, measure)
    ]
    found = computed(engine, definition, sources, wanted, small_cell=small_cell)
    return protected(bound(found, [*KEY, *VALUES]), definition.formula, small_cell=small_cell)


def computed(
    engine: Engine,
    definition: Definition,
    sources: Sources,
    wanted: Iterable[tuple[Measure, Wanted]],
    *,
    small_cell: int,
    counted: Kept | None = None,
) -> list[pd.DataFrame]:
    """The readings of measures, computed from what the engine counted."""
    closed_source = _lacks_open_rows(engine, definition, sources)
    before, kept = dict(counted or {}), {} if counted is None else counted
    kept.clear()  # only what the last KPI used is kept: tables of a whole country are large
    counts = Counts(engine, sources, kept, before)
    frames = []
    for measure, what in wanted:
        if sources.clock(definition.formula.query_of(measure).contract).cut_off is None:
            continue  # of an extract never loaded no period is told
        frame = _of_measure(counts, definition, measure, what, small_cell)
        if measure.needs_open_rows and closed_source:
            frame = _refused(frame)
        frames.append(frame.assign(measure=measure.name)[[*KEY, *VALUES]])
    return frames


def _of_measure(
    counts: Counts, definition: Definition, measure: Measure, what: Wanted, small_cell: int
) -> pd.DataFrame:
    """The readings of one line."""
    formula, sources = definition.formula, counts.sources
    own, over = formula.query_of(measure), formula.over(measure)
    beside = {one.contract for query in (own, over) if query for one in query.exists}
    beside |= {over.contract} if over else set()
    ground = Ground(
        sources.clock(own.contract),
        tuple(map(sources.clock, sorted(beside - {own.contract}))),
        measure.settles,
        measure.window,
        measure.reach_days,
    )
    cells = dense(cells_of(counts, formula, measure, what), ground, what)
    frame = measured(cells, measure, small_cell=small_cell)
    if measure.guard is None:
        return frame
    guard = _of_measure(counts, definition, formula.measure(measure.guard), what, small_cell)
    return _guarded(frame, guard, measure.guard_limit)


def _guarded(frame: pd.DataFrame, guard: pd.DataFrame, limit: float) -> pd.DataFrame:
    """The readings without those of which too large a part is unknown."""
    unknown = frame[PLACE].merge(guard[[*PLACE, "value"]], how="left", on=PLACE)["value"]
    beyond = (unknown > limit).to_numpy() & frame["missing"].isna().to_numpy()
    return frame.assign(
        missing=frame["missing"].mask(beyond, Missing.TOO_MUCH_UNKNOWN.value),
        value=frame["value"].mask(beyond),
    )


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
