"""Which columns of which extracts the formulas of a query name, and in which part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from data.metrics.beside import existence_scope, scope_of
from data.metrics.formula import Scope, Source
from data.metrics.grammar import compile_formula
from data.metrics.history import Shape
from data.metrics.kinds import FormulaKind
from data.metrics.lookups import Lookups
from data.metrics.proofreading import Written, formulas
from data.metrics.query import Query

UTC = "_utc"  # ends the name of the companion in which a moment is kept in UTC too
BESIDE = "beside"  # the part of a query that says which rows of other extracts stand beside


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A column and the part of the query that leans on it, as in `dimensions.0.formula`."""

    contract: str
    column: str
    place: str


def named_columns(query: Query, shapes: Mapping[str, Shape]) -> Iterator[Named]:
    """Every column the query leans on, once for each part of it."""
    yield from dict.fromkeys(_every(query, shapes))


def _every(query: Query, shapes: Mapping[str, Shape]) -> Iterator[Named]:
    scope = scope_of(query, shapes)
    for one in formulas(query):
        yield from _in_formula(one, scope, shapes)
    for existence in query.exists:
        written = Written(BESIDE, existence.condition, {FormulaKind.TRUTH})
        yield from _in_formula(written, existence_scope(query, existence, shapes), shapes)
    sides = [(one.contract, one.on) for one in query.joins]
    sides += [(one.contract, one.on) for one in query.exists]
    for contract, on in sides:
        for own, theirs in on.items():
            yield Named(query.contract, own, BESIDE)
            yield Named(contract, theirs, BESIDE)


def _in_formula(one: Written, scope: Scope, shapes: Mapping[str, Shape]) -> Iterator[Named]:
    lookups = Lookups()
    typed = compile_formula(Source(one.text, one.place), scope, lookups, one.expected)
    for expression in (typed.sql, *lookups.asked):
        for column in expression.find_all(exp.Column):
            shape = shapes.get(column.table)
            if shape is None:
                continue
            name = column.name
            yield Named(
                column.table, name if name in shape.columns else name.removesuffix(UTC), one.place
            )
