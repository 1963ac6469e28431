"""How the values of a KPI are entered by people: as values or as ratios, for whom, within what.

Ratios are pooled over time and places: numerators and denominators are summed, then divided once.
Plain values follow a rule over time; values of offices are summed, so only such as may be summed
are entered by office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from data.errors import Invalid
from data.figure import Unit
from data.metrics.query import Dimension, Form, Query
from kpis.measures import Measure, Statistic

ENTERED = "entered"  # stands where the name of a query and of an extract would
OFFICE = "office"
HUNDRED = 100.0
_FACTORS = {Unit.PERCENT: 100, Unit.PER_1000: 1_000, Unit.PER_10000: 10_000}
_NEVER_SUMMED = frozenset({Unit.PERCENT, Unit.INDEX, Unit.PERCENTAGE_POINTS})


class EnteredKind(StrEnum):
    """What people write down: the value itself, or numerator and denominator."""

    VALUE = "value"
    RATIO = "ratio"


class RuleOverTime(StrEnum):
    """What the value of a longer period is, of plain values."""

    SUM = "sum"
    MEAN = "mean"  # of the periods that are there
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What is entered for a KPI, since when, and between which bounds."""

    kind: EnteredKind
    unit: Unit
    decimals: int  # of the value shown, and of plain values entered
    since: date  # periods before are not expected
    over_time: RuleOverTime = RuleOverTime.SUM  # of plain values; ratios are pooled
    by_office: bool = False
    least: float | None = None
    most: float | None = None
    part_decimals: int = 0  # of numerators and denominators entered

    def __post_init__(self) -> None:
        """A value of offices that must not be summed, or bounds the wrong way round, is Invalid."""
        plain = self.kind is EnteredKind.VALUE
        if plain and self.by_office and self.unit in _NEVER_SUMMED:
            raise Invalid("entering.refused.never_summed", unit=self.unit)
        low, high = self.bounds
        if low is not None and high is not None and low > high:
            raise Invalid("entering.refused.bounds", least=low, most=high)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Between what values lie: percentages from 0 to 100 unless it is said otherwise."""
        percent = self.unit is Unit.PERCENT
        least = 0.0 if self.least is None and percent else self.least
        most = HUNDRED if self.most is None and percent else self.most
        return least, most

    @property
    def factor(self) -> int:
        """What a ratio is multiplied by."""
        return _FACTORS.get(self.unit, 1) if self.kind is EnteredKind.RATIO else 1

    @property
    def is_share(self) -> bool:
        """Whether the numerator is a part of the denominator."""
        whole = self.bounds[1] == HUNDRED
        return self.kind is EnteredKind.RATIO and self.unit is Unit.PERCENT and whole

    @property
    def is_last(self) -> bool:
        return self.kind is EnteredKind.VALUE and self.over_time is RuleOverTime.LAST

    @property
    def is_sum(self) -> bool:
        return self.kind is EnteredKind.VALUE and self.over_time is RuleOverTime.SUM

    @property
    def query(self) -> Query:
        """What stands for a query where one is asked for its form and breakdowns; never run."""
        dimensions = (Dimension(OFFICE, "office_code"),) if self.by_office else ()
        return Query(
            contract=ENTERED,
            form=Form.LATEST if self.is_last else Form.RATIO,
            day="period_start",
            numerator="numerator" if self.kind is EnteredKind.RATIO else "value",
            denominator="denominator" if self.kind is EnteredKind.RATIO else None,
            dimensions=dimensions,
        )

    def measure(self, name: str) -> Measure:
        """The line that is read from it: a mean divides a sum by a number of periods."""
        return Measure(
            name=name,
            query=ENTERED,
            statistic=Statistic.COUNT if self.is_sum else Statistic.SHARE,
            unit=self.unit,
            decimals=self.decimals,
            factor=self.factor,
        )

    def to_json(self) -> dict[str, Any]:
        """As a document, without what was not said."""
        said = asdict(self) | {"since": self.since.isoformat()}
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Entered:
        """What a document of `to_json` stands for; what cannot be is a TypeError or ValueError."""
        parts = dict(document)
        return cls(
            kind=EnteredKind(parts.pop("kind")),
            unit=Unit(parts.pop("unit")),
            over_time=RuleOverTime(parts.pop("over_time", RuleOverTime.SUM)),
            since=date.fromisoformat(str(parts.pop("since"))),
            **parts,
        )
