"""The script of the register: what each file of it says, and in which order risks come.

A risk has its words in three languages (`title.sq` ...), the scores with which it is proposed
(`inherent`, `current`, `target`), the day it is `raised` and after how many days it is `approved`;
without that it waits as a proposal, and `stage = "draft"` leaves it a draft. Its steps each say
`do` (see `steps`), `at` which day, and mostly `by` whom; whatever is left open is the owner's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = Mapping[str, Any]
Text = Mapping[str, str]  # by language
# What the rows of each of the other files are called, and what tells on which day they begin.
PARTS = {
    "appetite": "statement",
    "controls": "control",
    "indicators": "indicator",
    "incidents": "incident",
    "stand_ins": "deputy",
}
BEGINS = {
    "appetite": "said",
    "controls": "kept",
    "indicators": "kept",
    "incidents": "at",
    "stand_ins": "named",
}
JUDGES, FINISHES, PLANS = frozenset({"judge", "review"}), "finish", "plan"


@dataclass(frozen=True, slots=True)
class RiskScript:
    """One risk of the register; numbers follow the days on which risks are raised."""

    number: int
    row: Row

    @property
    def steps(self) -> tuple[Row, ...]:
        return tuple(self.row.get("step", ()))

    @property
    def judged(self) -> tuple[Row, ...]:
        """The steps at which its owner judges it in words of his own."""
        return tuple(one for one in self.steps if one["do"] in JUDGES)

    def treatment(self, key: str) -> int:
        """The place of a treatment among those of the risk."""
        planned = [one["treatment"] for one in self.steps if one["do"] == PLANS]
        return planned.index(key)


@cache
def risk_scripts() -> tuple[RiskScript, ...]:
    """Every risk, in the order in which they are raised."""
    rows = [
        row for path in sorted((FOLDER / "stories").glob("*.toml")) for row in _read(path)["risk"]
    ]
    rows.sort(key=lambda row: (-row["raised"][0], row["raised"][1]))
    return tuple(RiskScript(number, row) for number, row in enumerate(rows, start=1))


def script_of(key: str) -> RiskScript:
    """The script of the risk of this key."""
    return next(one for one in risk_scripts() if one.row["key"] == key)


@cache
def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of one of the other files, in the order in which they come."""
    rows: list[Row] = _read(FOLDER / f"{name}.toml")[PARTS[name]]
    return tuple(sorted(rows, key=lambda row: (-row[BEGINS[name]][0], row[BEGINS[name]][1])))


def row_of(name: str, key: str) -> Row:
    """The row of a control or an indicator."""
    return next(row for row in rows_of(name) if row["key"] == key)


@cache
def phrases() -> Row:
    """What is said of many risks."""
    return _read(FOLDER / "phrases.toml")


@cache
def control_notes() -> Row:
    """What is written of tests of controls."""
    notes: Row = _read(FOLDER / "controls.toml")["notes"]
    return notes


def texts() -> Iterator[tuple[str, Text]]:
    """Every text of the script with the place where it stands."""
    for path in sorted(FOLDER.rglob("*.toml")):
        yield from _texts(path.stem, _read(path))


def _texts(place: str, value: Any) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Mapping):
        if "en" in value:
            yield place, value
            return
        for name, each in value.items():
            yield from _texts(f"{place}.{name}", each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(f"{place}.{number}", each)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
