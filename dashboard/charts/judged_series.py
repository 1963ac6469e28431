"""From a judged series to what its control chart and sparkline show, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from dashboard.charts.canvas import Heading
from dashboard.charts.control_chart_view import (
    ControlChartView,
    Dot,
    Mark,
    Moment,
    Names,
    Stretch,
)
from dashboard.charts.sparkline import SparklineView
from data.figure import Figure, Unit
from data.language.texts import Texts
from data.period import Frequency, Period
from kpis.variation import ControlChart, Fired, Group, JudgedPoint, PointType, Rebase

LONGEST_NAME = 28  # characters of what happened, above a chart
MARKS = {
    PointType.COMMON_CAUSE: Mark.COMMON,
    PointType.NOT_JUDGED: Mark.COMMON,
    PointType.IMPROVEMENT: Mark.IMPROVEMENT,
    PointType.CONCERN: Mark.CONCERN,
    PointType.HIGH: Mark.HIGH,
    PointType.LOW: Mark.LOW,
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How the numbers of one KPI are written."""

    unit: Unit
    decimals: int
    frequency: Frequency


def control_chart_view(
    chart: ControlChart,
    scale: Scale,
    texts: Texts,
    heading: Heading,
    events: Mapping[date, str] | None = None,
) -> ControlChartView:
    """The chart in words; `events` names what happened on a day, such as a new form."""
    return ControlChartView(
        heading=heading,
        dots=tuple(_dot(point, scale, texts) for point in chart.points),
        stretches=tuple(_stretch(group, chart, scale, texts) for group in chart.groups),
        names=names(texts),
        moments=_moments(chart, texts, events or {}),
        alt=texts.said(chart.summary),
    )


def sparkline_view(chart: ControlChart, texts: Texts, last: int = 24) -> SparklineView:
    """The last periods of a judged series, small."""
    points = chart.points[-last:]
    judged, group = chart.judged, chart.groups[-1] if chart.groups else None
    return SparklineView(
        values=tuple(point.value for point in points),
        last=Mark.COMMON if judged is None else MARKS[judged.point_type],
        mean=None if group is None else group.limits.mean,
        target=None if judged is None or judged.target is None else judged.target.point,
        title=texts.said(chart.summary),
    )


def names(texts: Texts) -> Names:
    """The words for the lines of a control chart and for its special points."""
    return Names(
        mean=texts.text("chart.mean"),
        lower=texts.text("chart.lower_limit"),
        upper=texts.text("chart.upper_limit"),
        target=texts.text("chart.target"),
        marks={mark: texts.word(kind) for kind, mark in MARKS.items() if mark is not Mark.COMMON},
    )


def settings_in_words(chart: ControlChart, texts: Texts) -> list[str]:
    """How the chart was judged, to be printed with it."""
    settings = chart.settings
    found = [
        texts.text("chart.settings.trend", points=settings.trend_length),
        texts.text("chart.settings.shift", points=settings.shift_length),
        texts.text("chart.settings.minimum", points=settings.minimum_points),
    ]
    if settings.outside_counts_as_close:
        found.append(texts.text("chart.settings.outside_counts"))
    if not settings.screening:
        found.append(texts.text("chart.settings.no_screening"))
    if any(group.provisional for group in chart.groups):
        found.append(texts.text("chart.provisional"))
    if settings.baseline is not None:
        found.append(texts.text("chart.settings.baseline", points=int(settings.baseline)))
    return found


def _dot(point: JudgedPoint, scale: Scale, texts: Texts) -> Dot:
    period = Period.covering(point.date, scale.frequency)
    target = point.target
    low, high = (None, None) if target is None else (target.low, target.high)
    return Dot(
        value=point.value,
        mark=MARKS[point.point_type],
        period=texts.period(period),
        tick=texts.period_short(period),
        hover=_hover(point, scale, texts),
        target_low=low,
        target_high=high,
        target_texts=tuple(_number(v, scale, texts) for v in (low, high) if v is not None),
    )


def _hover(point: JudgedPoint, scale: Scale, texts: Texts) -> tuple[str, ...]:
    """The value, then what kind of point it is and every rule that says so."""
    if point.value is None:
        return ()
    value = texts.figure(Figure(point.value, scale.unit, scale.decimals))
    if not point.fired:
        return (value,)
    return (value, texts.word(point.point_type), *[_rule(each, texts) for each in point.fired])


def _rule(fired: Fired, texts: Texts) -> str:
    return texts.text(f"variation.rule.{fired.rule.value}.{fired.side.value}")


def _stretch(group: Group, chart: ControlChart, scale: Scale, texts: Texts) -> Stretch:
    places = [i for i, point in enumerate(chart.points) if point.group == group.number]
    limits = group.limits
    return Stretch(
        first=places[0],
        last=places[-1],
        mean=limits.mean,
        lower=limits.lower,
        upper=limits.upper,
        mean_text=_number(limits.mean, scale, texts),
        lower_text=_number(limits.lower, scale, texts),
        upper_text=_number(limits.upper, scale, texts),
        provisional=group.provisional,
    )


def _number(value: float | None, scale: Scale, texts: Texts) -> str:
    return "" if value is None else texts.number(value, scale.decimals)


def _moments(chart: ControlChart, texts: Texts, events: Mapping[date, str]) -> tuple[Moment, ...]:
    """Rebases between two dots and events on a dot, in order of time."""
    dates = [point.date for point in chart.points]
    found = [_rebased(rebase, dates, texts) for rebase in chart.settings.rebases]
    found += [Moment(_place(day, dates), _short(text), text) for day, text in events.items()]
    inside = [moment for moment in found if -1 < moment.position < len(dates)]
    return tuple(sorted(inside, key=lambda moment: moment.position))


def _short(text: str) -> str:
    """What there is room for above a chart; all of it shows on hover and below."""
    return shorten(text, LONGEST_NAME, placeholder="\N{HORIZONTAL ELLIPSIS}")


def _rebased(rebase: Rebase, dates: Sequence[date], texts: Texts) -> Moment:
    values = {"reason": rebase.reason, "author": rebase.author, "date": rebase.date}
    first = sum(day < rebase.date for day in dates)
    return Moment(
        first - 0.5, texts.text("chart.rebased"), texts.text("chart.rebased_because", **values)
    )


def _place(day: date, dates: Sequence[date]) -> int:
    """The dot in whose period a day lies; -1 before the first."""
    return sum(start <= day for start in dates) - 1
