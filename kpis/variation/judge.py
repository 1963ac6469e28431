"""Judge a series: sort it, cut it at rebases, find limits and special causes, draw conclusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate, groupby, pairwise

from data.errors import Invalid
from data.period import Frequency
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.variation.chart import ControlChart, Group, JudgedPoint, Message, Point, PointType
from kpis.variation.limits import Limits, Series, Spread, baseline_of, mean_of, spread_of, values_in
from kpis.variation.rules import (
    Fired,
    Side,
    close_to_limits,
    fired,
    outside_limits,
    signs,
    trend_is_unclear,
)
from kpis.variation.settings import PRODUCT, ChartSettings
from kpis.variation.verdict import assurance_of, judged_point, summary_of, variation_of

_NO_TARGETS: Mapping[date, Target] = {}


def judge(
    points: Sequence[Point],
    direction: Direction,
    settings: ChartSettings = PRODUCT,
    targets: Mapping[date, Target] = _NO_TARGETS,
    frequency: Frequency = Frequency.MONTH,
) -> ControlChart:
    """The XmR chart of a series; `targets` names the target of each date that has one.

    Rules and constants follow NHSRplotthedots 0.2.2 ("Making Data Count"). Two points of one date
    are Invalid, under the reference profile also an empty series and gaps that hide a trend.
    """
    rows = _in_order(points, settings)
    stretches = _cut(rows, settings)
    groups = [_group(number, stretch, settings) for number, stretch in stretches]
    judged = [
        point
        for group, (_, stretch) in zip(groups, stretches, strict=True)
        for point in _judge_group(group, stretch, direction, settings, targets)
    ]
    summary = summary_of(judged, judged_point(judged, settings), frequency)
    return _conclude(judged, groups, direction, settings, summary)


def _in_order(points: Sequence[Point], settings: ChartSettings) -> list[Point]:
    rows = sorted(points, key=lambda point: point.date)
    if not rows and settings.lenient:
        raise Invalid("variation.refused.no_points")
    for before, after in pairwise(rows):
        if before.date == after.date:
            raise Invalid("variation.refused.date_twice", date=after.date)
    return rows


def _cut(rows: list[Point], settings: ChartSettings) -> list[tuple[int, list[Point]]]:
    """The rows in stretches, each with its number: a rebase starts one at its date or next row."""
    dates = [row.date for row in rows]
    starts = {rebase.date for rebase in settings.rebases}
    if not settings.lenient:
        starts = {min((d for d in dates if d >= start), default=start) for start in starts}
    numbers = accumulate(int(day in starts) for day in dates)
    numbered = zip(numbers, rows, strict=True)
    return [
        (number, [row for _, row in stretch])
        for number, stretch in groupby(numbered, key=lambda pair: pair[0])
    ]


def _group(number: int, rows: list[Point], settings: ChartSettings) -> Group:
    series = [row.value for row in rows]
    baseline = baseline_of(series, settings.baseline)
    spread = spread_of(baseline, screening=settings.screening)
    enough = len(rows) if settings.lenient else len(values_in(series))
    withheld = None if settings.lenient else _withheld(enough, spread, settings)
    limits = Limits.around(mean_of(values_in(baseline)), spread.moving_range)
    if spread.collapsed and not settings.lenient:
        limits = Limits(limits.mean)
    return Group(
        number=number,
        start=rows[0].date,
        end=rows[-1].date,
        rows=len(rows),
        values=len(values_in(series)),
        limits=limits,
        provisional=enough < settings.minimum_points,
        withheld=withheld,
    )


def _withheld(count: int, spread: Spread, settings: ChartSettings) -> Message | None:
    """Why a stretch cannot be judged, or None."""
    if count < settings.minimum_points:
        values = {"count": count, "needed": settings.minimum_points}
        return Message("variation.withheld.not_enough", values)
    if spread.torn:
        return Message("variation.withheld.gaps")
    return Message("variation.withheld.constant") if spread.collapsed else None


def _judge_group(
    group: Group,
    rows: list[Point],
    direction: Direction,
    settings: ChartSettings,
    targets: Mapping[date, Target],
) -> list[JudgedPoint]:
    series = [row.value for row in rows]
    side = signs(series, group.limits.mean)
    outside = outside_limits(series, group.limits)
    close = close_to_limits(series, group.limits)
    found = _special_causes(series, group, settings)
    return [
        JudgedPoint(
            date=row.date,
            value=row.value,
            group=group.number,
            limits=group.limits,
            side=side[i],
            outside=outside[i],
            close=close[i],
            fired=found[i],
            point_type=_point_type(row, found[i], group, direction, settings),
            target=targets.get(row.date),
        )
        for i, row in enumerate(rows)
    ]


def _special_causes(
    series: Series, group: Group, settings: ChartSettings
) -> list[tuple[Fired, ...]]:
    if group.withheld is not None:
        return [()] * len(series)
    if settings.lenient and trend_is_unclear(series, settings.trend_length):
        raise Invalid("variation.refused.gap_in_trend", start=group.start, end=group.end)
    return fired(series, group.limits, settings)


def _point_type(
    row: Point,
    found: tuple[Fired, ...],
    group: Group,
    direction: Direction,
    settings: ChartSettings,
) -> PointType:
    if not settings.lenient and (row.value is None or group.withheld is not None):
        return PointType.NOT_JUDGED
    if not found:
        return PointType.COMMON_CAUSE
    if direction is Direction.RANGE:
        return PointType.HIGH if found[0].side is Side.HIGH else PointType.LOW
    good = (found[0].side is Side.HIGH) == (direction is Direction.HIGHER)
    return PointType.IMPROVEMENT if good else PointType.CONCERN


def _conclude(
    points: list[JudgedPoint],
    groups: list[Group],
    direction: Direction,
    settings: ChartSettings,
    summary: Message,
) -> ControlChart:
    last = judged_point(points, settings)
    group = None if last is None else next(g for g in groups if g.number == last.group)
    withheld = Message("variation.withheld.no_data") if group is None else group.withheld
    speaks = last if withheld is None else None
    return ControlChart(
        points=tuple(points),
        groups=tuple(groups),
        direction=direction,
        settings=settings,
        judged=last,
        variation=None if speaks is None else variation_of(speaks, direction),
        assurance=None if speaks is None else assurance_of(speaks, direction),
        withheld=withheld,
        summary=withheld or summary,
    )
