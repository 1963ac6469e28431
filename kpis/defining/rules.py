"""Every rule a KPI must keep before it is stored, and all that is wrong with one, by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.errors import Invalid
from data.metrics import proofreading
from data.metrics.query import Query
from kpis.catalogue import Entry
from kpis.definitions import LANGUAGES, Definition, Formula
from kpis.measures import Measure
from kpis.sources import shapes

CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}-[A-Z0-9]{1,10}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_NAME, LONGEST_TEXT = 120, 2_000
MOST_CHALLENGES, MOST_DECIMALS, MOST_POSITION, MOST_FACTOR = 5, 4, 10_000, 1_000_000
MOST_QUERIES, MOST_MEASURES, MOST_PARTS = 8, 20, 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at a path such as 'queries.cases.numerator'; `text` is the formula there."""

    path: str
    refusal: Invalid
    text: str = ""

    @property
    def line(self) -> int:
        """The line within the formula, from 1."""
        return int(self.refusal.values.get("line", 1))

    @property
    def column(self) -> int | None:
        """The column within its line, from 1; None where the fault is with the whole."""
        column = self.refusal.values.get("column")  # in some refusals the name of one
        return column if isinstance(column, int) else None

    @property
    def near(self) -> tuple[str, ...]:
        """Names that may have been meant."""
        return tuple(self.refusal.values.get("near", ()))


def faults_of(entry: Entry) -> tuple[Fault, ...]:
    """Everything that is wrong with a KPI; nothing, if it can be stored and measured."""
    definition = entry.definition
    found = [Fault(path, refusal) for path, refusal in _of_words(definition)]
    found += [Fault(path, refusal) for path, refusal in _of_names(definition)]
    found += [Fault(path, refusal) for path, refusal in _of_numbers(entry)]
    for name, query in asked(definition.formula).items():
        found += faults_of_query(query, f"queries.{name}")
    return tuple(found)


def asked(formula: Formula) -> Mapping[str, Query]:
    """The queries that are counted: none where people enter the values."""
    return {} if formula.entered else formula.queries


def faults_of_query(query: Query, path: str) -> tuple[Fault, ...]:
    """What is wrong with the formulas of a query."""
    texts = {one.place: one.text for one in proofreading.formulas(query)}
    return tuple(
        Fault(f"{path}.{place}" if place else path, refusal, texts.get(place, ""))
        for place, refusal in proofreading.faults(query, shapes())
    )


def require_sound(entry: Entry) -> None:
    """Refuse a KPI with any fault: Invalid with the first one and its path."""
    for fault in faults_of(entry):
        code = entry.definition.code
        raise Invalid("defining.refused.fault", code=code, path=fault.path, fault=fault.refusal)


def _of_words(definition: Definition) -> Iterator[tuple[str, Invalid]]:
    if not CODE.fullmatch(definition.code):
        yield "code", Invalid("defining.refused.code", code=definition.code[:40])
    for part, most in (("names", LONGEST_NAME), ("explanation", LONGEST_TEXT)):
        for language in LANGUAGES:
            said = getattr(getattr(definition, part), language)
            if not said.strip():
                yield f"{part}.{language}", Invalid("defining.refused.no_words")
            if len(said) > most:
                yield f"{part}.{language}", Invalid("defining.refused.too_long", most=most)


def _of_names(definition: Definition) -> Iterator[tuple[str, Invalid]]:
    """Names that columns, files and links are made of."""
    formula = definition.formula
    named = [("queries", name) for name in formula.queries]
    named += [("measures", one.name) for one in formula.measures]
    named += [
        (f"queries.{name}.inclusions.{number}.reason", inclusion.reason)
        for name, query in formula.queries.items()
        for number, inclusion in enumerate(query.inclusions)
    ]
    for path, name in named:
        if not NAME.fullmatch(name):
            yield path, Invalid("defining.refused.name", name=name[:40])


def _of_numbers(entry: Entry) -> Iterator[tuple[str, Invalid]]:
    formula = entry.definition.formula
    yield from _within("challenge", entry.challenge, 1, MOST_CHALLENGES)
    yield from _within("position", entry.position, 0, MOST_POSITION)
    yield from _within("queries", len(formula.queries), 1, MOST_QUERIES)
    yield from _within("measures", len(formula.measures), 1, MOST_MEASURES)
    for name, query in formula.queries.items():
        parts = max(len(query.inclusions), len(query.dimensions))
        yield from _within(f"queries.{name}", parts, 0, MOST_PARTS)
    for number, measure in enumerate(formula.measures):
        for part, value, low, high in _of_measure(measure):
            yield from _within(f"measures.{number}.{part}", value, low, high)


def _of_measure(measure: Measure) -> Iterator[tuple[str, int, int, int]]:
    yield "decimals", measure.decimals, 0, MOST_DECIMALS
    yield "factor", measure.factor, 1, MOST_FACTOR
    yield "divisor", measure.divisor, 1, MOST_FACTOR
    yield "minimum_cases", measure.minimum_cases, 0, MOST_FACTOR
    for part, most in (("window_months", 60), ("window_days", 1_830), ("reach_days", 1_830)):
        yield part, getattr(measure, part), 0, most
    yield "settles", measure.settles, 0, 60


def _within(path: str, value: int, low: int, high: int) -> Iterator[tuple[str, Invalid]]:
    if not low <= value <= high:
        yield path, Invalid("defining.refused.bounds", low=low, high=high, value=value)
