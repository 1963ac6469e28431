"""What an edit does to KPIs: how many readings, of which periods, and the greatest differences."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components.kpi_names import cell_name
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.figure import Figure
from kpis.reference_effects import SHOWN, Draft, Effect


def draw(context: PageContext, draft: Draft, effects: Mapping[str, Effect]) -> None:
    """A sentence on which KPIs lean on the edit, then each that changes."""
    texts = context.texts
    if draft.changes_nothing:
        st.markdown(plain(texts.text("reference.no_number")))
        return
    if not draft.kpis:
        st.markdown(plain(texts.text("reference.no_kpi")))
        return
    codes = [kpi.code for kpi in draft.kpis]
    st.markdown(plain(texts.text("reference.leaning", count=len(codes), kpis=codes)))
    alike = [code for code, effect in effects.items() if not effect.changes]
    if alike:
        st.caption(plain(texts.text("reference.alike", kpis=alike)))
    for effect in effects.values():
        if effect.changes:
            _effect(context, effect)
    if effects:
        st.caption(plain(texts.text("reference.what_is_compared")))


def _effect(context: PageContext, effect: Effect) -> None:
    texts = context.texts
    values = {
        "kpi": figures.named(texts, effect.kpi.definition.names),
        "code": effect.kpi.code,
        "changed": len(effect.changes),
        "compared": effect.compared,
        "first": effect.first,
        "last": effect.last,
    }
    with st.expander(plain(texts.text("reference.effect", **values)), expanded=False):
        shown = effect.changes[:SHOWN]
        table(
            {
                texts.text("reference.head.period"): [texts.period(one.period) for one in shown],
                texts.text("reference.head.place"): [cell_name(context, one.cell) for one in shown],
                texts.text("reference.head.now"): [_told(context, one.now) for one in shown],
                texts.text("reference.head.then"): [_told(context, one.then) for one in shown],
            },
            key=f"reference.effect.{effect.kpi.code}",
        )
        if len(effect.changes) > SHOWN:
            more = len(effect.changes) - SHOWN
            st.caption(plain(texts.text("reference.more_changes", count=more)))


def _told(context: PageContext, figure: Figure | None) -> str:
    """A figure, or that nothing is told apart there."""
    if figure is None:
        return context.texts.text("reference.not_told")
    return context.texts.figure(figure)
