"""Secondary suppression: a hidden small cell must not follow from totals and neighbours.

Cells of a breakdown that could point at a person add up in two ways: over the members of a period
to the whole agency, and over the periods of a member to longer ones. Small cells are hidden at
measurement; here others are hidden beside them until in every such sum

- not one hidden cell stands alone,
- the hidden ones together are no small cell themselves, and of a share neither none nor all,
- no hidden cell is fixed by all the sums together (their null space moves each of them).

The smallest neighbours are hidden first; cells of the whole agency never are. Methods: Hundepool et
al., Statistical Disclosure Control (Wiley 2012), chapter 4.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from data.figure import Missing
from data.metrics.query import Form, Query
from data.period import Frequency, Period
from kpis.definitions import FINEST_FIRST, Formula
from kpis.measurement import SENSITIVE
from kpis.measures import Measure, Statistic

COUNTED_ALIKE = ("numerator", "value", "dimensions")  # what does not decide who is counted
AT_ENDS = frozenset({Form.STOCK, Form.LATEST})  # a longer period tells what its last part tells
ENOUGH_TO_MOVE = 1e-9  # in a null space of ones and minus ones anything less is rounding
Place = tuple[str, str, date]  # member, frequency, first day of the period


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up to another one; that of the whole agency stays open whatever happens."""

    parts: tuple[int, ...]
    total: int
    stays_open: bool


@dataclass(slots=True)
class Cells:
    """The cells of one breakdown of one population: how many cases, and which are hidden."""

    cases: np.ndarray
    hidden: np.ndarray
    sums: tuple[Sum, ...]
    small_cell: int
    share: np.ndarray | None = None  # numerators, where a share of the cases is told

    def protect(self) -> None:
        """Hide beside the small cells what would give them away."""
        while self._one_more_by_sums() or self._one_more_by_all_sums():
            pass

    def _one_more_by_sums(self) -> bool:
        changed = False
        for one in self.sums:
            while (more := self._needed(one)) is not None:
                self.hidden[more] = changed = True
        return changed

    def _needed(self, one: Sum) -> int | None:
        """The next cell to hide for a sum to tell nothing; None when none is needed or left."""
        hidden = [part for part in one.parts if self.hidden[part]]
        if self.hidden[one.total]:
            return None if hidden else self._smallest(one)
        if not hidden or self._is_vague(one, hidden):
            return None
        if any(self.cases[part] for part in self._open(one)):
            return self._smallest(one)
        if not one.stays_open:
            return one.total
        return self._smallest(one) if len(hidden) == 1 else None

    def _is_vague(self, one: Sum, hidden: Sequence[int]) -> bool:
        """Whether knowing the sum of these cells tells nothing of each."""
        if len(hidden) == 1 or self.cases[hidden].sum() < self.small_cell:
            return False
        return self._is_mixed(hidden) or (one.stays_open and not self._is_mixed([one.total]))

    def _is_mixed(self, cells: Sequence[int]) -> bool:
        """Whether the numerator is neither 0 nor all the cases: each cell would be the same."""
        if self.share is None:
            return True
        return bool(0 < self.share[cells].sum() < self.cases[cells].sum())

    def _smallest(self, one: Sum) -> int | None:
        """The open part with the fewest cases, an empty one only where there is no other."""
        cases = self.cases
        return min(self._open(one), key=lambda part: (not cases[part], cases[part]), default=None)

    def _open(self, one: Sum) -> list[int]:
        return [part for part in one.parts if not self.hidden[part]]

    def _one_more_by_all_sums(self) -> bool:
        """Hide a neighbour of a cell that all the sums together give away."""
        for cell in self._given_away():
            around = [one for one in self.sums if cell in (*one.parts, one.total)]
            found = [self._smallest(one) for one in around]
            found += [one.total for one in around if not (one.stays_open or self.hidden[one.total])]
            for more in found:
                if more is not None:
                    self.hidden[more] = True
                    return True
        return False

    def _given_away(self) -> list[int]:
        """The hidden cells that have one value alone in the sums, by linear algebra."""
        places = {int(cell): n for n, cell in enumerate(np.flatnonzero(self.hidden))}
        rows = [row for one in self.sums if any(row := _equation(one, places))]
        if not rows:
            return []
        _, sizes, basis = np.linalg.svd(np.array(rows))
        free = basis[int((sizes > ENOUGH_TO_MOVE).sum()) :]
        moves = np.abs(free).max(axis=0, initial=0.0) > ENOUGH_TO_MOVE
        return [cell for cell, n in places.items() if not moves[n]]


def _equation(one: Sum, places: Mapping[int, int]) -> list[float]:
    """The hidden cells of a sum: parts less total is what everybody knows."""
    row = [0.0] * len(places)
    for part in one.parts:
        if part in places:
            row[places[part]] = 1.0
    if one.total in places:
        row[places[one.total]] = -1.0
    return row


def is_told(dimension: str, frequency: Frequency, beside: Collection[str]) -> bool:
    """Whether a breakdown is told at all: a sensitive one not by weeks, nor within another.

    Weeks overlap months, and tables crossed with each other share their margins: what is hidden in
    one could be found through the other.
    """
    return dimension not in SENSITIVE or not (beside or frequency is Frequency.WEEK)


def protected(frame: pd.DataFrame, formula: Formula, *, small_cell: int) -> pd.DataFrame:
    """The readings (`kpis.publishing` KEY and VALUES) with more of the sensitive ones suppressed.

    All lines, periods and members have to be there; rows of other breakdowns come back as they are.
    """
    frame = frame.reset_index(drop=True)
    missing = frame["missing"].to_numpy(object, copy=True)
    for dimension, measures in _populations(frame, formula):
        rows = frame[frame["measure"].isin([one.name for one in measures])]
        rows = rows[rows["dimension"].isin(["", dimension]) & (rows["dimension2"] == "")]
        for row in _hidden(rows, measures, formula, small_cell):
            missing[row] = Missing.SUPPRESSED.value
    hides = pd.Series(missing == Missing.SUPPRESSED.value, index=frame.index)
    return frame.assign(
        missing=pd.Series(missing, index=frame.index, dtype=object),
        value=frame["value"].mask(hides),
    )


def _populations(frame: pd.DataFrame, formula: Formula) -> Iterator[tuple[str, list[Measure]]]:
    """The lines that count the same cases are protected together: one would tell of another."""
    for dimension in sorted(SENSITIVE & set(frame["dimension"])):
        alike: dict[str, list[Measure]] = {}
        for measure in formula.measures:
            query = formula.query_of(measure)
            if any(one.name == dimension for one in query.dimensions):
                alike.setdefault(_population(query, measure), []).append(measure)
        yield from ((dimension, measures) for measures in alike.values())


def _population(query: Query, measure: Measure) -> str:
    said = query.to_json()
    kept = {name: value for name, value in said.items() if name not in COUNTED_ALIKE}
    counts = query.numerator if measure.is_count else ""
    return json.dumps([kept, counts, repr(measure.window)], sort_keys=True, default=str)


def _hidden(
    rows: pd.DataFrame, measures: Sequence[Measure], formula: Formula, small_cell: int
) -> Iterator[int]:
    """The positions of the rows to suppress: what is hidden in all lines, and more in a share."""
    places: dict[Place, int] = {}
    keys = zip(rows["member"], rows["frequency"], rows["period_start"], strict=True)
    rows = rows.assign(place=[places.setdefault(key, len(places)) for key in keys])
    small = rows.loc[rows["missing"].eq(Missing.SUPPRESSED.value), "place"]
    if not len(small):
        return
    first = rows.drop_duplicates("place").sort_values("place")
    cells = Cells(
        cases=first["cases"].to_numpy(float),
        hidden=np.isin(np.arange(len(places)), small),
        sums=(*_over_members(places), *_over_time(places, formula, measures[0])),
        small_cell=small_cell,
    )
    cells.protect()
    for measure in measures:
        own = rows[rows["measure"] == measure.name]
        hidden = _of_line(cells, own, measure)
        yield from own.index[hidden[own["place"]]]


def _of_line(cells: Cells, rows: pd.DataFrame, measure: Measure) -> np.ndarray:
    """What is hidden of one line; of a share also what would tell that hidden ones are 0 or 100."""
    if measure.statistic is not Statistic.SHARE:
        return cells.hidden
    numerators = rows.set_index("place")["numerator"].reindex(range(len(cells.cases)))
    line = replace(cells, hidden=cells.hidden.copy(), share=numerators.fillna(0).to_numpy(float))
    line.protect()
    return line.hidden


def _over_members(places: Mapping[Place, int]) -> Iterator[Sum]:
    """In each period the members add up to the whole agency."""
    members: dict[tuple[str, date], list[int]] = {}
    for (member, frequency, start), place in places.items():
        if member:
            members.setdefault((frequency, start), []).append(place)
    for (frequency, start), parts in members.items():
        whole = places.get(("", frequency, start))
        if whole is not None:
            yield Sum(tuple(parts), whole, stays_open=True)


def _over_time(places: Mapping[Place, int], formula: Formula, measure: Measure) -> Iterator[Sum]:
    """Of each member the periods add up to longer ones, or the last of them is the longer one."""
    ends = formula.query_of(measure).form in AT_ENDS or measure.window is not None
    told = {frequency for _, frequency, _ in places}
    steps = [one for one in FINEST_FIRST if one.value in told and one is not Frequency.WEEK]
    for finer, longer in pairwise(steps):
        within: dict[tuple[str, date], list[tuple[date, int]]] = {}
        for (member, frequency, start), place in places.items():
            if member and frequency == finer.value:
                start_of_longer = Period.covering(start, longer).start
                within.setdefault((member, start_of_longer), []).append((start, place))
        for (member, start), parts in within.items():
            total = places.get((member, longer.value, start))
            if total is not None:
                ordered = [place for _, place in sorted(parts)]
                yield Sum(tuple(ordered[-1:] if ends else ordered), total, stays_open=False)
