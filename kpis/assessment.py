"""Status against target: this period's figure and what was aimed at, apart from any trend.

Values are compared unrounded, so 98.46 is behind a target of 98.5 although both print as 98.5;
the variance then carries the decimals that make the difference visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from data.errors import Invalid
from data.figure import Figure, Missing, Unit
from kpis.direction import Direction

_NOISE_DECIMALS = 9  # differences beyond this are floating-point dust, not performance
_MOST_DECIMALS = 4


class StatusKind(StrEnum):
    """What the status says; BEHIND_WORSENING also covers no change and no earlier figure."""

    MET = "met"
    BEHIND_IMPROVING = "behind_improving"
    BEHIND_WORSENING = "behind_worsening"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at, in the KPI's unit: at least `low`, at most `high`, or between the two."""

    low: float | None = None
    high: float | None = None
    source: str = ""
    assumption: bool = False  # nobody has decided it yet: to be shown as such
    tolerance: float | None = None  # how far short of it is still near; beyond is far behind

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise Invalid("assessment.refused.empty_target")
        numbers = [n for n in (self.low, self.high, self.tolerance) if n is not None]
        if not all(map(isfinite, numbers)) or (self.tolerance or 0) < 0:
            raise Invalid("targets.refused.no_number")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise Invalid("assessment.refused.target_upside_down", low=self.low, high=self.high)

    @property
    def point(self) -> float | None:
        """The one value aimed at, or None for a range."""
        if self.low is not None and self.high is not None:
            return None
        return self.low if self.low is not None else self.high

    def fits(self, direction: Direction) -> bool:
        """Whether the target has the bounds this direction needs and no other."""
        bounds = (self.low is not None, self.high is not None)
        needed = {
            Direction.HIGHER: (True, False),
            Direction.LOWER: (False, True),
            Direction.RANGE: (True, True),
        }
        return bounds == needed[direction]

    def margin(self, value: float) -> float:
        """How far inside the target: positive better than it, 0 just met, negative short of it."""
        above = [] if self.low is None else [value - self.low]
        below = [] if self.high is None else [self.high - value]
        return round(min(above + below), _NOISE_DECIMALS)

    def is_far(self, value: float) -> bool:
        """Whether a value is short of it by more than the tolerance; without one none is."""
        return self.tolerance is not None and self.margin(value) < -self.tolerance

    def difference(self, value: float) -> float:
        """Actual minus target; for a range from its nearer edge, and 0 within."""
        aim = self.point
        if aim is None:
            low, high = self.low or 0.0, self.high or 0.0
            aim = min(max(value, low), high)
        return round(value - aim, _NOISE_DECIMALS)


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its variance (positive is better than the target) and actual minus target."""

    kind: StatusKind
    variance: Figure | None = None
    difference: Figure | None = None
    missing: Missing | None = None  # why there is no figure, when there is none
    far_behind: bool = False  # behind by more than the target's tolerance; no status of its own


def assess(
    value: Figure,
    previous: Figure | None,
    target: Target | None,
    direction: Direction,
    *,
    fresh: bool,
) -> Status:
    """The status of a figure; no figure outranks stale, which outranks having no target.

    Improving means strictly closer to the target than the previous figure. A target whose bounds
    do not fit the direction is Invalid.
    """
    if target is not None and not target.fits(direction):
        raise Invalid("assessment.refused.target_unfit", direction=direction.value)
    if value.value is None:
        return Status(StatusKind.NO_DATA, missing=value.missing)
    if target is None:
        return Status(StatusKind.NO_TARGET if fresh else StatusKind.STALE)
    return Status(
        _kind(value.value, previous, target) if fresh else StatusKind.STALE,
        far_behind=fresh and target.is_far(value.value),
        variance=_gap(target.margin(value.value), value),
        difference=_gap(target.difference(value.value), value),
    )


def _kind(value: float, previous: Figure | None, target: Target) -> StatusKind:
    margin = target.margin(value)
    if margin >= 0:
        return StatusKind.MET
    if previous is None or previous.value is None:
        return StatusKind.BEHIND_WORSENING
    closer = margin > min(target.margin(previous.value), 0)
    return StatusKind.BEHIND_IMPROVING if closer else StatusKind.BEHIND_WORSENING


def _gap(gap: float, of: Figure) -> Figure:
    """A difference in the figure's unit, with more decimals if it would otherwise print as 0."""
    unit = Unit.PERCENTAGE_POINTS if of.unit is Unit.PERCENT else of.unit
    decimals = of.decimals
    while gap and not Figure(gap, unit, decimals).shown and decimals < _MOST_DECIMALS:
        decimals += 1
    return Figure(gap, unit, decimals)
