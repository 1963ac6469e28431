"""How an aim moves: at once, in a straight line from a baseline, or in stages with days.

Aims in between are exact fractions, rounded half up to the decimals the KPI is shown with: what
is printed is what is judged by. What people wrote (baseline, stages, final aim) is never rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import floor, isfinite
from typing import Any

from data.errors import Invalid
from kpis.assessment import Target
from kpis.direction import Direction

MOST_STAGES = 40


class Course(StrEnum):
    """How the aim gets from the baseline to the final value."""

    AT_ONCE = "at_once"
    LINEAR = "linear"
    STAGES = "stages"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where the KPI stood, on which day, and who says so."""

    value: float
    day: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """An aim in between: to be reached by a day and to be kept until the next."""

    day: date
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """From where, how and by when the final aim is reached; by itself an aim that holds at once."""

    course: Course = Course.AT_ONCE
    baseline: Baseline | None = None
    due: date | None = None
    stages: tuple[Stage, ...] = ()
    decimals: int = 0  # of the aims in between

    def __post_init__(self) -> None:
        self._require_ends()
        self._require_order()

    def aim(self, final: Target, day: date) -> Target:
        """What is aimed at on a day: the baseline at first, the final target from the due day."""
        if self.course is Course.AT_ONCE or self.due is None or day >= self.due:
            return final
        return _aim(self, final, day)

    def points(self, final: Target) -> tuple[tuple[date, Target], ...]:
        """The days on which the path is said in so many words, from the baseline to the end."""
        if self.course is Course.AT_ONCE or self.baseline is None or self.due is None:
            return ()
        days = [self.baseline.day, *(stage.day for stage in self.stages), self.due]
        return tuple((day, self.aim(final, day)) for day in days)

    def _require_ends(self) -> None:
        if self.baseline is not None and not isfinite(self.baseline.value):
            raise Invalid("targets.refused.no_number")
        if self.course is not Course.AT_ONCE and (self.baseline is None or self.due is None):
            raise Invalid("targets.refused.path_without_ends", course=self.course)
        if (self.course is Course.STAGES) != bool(self.stages):
            raise Invalid("targets.refused.stages_unfit", course=self.course)
        if len(self.stages) > MOST_STAGES:
            raise Invalid("targets.refused.too_many_stages", most=MOST_STAGES)

    def _require_order(self) -> None:
        days = [stage.day for stage in self.stages]
        ends = [self.baseline.day] if self.baseline else []
        days = [*ends, *days, *([self.due] if self.due else [])]
        for before, after in pairwise(days):
            if before >= after:
                raise Invalid("targets.refused.days_disordered", before=before, after=after)


AT_ONCE = Path()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something worth a second look that nobody forbids."""

    key: str
    values: Mapping[str, Any]


def doubts(path: Path, final: Target, direction: Direction) -> tuple[Warned, ...]:
    """Where a path goes the wrong way: an aim further from good than what was there before."""
    return tuple(_doubts(path, final, direction))


def _doubts(path: Path, final: Target, direction: Direction) -> Iterator[Warned]:
    if direction is Direction.RANGE:
        return
    if path.baseline is not None and _is_worse(final.point, path.baseline.value, direction):
        yield Warned("targets.doubt.below_baseline", {"baseline": path.baseline.value})
    ends = [(stage.day, _point(stage)) for stage in path.stages]
    ends += [(path.due, final.point)] if path.due and ends else []
    for (_, before), (day, after) in pairwise(ends):
        if _is_worse(after, before, direction):
            yield Warned("targets.doubt.step_back", {"day": day})


def _point(stage: Stage) -> float | None:
    return stage.low if stage.high is None else stage.high


def _is_worse(value: float | None, than: float | None, direction: Direction) -> bool:
    if value is None or than is None:
        return False
    return value < than if direction is Direction.HIGHER else value > than


@lru_cache(maxsize=20_000)  # the same few hundred days are asked for again and again
def _aim(path: Path, final: Target, day: date) -> Target:
    """The aim of a day before the due day, of a path with a baseline."""
    if path.course is Course.STAGES:
        passed = [stage for stage in path.stages if stage.day <= day]
        if passed:
            return replace(final, low=passed[-1].low, high=passed[-1].high)
        first = path.stages[0]
        return _from_baseline(path, replace(final, low=first.low, high=first.high), Fraction(0))
    return _from_baseline(path, final, _share(path, day))


def _share(path: Path, day: date) -> Fraction:
    """How much of the way is behind on a day, 0 to 1."""
    if path.baseline is None or path.due is None or day <= path.baseline.day:
        return Fraction(0)
    whole = (path.due - path.baseline.day).days
    return min(Fraction((day - path.baseline.day).days, whole), Fraction(1))


def _from_baseline(path: Path, final: Target, share: Fraction) -> Target:
    """So much of the way to the aim. A range begins as wide as to hold the baseline."""
    if path.baseline is None:
        return final
    start, low, high = path.baseline.value, final.low, final.high
    if low is not None and high is not None:
        return replace(
            final,
            low=_between(min(start, low), low, share, path.decimals),
            high=_between(max(start, high), high, share, path.decimals),
        )
    if low is not None:
        return replace(final, low=_between(start, low, share, path.decimals))
    return replace(final, high=_between(start, high or 0.0, share, path.decimals))


def _between(start: float, end: float, share: Fraction, decimals: int) -> float:
    """A value on the way, rounded half up, away from zero; the ends stay as they are written."""
    if share == 0 or start == end:
        return start
    exact = Fraction(repr(start)) + (Fraction(repr(end)) - Fraction(repr(start))) * share
    steps = floor(abs(exact) * 10**decimals + Fraction(1, 2))
    return float(Fraction(steps if exact >= 0 else -steps, 10**decimals))
