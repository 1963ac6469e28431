"""What a judged series says in the end: the two icons and one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from data.period import Frequency, Period
from kpis.direction import Direction
from kpis.variation.chart import (
    AssuranceIcon,
    JudgedPoint,
    Message,
    PointType,
    VariationIcon,
)
from kpis.variation.rules import Side
from kpis.variation.settings import ChartSettings

_WORDS = {
    PointType.IMPROVEMENT: "improving",
    PointType.CONCERN: "worsening",
    PointType.HIGH: "higher",
    PointType.LOW: "lower",
}


def judged_point(points: Sequence[JudgedPoint], settings: ChartSettings) -> JudgedPoint | None:
    """The last point that has a value; under the reference profile the last row whatever it is."""
    if settings.lenient:
        return points[-1]
    return next((point for point in reversed(points) if point.value is not None), None)


def variation_of(point: JudgedPoint, direction: Direction) -> VariationIcon:
    """The icon that answers 'is it changing?'."""
    if point.special_cause is None:
        return VariationIcon.COMMON_CAUSE
    side = point.special_cause.side
    kind = "neutral" if direction is Direction.RANGE else point.point_type.value
    return VariationIcon(f"{kind}_{side.value}")


def assurance_of(point: JudgedPoint, direction: Direction) -> AssuranceIcon | None:
    """The icon that answers 'will it meet the target?'; None without a target or for a range."""
    aim = None if point.target is None else point.target.point
    if aim is None or direction is Direction.RANGE:
        return None
    beyond = _side_of(aim, point)
    if beyond is None:
        return AssuranceIcon.INCONSISTENT
    out_of_reach = (beyond is Side.HIGH) == (direction is Direction.HIGHER)
    return AssuranceIcon.FAIL if out_of_reach else AssuranceIcon.PASS


def _side_of(aim: float, point: JudgedPoint) -> Side | None:
    """On which side the target lies strictly beyond the limits; None within, on or without."""
    if point.limits.upper is not None and aim > point.limits.upper:
        return Side.HIGH
    if point.limits.lower is not None and aim < point.limits.lower:
        return Side.LOW
    return None


def summary_of(
    points: Sequence[JudgedPoint], last: JudgedPoint | None, frequency: Frequency
) -> Message:
    """One sentence on a judged series: stable, or changed in one period, or since one."""
    if last is None or last.special_cause is None:
        return Message("variation.summary.stable")
    seen = [point for point in points if point.value is not None]
    run = list(takewhile(lambda point: _goes_with(point, last), reversed(seen)))
    when = "since" if len(run) > 1 else "in"
    key = f"variation.summary.{_WORDS[last.point_type]}_{when}"
    return Message(key, {"period": Period.covering(run[-1].date, frequency)})


def _goes_with(point: JudgedPoint, last: JudgedPoint) -> bool:
    return (point.group, point.point_type) == (last.group, last.point_type)
