"""How composed KPIs come about, once more in plain pandas: nothing here comes from the product.

Each form of line gives, for every period and member of which anything is known, an exact fraction
or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple, Protocol

import pandas as pd

from data.figure import Missing
from tests.kpis.catalogue.in_pandas import UNSTATED, Line, Place, exact
from tests.kpis.in_pandas import PANDAS_FREQUENCY

Members = tuple[str, ...]
Sums = dict[tuple[pd.Period, Members], Fraction]
Span = Callable[[pd.Period], tuple[pd.Timestamp, pd.Timestamp]]  # both days included


class Found(NamedTuple):
    """A value, or what is missing; None for cases where the other side's rows are none."""

    value: Fraction | None
    missing: Missing | None = None
    cases: int | None = None


NOTHING = Found(None, Missing.NO_DATA)
Values = dict[Place, Found]


class Reading(Protocol):
    """One line of a KPI."""

    def values(self, frequency: str, by: Members) -> Values: ...


@dataclass(frozen=True)
class Share:
    """A line whose periods stand alone."""

    line: Line

    def values(self, frequency: str, by: Members) -> Values:
        found = self.line.values(frequency, by)
        return {place: Found(value, None, cases) for place, (value, cases) in found.items()}


def parts(
    rows: pd.DataFrame, columns: Mapping[str, str], by: Members
) -> Iterator[tuple[Members, pd.DataFrame]]:
    """The rows of each combination of members."""
    if not by:
        yield (), rows
        return
    named = [rows[columns[name]] for name in by]
    stated = [column.astype(object).where(column.notna(), UNSTATED) for column in named]
    yield from ((tuple(map(str, key)), part) for key, part in rows.groupby(stated))


@dataclass(frozen=True)
class Rolling:
    """A line read from the rows of a span that ends with each period, up to the cut-off's."""

    line: Line
    span: Span
    first: date
    cut_off: date

    def inside(self, frequency: str, by: Members) -> Iterator[tuple[Place, pd.DataFrame]]:
        rows = self.line.counted
        for period in pd.period_range(self.first, self.cut_off, freq=PANDAS_FREQUENCY[frequency]):
            start, end = self.span(period)
            window = rows[rows["_day"].between(start, end)]
            for members, part in parts(window, self.line.columns, by):
                yield (period.start_time.date(), members), part

    def values(self, frequency: str, by: Members) -> Values:
        found = {}
        for place, part in self.inside(frequency, by):
            read = self.line.read(part)
            if read is not None:
                found[place] = Found(read[0], None, read[1])
        return found


def months_up_to_end(months: int) -> Span:
    """So many calendar months, the last of which ends with the period."""

    def span(period: pd.Period) -> tuple[pd.Timestamp, pd.Timestamp]:
        end = period.end_time.normalize()
        return end + pd.Timedelta(days=1) - pd.DateOffset(months=months), end

    return span


@dataclass(frozen=True)
class Gap:
    """The share of one group less that of the other, in the same spans.

    No value with fewer cases than `fewest` in either, or where more than `most` is unknown.
    """

    one: Rolling
    other: Rolling
    unknown: Rolling
    fewest: int
    most: int

    def values(self, frequency: str, by: Members) -> Values:
        ours, theirs = (each.values(frequency, by) for each in (self.one, self.other))
        unknown = self.unknown.values(frequency, by)
        return {
            place: self._gap(ours.get(place), theirs.get(place), unknown[place].value or Fraction())
            for place in {*ours, *theirs}
        }

    def _gap(self, one: Found | None, other: Found | None, unknown: Fraction) -> Found:
        if one is None or other is None or one.value is None or other.value is None:
            return NOTHING
        cases = min(one.cases or 0, other.cases or 0)
        if cases < self.fewest:
            return Found(None, Missing.TOO_FEW, cases)
        if unknown > self.most:
            return Found(None, Missing.TOO_MUCH_UNKNOWN, cases)
        return Found(one.value - other.value, None, cases)


@dataclass(frozen=True)
class Side:
    """Rows (with `_day` and `_reason`) one side of a ratio is summed from, by an amount."""

    rows: pd.DataFrame
    columns: Mapping[str, str]
    amount: str | None = None  # None: each row is one

    @property
    def counted(self) -> pd.DataFrame:
        return self.rows[(self.rows["_reason"] == "") & self.rows["_day"].notna()]

    def sums(self, rows: pd.DataFrame, frequency: str, by: Members) -> Sums:
        """What rows add up to in each period and for each member."""
        periods = rows["_day"].dt.to_period(PANDAS_FREQUENCY[frequency])
        return {
            (period, members): self.total(part)
            for period, group in rows.groupby(periods)
            for members, part in parts(group, self.columns, by)
        }

    def total(self, rows: pd.DataFrame) -> Fraction:
        if self.amount is None:
            return Fraction(len(rows))
        return sum((exact(value) for value in rows[self.amount] if pd.notna(value)), Fraction())


@dataclass(frozen=True)
class Over:
    """One sum over another, cell by cell: pooled, and the division last.

    Members that only the upper side carries keep the lower side of their parent. `cells` name what
    must be on both sides (with `both` False: on the lower) for a cell of that `every` to count.
    """

    top: Side
    bottom: Side
    factor: Fraction = Fraction(1)
    carried: frozenset[str] = frozenset()
    mean: bool = False  # the lower side is the mean of the month ends that are there
    cells: Members = ()
    every: str = "month"
    both: bool = True
    counts_rows: bool = False  # cases are the rows of the lower side

    def values(self, frequency: str, by: Members) -> Values:
        parent = tuple(name for name in by if name not in self.carried)
        above, below = self.matched()
        tops = self.top.sums(above, frequency, by)
        bottoms = self._bottoms(below, frequency, parent)
        found = {}
        for period, members in self._places(tops, bottoms, by, parent):
            kept = tuple(member for name, member in zip(by, members, strict=True) if name in parent)
            over = bottoms.get((period, kept), Fraction())
            upper = tops.get((period, members), Fraction())
            found[period.start_time.date(), members] = self._divided(upper, over)
        return found

    def _divided(self, upper: Fraction, over: Fraction) -> Found:
        if over <= 0:
            return NOTHING
        return Found(self.factor * upper / over, None, int(over) if self.counts_rows else None)

    def _bottoms(self, rows: pd.DataFrame, frequency: str, by: Members) -> Sums:
        if not self.mean:
            return self.bottom.sums(rows, frequency, by)
        months: dict[tuple[pd.Period, Members], list[Fraction]] = {}
        for (month, members), total in self.bottom.sums(rows, "month", by).items():
            longer = month.asfreq(PANDAS_FREQUENCY[frequency])
            months.setdefault((longer, members), []).append(total)
        return {place: sum(each, Fraction()) / len(each) for place, each in months.items()}

    def _places(
        self, tops: Sums, bottoms: Sums, by: Members, parent: Members
    ) -> set[tuple[pd.Period, Members]]:
        if parent == by:
            return {*tops, *bottoms}
        carried = {members for (_, members), total in tops.items() if total}
        return {
            (period, members)
            for period, kept in bottoms
            for members in carried
            if kept == tuple(m for name, m in zip(by, members, strict=True) if name in parent)
        }

    def matched(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        above, below = self.top.counted, self.bottom.counted
        if not self.cells:
            return above, below
        ours, theirs = self._cells_of(self.top, above), self._cells_of(self.bottom, below)
        known = set(theirs)
        if self.both:
            known &= set(ours)
        return above[ours.isin(known)], below[theirs.isin(known)]

    def _cells_of(self, side: Side, rows: pd.DataFrame) -> pd.Series:
        """Period and members of each row, those not stated apart from all others."""
        periods = rows["_day"].dt.to_period(PANDAS_FREQUENCY[self.every])
        members = [rows[side.columns[name]].astype(object) for name in self.cells]
        keys = zip(periods, *(each.where(each.notna(), UNSTATED) for each in members), strict=True)
        return pd.Series(list(keys), index=rows.index, dtype=object)


@dataclass(frozen=True)
class Runs:
    """What the newest run of each register and municipality says, within each period."""

    rows: pd.DataFrame  # with run_id, run_date, _load
    columns: Mapping[str, str]
    first: date
    cut_off: date
    top: str
    bottom: str

    def values(self, frequency: str, by: Members) -> Values:
        found = {}
        for period in pd.period_range(self.first, self.cut_off, freq=PANDAS_FREQUENCY[frequency]):
            for members, part in parts(self.newest(period), self.columns, by):
                found[period.start_time.date(), members] = self.read(part)
        return found

    def newest(self, period: pd.Period) -> pd.DataFrame:
        """The rows of the last run, by day and then by load, of each register and municipality."""
        end = min(period.end_time.normalize(), pd.Timestamp(self.cut_off))
        rows = self.rows[self.rows["run_date"].between(period.start_time, end)]
        of = ["register", "municipality_code"]
        loads = rows.groupby([*of, "run_date", "run_id"])["_load"].max().reset_index()
        last = loads.sort_values(["run_date", "_load"]).drop_duplicates(of, keep="last")
        return rows.merge(last[[*of, "run_id"]], on=[*of, "run_id"])

    def read(self, rows: pd.DataFrame) -> Found:
        checked = int(rows[self.bottom].sum())
        if not checked:
            return NOTHING
        return Found(Fraction(100 * int(rows[self.top].sum()), checked), None, checked)


@dataclass(frozen=True)
class Index(Runs):
    """100 x sum of weight x (1 - failed / checked) over the sum of weights, rule by register."""

    strata: Members = field(default=("rule_code", "register"))

    def read(self, rows: pd.DataFrame) -> Found:
        checked = rows[rows[self.bottom] > 0]
        cases = int(checked[self.bottom].sum())
        if (checked.groupby("rule_code")["weight"].nunique() > 1).any():
            return Found(None, Missing.CONFLICTING, cases)
        good = weights = Fraction()
        for _, rule in checked.groupby(list(self.strata)):
            weight = exact(rule["weight"].iloc[0])
            failed, total = int(rule[self.top].sum()), int(rule[self.bottom].sum())
            good += weight * (1 - Fraction(failed, total))
            weights += weight
        return Found(100 * good / weights, None, cases) if weights else NOTHING
