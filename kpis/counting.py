"""What the engine counted for a KPI: asked once for each question, and dense.

Dense means that every member ever seen has a row for every period covered, so that "none" is told
apart from "not loaded".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from data.metrics.engine import Engine
from data.metrics.query import Form, Query
from data.metrics.windows import Window
from data.period import Frequency, Period
from kpis.sources import Clock, Coverage, Sources

SLICE = ["dimension", "member", "dimension2", "member2"]
PLACE = ["frequency", "period_start", *SLICE]
Grouping = tuple[str, ...]
Kept = dict[tuple[str, str], pd.DataFrame]  # (query, what was wanted) -> the engine's counts
Where = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cells to compute: breakdowns at frequencies, between two days, of some members."""

    frequencies: tuple[Frequency, ...]
    groupings: tuple[Grouping, ...]
    where: Where | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The engine's counts as of one event; what is in `before` need not be counted again."""

    engine: Engine
    sources: Sources
    kept: Kept
    before: Kept

    def of(self, query: Query, what: Wanted, window: Window | None = None) -> pd.DataFrame:
        """The columns PLACE and what the engine gives for the form; only cells with rows."""
        key = (query.content_hash, repr((what, window)))
        if key not in self.kept:
            known = self.before.get(key)
            self.kept[key] = self._asked(query, what, window) if known is None else known
        return self.kept[key]

    def _asked(self, query: Query, what: Wanted, window: Window | None) -> pd.DataFrame:
        clock = self.sources.clock(query.contract)
        # Of periods whole segments are counted; only a stock or a run is judged on a day.
        ends = query.form in (Form.STOCK, Form.LATEST) or window is not None
        table = self.engine.slices(
            query,
            self.sources.reference,
            self.sources.history,
            frequencies=what.frequencies,
            groupings=what.groupings,
            first=what.first or _first_day(clock),
            last=what.last or (clock.cut_off if ends else None),
            where=what.where,
            cut_off=clock.entered_until if query.enters else clock.cut_off,
            window=window,
        )
        cells: pd.DataFrame = table.to_pandas()
        return cells


def _first_day(clock: Clock) -> date | None:
    """The start of the year in which the extract begins to know anything: of every frequency."""
    if clock.first is None:
        return None
    return min(clock.first.replace(month=1, day=1), clock.first - timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Ground:
    """What tells which periods are known: the clock of the KPI's extract and of those beside it.

    Values of a period are final so many months after its end (`settles`), partial before. Those of
    a `window` lean on days before the period, and on `reach` days before the window.
    """

    clock: Clock
    beside: tuple[Clock, ...] = ()
    settles: int = 0
    window: Window | None = None
    reach: int = 0

    def partial(self, period: Period, coverage: Coverage) -> bool:
        """Whether a period covered by the KPI's own extract may still change."""
        unknown = any(one.coverage(period) is not Coverage.FULL for one in self.beside)
        whole = self._is_settled(period) and self._reaches_back(period)
        return coverage is Coverage.PARTIAL or unknown or not whole

    def _reaches_back(self, period: Period) -> bool:
        """Whether the days a window leans on are known."""
        if self.window is None or self.clock.first is None:
            return True
        return self.clock.first <= self.window.first_day(period) - timedelta(days=self.reach)

    def _is_settled(self, period: Period) -> bool:
        if not self.settles or self.clock.cut_off is None:
            return True
        months = period.end.year * 12 + period.end.month - 1 + self.settles
        return self.clock.cut_off >= date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def dense(cells: pd.DataFrame, ground: Ground, what: Wanted) -> pd.DataFrame:
    """The cells with one row for every member and period covered, and whether it is `partial`."""
    whole = pd.DataFrame([dict.fromkeys(SLICE, "")])
    members = pd.concat([cells[SLICE], whole] if () in what.groupings else [cells[SLICE]])
    grid = _covered(cells, ground, what).merge(members.drop_duplicates(), how="cross")
    return grid.merge(cells, how="left", on=PLACE)


def _covered(cells: pd.DataFrame, ground: Ground, what: Wanted) -> pd.DataFrame:
    """The periods wanted of which anything is known: frequency, period_start, partial."""
    earliest = cells["period_start"].min() if len(cells) else None
    rows = [
        (frequency.value, period.start, ground.partial(period, coverage))
        for frequency in what.frequencies
        for period, coverage in ground.clock.periods(frequency, what.first or earliest)
        if (what.first is None or period.last_day >= what.first)
        and (what.last is None or period.start <= what.last)
    ]
    return pd.DataFrame(rows, columns=["frequency", "period_start", "partial"])


def bound(frames: Iterable[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """The frames one below the other; those without rows do not spoil the types of the others."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))
