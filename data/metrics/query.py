"""What to measure, as plain data: a contract, what is counted in it, and by what it is broken down.

A query holds formulas as people write them; `data.metrics.compilation` checks and compiles them.
It is frozen, goes to JSON and back, and its content hash names the cells measured with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

NOT_STATED = "not_stated"  # the member of a dimension whose formula gave nothing


class Form(StrEnum):
    """How a measure adds up over places, periods and loads."""

    RATIO = "ratio"  # sums of a numerator and a denominator over the rows of a period
    COHORT = "cohort"  # the same, but a row is a member only once its day has passed at the cut-off
    HISTOGRAM = "histogram"  # how often each whole value occurs: exact medians and percentiles
    STOCK = "stock"  # what is open at the end of a period
    LATEST = "latest"  # what the newest run of each register, place ... says in a period


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A row counts only where `condition` is true; `reason` names why it does not."""

    reason: str
    condition: str


@dataclass(frozen=True, slots=True)
class Join:
    """At most one row of another contract beside each root row: its key = columns of the root.

    `on` maps root column to key column and covers the whole key. The joined columns are then
    written with the contract's name: `applications.is_test`. Without a match they are empty.
    """

    contract: str
    on: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Existence:
    """Whether any row of another contract beside a root row meets a condition.

    `on` maps root column to column of the other contract, of which any number of rows may fit. The
    condition sees the columns of both, the other's with the contract's name; formulas write `name`
    for the answer, which is empty where there is none.
    """

    name: str
    contract: str
    on: Mapping[str, str] = field(hash=False)
    condition: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A breakdown. One that only the numerator carries keeps the denominator of its parent cell."""

    name: str
    formula: str
    numerator_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One measure over one contract. The formulas a form needs:

    RATIO, COHORT   day, numerator, denominator (true or false counts 1 or 0; None counts each row)
    HISTOGRAM       day, value (a whole number; rows without one are excluded as "no_value")
    STOCK           opened, closed, and due where overdue cases are counted
    LATEST          day, numerator, denominator; `run` says of what the newest run counts, and
                    `run_id` names a run: its rows belong together whichever load brought them
    A COHORT whose members enter on another day than the one they count by names it in `enters`.
    A LATEST with a `weight` is kept by `strata`, to be weighted once they are pooled.
    Inclusions are asked in their order and the first that fails names the reason. Rows without the
    day of the form (opened for STOCK) belong to no period; they are excluded as "no_day".
    """

    contract: str
    form: Form
    inclusions: tuple[Inclusion, ...] = ()
    day: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    value: str | None = None
    opened: str | None = None
    due: str | None = None
    closed: str | None = None
    enters: str | None = None
    run: tuple[str, ...] = ()
    run_id: str | None = None
    weight: str | None = None
    strata: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    joins: tuple[Join, ...] = ()
    exists: tuple[Existence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The query as a JSON document, without what was left out."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), [])}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Query:
        """The query a document of `to_json` stands for; an unknown entry is a TypeError."""
        parts = dict(document)
        return cls(
            form=Form(parts.pop("form")),
            inclusions=tuple(Inclusion(**row) for row in parts.pop("inclusions", ())),
            dimensions=tuple(Dimension(**row) for row in parts.pop("dimensions", ())),
            joins=tuple(Join(**row) for row in parts.pop("joins", ())),
            exists=tuple(Existence(**row) for row in parts.pop("exists", ())),
            run=tuple(parts.pop("run", ())),
            strata=tuple(parts.pop("strata", ())),
            **parts,
        )

    @property
    def content_hash(self) -> str:
        """sha256 of the content, in hex: equal for equal queries."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def contracts(self) -> frozenset[str]:
        """Every contract whose events can change the measure."""
        joined = {join.contract for join in self.joins}
        return frozenset({self.contract, *joined, *(one.contract for one in self.exists)})

    @property
    def is_alone(self) -> bool:
        """Whether it looks at rows of its own contract only."""
        return not (self.joins or self.exists)

    @property
    def asks_place_of_office(self) -> bool:
        """Whether a formula leans on where an office lies."""
        return "office_municipality" in json.dumps(self.to_json()).lower()

    def dimension(self, name: str) -> Dimension:
        """The dimension of this name; none is a KeyError."""
        return {dimension.name: dimension for dimension in self.dimensions}[name]
