"""The perspectives of the draft: added, worded anew, taken out."""

from __future__ import annotations

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.existing_or_new import NEW, choose
from dashboard.components.strategy.editing.fields import (
    NO_WORDS,
    act,
    given_words,
    label,
    line,
    three,
    words_of,
)
from dashboard.components.strategy.words import named
from dashboard.context import PageContext
from data.records import Kept
from kpis.strategy import Edition, Perspective
from kpis.strategy.actions import drop_perspective, keep_perspective

FORM = "strategy-perspective"


def draw(context: PageContext, draft: Kept[Edition]) -> None:
    """Choose one or a new one, say what it is called."""
    texts = context.texts
    with st.expander(texts.text("strategy.keep_perspective"), icon=":material/view_agenda:"):
        by_code = {one.code: one for one in draft.value.perspectives}
        titles = {code: named(texts, one.names) for code, one in by_code.items()}
        chosen = by_code.get(choose(texts, "strategy_perspective", titles))
        given = {
            "code": chosen.code if chosen else "",
            **given_words("names", chosen.names if chosen else NO_WORDS),
        }
        subject = f"{draft.id}.{chosen.code if chosen else NEW}"
        form = drafted.begin(context, FORM, subject, draft.version, given)
        catch_up(form, draft.version, given, lambda name: label(texts, name))
        if chosen is None:
            line(form, "code", longest=20)
        three(form, "names")
        form.say_kept()
        if st.button(texts.text("strategy.save"), key="strategy.perspective.save", type="primary"):
            form.send(lambda: _kept(context, draft, form), "strategy.saved", "part")
        if chosen is not None:
            _drop(context, draft, chosen.code)


def _kept(context: PageContext, draft: Kept[Edition], form: drafted.DraftedForm) -> str:
    wanted = Perspective(code=str(form["code"]).strip(), names=words_of(form, "names"))
    keep_perspective(
        context.workspace,
        by=context.actor,
        code=draft.id,
        version=form.version,
        perspective=wanted,
    )
    return wanted.code


def _drop(context: PageContext, draft: Kept[Edition], code: str) -> None:
    texts = context.texts
    if st.button(texts.text("strategy.remove", part=code), key="strategy.perspective.drop"):

        def drop() -> None:
            drop_perspective(
                context.workspace,
                by=context.actor,
                code=draft.id,
                version=draft.version,
                perspective=code,
            )

        act(texts, drop, "strategy.removed", part=code)
