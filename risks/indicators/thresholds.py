"""When a value warns: what one period says, and the state of a series of them. Knows no database.

At a threshold counts as reached, on the unrounded value. A state is slow to alarm and slow to calm:
it turns red after so many periods in a row that are red, and is red until as many in a row are not.
It is amber as soon as one of the last so many is not green: a warning costs nothing. A period
without a value neither counts nor calms, and never lets anything be green.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from data.errors import Invalid
from data.period import Frequency

MOST_PERIODS, MOST_DAYS, MOST_CASES = 12, 1500, 1_000_000
# Proposals, until the agency says otherwise: how old the newest value may be.
STALE_AFTER = {
    Frequency.WEEK: 21,
    Frequency.MONTH: 45,
    Frequency.QUARTER: 135,
    Frequency.YEAR: 420,
}
LONGEST = {
    Frequency.WEEK: 7,
    Frequency.MONTH: 31,
    Frequency.QUARTER: 92,
    Frequency.YEAR: 366,
}


class DangerSide(StrEnum):
    """On which side of its thresholds a value is dangerous."""

    ABOVE = "above"
    BELOW = "below"


class Signal(StrEnum):
    """What one period says by itself."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_DATA = "no_data"


class IndicatorState(StrEnum):
    """How an indicator stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_DATA = "no_data"
    STALE = "stale"


WARNING = frozenset({IndicatorState.AMBER, IndicatorState.RED})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a value warns, and how much it takes to believe it."""

    side: DangerSide
    amber: float
    red: float
    periods: int = 2  # in a row, to turn red and to be no longer red
    min_cases: int = 0  # with fewer a period says nothing
    stale_after_days: int = STALE_AFTER[Frequency.MONTH]

    def check(self, frequency: Frequency) -> None:
        """Refuse what cannot warn: amber must come before red, and fresh data must be possible."""
        if not (isfinite(self.amber) and isfinite(self.red)):
            raise Invalid("risks.indicators.refused.no_number")
        if self.amber == self.red or self._reached(self.amber, self.red):
            raise Invalid("risks.indicators.refused.amber_beyond_red", side=self.side)
        if not 1 <= self.periods <= MOST_PERIODS:
            raise Invalid("risks.indicators.refused.periods", most=MOST_PERIODS)
        if not 0 <= self.min_cases <= MOST_CASES:
            raise Invalid("risks.indicators.refused.min_cases", most=MOST_CASES)
        if not LONGEST[frequency] <= self.stale_after_days <= MOST_DAYS:
            raise Invalid(
                "risks.indicators.refused.stale", least=LONGEST[frequency], most=MOST_DAYS
            )

    def signal(self, value: float | None, cases: int) -> Signal:
        """What a period of this value and so many cases says."""
        if value is None or not isfinite(value) or cases < self.min_cases:
            return Signal.NO_DATA
        if self._reached(value, self.red):
            return Signal.RED
        return Signal.AMBER if self._reached(value, self.amber) else Signal.GREEN

    def states(self, signals: Iterable[Signal | None]) -> list[IndicatorState]:
        """The state with each period of a series, oldest first; None is a period not over yet."""
        last: deque[Signal] = deque(maxlen=self.periods)
        state, states = IndicatorState.NO_DATA, []
        for signal in signals:
            if signal is Signal.NO_DATA:
                state = state if state in WARNING else IndicatorState.NO_DATA
            elif signal is not None:
                last.append(signal)
                state = _state(state, last, full=len(last) == self.periods)
            states.append(state)
        return states

    def shown(self, state: IndicatorState, newest: date | None, today: date) -> IndicatorState:
        """The state as it is told: stale where the last day of the newest value is too long ago."""
        if newest is None:
            return IndicatorState.NO_DATA
        is_stale = (today - newest).days > self.stale_after_days
        return IndicatorState.STALE if is_stale else state

    def _reached(self, value: float, threshold: float) -> bool:
        return value >= threshold if self.side is DangerSide.ABOVE else value <= threshold


def _state(before: IndicatorState, last: Collection[Signal], *, full: bool) -> IndicatorState:
    """The state after one more signal, the last of those given."""
    reds = sum(one is Signal.RED for one in last)
    if full and reds == len(last):
        return IndicatorState.RED
    if before is IndicatorState.RED and reds:
        return IndicatorState.RED
    is_calm = all(one is Signal.GREEN for one in last)
    return IndicatorState.GREEN if is_calm else IndicatorState.AMBER
