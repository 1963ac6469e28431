"""Measures made of more than one count: one sum per another, a gap, an index, a distinct number.

Each component keeps its own rule over time; they are brought together here, cell by cell, and
divided in `kpis.measurement` like everything else. Breakdowns that only the numerator carries keep
the denominator of their parent cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from data.figure import Missing
from data.metrics.asking import Among
from data.metrics.query import Query
from data.period import Frequency, Period
from kpis.counting import PLACE, SLICE, Counts, Grouping, Wanted, bound
from kpis.definitions import Formula
from kpis.measures import Measure, OverTime, Statistic

SUMS = ["n", "numerator", "denominator"]
TEN_THOUSAND = 10_000
STRATUM = ["leading", "weight", "numerator", "denominator"]
Stratum = tuple[str, Any, int, int]  # rule, weight, failed, checked
GIVEN = [*PLACE, *SUMS]


def cells_of(counts: Counts, formula: Formula, measure: Measure, what: Wanted) -> pd.DataFrame:
    """PLACE and the counts a measure is made of; a gap and an index bring their `value` along."""
    query = formula.query_of(measure)
    if measure.statistic is Statistic.RATIO_OF:
        ratio = _matched if measure.match else _pooled
        return bound(
            ratio(counts, query, formula.queries[measure.over or ""], measure, what), GIVEN
        )
    if measure.statistic is Statistic.DIFFERENCE:
        return _gap(counts, query, formula.queries[measure.over or ""], measure, what)
    if measure.statistic is Statistic.WEIGHTED:
        return _weighted(counts.of(query, what))
    if measure.statistic is Statistic.DISTINCT:
        return bound(_distinct(counts, query, measure, what), GIVEN)
    return counts.of(query, what, measure.window)


def groupings_of(query: Query, over: Query | None, wanted: Sequence[Grouping]) -> list[Grouping]:
    """The breakdowns both sides of a ratio can give: those of the numerator alone among them."""
    if over is None:
        return list(wanted)
    known = {one.name for one in over.dimensions} | _carried(query)
    return [grouping for grouping in wanted if set(grouping) <= known]


def _carried(query: Query) -> set[str]:
    return {one.name for one in query.dimensions if one.numerator_only}


def _parent(query: Query, grouping: Grouping) -> Grouping:
    return tuple(name for name in grouping if name not in _carried(query))


def _pooled(
    counts: Counts, query: Query, over: Query, measure: Measure, what: Wanted
) -> Iterator[pd.DataFrame]:
    """The numerator of a query beside that of another, each summed by itself."""
    for grouping in what.groupings:
        parent = _parent(query, grouping)
        own = counts.of(query, replace(what, groupings=(grouping,)), measure.window)
        other = _over_time(counts, over, measure, _for_other(what, over, parent))
        yield _beside(_named(own, grouping), _named(other, parent), grouping, parent)


def _for_other(what: Wanted, over: Query, parent: Grouping) -> Wanted:
    known = {one.name for one in over.dimensions}
    where = {name: member for name, member in (what.where or {}).items() if name in known}
    return replace(what, groupings=(parent,), where=where or None)


def _over_time(counts: Counts, over: Query, measure: Measure, what: Wanted) -> pd.DataFrame:
    """The other side: summed over each period, or the mean of the months that are there."""
    if measure.over_time is OverTime.SUM:
        return counts.of(over, what)
    months = counts.of(over, replace(what, frequencies=(Frequency.MONTH,)))
    return bound((_mean(months, frequency) for frequency in what.frequencies), GIVEN)


def _mean(months: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    moved = _in_periods(months, frequency)
    found = _added(moved, PLACE)
    there = moved.groupby(PLACE, as_index=False).size()["size"]
    return found.assign(**{name: found[name] / there for name in ("n", "numerator")})


def _added(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums that do not depend on the order: of whole ten-thousandths, the finest there are."""
    sums = [name for name in SUMS if name in cells]
    fine = cells.assign(**{name: _in_ten_thousandths(cells[name]) for name in sums})
    found = fine.groupby(keys, as_index=False)[sums].sum()
    return found.assign(**{name: found[name] / TEN_THOUSAND for name in sums})


def _in_ten_thousandths(column: pd.Series) -> pd.Series:
    exact = column.fillna(0).astype("float64") * TEN_THOUSAND
    return exact.round().astype("int64")


def _in_periods(months: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    """Cells of months under the start of the longer period they lie in."""
    starts = {day: Period.covering(day, frequency).start for day in set(months["period_start"])}
    return months.assign(period_start=months["period_start"].map(starts), frequency=frequency.value)


def _named(cells: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """Cells of one breakdown with a column for each of its dimensions."""
    members = dict(zip(grouping, ("member", "member2"), strict=False))
    kept = [name for name in SUMS if name in cells]
    found = cells[["frequency", "period_start", *kept]].astype(dict.fromkeys(kept, "float64"))
    return found.assign(**{name: cells[member] for name, member in members.items()})


def _plain(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with keys as plain objects: of typed texts pandas cannot join an empty table."""
    return cells.astype({name: object for name in cells.columns if name not in (*SUMS, "value")})


def _beside(
    own: pd.DataFrame, other: pd.DataFrame, grouping: Grouping, parent: Grouping
) -> pd.DataFrame:
    """One row a cell: the other side's sum is the denominator, and its rows are the cases."""
    when, over = ["frequency", "period_start"], other.drop(columns="denominator", errors="ignore")
    over = _plain(over.rename(columns={"numerator": "denominator"}))
    own = _plain(own[[*when, *grouping, "numerator"]])
    if parent == grouping:
        found = over.merge(own, how="outer", on=[*when, *grouping])
    else:
        members = own[list(grouping)].drop_duplicates()
        grid = over.merge(members, on=list(parent)) if parent else over.merge(members, how="cross")
        found = grid.merge(own, how="left", on=[*when, *grouping])
    return _placed(found.fillna(dict.fromkeys(SUMS, 0.0)), grouping)


def _placed(found: pd.DataFrame, grouping: Grouping) -> pd.DataFrame:
    """The cells under the names that all breakdowns share."""
    place: dict[str, Any] = {}
    for number, (dimension, member) in enumerate(zip(SLICE[::2], SLICE[1::2], strict=True)):
        name = grouping[number] if number < len(grouping) else None
        place |= {dimension: name or "", member: found[name] if name else ""}
    return found.assign(**place)[GIVEN]


def _matched(
    counts: Counts, query: Query, over: Query, measure: Measure, what: Wanted
) -> Iterator[pd.DataFrame]:
    """The same, over months (or years) and members that have both sides: others are masked."""
    monthly = replace(what, frequencies=(measure.match_every,))
    keys = ["period_start", *measure.match]
    both = _both(counts, query, over, measure, monthly)
    for grouping in what.groupings:
        parent = _parent(query, grouping)
        mine, theirs = (_with(one, measure.match) for one in (grouping, parent))
        left = counts.of(query, replace(monthly, groupings=(mine,)))
        left = _plain(_named(left, mine)).merge(both, on=keys)
        right = counts.of(over, _for_other(monthly, over, theirs))
        right = _plain(_named(right, theirs)).merge(both, on=keys)
        for frequency in what.frequencies:
            yield _beside(
                _summed(left, frequency, grouping),
                _summed(right, frequency, parent),
                grouping,
                parent,
            )


def _both(
    counts: Counts, query: Query, over: Query, measure: Measure, monthly: Wanted
) -> pd.DataFrame:
    """The months and members that have both sides, or at least the other one."""
    match = measure.match
    both = _keys(counts.of(over, _for_other(monthly, over, match)), match)
    if measure.match_both:
        own = _keys(counts.of(query, replace(monthly, groupings=(match,))), match)
        both = both.merge(own, on=["period_start", *match])
    return both


@dataclass(frozen=True, slots=True)
class Matched:
    """What of the own side counts in a matched ratio: its cells, and the sums over them."""

    among: Among
    counted: int
    numerator: float
    unmatched: int  # rows in cells that lack the other side


def matched(counts: Counts, formula: Formula, measure: Measure, what: Wanted) -> Matched:
    """The own side of a matched measure within a span and some members (`what`)."""
    query, over, match = formula.query_of(measure), formula.over(measure), measure.match
    if over is None:
        raise ValueError(f"{measure.name} is not matched with anything")
    monthly = replace(what, frequencies=(measure.match_every,), groupings=(match,))
    keys = ["period_start", *match]
    both = _both(counts, query, over, measure, monthly)
    own = _plain(_named(counts.of(query, monthly), match))
    inside = own.merge(both, on=keys)
    cells = frozenset((row[0], tuple(row[1:])) for row in both[keys].itertuples(index=False))
    return Matched(
        among=Among(measure.match_every, match, cells),
        counted=int(inside["n"].sum()),
        numerator=float(inside["numerator"].sum()),
        unmatched=int(own["n"].sum() - inside["n"].sum()),
    )


def _with(grouping: Grouping, match: Grouping) -> Grouping:
    return tuple(dict.fromkeys((*grouping, *match)))


def _keys(cells: pd.DataFrame, match: Grouping) -> pd.DataFrame:
    """The months and members in which there is anything."""
    found = _named(cells, match)
    return _plain(found.loc[found["n"] > 0, ["period_start", *match]].drop_duplicates())


def _summed(months: pd.DataFrame, frequency: Frequency, grouping: Grouping) -> pd.DataFrame:
    moved = _in_periods(months, frequency)
    return _added(moved, ["frequency", "period_start", *grouping])


def _gap(counts: Counts, query: Query, over: Query, measure: Measure, what: Wanted) -> pd.DataFrame:
    """The share of one query less that of another; the smaller group is the number of cases."""
    one, other = (counts.of(each, what, measure.window) for each in (query, over))
    one, other = _plain(one[GIVEN]), _plain(other[GIVEN])
    found = one.merge(other, how="outer", on=PLACE, suffixes=("", "_other"))
    found = found.fillna({name: 0 for name in found.columns if name not in PLACE})
    pairs = zip(
        found["numerator"], found["denominator"], found["numerator_other"],
        found["denominator_other"], strict=True,
    )  # fmt: skip
    value = [_difference(measure.factor, *pair) for pair in pairs]
    fewer = found[["denominator", "denominator_other"]].min(axis=1)
    return found[PLACE].assign(n=fewer, numerator=np.nan, denominator=np.nan, value=value)


def _difference(factor: int, top: Any, bottom: Any, other_top: Any, other_bottom: Any) -> float:
    if not (bottom and other_bottom):
        return np.nan
    gap = Fraction(int(top), int(bottom)) - Fraction(int(other_top), int(other_bottom))
    return float(factor * gap)


def _weighted(strata: pd.DataFrame) -> pd.DataFrame:
    """100 x sum(weight x (1 - failed / checked)) / sum(weight) of each cell, over its strata.

    Strata without anything checked leave both sums; one rule under two weights gives no value.
    """
    cells: dict[tuple[Any, ...], list[Stratum]] = {}
    for *place, rule, weight, failed, checked in strata[[*PLACE, *STRATUM]].itertuples(index=False):
        cells.setdefault(tuple(place), []).append((rule, weight, int(failed), int(checked)))
    rows = [(*place, *_index(found)) for place, found in cells.items()]
    return pd.DataFrame(rows, columns=[*GIVEN, "value", "missing"])


def _index(strata: list[Stratum]) -> tuple[Any, ...]:
    """n, numerator, denominator, value, missing."""
    tried = [stratum for stratum in strata if stratum[3] > 0]
    cases = sum(checked for *_, checked in tried)
    if len({(rule, weight) for rule, weight, *_ in tried}) > len({rule for rule, *_ in tried}):
        return cases, np.nan, np.nan, np.nan, Missing.CONFLICTING.value
    good = weights = Fraction(0)
    for _rule, weight, failed, checked in tried:
        exact = Fraction(Decimal(str(weight)))
        weights += exact
        good += exact * (1 - Fraction(failed, checked))
    if not weights:
        return cases, np.nan, 0.0, np.nan, None
    return cases, float(good), float(weights), float(100 * good / weights), None


def _distinct(
    counts: Counts, query: Query, measure: Measure, what: Wanted
) -> Iterator[pd.DataFrame]:
    """How many members of a dimension have a numerator at all: a set, never a sum."""
    wanted = measure.distinct or ""
    for grouping in what.groupings:
        both = _with(grouping, (wanted,))
        cells = _named(counts.of(query, replace(what, groupings=(both,))), both)
        keys = ["frequency", "period_start", *grouping]
        found = (
            cells[cells["numerator"] > 0]
            .groupby(keys, as_index=False)
            .agg(numerator=(wanted, "nunique"))
        )
        found = found.assign(denominator=np.nan)
        yield _placed(found.assign(n=found["numerator"]), grouping)
