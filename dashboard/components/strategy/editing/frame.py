"""The frame of the draft: names, vision, years, and whether its words are an assumption."""

from __future__ import annotations

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.strategy.editing.fields import (
    days,
    given_words,
    label,
    said_days,
    three,
    words_of,
)
from dashboard.context import PageContext
from data.records import Kept
from kpis.strategy import Edition
from kpis.strategy.actions import keep_frame

FORM = "strategy-frame"


def draw(context: PageContext, draft: Kept[Edition]) -> None:
    """The form; what is typed is kept until it is sent."""
    texts, edition = context.texts, draft.value
    given = {
        **given_words("names", edition.names),
        **given_words("vision", edition.vision),
        "first_day": edition.first_day,
        "last_day": edition.last_day,
        "assumption": edition.assumption,
    }
    with st.expander(texts.text("strategy.keep_frame"), icon=":material/edit:"):
        form = drafted.begin(context, FORM, edition.code, draft.version, given)
        catch_up(form, draft.version, given, lambda name: label(texts, name))
        three(form, "names")
        three(form, "vision", long=True)
        days(form)
        st.checkbox(label(texts, "assumption"), key=form.key("assumption"), on_change=form.keep)
        form.say_kept()
        if not st.button(texts.text("strategy.save"), key="strategy.frame.save", type="primary"):
            return
        if said_days(form):
            form.send(lambda: _kept(context, form), "strategy.saved", "part")


def _kept(context: PageContext, form: drafted.DraftedForm) -> str:
    return keep_frame(
        context.workspace,
        by=context.actor,
        code=form.subject,
        version=form.version,
        names=words_of(form, "names"),
        vision=words_of(form, "vision"),
        first_day=form["first_day"],
        last_day=form["last_day"],
        assumption=bool(form["assumption"]),
    ).code
