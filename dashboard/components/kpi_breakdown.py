"""A KPI broken down by one dimension: bars, each against its usual range, or over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import streamlit as st

from dashboard.charts.breakdown import breakdown
from dashboard.charts.multiples import multiples
from dashboard.components import kpi_ranges
from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_drawing import Sheet, draw_chart, table_behind
from dashboard.components.kpi_members import Member, bars_view, members_of, panels_view
from dashboard.components.kpi_names import dimension_name, member_names
from dashboard.components.kpi_reading import charts_of, series_of
from dashboard.components.kpis import figures
from dashboard.components.messages import empty, plain
from dashboard.components.office_notes import of_offices
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.readings import MOST_DIMENSIONS, Ask
from kpis.scorecard import KpiView
from kpis.suppression import is_told

PANELS = 12  # small multiples shown at once
OFFICE = "office"
MANY = frozenset({OFFICE, "municipality"})  # so many members that a bare order would mislead


class BreakdownForm(StrEnum):
    """How the parts are compared."""

    BARS = "bars"
    RANGES = "ranges"
    TIME = "time"


def draw(context: PageContext, view: KpiView) -> None:
    """Choose by what and how, then see the parts."""
    texts = context.texts
    offered = _offered(view)
    if not offered:
        empty(texts, "kpi_page.no_breakdown", "kpi_page.no_breakdown_why")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = _dimension(context, offered)
        form = _form(context, dimension)
    found = _members(context, view, dimension)
    if not any(member.now.loaded for member in found):
        empty(texts, "kpi_page.no_members", "kpi_page.no_members_why")
        return
    forms: dict[BreakdownForm, Callable[[], None]] = {
        BreakdownForm.BARS: lambda: _bars(context, view, dimension, found),
        BreakdownForm.RANGES: lambda: _ranges(context, view, dimension, found),
        BreakdownForm.TIME: lambda: _over_time(context, view, dimension, found),
    }
    forms[form]()
    if dimension == OFFICE:
        of_offices(context, {member.code for member in found})
    table_behind(
        texts,
        "kpi.breakdown",
        lambda: _sheet(context, view, dimension, found),
        file=f"{view.kpi.code}-{view.period.code}-by-{dimension}",
    )


def _offered(view: KpiView) -> list[str]:
    """The dimensions by which what is looked at can be told further."""
    where = view.cell.members
    if len(where) >= MOST_DIMENSIONS:
        return []
    known = [one.name for one in view.kpi.definition.dimensions if one.name not in where]
    return [name for name in known if is_told(name, view.period.frequency, where)]


def _dimension(context: PageContext, offered: Sequence[str]) -> str:
    """The dimension the link names; choosing another one changes the link."""
    texts = context.texts
    asked = context.link.by
    named = asked if asked is not None and asked in offered else offered[0]
    st.session_state["kpi.by"] = named

    def change() -> None:
        follow(context.link_with(by=st.session_state["kpi.by"]))

    st.selectbox(
        texts.text("kpi_page.by"),
        offered,
        key="kpi.by",
        format_func=lambda name: dimension_name(texts, name),
        on_change=change,
        width=240,
    )
    return named


def _form(context: PageContext, dimension: str) -> BreakdownForm:
    """Bars for a few parts; for many, where chance alone makes an order, their usual ranges."""
    usual = BreakdownForm.RANGES if dimension in MANY else BreakdownForm.BARS
    chosen = st.segmented_control(
        context.texts.text("kpi_page.form"),
        list(BreakdownForm),
        default=usual,
        required=True,
        format_func=context.texts.word,
        key=f"kpi.form.{dimension}",
    )
    return chosen or usual


def _members(context: PageContext, view: KpiView, dimension: str) -> list[Member]:
    """Every member with its series up to the period, the worst first."""
    ask = _ask(view, dimension)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        readings = series_of(reader, view.kpi, ask)
    names = member_names(context, dimension)
    return members_of(context.texts, dimension, readings, names, view.row.direction)


def _ask(view: KpiView, dimension: str) -> Ask:
    first = view.row.series[0].period if view.row.series else view.period
    return Ask(view.kpi.code, first, view.period, (dimension,), view.cell.members)


def _bars(context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]) -> None:
    draw_chart(bars_view(context, view, dimension, found), breakdown, key="kpi.bars")


def _ranges(context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]) -> None:
    ask = _ask(view, dimension)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        charts = charts_of(reader, view.kpi, ask)
    title = context.texts.text(
        "kpi_page.by_title",
        kpi=figures.named(context.texts, view.row.names),
        dimension=dimension_name(context.texts, dimension),
    )
    kpi_ranges.draw(context, view.row, found, charts, title=title, key="kpi.ranges")


def _over_time(
    context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]
) -> None:
    """Small multiples on the same axes, so many at once."""
    texts = context.texts
    pages = [found[start : start + PANELS] for start in range(0, len(found), PANELS)]
    number = 1
    if len(pages) > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            number = st.pagination(len(pages), key=f"kpi.panels.{dimension}")
            st.caption(plain(texts.text("kpi_page.panels", shown=PANELS, all=len(found))))
    shown = pages[min(number, len(pages)) - 1]
    draw_chart(panels_view(context, view, dimension, shown), multiples, key="kpi.panels")


def _sheet(context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]) -> Sheet:
    """The members in the period and the one before."""
    texts = context.texts
    value = f"{texts.text('kpi_page.head.value')} ({texts.word(view.row.unit)})"
    head: Mapping[str, str] = {
        "member": dimension_name(texts, dimension),
        "value": value,
        "cases": texts.text("kpi_page.head.cases"),
        "previous": texts.text("kpi_page.head.previous"),
        "note": texts.text("kpi_page.head.note"),
    }
    rows = [
        (
            member.name,
            texts.figure_number(member.now.figure),
            texts.number(member.now.cases),
            figures.earlier(texts, member.before),
            texts.text("kpis.partial") if member.now.partial else "",
        )
        for member in found
    ]
    numbers = frozenset({value, head["cases"], head["previous"]})
    return Sheet(tuple(head.values()), tuple(rows), numbers)
