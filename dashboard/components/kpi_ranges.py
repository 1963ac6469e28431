"""Members compared fairly: each value in the range that is usual for this member itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.intervals import Interval, IntervalsView, Reference, intervals
from dashboard.charts.tokens import Tone
from dashboard.components.kpi_drawing import draw_chart, marks, opening
from dashboard.components.kpi_members import Member, with_cases
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.figure import Figure, Unit
from data.language.texts import Texts
from kpis.scorecard import ScorecardRow
from kpis.variation import ControlChart, JudgedPoint, Limits, PointType

WHOLE = 100.0  # percent
SIGNED = frozenset({Unit.PERCENTAGE_POINTS, Unit.INDEX})
TONES = {PointType.IMPROVEMENT: Tone.IMPROVEMENT, PointType.CONCERN: Tone.CONCERN}


def draw(
    context: PageContext,
    row: ScorecardRow,
    found: Sequence[Member],
    charts: Mapping[str, ControlChart],
    *,
    title: str,
    key: str,
) -> None:
    """Dots in their ranges, sorted by value; below, what they mean and who has no value."""
    texts = context.texts
    told = [member for member in found if member.now.figure.value is not None]
    untold = [member for member in found if member.now.figure.value is None]
    if told:
        draw_chart(_view(texts, row, told, charts, title), intervals, key=key)
        st.caption(plain(texts.text("kpi_page.range_legend")))
    if untold:
        named = [f"{member.name} ({texts.figure(member.now.figure)})" for member in untold]
        st.caption(plain(texts.text("kpi_page.no_value", members=named)))


def _view(
    texts: Texts,
    row: ScorecardRow,
    told: Sequence[Member],
    charts: Mapping[str, ControlChart],
    title: str,
) -> IntervalsView:
    shown = [_interval(texts, row, member, charts.get(member.code)) for member in told]
    beyond = sum(one.tone is not Tone.COMMON for one in shown)
    subtitle = f"{opening(texts.word(row.unit))}, {texts.period(row.period)}"
    return IntervalsView(
        heading=Heading(title, subtitle, marks(texts)),
        intervals=tuple(shown),
        references=tuple(_references(texts, row)),
        alt=texts.text("kpi_page.range_alt", title=title, count=len(shown), beyond=beyond),
    )


def _references(texts: Texts, row: ScorecardRow) -> list[Reference]:
    """The whole agency (or what is looked at), and the target where it is one value."""
    found = []
    if row.figure.value is not None:
        whole = texts.text("kpi_page.altogether", figure=figures.short(texts, row.figure))
        found.append(Reference(row.figure.value, whole))
    if row.target is not None and row.target.point is not None:
        aimed = figures.target_in_words(texts, row)
        found.append(Reference(row.target.point, aimed, target=True))
    return found


def _interval(
    texts: Texts, row: ScorecardRow, member: Member, chart: ControlChart | None
) -> Interval:
    """The value in the member's own limits; where there are none, the value alone."""
    value = member.now.figure.value or 0.0
    judged = _judged_now(row, chart)
    low, high = _possible(judged.limits, row.unit) if judged else (None, None)
    return Interval(
        name=member.name,
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
        text=with_cases(texts, member.now),
        tone=TONES.get(judged.point_type, Tone.COMMON) if judged else Tone.COMMON,
        hover=tuple(_hover(texts, row, chart, low, high)),
    )


def _judged_now(row: ScorecardRow, chart: ControlChart | None) -> JudgedPoint | None:
    """The member's point of the period looked at, if it is judged."""
    if chart is None or chart.withheld is not None or chart.judged is None:
        return None
    return chart.judged if chart.judged.date == row.period.start else None


def _possible(limits: Limits, unit: Unit) -> tuple[float | None, float | None]:
    """The limits as far as values can go: no time, count or share lies below nothing."""
    low, high = limits.lower, limits.upper
    if low is not None and unit not in SIGNED:
        low = max(low, 0.0)
    if high is not None and unit is Unit.PERCENT:
        high = min(high, WHOLE)
    return low, high


def _hover(
    texts: Texts,
    row: ScorecardRow,
    chart: ControlChart | None,
    low: float | None,
    high: float | None,
) -> Iterator[str]:
    if low is not None and high is not None:
        bounds = [texts.figure_number(Figure(one, row.unit, row.decimals)) for one in (low, high)]
        yield texts.text("kpi_page.usual_range", low=bounds[0], high=bounds[1])
    if chart is not None:
        yield opening(texts.said(chart.summary))
