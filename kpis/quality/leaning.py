"""Which KPIs lean on a column of an extract, read from the formulas of their definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from data.metrics.naming import Named, named_columns
from data.metrics.query import Query
from kpis.definitions import Definition, Words
from kpis.register import Kpi
from kpis.sources import shapes


class Part(StrEnum):
    """For what a KPI needs a column."""

    COUNTED = "counted"  # whether and as what a row counts
    BREAKDOWN = "breakdown"  # among which members it is told


@dataclass(frozen=True, slots=True)
class Lean:
    """A KPI that leans on a column: to count at all, or only for some breakdowns."""

    code: str
    names: Words
    part: Part
    dimensions: tuple[str, ...] = ()  # of a breakdown
    of_some: bool = False  # only cases that are counted have it, such as a reason for rejection


def leaning(kpis: Mapping[str, Kpi], contract: str) -> dict[str, tuple[Lean, ...]]:
    """Column of an extract to the KPIs that lean on it, those that count by it first."""
    found: dict[str, list[Lean]] = {}
    for kpi in kpis.values():
        for column, lean in _of(kpi.definition, contract):
            found.setdefault(column, []).append(lean)
    order = list(Part)
    return {
        column: tuple(sorted(leans, key=lambda one: (order.index(one.part), one.code)))
        for column, leans in found.items()
    }


def _of(definition: Definition, contract: str) -> Iterator[tuple[str, Lean]]:
    formula = definition.formula
    if formula.entered:
        return
    columns: dict[str, set[str]] = {}  # column -> breakdowns, '' where rows are counted by it
    for query in formula.queries.values():
        for named in _named(query):
            if named.contract == contract:
                columns.setdefault(named.column, set()).add(_breakdown(query, named))
    for column, uses in columns.items():
        part = Part.COUNTED if "" in uses else Part.BREAKDOWN
        dimensions = () if part is Part.COUNTED else tuple(sorted(uses))
        of_some = bool(dimensions) and set(dimensions) <= _of_some(definition)
        yield column, Lean(definition.code, definition.names, part, dimensions, of_some)


def _of_some(definition: Definition) -> set[str]:
    """The breakdowns that only the numerator carries."""
    queries = definition.formula.queries.values()
    return {one.name for query in queries for one in query.dimensions if one.numerator_only}


def _breakdown(query: Query, named: Named) -> str:
    """The dimension a formula gives; '' where it decides what is counted."""
    kind, _, rest = named.place.partition(".")
    return query.dimensions[int(rest.partition(".")[0])].name if kind == "dimensions" else ""


@lru_cache(maxsize=500)  # a formula names the same columns whoever asks
def _named(query: Query) -> tuple[Named, ...]:
    return tuple(named_columns(query, shapes()))
