"""Service delivery: what came in, went out and waits, how long it takes, and where."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components import (
    delivery_backlog,
    delivery_deadline,
    delivery_places,
    delivery_summary,
    delivery_table,
    delivery_turnaround,
)
from dashboard.components.kpi_answer import newest_loaded
from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_reading import delivery_of
from dashboard.components.kpis import verdicts
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.figure import Missing
from data.workspace import Reader
from kpis.register import Kpi, read_kpis
from kpis.service_delivery import COLUMNS, Delivery
from kpis.sources import Clock, current_clocks

APPLICATIONS = "applications"


def draw(context: PageContext) -> None:
    """The whole in a sentence, its parts in a table, then time, deadline, backlog and places."""
    verdicts.look()
    delivery_summary.look()
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader)
        if not _is_told(context, kpis):
            empty(context.texts, "delivery.nothing", "delivery.nothing_why")
            return
        whole = delivery_of(
            reader, kpis, context.period, (), office=context.office, service=context.service
        )
        clock = _clock(reader)
    delivery_summary.draw(context, whole.total)
    if _is_empty(whole):
        _elsewhere(context, clock)
        return
    _parts(context, kpis)


def _is_told(context: PageContext, kpis: Mapping[str, Kpi]) -> bool:
    """Whether every KPI of the page is defined, and any of them published or counted anew."""
    needed = {code for code, _ in COLUMNS.values()}
    known = context.in_past or any(kpis[code].published for code in needed if code in kpis)
    return needed <= set(kpis) and known


def _clock(reader: Reader) -> Clock:
    clocks = current_clocks(reader)
    return clocks.get(APPLICATIONS, Clock())


def _is_empty(whole: Delivery) -> bool:
    return all(one.missing is Missing.NOT_LOADED for one in whole.total.figures.values())


def _elsewhere(context: PageContext, clock: Clock) -> None:
    """Nothing is loaded for the period: the way to the newest of which something is."""
    texts, newest = context.texts, newest_loaded(clock, context.period)
    empty(texts, "delivery.not_loaded", "delivery.not_loaded_why")
    if newest is not None and newest != context.period:
        st.button(
            texts.text("kpi_page.to_period", period=newest),
            icon=":material/arrow_forward:",
            key="delivery.newest",
            on_click=follow,
            args=(context.link_with(period=newest),),
        )


def _parts(context: PageContext, kpis: Mapping[str, Kpi]) -> None:
    delivery_table.draw(context, kpis)
    turnaround, deadline = st.columns(2, gap="large")
    with turnaround:
        _heading(context, "delivery.time")
        delivery_turnaround.draw(context, kpis)
    with deadline:
        _heading(context, "delivery.in_time")
        delivery_deadline.draw(context, kpis)
    places, offices = st.columns([2, 3], gap="large")
    with places:
        _heading(context, "delivery.places")
        measure = delivery_places.choose_measure(context, kpis)
        delivery_places.draw_map(context, measure)
        _heading(context, "delivery.waiting")
        delivery_backlog.draw(context, kpis)
    with offices:
        _heading(context, "delivery.offices")
        delivery_places.draw_offices(context, measure)
        if context.office is not None:
            st.caption(plain(context.texts.text("delivery.every_office")))


def _heading(context: PageContext, key: str) -> None:
    st.subheader(context.texts.text(key), anchor=False)
