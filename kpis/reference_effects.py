"""What an edit of reference data will change: which KPIs lean on it, and how their readings differ.

An edit is rehearsed: done, looked at and undone. The readings of a KPI's headline, of the whole and
of each office, are then computed with the reference data as it is and as it would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from data.access.actor import Actor
from data.access.permissions import Permission
from data.figure import Figure
from data.metrics.compilation import compile_query
from data.metrics.engine import Engine
from data.metrics.network import OFFICE
from data.metrics.query import Form, Query
from data.metrics.reference import (
    CALENDAR,
    DISTRICTS,
    MINUTES,
    OFFICES,
    ONLINE,
    PARAMETERS,
    RULES,
    WORKDAYS,
    Reference,
)
from data.period import Period
from data.rehearsal import Rehearsal
from data.workspace import Reader, Workspace
from kpis.counting import Wanted, bound
from kpis.definitions import Definition
from kpis.network import told_of_lives
from kpis.publishing import KEY, VALUES, computed
from kpis.refreshing import small_cell_of
from kpis.register import Kpi, read_kpi, read_kpis
from kpis.sources import Sources, read_reference, shapes, sources
from kpis.stored_readings import Cell, Reading, from_frame

Act = Callable[[Workspace], object]
SHOWN = 8  # the differences that are listed
# Parts of a reference document -> the tables formulas join.
_LEANS: Mapping[str, tuple[str, ...]] = {
    "holidays": (CALENDAR, WORKDAYS),
    "working": (CALENDAR, WORKDAYS),
    "rules": (RULES,),
    "districts": (DISTRICTS,),
    "offices": (OFFICES,),
    "successors": (OFFICES,),
    "online": (ONLINE,),
    "minutes": (MINUTES,),
    "parameters": (PARAMETERS,),
}
_OF_OFFICES = frozenset({"successors", "lives"})


@dataclass(frozen=True, slots=True)
class Draft:
    """The reference data as it is and would be after an edit, and the KPIs that lean on it."""

    now: Reference
    then: Reference
    kpis: tuple[Kpi, ...]

    @property
    def changes_nothing(self) -> bool:
        return self.now.version == self.then.version


@dataclass(frozen=True, slots=True)
class Change:
    """A reading as it is and as it would be; None where there is none."""

    period: Period
    cell: Cell
    now: Figure | None
    then: Figure | None

    @property
    def size(self) -> float:
        """How far apart two values are; less than nothing where there is one on one side alone."""
        one, other = (each.value if each else None for each in (self.now, self.then))
        return -1.0 if one is None or other is None else abs(one - other)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit does to the headline of a KPI, of the whole agency and of each office."""

    kpi: Kpi
    compared: int
    changes: tuple[Change, ...]  # the greatest difference first, those of one side alone last

    @property
    def first(self) -> Period:
        return min(change.period for change in self.changes)

    @property
    def last(self) -> Period:
        return max(change.period for change in self.changes)


def draft_of(workspace: Workspace, *, by: Actor, act: Act) -> Draft:
    """Rehearse an edit; what it may not do is refused as it would be."""
    then = Rehearsal(workspace).seen(act, read_reference)
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        now = read_reference(reader)
        leaning = [
            kpi
            for kpi in read_kpis(reader).values()
            if kpi.published is not None and leans_on(kpi.definition, now, then)
        ]
    return Draft(now, then, tuple(leaning))


def leans_on(definition: Definition, now: Reference, then: Reference) -> bool:
    """Whether a KPI is measured with anything that differs."""
    changed = _changed_parts(now, then)
    tables = set(chain.from_iterable(_LEANS.get(part, ()) for part in changed))
    queries = definition.formula.queries.values()
    if changed & _OF_OFFICES and any(_is_by_office(query) for query in queries):
        return True
    return any(tables & _joined(query) for query in queries)


def _changed_parts(now: Reference, then: Reference) -> set[str]:
    one, other = now.to_json(), then.to_json()
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def _is_by_office(query: Query) -> bool:
    return any(dimension.name == OFFICE for dimension in query.dimensions)


def _joined(query: Query) -> set[str]:
    """The tables of reference data that a query looks into."""
    measure = compile_query(query, shapes())
    sql = measure.judged({name: name for name in query.contracts})
    tables = set(chain.from_iterable(_LEANS.values()))
    found = {table for table in tables if f"JOIN {table} " in sql}
    return found | ({CALENDAR} if query.form is Form.STOCK else set())  # ages are in working days


def effect_on(workspace: Workspace, *, by: Actor, draft: Draft, code: str) -> Effect:
    """Compute the readings of a KPI with the reference data as it is and as it would be."""
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, code)
        now, then = (_readings(reader, kpi, each) for each in (draft.now, draft.then))
        _tidy_up(reader.engine(shapes()), kpi.definition, draft)
    keys = sorted({*now, *then}, key=lambda key: (key[0].start, key[1]))
    changes = [
        Change(period, cell, _figure(now, period, cell), _figure(then, period, cell))
        for period, cell in keys
        if _figure(now, period, cell) != _figure(then, period, cell)
    ]
    ordered = sorted(changes, key=lambda change: -change.size)
    return Effect(kpi, len(keys), tuple(ordered))


def _tidy_up(engine: Engine, definition: Definition, draft: Draft) -> None:
    """Remove what was counted for a draft that may never be saved."""
    kept = engine.contributions
    for query in definition.formula.queries.values():
        if kept.folder(query, draft.then) != kept.folder(query, draft.now):
            engine.forget(query, draft.then)


Readings = dict[tuple[Period, Cell], Reading]


def _readings(reader: Reader, kpi: Kpi, reference: Reference) -> Readings:
    known, definition = sources(reader, reference=reference), kpi.definition
    frame = _computed(reader.engine(shapes()), definition, known, small_cell_of(reader))
    return {(each.period, each.cell): each for each in frame}


def _computed(
    engine: Engine, definition: Definition, known: Sources, small_cell: int
) -> Iterable[Reading]:
    headline = definition.formula.headline
    by_office = [(OFFICE,)] if definition.has_dimension(OFFICE) else []
    wanted = Wanted((definition.frequency,), ((), *by_office))
    frames = computed(engine, definition, known, [(headline, wanted)], small_cell=small_cell)
    frame = told_of_lives(bound(frames, [*KEY, *VALUES]), known.reference)
    return from_frame(frame, definition)


def _figure(readings: Readings, period: Period, cell: Cell) -> Figure | None:
    found = readings.get((period, cell))
    return found.figure if found else None
