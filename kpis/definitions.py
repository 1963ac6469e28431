"""What a KPI means: queries over extracts, the measures read from them, names and judgement.

A definition is data. It comes from a TOML file of the catalogue or from a row of the table of
versions, and is checked before it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from data.errors import Invalid
from data.figure import Unit
from data.metrics.query import NOT_STATED, Dimension, Form, Query
from data.period import Frequency
from data.store.tables import KpiDefinitionVersion
from kpis.direction import Direction
from kpis.entered import ENTERED, Entered
from kpis.measures import NEEDS, OF_TWO, Measure, measure_from
from kpis.variation import PRODUCT, ChartSettings

HEADLINE = "value"  # the measure that is judged; every other one is a second line
HUNDRED = 100
LANGUAGES = ("sq", "sr", "en")
FINEST_FIRST = (Frequency.WEEK, Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)
UNSTATED = NOT_STATED  # the member of rows that do not say theirs


@dataclass(frozen=True, slots=True)
class Words:
    """A text that somebody wrote in the three languages."""

    sq: str
    sr: str
    en: str

    @classmethod
    def of(cls, row: object, stem: str) -> Words:
        """The columns `<stem>_sq`, `_sr` and `_en` of a row."""
        return cls(*(str(getattr(row, f"{stem}_{language}")) for language in LANGUAGES))


@dataclass(frozen=True, slots=True)
class Formula:
    """The measuring part of a definition: named queries, and the measures read from them."""

    queries: Mapping[str, Query] = field(hash=False)
    measures: tuple[Measure, ...]
    open_rows: str | None = None  # the stock query that tells whether the source holds open cases
    entered: Entered | None = None  # where people say the values, and nothing is counted

    def __post_init__(self) -> None:
        """A measure of an unknown query or of a form that cannot give it is Invalid."""
        names = [measure.name for measure in self.measures]
        if HEADLINE not in names or len(set(names)) < len(names):
            raise Invalid("kpis.refused.measures", measures=names)
        for measure in self.measures:
            self._check(measure)

    def _check(self, measure: Measure) -> None:
        query = self.queries.get(measure.query)
        if query is None or query.form not in NEEDS[measure.statistic]:
            raise Invalid(
                "kpis.refused.statistic", measure=measure.name, statistic=measure.statistic.value
            )
        if measure.needs_open_rows and self.open_rows not in self.queries:
            raise Invalid("kpis.refused.open_rows", measure=measure.name)
        if (measure.over in self.queries) is not (measure.statistic in OF_TWO):
            raise Invalid("kpis.refused.over", measure=measure.name)
        if measure.window:
            measure.window.check(query.form)

    @classmethod
    def of_entered(cls, entered: Entered) -> Formula:
        """The formula of values that people enter."""
        return cls({ENTERED: entered.query}, (entered.measure(HEADLINE),), entered=entered)

    @property
    def headline(self) -> Measure:
        return self.measure(HEADLINE)

    def measure(self, name: str) -> Measure:
        """The measure of this name; none is Invalid."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise Invalid("kpis.refused.no_measure", measure=name)

    def query_of(self, measure: Measure) -> Query:
        return self.queries[measure.query]

    def over(self, measure: Measure) -> Query | None:
        """The query on the other side of a measure made of two."""
        return self.queries[measure.over] if measure.over else None

    def is_composed(self, measure: Measure) -> bool:
        """Whether it is made for whole periods of the KPI's own frequency, and longer ones."""
        latest = self.query_of(measure).form is Form.LATEST
        other = measure.over or measure.window or measure.settles
        return bool(other or latest or self.entered)

    @property
    def contract(self) -> str:
        """The extract whose cut-off and coverage the KPI is bound to."""
        return self.query_of(self.headline).contract

    @property
    def contracts(self) -> frozenset[str]:
        """Every extract whose loads can change the KPI; none where the values are entered."""
        if self.entered:
            return frozenset()
        return frozenset().union(*(query.contracts for query in self.queries.values()))

    def to_json(self) -> dict[str, Any]:
        if self.entered:
            return {"entered": self.entered.to_json()}
        return {
            "queries": {name: query.to_json() for name, query in self.queries.items()},
            "measures": [measure.to_json() for measure in self.measures],
            "open_rows": self.open_rows,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Formula:
        """The formula a document stands for; anything it cannot mean is Invalid."""
        try:
            if "entered" in document:
                return cls.of_entered(Entered.from_json(document["entered"]))
            return cls(
                queries={name: Query.from_json(q) for name, q in document["queries"].items()},
                measures=tuple(measure_from(row) for row in document["measures"]),
                open_rows=document.get("open_rows"),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise Invalid("kpis.refused.formula", fault=str(fault)) from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A KPI as one version of it says."""

    code: str
    names: Words
    explanation: Words
    direction: Direction
    frequency: Frequency
    formula: Formula
    chart: ChartSettings = PRODUCT
    version: int = 0  # 0: not stored yet
    version_id: int | None = None
    valid_from: date = date(2008, 1, 1)

    @property
    def unit(self) -> Unit:
        return self.formula.headline.unit

    @property
    def decimals(self) -> int:
        return self.formula.headline.decimals

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What the headline can be broken down by."""
        return self.formula.query_of(self.formula.headline).dimensions

    def frequencies(self, measure: Measure) -> tuple[Frequency, ...]:
        """The frequencies at which a line has values."""
        formula = self.formula
        if not (formula.is_composed(measure) or formula.is_composed(formula.headline)):
            return FINEST_FIRST
        finest = max(FINEST_FIRST.index(self.frequency), FINEST_FIRST.index(Frequency.MONTH))
        return FINEST_FIRST[finest:]

    def has_dimension(self, name: str) -> bool:
        return any(dimension.name == name for dimension in self.dimensions)

    @property
    def content_hash(self) -> str:
        """sha256 of everything a version fixes: equal content is the same version."""
        said = [
            asdict(self.names),
            asdict(self.explanation),
            self.direction,
            self.frequency,
            self.formula.to_json(),
            self.chart.to_dict(),
            self.valid_from.isoformat(),
        ]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def says_the_same_as(self, other: Definition) -> bool:
        """Whether they differ at most in the day from which they are valid."""
        return replace(self, valid_from=other.valid_from).content_hash == other.content_hash

    @classmethod
    def of(cls, row: KpiDefinitionVersion) -> Definition:
        """The definition a stored version holds."""
        return cls(
            code=row.code,
            names=Words.of(row, "name"),
            explanation=Words.of(row, "explanation"),
            direction=Direction(row.direction),
            frequency=Frequency(row.frequency),
            formula=Formula.from_json(row.formula),
            chart=ChartSettings.from_dict(row.judgement),
            version=row.version,
            version_id=row.id,
            valid_from=row.valid_from,
        )
