"""The KPIs the product brings along, read from the TOML files of this folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.metrics.query import Query
from data.period import Frequency
from kpis.assessment import Target
from kpis.definitions import LANGUAGES, Definition, Formula, Words
from kpis.direction import Direction
from kpis.variation import ChartSettings

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Entry:
    """A KPI of the catalogue: its definition, its place, and the target it starts with."""

    definition: Definition
    challenge: int
    position: int
    scorecard: bool
    target: Target | None


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every KPI of the catalogue, in the order in which they are listed."""
    entries = [read_entry(path) for path in FOLDER.glob("*.toml")]
    return tuple(sorted(entries, key=lambda entry: entry.position))


def read_entry(path: Path) -> Entry:
    """The KPI one file defines; a formula that cannot be is Invalid."""
    with path.open("rb") as file:
        return entry_of(tomllib.load(file))


def entry_of(table: Mapping[str, Any]) -> Entry:
    """The KPI a table of a catalogue file's structure defines."""
    return Entry(
        definition=_definition(table),
        challenge=table["challenge"],
        position=table["position"],
        scorecard=table["scorecard"],
        target=Target(**table["target"]) if "target" in table else None,
    )


def _definition(table: Mapping[str, Any]) -> Definition:
    return Definition(
        code=table["code"],
        names=_words(table["names"]),
        explanation=_words(table["explanation"]),
        direction=Direction(table["direction"]),
        frequency=Frequency(table["frequency"]),
        formula=_formula(table),
        chart=ChartSettings.from_dict(table.get("chart", {})),
    )


def _words(table: Mapping[str, str]) -> Words:
    return Words(**{language: table[language] for language in LANGUAGES})


def _formula(table: Mapping[str, Any]) -> Formula:
    if "entered" in table:
        return Formula.from_json({"entered": table["entered"]})
    queries = {name: Query.from_json(query).to_json() for name, query in table["queries"].items()}
    measures = [dict(measure) for measure in table["measures"]]
    document = {"queries": queries, "measures": measures, "open_rows": table.get("open_rows")}
    return Formula.from_json(document)
