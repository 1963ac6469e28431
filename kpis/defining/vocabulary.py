"""What the formulas of a query may say: columns, what they hold, functions; and a first draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data.errors import Refusal
from data.extracts.contracts import Column, ColumnType, Contract, all_contracts, contract
from data.metrics import proofreading
from data.metrics.compilation import PARTS, RESERVED
from data.metrics.query import Form, Query
from kpis.defining.rules import NAME
from kpis.definitions import HEADLINE, LANGUAGES
from kpis.sources import shapes
from kpis.variation import PRODUCT

_ARGUMENTS = {
    "abs": "n",
    "add_days": "day, n",
    "add_months": "day, n",
    "calendar_days": "from, to",
    "date": "moment",
    "deadline": "submitted, service, speed",
    "district": "municipality",
    "hour": "moment",
    "office_municipality": "office",
    "online": "service, day",
    "parameter": "'name', day",
    "seconds_between": "from, to",
    "standard_minutes": "service, day",
    "working_days": "from, to",
    "year_start": "year",
}
FOR_PROGRAMS = frozenset({"run", "run_id", "weight", "strata"})  # written as YAML only


@dataclass(frozen=True, slots=True)
class Word:
    """A column that may be named: the kind of value, its codes, and whether it is kept in UTC."""

    name: str
    kind: str  # data.metrics.kinds.FormulaKind
    codes: tuple[str, ...] = ()
    instant: bool = False


def words(query: Query) -> tuple[Word, ...]:
    """The columns the formulas of a query may name, each once; of an unknown extract none."""
    kinds = proofreading.columns_of(query, shapes())
    return tuple(
        _word(query.contract, name, kind)
        for name, kind in kinds.items()
        if not name.startswith(f"{query.contract}.")
    )


def _word(root: str, name: str, kind: str) -> Word:
    owner, _, column = name.rpartition(".")
    try:
        known = contract(owner or root).column(column)
    except Refusal:  # the answer of an existence is no column of an extract
        return Word(name, str(kind))
    return Word(name, str(kind), known.codes, known.instant)


def functions() -> Mapping[str, str]:
    """The functions a formula may call, each with how it is written."""
    return {name: f"{name}({_ARGUMENTS.get(name, '…')})" for name in proofreading.function_names()}


def contracts() -> tuple[str, ...]:
    """The extracts there are."""
    return tuple(one.name for one in all_contracts())


def parts(form: str) -> tuple[str, ...]:
    """The formulas a form of measure needs, then those it may have."""
    needed, allowed = PARTS[Form(form)]
    return tuple(part for part in (*needed, *allowed) if part not in FOR_PROGRAMS)


def needs(form: str, part: str) -> bool:
    """Whether a form of measure cannot do without this formula."""
    return part in PARTS[Form(form)][0]


def first_draft(name: str) -> dict[str, Any]:
    """A table to begin with: how many rows of an extract a period has, by what it is told by."""
    found = contract(name)
    return {
        "code": "",
        "challenge": 1,
        "position": 100,
        "scorecard": True,
        "direction": "higher",
        "frequency": "month",
        "names": dict.fromkeys(LANGUAGES, ""),
        "explanation": dict.fromkeys(LANGUAGES, ""),
        "chart": {
            part: getattr(PRODUCT, part)
            for part in ("trend_length", "shift_length", "minimum_points")
        },
        "queries": {"rows": dict(_first_query(found))},
        "measures": [
            {
                "name": HEADLINE,
                "query": "rows",
                "statistic": "count",
                "unit": "cases",
                "decimals": 0,
            }
        ],
    }


def _first_query(found: Contract) -> Iterator[tuple[str, Any]]:
    yield "contract", found.name
    yield "form", Form.RATIO.value
    yield "day", _day(found)
    yield "numerator", "TRUE"
    if found.test:
        condition = f"NOT coalesce({found.test}, FALSE)"
        yield "inclusions", [{"reason": "test", "condition": condition}]
    told_by: Mapping[str, str] = found.dimensions
    yield (
        "dimensions",
        [
            {"name": dimension, "formula": column}
            for dimension, column in told_by.items()
            if NAME.fullmatch(dimension) and dimension not in RESERVED
        ],
    )


def _day(found: Contract) -> str:
    column: Column = found.column(found.period[0] if found.period else found.opening[0])
    if column.type is ColumnType.INT:
        return f"year_start({column.name})"
    return f"date({column.name})" if column.type is ColumnType.TS else column.name
