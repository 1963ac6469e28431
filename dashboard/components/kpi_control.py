"""The control chart of a KPI, its second lines, and all of it as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.control_chart import control_chart
from dashboard.charts.control_chart_view import ControlChartView
from dashboard.charts.judged_series import Scale, control_chart_view, settings_in_words
from dashboard.charts.sparkline import SparklineView, sparkline_uri
from dashboard.components import kpi_backfill, kpi_notes, kpi_season
from dashboard.components.kpi_drawing import Sheet, draw_chart, marks, opening, table_behind
from dashboard.components.kpi_names import line_name
from dashboard.components.kpis import figures, verdicts
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.figure import Figure
from data.language.texts import Texts
from data.period import Period
from kpis.scorecard import KpiView, ScorecardRow
from kpis.stored_readings import Reading
from kpis.variation import JudgedPoint

LINES_IN_A_ROW = 4
LAST = 24  # periods in a small line


def draw(context: PageContext, view: KpiView) -> None:
    """Is it changing? The judged series, or in words why there is none."""
    texts = context.texts
    if not view.row.chart.points:
        st.info(texts.text("kpi_page.no_series"), icon=":material/show_chart:")
        return
    row = kpi_season.choose(context, view.row)
    backfilled = kpi_backfill.in_series(context, view)
    draw_chart(chart_view(texts, row, backfilled), control_chart, key="kpi.control")
    st.caption(plain(settings(texts, row)))
    kpi_season.explain(context, row)
    for rebase in view.kpi.definition.chart.rebases:
        values = {"reason": rebase.reason, "author": rebase.author, "date": rebase.date}
        st.caption(plain(texts.text("chart.rebased_because", **values)))
    kpi_notes.draw(context, view)
    _lines(context, view)
    table_behind(
        texts,
        "kpi.control",
        lambda: sheet(texts, replace(view, row=row)),
        file=f"{row.code}-{view.period.code}-series",
    )


def chart_view(texts: Texts, row: ScorecardRow, backfilled: str = "") -> ControlChartView:
    """The control chart with its message as title; read out as what it shows."""
    ends = (row.chart.points[0].date, row.chart.points[-1].date)
    first, last = (Period.covering(day, row.period.frequency) for day in ends)
    subtitle = texts.text(
        "kpi_page.chart_subtitle",
        unit=opening(texts.word(row.unit)),
        frequency=row.period.frequency,
        first=first,
        last=last,
    )
    if backfilled:
        subtitle = f"{subtitle} · {backfilled}"
    if row.chart.adjusted:
        subtitle = f"{opening(texts.text('season.adjusted'))} · {subtitle}"
    said = texts.said(row.chart.summary)
    heading = Heading(opening(said), subtitle, marks(texts))
    scale = Scale(row.unit, row.decimals, row.period.frequency)
    shown = control_chart_view(row.chart, scale, texts, heading, kpi_notes.events(row))
    kpi = figures.named(texts, row.names)
    figure = Figure(row.chart.points[-1].value, row.unit, row.decimals)
    alt = texts.text("kpi_page.chart_alt", kpi=kpi, summary=said, figure=figure, last=last)
    if row.chart.adjusted:
        alt = f"{opening(texts.text('season.adjusted'))}. {alt}"
    return replace(shown, alt=alt)


def settings(texts: Texts, row: ScorecardRow) -> str:
    """How the chart is judged, in a line."""
    return " · ".join(settings_in_words(row.chart, texts))


def _lines(context: PageContext, view: KpiView) -> None:
    """The second lines of the KPI: each with its figure and its last periods."""
    told = {name: readings for name, readings in view.lines.items() if readings}
    names = list(told)
    for start in range(0, len(names), LINES_IN_A_ROW):
        columns = st.columns(LINES_IN_A_ROW)
        for column, name in zip(columns, names[start : start + LINES_IN_A_ROW], strict=False):
            with column.container(border=True, height="stretch", gap="small"):
                _line(context, name, told[name])


def _line(context: PageContext, name: str, readings: tuple[Reading, ...]) -> None:
    texts = context.texts
    values = tuple(each.figure.value for each in readings[-LAST:])
    drawn = sparkline_uri(SparklineView(values), verdicts.colours())
    label = opening(line_name(texts, name))
    figure = plain(texts.figure(readings[-1].figure))
    alt = plain(texts.text("kpi_page.line_alt", line=label, figure=readings[-1].figure))
    st.markdown(f":small[:gray[{plain(label)}]]  \n**{figure}**  \n![{alt}]({drawn})")


def sheet(texts: Texts, view: KpiView) -> Sheet:
    """The series as a table, the newest period first."""
    row, points = view.row, {point.date: point for point in view.row.chart.points}
    lines = {name: {each.period: each for each in found} for name, found in view.lines.items()}
    head = ("period", "value", "target", "kind", "rules", "lower", "mean", "upper", "cases", "note")
    numbers = {"value", "target", "lower", "mean", "upper", "cases"}
    headers = {name: texts.text(f"kpi_page.head.{name}") for name in head}
    headers["value"] = f"{headers['value']} ({texts.word(row.unit)})"
    extra = tuple(opening(line_name(texts, name)) for name in lines)
    if row.chart.adjusted:
        extra = (texts.text("season.adjusted_value"), *extra)
    return Sheet(
        headers=(*headers.values(), *extra),
        rows=tuple(
            (
                *_row(texts, row, each, points),
                *_adjusted(texts, row, each, points),
                *(_in_line(texts, found.get(each.period)) for found in lines.values()),
            )
            for each in reversed(row.series)
        ),
        numbers=frozenset({headers[name] for name in numbers} | set(extra)),
    )


def _in_line(texts: Texts, reading: Reading | None) -> str:
    return texts.value(None) if reading is None else texts.figure(reading.figure)


def _row(
    texts: Texts, row: ScorecardRow, each: Reading, points: Mapping[date, JudgedPoint]
) -> Iterator[str]:
    point = points.get(each.period.start)
    yield texts.period(each.period)
    yield texts.figure_number(each.figure)
    yield _target(texts, row, point)
    yield texts.word(point.point_type) if point else texts.value(None)
    yield "; ".join(_rules(texts, point))
    limits = point.limits if point else None
    for limit in (limits.lower, limits.mean, limits.upper) if limits else (None,) * 3:
        yield texts.value(None) if limit is None else texts.number(limit, row.decimals)
    yield texts.number(each.cases)
    yield texts.text("kpis.partial") if each.partial else ""


def _adjusted(
    texts: Texts, row: ScorecardRow, each: Reading, points: Mapping[date, JudgedPoint]
) -> Iterator[str]:
    """The value without its season, where that is what is judged."""
    if row.chart.adjusted:
        point = points.get(each.period.start)
        value = point.value if point else None
        yield texts.value(None) if value is None else texts.number(value, row.decimals)


def _rules(texts: Texts, point: JudgedPoint | None) -> Iterator[str]:
    for fired in point.fired if point else ():
        yield texts.text(f"variation.rule.{fired.rule.value}.{fired.side.value}")


def _target(texts: Texts, row: ScorecardRow, point: JudgedPoint | None) -> str:
    aim = point.target if point else None
    if aim is None:
        return texts.value(None)
    bounds = [bound for bound in (aim.low, aim.high) if bound is not None]
    return "\N{EN DASH}".join(
        texts.figure_number(Figure(bound, row.unit, row.decimals)) for bound in bounds
    )
