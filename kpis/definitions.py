"""What a KPI means: queries over extracts, the measures read from them, names and judgement.

A definition is data. It comes from a TOML file of the catalogue or from a row of the table of
versions, and is checked before it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from data.errors import Invalid
from data.figure import Unit
from data.metrics.query import NOT_STATED, Dimension, Form, Query
from data.period import Frequency
from data.store.tables import KpiDefinitionVersion
from kpis.direction import Direction
from kpis.variation import PRODUCT, ChartSettings

HEADLINE = "value"  # the measure that is judged; every other one is a second line
HUNDRED = 100
LANGUAGES = ("sq", "sr", "en")
UNSTATED = NOT_STATED  # the member of rows that do not say theirs


class Statistic(StrEnum):
    """What is read from the counts of a query; which form it needs is in `NEEDS`."""

    COUNT = "count"  # the sum of the numerator
    SHARE = "share"  # numerator / denominator, times `factor`
    MEDIAN = "median"
    P90 = "p90"  # 90th percentile, linear interpolation (type 7)
    OPEN = "open"  # cases open at the end of the period
    OVERDUE = "overdue"  # the share of them whose due date has come
    AGE_MEDIAN = "age_median"  # of open cases, in working days
    AGE_P90 = "age_p90"
    AGE_MAXIMUM = "age_maximum"
    UP_TO_15 = "up_to_15"  # open cases by age in working days: 0-15, 16-30, 31-60, over 60
    UP_TO_30 = "up_to_30"
    UP_TO_60 = "up_to_60"
    OVER_60 = "over_60"


_SUMS = (Statistic.COUNT, Statistic.SHARE)
_QUANTILES = (Statistic.MEDIAN, Statistic.P90)
_BANDS = (Statistic.UP_TO_15, Statistic.UP_TO_30, Statistic.UP_TO_60, Statistic.OVER_60)
_AGES = (Statistic.AGE_MEDIAN, Statistic.AGE_P90, Statistic.AGE_MAXIMUM)
NEEDS: Mapping[Statistic, frozenset[Form]] = {
    **dict.fromkeys(_SUMS, frozenset({Form.RATIO, Form.COHORT})),
    **dict.fromkeys(_QUANTILES, frozenset({Form.HISTOGRAM})),
    **dict.fromkeys((Statistic.OPEN, Statistic.OVERDUE, *_AGES, *_BANDS), frozenset({Form.STOCK})),
}
COUNTS = frozenset({Statistic.COUNT, Statistic.OPEN, *_BANDS})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line of a KPI: a statistic over the counts of a query, in a unit."""

    name: str
    query: str
    statistic: Statistic
    unit: Unit
    decimals: int
    factor: int = 1  # 100 for percentages
    minimum_cases: int = 0  # fewer cases than this give no value
    needs_open_rows: bool = False  # without any open case in the whole source there is no value

    @property
    def is_count(self) -> bool:
        """Whether nothing counted is a true 0 rather than no data."""
        return self.statistic in COUNTS


@dataclass(frozen=True, slots=True)
class Formula:
    """The measuring part of a definition: named queries, and the measures read from them."""

    queries: Mapping[str, Query] = field(hash=False)
    measures: tuple[Measure, ...]
    open_rows: str | None = None  # the stock query that tells whether the source holds open cases

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

    @property
    def contract(self) -> str:
        """The extract whose cut-off and coverage the KPI is bound to."""
        return self.query_of(self.headline).contract

    @property
    def contracts(self) -> frozenset[str]:
        """Every extract whose loads can change the KPI."""
        return frozenset().union(*(query.contracts for query in self.queries.values()))

    def to_json(self) -> dict[str, Any]:
        return {
            "queries": {name: query.to_json() for name, query in self.queries.items()},
            "measures": [asdict(measure) for measure in self.measures],
            "open_rows": self.open_rows,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Formula:
        """The formula a document stands for; anything it cannot mean is Invalid."""
        try:
            return cls(
                queries={name: Query.from_json(q) for name, q in document["queries"].items()},
                measures=tuple(_measure(row) for row in document["measures"]),
                open_rows=document.get("open_rows"),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise Invalid("kpis.refused.formula", fault=str(fault)) from fault


def _measure(row: Mapping[str, Any]) -> Measure:
    parts = dict(row)
    return Measure(
        statistic=Statistic(parts.pop("statistic")), unit=Unit(parts.pop("unit")), **parts
    )


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
