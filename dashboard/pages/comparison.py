"""Comparison: which offices, places or channels differ more than chance explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components import delivery_places, kpi_ranges
from dashboard.components.comparison import answer, drawing, panels, table, tiles
from dashboard.components.comparison.choosing import choose_dimension, dimensions_of
from dashboard.components.comparison.words import Told
from dashboard.components.kpi_answer import newest_loaded
from dashboard.components.kpi_choice import choose, follow
from dashboard.components.kpi_members import members_of
from dashboard.components.kpi_reading import charts_of, series_of
from dashboard.components.kpis import verdicts
from dashboard.components.messages import empty
from dashboard.components.office_notes import of_offices
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.workspace import Reader
from kpis.comparing import Comparison, compare
from kpis.comparison import NoFunnel
from kpis.judgement import SPAN
from kpis.readings import Ask
from kpis.register import Kpi, read_kpis
from kpis.scorecard import cell_of
from kpis.sources import Clock, current_clocks
from kpis.stored_readings import Reading
from kpis.variation import ControlChart

MUNICIPALITY, OFFICE = "municipality", "office"


def draw(context: PageContext) -> None:
    """Choose the KPI and by what, read, then the answer and its evidence."""
    verdicts.look()
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader)
    if not kpis:
        empty(context.texts, "kpi_page.no_kpis", "kpi_page.no_kpis_why")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kpi = choose(context, kpis)
        offered = dimensions_of(kpi, context)
        by = choose_dimension(context, offered) if offered else None
    if kpi.published is None and not context.in_past:
        empty(context.texts, "kpi_page.not_published", "kpi_page.not_published_why")
    elif by is None:
        empty(context.texts, "comparison.no_dimension", "comparison.no_dimension_why")
    else:
        _compare(context, kpi, by, offered)


def _compare(context: PageContext, kpi: Kpi, by: str, offered: Sequence[str]) -> None:
    where = cell_of(None, context.service).members
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = compare(reader, kpi.code, context.period, by, where, read=series_of)
        if not found.told:
            _elsewhere(context, _clock(reader, kpi))
            return
        ask = _ask(found, where)
        series = series_of(reader, kpi, ask)
        charts = charts_of(reader, kpi, ask) if found.funnel is None else {}
        places = _places(reader, found, where) if MUNICIPALITY in offered else None
    told = Told.of(context, found)
    answer.draw(told)
    _evidence(context, told, series, charts)
    _around(context, told, places, series)


def _ask(found: Comparison, where: Mapping[str, str]) -> Ask:
    """Every member as far back as its series is shown."""
    first = found.period.shift(1 - SPAN[found.period.frequency])
    return Ask(found.kpi.code, first, found.period, (found.by,), where)


def _places(reader: Reader, found: Comparison, where: Mapping[str, str]) -> Comparison:
    """The same by municipality, for the map; what has no funnel is shown by its values alone."""
    if found.by == MUNICIPALITY or found.why_none is NoFunnel.NOT_A_SHARE:
        return found
    return compare(reader, found.kpi.code, found.period, MUNICIPALITY, where, read=series_of)


def _clock(reader: Reader, kpi: Kpi) -> Clock:
    return current_clocks(reader).get(kpi.definition.formula.contract, Clock())


def _elsewhere(context: PageContext, clock: Clock) -> None:
    """No member has a value: the way to the newest period of which something is loaded."""
    texts, newest = context.texts, newest_loaded(clock, context.period)
    empty(texts, "kpi_page.no_members", "kpi_page.no_members_why")
    if newest is not None and newest != context.period:
        st.button(
            texts.text("kpi_page.to_period", period=newest),
            icon=":material/arrow_forward:",
            key="comparison.newest",
            on_click=follow,
            args=(context.link_with(period=newest),),
        )


def _evidence(
    context: PageContext,
    told: Told,
    series: Sequence[Reading],
    charts: Mapping[str, ControlChart],
) -> None:
    """The funnel; where there can be none, each member in its own usual range."""
    found = told.comparison
    if found.funnel is not None:
        drawing.draw(told, found.funnel)
        return
    members = members_of(told.texts, found.by, series, told.names, found.row.direction)
    title = told.texts.text("comparison.ranges_title", members=told.members)
    kpi_ranges.draw(context, found.row, members, charts, title=title, key="comparison.ranges")


def _around(
    context: PageContext, told: Told, places: Comparison | None, series: Sequence[Reading]
) -> None:
    """Every member over time, the map, and all of it as a table."""
    by_member: dict[str, list[Reading]] = {}
    for each in series:
        by_member.setdefault(each.cell.members[told.comparison.by], []).append(each)
    if places is None:
        panels.draw(told, by_member)
    else:
        left, right = st.columns([3, 2], gap="large")
        with left:
            panels.draw(told, by_member)
        with right:
            _map(context, places)
    st.subheader(told.texts.text("comparison.table"), anchor=False)
    table.draw(told)
    if told.comparison.by == OFFICE:
        of_offices(context, {each.member for each in told.comparison.members})


def _map(context: PageContext, places: Comparison) -> None:
    """By verdict where there is a funnel of municipalities, else by value."""
    if places.funnel is None:
        delivery_places.draw_map(context, places.kpi)
    else:
        tiles.draw(Told.of(context, places))
