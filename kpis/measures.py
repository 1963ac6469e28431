"""What is read from counts: one line of a KPI, its statistic, unit, and how it is put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from data.figure import Unit
from data.metrics.query import Form
from data.metrics.windows import Window
from data.period import Frequency


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

    RATIO_OF = "ratio_of"  # numerator of the query / numerator of the query `over`
    DIFFERENCE = "difference"  # the share of the query less that of the query `over`
    WEIGHTED = "weighted"  # an index over the strata of the newest runs
    DISTINCT = "distinct"  # how many members of a dimension have any rows


class OverTime(StrEnum):
    """How the other side of a ratio adds up over a period."""

    SUM = "sum"
    MEAN = "mean"  # of the months that are there


_SUMS = (Statistic.COUNT, Statistic.SHARE)
_QUANTILES = (Statistic.MEDIAN, Statistic.P90)
_BANDS = (Statistic.UP_TO_15, Statistic.UP_TO_30, Statistic.UP_TO_60, Statistic.OVER_60)
_AGES = (Statistic.AGE_MEDIAN, Statistic.AGE_P90, Statistic.AGE_MAXIMUM)
NEEDS: Mapping[Statistic, frozenset[Form]] = {
    **dict.fromkeys(_SUMS, frozenset({Form.RATIO, Form.COHORT, Form.LATEST})),
    Statistic.RATIO_OF: frozenset({Form.RATIO, Form.COHORT, Form.LATEST}),
    Statistic.DIFFERENCE: frozenset({Form.RATIO, Form.COHORT}),
    Statistic.WEIGHTED: frozenset({Form.LATEST}),
    Statistic.DISTINCT: frozenset({Form.RATIO}),
    **dict.fromkeys(_QUANTILES, frozenset({Form.HISTOGRAM})),
    **dict.fromkeys((Statistic.OPEN, Statistic.OVERDUE, *_AGES, *_BANDS), frozenset({Form.STOCK})),
}
COUNTS = frozenset({Statistic.COUNT, Statistic.OPEN, Statistic.DISTINCT, *_BANDS})
OF_TWO = frozenset({Statistic.RATIO_OF, Statistic.DIFFERENCE})  # these need `over`


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
    divisor: int = 1  # 60 for minutes of what was counted in seconds
    over: str | None = None  # the query on the other side of a ratio or a difference
    over_time: OverTime = OverTime.SUM
    match: tuple[str, ...] = ()  # only months and members of these with the other side count
    match_both: bool = True  # ... and with the own side too
    match_every: Frequency = Frequency.MONTH  # or years instead of months
    window_months: int = 0  # counted over so many months, or days, up to the end of the period
    window_days: int = 0
    reach_days: int = 0  # so many days before the window what is counted in it may have begun
    settles: int = 0  # months after the end of a period until its values are final
    distinct: str | None = None  # the dimension whose members are counted
    guard: str | None = None  # the line that must not exceed `guard_limit`, else there is no value
    guard_limit: float = 0
    sample: bool = False  # answers of some people: a share is told with its interval

    @property
    def window(self) -> Window | None:
        """The rolling window it is counted over."""
        if not (self.window_months or self.window_days):
            return None
        return Window(self.window_months, self.window_days)

    def to_json(self) -> dict[str, Any]:
        """The measure as a document; of what came later only what is not as usual is said."""
        usual = {one.name: one.default for one in fields(self) if one.name not in ALWAYS_SAID}
        said = asdict(self)
        return {name: value for name, value in said.items() if usual.get(name, ...) != value}

    @property
    def is_count(self) -> bool:
        """Whether nothing counted is a true 0 rather than no data."""
        return self.statistic in COUNTS


ALWAYS_SAID = frozenset(
    {"name", "query", "statistic", "unit", "decimals", "factor"}
    | {"minimum_cases", "needs_open_rows"}
)


def measure_from(row: Mapping[str, Any]) -> Measure:
    """The measure a document of `to_json` stands for."""
    parts = dict(row)
    return Measure(
        statistic=Statistic(parts.pop("statistic")),
        unit=Unit(parts.pop("unit")),
        over_time=OverTime(parts.pop("over_time", OverTime.SUM)),
        match=tuple(parts.pop("match", ())),
        match_every=Frequency(parts.pop("match_every", Frequency.MONTH)),
        **parts,
    )
