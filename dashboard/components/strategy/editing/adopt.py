"""The end of a draft: what is still wrong with it, what adopting changes, adopted or withdrawn."""

from __future__ import annotations

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.strategy.editing.fields import act
from dashboard.components.strategy.known import Known
from dashboard.context import PageContext
from data.records import Kept
from kpis.strategy import Edition
from kpis.strategy.actions import adopt_edition, withdraw_edition
from kpis.strategy.adopting import faults

SURE, ADOPT, WITHDRAW = "strategy.adopt_sure", "strategy.adopt", "strategy.withdraw"


def draw(context: PageContext, known: Known, draft: Kept[Edition]) -> None:
    """What is in the way, or what will change and the button that does it."""
    texts, found = context.texts, list(faults(draft.value))
    st.subheader(texts.text("strategy.adopt_title"), anchor=False)
    if found:
        st.markdown(plain(texts.text("strategy.adopt_faults")))
        st.markdown("\n".join(f"- {plain(texts.said(fault))}" for fault in found))
    else:
        _adopt(context, known, draft)
    label = texts.text("strategy.withdraw")
    if st.button(label, key=WITHDRAW, icon=":material/delete:"):
        act(
            texts,
            lambda: withdraw_edition(
                context.workspace, by=context.actor, code=draft.id, version=draft.version
            ),
            "strategy.withdrawn_done",
            edition=draft.id,
        )


def _adopt(context: PageContext, known: Known, draft: Kept[Edition]) -> None:
    texts = context.texts
    st.markdown(plain(texts.text("strategy.adopt_effect", edition=draft.id)))
    if known.strategy is not None:
        former = known.strategy.edition.code
        st.markdown(plain(texts.text("strategy.adopt_replaces", edition=former)))
    sure = st.checkbox(texts.text("strategy.adopt_sure", edition=draft.id), key=SURE)
    label = texts.text("strategy.adopt")
    if st.button(label, key=ADOPT, type="primary", disabled=not sure):
        act(
            texts,
            lambda: adopt_edition(
                context.workspace, by=context.actor, code=draft.id, version=draft.version
            ),
            "strategy.adopted_done",
            edition=draft.id,
        )
