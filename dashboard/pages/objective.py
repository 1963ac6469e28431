"""Objective: how one objective of the strategy stands and why, and all that bears on it."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.components.kpis.links import page_link
from dashboard.components.messages import empty, plain
from dashboard.components.strategy import around, objective
from dashboard.components.strategy.known import Known, look, read
from dashboard.components.strategy.words import STRATEGY, titled
from dashboard.context import PageContext
from kpis.strategy import Strategy

CHOSEN = "objective.chosen"


def draw(context: PageContext) -> None:
    """Choose an objective; its status and what decided it; KPIs, links, risks, words, actions."""
    look()
    known = read(context)
    if known.strategy is None:
        empty(context.texts, "strategy.empty", "strategy.empty_do")
        return
    link = context.link_with(objective=None, part=None)
    label = context.texts.text("objective.to_map")
    page_link(context, STRATEGY, label, link, ":material/account_tree:")
    code = _chosen(context, known, known.strategy)
    if code is None:
        return
    view = known.strategy.objectives[code]
    objective.draw(context, known, known.strategy, view)
    around.draw(context, view)


def _chosen(context: PageContext, known: Known, strategy: Strategy) -> str | None:
    """The objective the link names, else the first; one that is not there is said to be so."""
    texts, every = context.texts, strategy.edition.by_code
    named = context.link.objective
    if named is not None and named not in every:
        st.warning(plain(texts.text("objective.unknown", code=named)), icon=":material/info:")
        named = None
    if not every:
        return None
    st.session_state[CHOSEN] = named or next(iter(every))

    def change() -> None:
        follow(context.link_with(objective=st.session_state[CHOSEN]))

    chosen: str | None = st.selectbox(
        texts.text("objective.choose"),
        list(every),
        format_func=lambda code: titled(texts, every[code]),
        key=CHOSEN,
        on_change=change,
    )
    return chosen
