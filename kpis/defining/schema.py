"""What a document of a KPI may hold: every key known, every value of its type, every fault placed.

The structure is that of the catalogue's TOML files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn

from data.errors import Invalid
from data.figure import Unit
from data.metrics.formula import near
from data.metrics.query import Form
from data.period import Frequency
from kpis.defining.yaml_tree import Mapping, Scalar, Sequence, Tree
from kpis.definitions import LANGUAGES
from kpis.direction import Direction
from kpis.entered import EnteredKind, RuleOverTime
from kpis.measures import OverTime, Statistic
from kpis.variation import Profile

Reads = Callable[[Tree, str], Any]  # a value and its path -> what it says


def refuse(key: str, at: Tree, path: str, **values: Any) -> NoReturn:
    """Raise Invalid with the line, the column and the path of a fault."""
    raise Invalid(key, line=at.line, column=at.column, path=path or "-", **values)


def _plain(kind: type, name: str) -> Reads:
    def read(tree: Tree, path: str) -> Any:
        value = tree.value if isinstance(tree, Scalar) else None
        fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not fits:
            refuse(f"defining.refused.type.{name}", tree, path)
        return value

    return read


text, whole, truth = _plain(str, "text"), _plain(int, "whole"), _plain(bool, "truth")


def number(tree: Tree, path: str) -> float | int:
    """A whole or a decimal number."""
    value = tree.value if isinstance(tree, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("defining.refused.type.number", tree, path)
    return value


def day(tree: Tree, path: str) -> str:
    """A day as 2025-01-31."""
    said: str = text(tree, path)
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        refuse("defining.refused.type.day", tree, path)


def one_of(choices: type[StrEnum]) -> Reads:
    """One of the words of an enumeration."""
    known = tuple(one.value for one in choices)

    def read(tree: Tree, path: str) -> str:
        word: str = text(tree, path)
        if word not in known:
            refuse("defining.refused.no_choice", tree, path, value=word, known=known)
        return word

    return read


def many(reads: Reads) -> Reads:
    """A list, each of whose items is read so."""

    def read(tree: Tree, path: str) -> list[Any]:
        if not isinstance(tree, Sequence):
            refuse("defining.refused.type.list", tree, path)
        return [reads(item, f"{path}.{place}") for place, item in enumerate(tree.items)]

    return read


def by_name(reads: Reads) -> Reads:
    """A mapping with names of one's own."""

    def read(tree: Tree, path: str) -> dict[str, Any]:
        if not isinstance(tree, Mapping):
            refuse("defining.refused.type.mapping", tree, path)
        return {name: reads(item, _under(path, name)) for name, item in tree.items.items()}

    return read


@dataclass(frozen=True)
class Shape:
    """A mapping with known keys; those not `required` may be left out."""

    required: Named[str, Reads]
    optional: Named[str, Reads] = field(default_factory=dict)

    def __call__(self, tree: Tree, path: str = "") -> dict[str, Any]:
        """What it says, by key; nothing is added."""
        if not isinstance(tree, Mapping):
            refuse("defining.refused.type.mapping", tree, path)
        known = {**self.required, **self.optional}
        for name in tree.items:
            if name not in known:
                self._unknown(tree, path, name, known)
        for name in self.required:
            if name not in tree.items:
                refuse("defining.refused.key_missing", tree, _under(path, name), name=name)
        return {name: known[name](item, _under(path, name)) for name, item in tree.items.items()}

    def _unknown(self, tree: Mapping, path: str, name: str, known: Iterable[str]) -> NoReturn:
        refuse(
            "defining.refused.key_unknown",
            tree.keys[name],
            _under(path, name),
            name=name,
            near=near(name, tuple(known)) or tuple(known),
        )


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


INCLUSION = Shape({"reason": text, "condition": text})
DIMENSION = Shape({"name": text, "formula": text}, {"numerator_only": truth})
ON = by_name(text)
JOIN = Shape({"contract": text, "on": ON})
EXISTENCE = Shape({"name": text, "contract": text, "on": ON, "condition": text})
_TEXTS = (
    "day", "numerator", "denominator", "value", "opened", "due", "closed", "enters", "run_id",
    "weight",
)  # fmt: skip
QUERY = Shape(
    {"contract": text, "form": one_of(Form)},
    {
        **dict.fromkeys(_TEXTS, text),
        "run": many(text),
        "strata": many(text),
        "inclusions": many(INCLUSION),
        "dimensions": many(DIMENSION),
        "joins": many(JOIN),
        "exists": many(EXISTENCE),
    },
)
MEASURE = Shape(
    {
        "name": text,
        "query": text,
        "statistic": one_of(Statistic),
        "unit": one_of(Unit),
        "decimals": whole,
    },
    {
        **dict.fromkeys(("factor", "minimum_cases", "divisor", "settles"), whole),
        **dict.fromkeys(("window_months", "window_days", "reach_days"), whole),
        **dict.fromkeys(("needs_open_rows", "match_both", "sample"), truth),
        **dict.fromkeys(("over", "distinct", "guard"), text),
        "over_time": one_of(OverTime),
        "match": many(text),
        "match_every": one_of(Frequency),
        "guard_limit": number,
    },
)
WORDS = Shape(dict.fromkeys(LANGUAGES, text))
CHART = Shape(
    {},
    {
        "profile": one_of(Profile),
        **dict.fromkeys(("trend_length", "shift_length", "minimum_points"), whole),
        **dict.fromkeys(("outside_counts_as_close", "screening", "seasonal"), truth),
        "baseline": number,
        "rebases": many(Shape({"date": day, "reason": text, "author": text})),
    },
)
TARGET = Shape({"source": text, "assumption": truth}, {"low": number, "high": number})
ENTERED = Shape(
    {"kind": one_of(EnteredKind), "unit": one_of(Unit), "decimals": whole, "since": day},
    {
        "over_time": one_of(RuleOverTime),
        "by_office": truth,
        "least": number,
        "most": number,
        "part_decimals": whole,
    },
)
_PLACE: Named[str, Reads] = {
    "code": text,
    "challenge": whole,
    "position": whole,
    "scorecard": truth,
    "direction": one_of(Direction),
    "frequency": one_of(Frequency),
    "names": WORDS,
    "explanation": WORDS,
}
_BESIDE: Named[str, Reads] = {"chart": CHART, "target": TARGET}
COUNTED_KPI = Shape(
    {**_PLACE, "queries": by_name(QUERY), "measures": many(MEASURE)},
    {**_BESIDE, "open_rows": text},
)
ENTERED_KPI = Shape({**_PLACE, "entered": ENTERED}, _BESIDE)


def kpi(tree: Tree) -> dict[str, Any]:
    """A KPI that is counted in extracts, or one whose values people enter."""
    entered = isinstance(tree, Mapping) and "entered" in tree.items
    return (ENTERED_KPI if entered else COUNTED_KPI)(tree)
