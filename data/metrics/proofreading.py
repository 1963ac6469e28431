"""Every fault of a query at once, for whoever writes it: compiling stops at the first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from data.errors import Invalid
from data.metrics.beside import existence_scope, scope_of
from data.metrics.compilation import COUNTS, DAYS, MEMBERS, compile_query
from data.metrics.formula import Scope, Source
from data.metrics.functions import FUNCTIONS
from data.metrics.grammar import compile_formula
from data.metrics.history import Shape
from data.metrics.kinds import FormulaKind
from data.metrics.lookups import Lookups
from data.metrics.query import Query

TRUTH = {FormulaKind.TRUTH}
NUMBERS = {FormulaKind.DECIMAL, FormulaKind.WHOLE}
EXPECTED: Mapping[str, Collection[FormulaKind]] = {
    **dict.fromkeys(("day", "opened", "due", "closed", "enters"), DAYS),
    **dict.fromkeys(("numerator", "denominator"), COUNTS),
    **dict.fromkeys(("run", "run_id", "strata"), MEMBERS),
    "value": {FormulaKind.WHOLE},
    "weight": NUMBERS,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A formula of a query: where it stands, as in `inclusions.0.condition`, and its text."""

    place: str
    text: str
    expected: Collection[FormulaKind]


def formulas(query: Query) -> Iterator[Written]:
    """Every formula of a query but those of its existences."""
    for part, kinds in EXPECTED.items():
        said = getattr(query, part)
        for number, text in enumerate(said if isinstance(said, tuple) else ()):
            yield Written(f"{part}.{number}", text, kinds)
        if isinstance(said, str):
            yield Written(part, said, kinds)
    for number, inclusion in enumerate(query.inclusions):
        yield Written(f"inclusions.{number}.condition", inclusion.condition, TRUTH)
    for number, dimension in enumerate(query.dimensions):
        yield Written(f"dimensions.{number}.formula", dimension.formula, MEMBERS)


def faults(query: Query, shapes: Mapping[str, Shape]) -> Iterator[tuple[str, Invalid]]:
    """What is wrong in each formula of a query, by where it stands; else with the whole ('')."""
    found = [*_of_formulas(query, shapes)] if query.contracts <= set(shapes) else []
    if not found:
        found = [*_of_whole(query, shapes)]
    yield from found


def _of_formulas(query: Query, shapes: Mapping[str, Shape]) -> Iterator[tuple[str, Invalid]]:
    scope = scope_of(query, shapes)
    for one in formulas(query):
        yield from _of_one(one, scope)
    for number, existence in enumerate(query.exists):
        written = Written(f"exists.{number}.condition", existence.condition, TRUTH)
        yield from _of_one(written, existence_scope(query, existence, shapes))


def _of_one(one: Written, scope: Scope) -> Iterator[tuple[str, Invalid]]:
    try:
        compile_formula(Source(one.text, one.place), scope, Lookups(), one.expected)
    except Invalid as fault:
        yield one.place, fault


def _of_whole(query: Query, shapes: Mapping[str, Shape]) -> Iterator[tuple[str, Invalid]]:
    try:
        compile_query(query, shapes)
    except Invalid as fault:
        yield "", fault
        return
    yield from _telling_who(query, shapes)


def _telling_who(query: Query, shapes: Mapping[str, Shape]) -> Iterator[tuple[str, Invalid]]:
    """Breakdowns by a column that tells rows or people apart: each cell would be somebody."""
    scope = scope_of(query, shapes)
    for number, dimension in enumerate(query.dimensions):
        lookups = Lookups()
        typed = compile_formula(Source(dimension.formula), scope, lookups, MEMBERS)
        named = [c for one in (typed.sql, *lookups.asked) for c in one.find_all(exp.Column)]
        for column in named:
            shape = shapes.get(column.table)
            if shape and shape.columns.get(column.name) == "id":
                key = "formulas.tells_who"
                place = f"dimensions.{number}.formula"
                yield place, Invalid(key, name=dimension.name, column=column.name)
                break


def columns_of(query: Query, shapes: Mapping[str, Shape]) -> Mapping[str, FormulaKind]:
    """What the formulas of a query may name, and the kind of value it is."""
    if not query.contracts <= set(shapes):
        return {}
    return {name: kind for name, (_, _, kind) in scope_of(query, shapes).columns.items()}


def function_names() -> tuple[str, ...]:
    """The functions a formula may call."""
    return tuple(FUNCTIONS)
