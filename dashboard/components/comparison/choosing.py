"""By what members are compared: the dimension the link names, else the most telling one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_names import dimension_name
from dashboard.context import PageContext
from kpis.register import Kpi
from kpis.suppression import is_told

BY = "comparison.by"  # key of the widget
USUAL = ("office", "municipality", "district")  # offered first, in this order


def dimensions_of(kpi: Kpi, context: PageContext) -> list[str]:
    """The dimensions of the KPI by which it can be told, within the service if one is looked at."""
    within = {"service"} if context.service else set()
    frequency = context.period.frequency
    known = [one.name for one in kpi.definition.dimensions if one.name not in within]
    names = [name for name in known if is_told(name, frequency, within)]
    return sorted(names, key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))


def choose_dimension(context: PageContext, offered: Sequence[str]) -> str:
    """The dimension the link names; choosing another one changes the link."""
    asked = context.link.by
    named = asked if asked is not None and asked in offered else offered[0]
    st.session_state[BY] = named

    def change() -> None:
        follow(context.link_with(by=st.session_state[BY]))

    st.selectbox(
        context.texts.text("comparison.by"),
        offered,
        key=BY,
        format_func=lambda name: dimension_name(context.texts, name),
        on_change=change,
        width=240,
    )
    return named
