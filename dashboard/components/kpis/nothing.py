"""Where nothing is measured: what will be here and how to bring it, or where there is something."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpis.links import EXTRACTS, page_link
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.period import Period
from kpis.scorecard import Scorecard


def nothing_measured(context: PageContext, card: Scorecard) -> bool:
    """Say so where the period holds no reading at all; True if it holds none."""
    if any(row.reading.loaded for row in card.rows):
        return False
    newest = max((clock.cut_off for clock in card.clocks.values() if clock.cut_off), default=None)
    if not card.rows and card.without:
        empty(context.texts, "kpi_empty.not_told", "kpi_empty.not_told_do")
    elif newest is None or all(row.published is None for row in card.rows):
        empty(context.texts, "kpi_empty.title", "kpi_empty.do")
        _to_extracts(context)
    else:
        _elsewhere(context, Period.covering(newest, context.period.frequency))
    return True


def _to_extracts(context: PageContext) -> None:
    if context.may(Permission.EXTRACT_LOAD) and EXTRACTS in context.places:
        label = context.texts.text("kpi_empty.to_extracts")
        page_link(context, EXTRACTS, label, context.link, ":material/upload_file:")


def _elsewhere(context: PageContext, newest: Period) -> None:
    """The period is not loaded, others are: name it and lead to the newest."""
    texts = context.texts
    with st.container(border=True):
        st.markdown(f"**{plain(texts.text('kpi_empty.no_period', period=context.period))}**")
        st.caption(plain(texts.text("kpi_empty.no_period_why", newest=newest)))
        link = context.link_with(period=newest)
        st.button(
            texts.text("kpi_empty.to_period", period=newest),
            icon=":material/arrow_forward:",
            key="kpi_empty.to_period",
            on_click=lambda: st.query_params.from_dict(link.parameters()),
        )
