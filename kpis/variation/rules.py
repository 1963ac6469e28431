"""The four rules that find a special cause; each is a function of one group's series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kpis.variation.limits import Limits, Series
from kpis.variation.settings import ChartSettings


class Side(StrEnum):
    """Above the mean or rising; below the mean or falling."""

    HIGH = "high"
    LOW = "low"


class Rule(StrEnum):
    """The rules in the order in which they outrank each other."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that a point breaks, and on which side."""

    rule: Rule
    side: Side


Window = Sequence[int | None]  # signs of adjacent rows, None where unknown
Flags = list[Side | None]  # for each row the side on which the rule fires, or None


def sign(number: float) -> int:
    """1, 0 or -1."""
    return (number > 0) - (number < 0)


def signs(series: Series, mean: float | None) -> list[int | None]:
    """On which side of the mean each row lies: 1, -1, 0 exactly on it, None if missing."""
    return [None if v is None or mean is None else sign(v - mean) for v in series]


def beyond(series: Series, low: float | None, high: float | None) -> list[bool | None]:
    """Whether each row lies strictly beyond one of two bounds; None if that cannot be said."""
    if low is None or high is None:
        return [None] * len(series)
    return [None if v is None else v < low or v > high for v in series]


def outside_limits(series: Series, limits: Limits) -> list[bool | None]:
    """Strictly beyond a process limit."""
    return beyond(series, limits.lower, limits.upper)


def close_to_limits(series: Series, limits: Limits) -> list[bool | None]:
    """Strictly beyond a near limit, yet not outside."""
    outside = outside_limits(series, limits)
    near = beyond(series, limits.near_lower, limits.near_upper)
    return [
        None if o is None or n is None else n and not o for o, n in zip(outside, near, strict=True)
    ]


def outside(series: Series, limits: Limits) -> Flags:
    """One point beyond a process limit."""
    return _where(outside_limits(series, limits), signs(series, limits.mean))


def trend(series: Series, length: int) -> Flags:
    """So many points moving one way; a point between two moves takes the direction of the later."""
    into = moves(series)
    inside = trending(series, length)
    followed = [*inside[1:], False]
    out_of = [*into[1:], None]
    steps = zip(followed, out_of, into, strict=True)
    # A tie between two trends is no rise, so the reference calls it falling.
    rises = [(later if more else now) == 1 for more, later, now in steps]
    return _where(inside, [1 if rise else -1 for rise in rises])


def two_of_three(series: Series, limits: Limits, *, outside_counts: bool) -> Flags:
    """Two of three points in a row close to a limit, all three on one side: the close ones."""
    close = close_to_limits(series, limits)
    if outside_counts:
        close = [a or b for a, b in zip(close, outside_limits(series, limits), strict=True)]
    side = signs(series, limits.mean)
    reach = [s and (2 * s if near else s) for s, near in zip(side, close, strict=True)]
    member = _members(reach, 3, _two_reach_far)
    return _where([inside and near for inside, near in zip(member, close, strict=True)], side)


def shift(series: Series, limits: Limits, length: int) -> Flags:
    """So many points in a row on one side of the mean; a point on the mean ends the run."""
    side = signs(series, limits.mean)
    return _where(_members(side, length, _one_way), side)


def fired(series: Series, limits: Limits, settings: ChartSettings) -> list[tuple[Fired, ...]]:
    """For each row every rule that fires, the strongest first."""
    close = settings.outside_counts_as_close
    flags = {
        Rule.OUTSIDE: outside(series, limits),
        Rule.TREND: trend(series, settings.trend_length),
        Rule.TWO_OF_THREE: two_of_three(series, limits, outside_counts=close),
        Rule.SHIFT: shift(series, limits, settings.shift_length),
    }
    return [
        tuple(Fired(rule, side) for rule, found in flags.items() if (side := found[i]) is not None)
        for i in range(len(series))
    ]


def moves(series: Series) -> list[int | None]:
    """The direction of the move into each row; None for the first and beside gaps."""
    steps = [None if a is None or b is None else sign(b - a) for a, b in pairwise(series)]
    return [None, *steps][: len(series)]


def trending(series: Series, length: int) -> list[bool]:
    """Whether each row belongs to `length` rows with strict moves one way."""
    return _members(moves(series), length, lambda window: _one_way(window[1:]))


def trend_is_unclear(series: Series, length: int) -> bool:
    """Whether a gap hides if some rows are a trend; there the reference package fails."""
    return any(_members(moves(series), length, lambda window: _hides_trend(window[1:])))


def _one_way(window: Window) -> bool:
    return window[0] in (1, -1) and all(each == window[0] for each in window)


def _hides_trend(window: Window) -> bool:
    known = set(window) - {None}
    return None in window and 0 not in known and len(known) <= 1


def _two_reach_far(window: Window) -> bool:
    """Of sides written 2 or -2 where they reach close to a limit, else 1 or -1."""
    one_way = _one_way([each and sign(each) for each in window])
    return one_way and sum(each in (2, -2) for each in window) >= 2


def _members(rows: Window, length: int, holds: Callable[[Window], bool]) -> list[bool]:
    """Whether each row lies in some window of `length` rows for which `holds`."""
    found = [False] * len(rows)
    for start in range(len(rows) - length + 1):
        if holds(rows[start : start + length]):
            found[start : start + length] = [True] * length
    return found


def _where(found: Sequence[bool | None], side: Window) -> Flags:
    """The side of each row where something was found."""
    return [
        (Side.HIGH if s > 0 else Side.LOW) if f and s else None
        for f, s in zip(found, side, strict=True)
    ]
