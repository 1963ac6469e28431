"""What the agency is ready to bear, as a curve, and where the exposure lies above it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import scipy

from data.errors import Invalid
from risks.exposure.curves import ExceedancePoint
from risks.exposure.draws import Floats
from risks.exposure.severity import LARGEST_LOSS

MOST_POINTS = 20


class ToleranceVerdict(StrEnum):
    """How a point of the exposure stands to the tolerance there."""

    WITHIN = "within"  # below, and so is its interval
    ABOVE = "above"  # above, and so is its interval
    UNCLEAR = "unclear"  # the simulation cannot tell
    NOT_STATED = "not_stated"  # no tolerance is stated for so small or so large a loss


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Stated as points (chance in a year, loss in EUR): a loss above this is borne with at most
    this chance. Two points or more, chances falling as losses rise; else Invalid.

    Two points are joined by the exceedance curve of the lognormal law through both, for every
    loss. Of more points each two are joined by a straight line between the logarithms of loss and
    chance, an assumption; outside the first and the last nothing is stated.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.points) <= MOST_POINTS:
            raise Invalid("exposure.refused.tolerance_points", fewest=2, most=MOST_POINTS)
        for chance, loss in self.points:
            if not (0 < chance < 1 and 0 < loss <= LARGEST_LOSS):
                raise Invalid("exposure.refused.tolerance_point", chance=chance, loss=loss)
        for (chance, loss), (next_chance, next_loss) in pairwise(self.points):
            if not (next_chance < chance and next_loss > loss):
                raise Invalid("exposure.refused.tolerance_order", loss=loss, following=next_loss)

    @property
    def mu(self) -> float:
        """Of the lognormal law through the first and the last point."""
        chance, loss = self.points[0]
        return math.log(loss) + self.sigma * float(scipy.special.ndtri(chance))

    @property
    def sigma(self) -> float:
        """Of the lognormal law through the first and the last point."""
        (first, low), (last, high) = self.points[0], self.points[-1]
        apart = scipy.special.ndtri(first) - scipy.special.ndtri(last)
        return float((math.log(high) - math.log(low)) / apart)

    def at(self, loss: Any) -> Floats:
        """The chance that is borne of a loss above this one (EUR); NaN where nothing is stated."""
        losses = np.asarray(loss, dtype=np.float64)
        with np.errstate(divide="ignore"):
            logs = np.log(losses)
        if len(self.points) == 2:
            borne: Floats = scipy.special.ndtr(-(logs - self.mu) / self.sigma)
            return borne
        chances, ends = np.log(np.array(self.points)).T
        between: Floats = np.exp(np.interp(logs, ends, chances, left=np.nan, right=np.nan))
        return between


@dataclass(frozen=True, slots=True)
class Compared:
    """A point of the exposure beside what is tolerated there."""

    point: ExceedancePoint
    tolerated: float | None  # None: not stated
    verdict: ToleranceVerdict


@dataclass(frozen=True, slots=True)
class Span:
    """Losses over which the exposure lies above the tolerance, EUR, and its worst point."""

    start: float
    end: float
    worst: Compared  # where the exposure is the most times what is tolerated


def compare(curve: Sequence[ExceedancePoint], tolerance: Tolerance) -> tuple[Compared, ...]:
    """Each point of the curve against the tolerance; each by its own interval, not jointly."""
    tolerated = tolerance.at([point.loss for point in curve]).tolist()
    return tuple(_compared(point, borne) for point, borne in zip(curve, tolerated, strict=True))


def spans_above(compared: Iterable[Compared]) -> tuple[Span, ...]:
    """Where the exposure lies above: neighbouring points together, in the order of losses."""
    spans: list[list[Compared]] = []
    before = None
    for each in compared:
        if each.verdict is ToleranceVerdict.ABOVE:
            if before is not ToleranceVerdict.ABOVE:
                spans.append([])
            spans[-1].append(each)
        before = each.verdict
    return tuple(
        Span(run[0].point.loss, run[-1].point.loss, max(run, key=_times_tolerated)) for run in spans
    )


def _compared(point: ExceedancePoint, tolerated: float) -> Compared:
    if math.isnan(tolerated):
        return Compared(point, None, ToleranceVerdict.NOT_STATED)
    if point.low > tolerated:
        return Compared(point, tolerated, ToleranceVerdict.ABOVE)
    within = point.high <= tolerated
    return Compared(
        point, tolerated, ToleranceVerdict.WITHIN if within else ToleranceVerdict.UNCLEAR
    )


def _times_tolerated(each: Compared) -> float:
    return each.point.probability / each.tolerated if each.tolerated else 0.0
