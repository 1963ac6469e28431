"""Data quality: can the numbers of this period be trusted, what is broken, is it getting better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.data_quality import (
    answer,
    columns,
    correcting,
    extracts_table,
    indicators,
    loads,
    reasons,
)
from dashboard.components.data_quality.kept import (
    Asked,
    asked,
    columns_of,
    corrections_of,
    moved_of,
    qualities_of,
    refused_of,
)
from dashboard.components.extracts.names import extract_name
from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_names import member_names
from dashboard.components.kpis import verdicts
from dashboard.components.messages import empty
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.extracts import quality
from data.extracts.quality import ExtractQuality
from kpis.quality import judged_loads, leaning
from kpis.register import Kpi, read_kpis

LAST_LOADS, CORRECTING = 24, 12  # of an extract: listed; looked into for what they corrected
CHOSEN = "quality.extract"  # key of the widget


def draw(context: PageContext) -> None:
    """The answer, every extract, one of them in detail, and the KPIs of data quality."""
    verdicts.look()
    what = asked(context)
    found = qualities_of(context, what)
    in_use = [one for one in found if one.loads]
    if not in_use:
        empty(context.texts, "data_quality.nothing", "data_quality.nothing_why")
        return
    charts = {one.contract: judged_loads(one.loads) for one in in_use}
    offices = member_names(context, "office")
    answer.draw(context, in_use, charts, offices)
    extracts_table.draw(context, found, charts, offices)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader)
        rows = indicators.rows_of(reader, kpis, context.period)
    _one(context, what, _choose(context, in_use), kpis)
    indicators.draw(context, rows)


def _choose(context: PageContext, in_use: Sequence[ExtractQuality]) -> ExtractQuality:
    """The extract the link names, else the one that stands worst; choosing changes the link."""
    texts = context.texts
    ordered = {one.contract: one for one in extracts_table.ordered(context, in_use)}
    named = context.link.part if context.link.part in ordered else next(iter(ordered))
    st.session_state[CHOSEN] = named

    def change() -> None:
        follow(context.link_with(part=st.session_state[CHOSEN]))

    st.divider()
    st.selectbox(
        texts.text("data_quality.which"),
        list(ordered),
        key=CHOSEN,
        format_func=lambda one: extract_name(texts, one),
        on_change=change,
        width=360,
    )
    return ordered[str(named)]


def _one(context: PageContext, what: Asked, one: ExtractQuality, kpis: Mapping[str, Kpi]) -> None:
    """One extract: its last loads, why rows stayed outside, empty columns, corrections."""
    contract, last = one.contract, one.loads[-LAST_LOADS:]
    loads.draw(context, contract, last)
    reasons.draw(
        context,
        contract,
        quality.reasons(last),
        refused_of(context, what, last),
        quality.sources(last),
    )
    columns.draw(context, columns_of(context, what, contract), leaning(kpis, contract))
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        moved = moved_of(reader, what, kpis, contract)
    correcting.draw(context, contract, corrections_of(context, what, last[-CORRECTING:]), moved)
