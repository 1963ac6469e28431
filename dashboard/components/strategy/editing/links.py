"""The cause-effect links of the draft: added, explained, taken out."""

from __future__ import annotations

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import NEW, choose
from dashboard.components.strategy.editing.fields import TEXT_LENGTH, act, label
from dashboard.components.strategy.words import titled
from dashboard.context import PageContext
from data.records import Kept
from kpis.strategy import CauseLink, Edition
from kpis.strategy.actions import drop_link, keep_link

FORM = "strategy-link"


def draw(context: PageContext, draft: Kept[Edition]) -> None:
    """Choose a link or a new one; which objective helps which, and why."""
    texts = context.texts
    if len(draft.value.objectives) < 2:
        return
    with st.expander(texts.text("strategy.keep_link"), icon=":material/account_tree:"):
        known = {f"{one.cause}-{one.effect}": one for one in draft.value.links}
        titles = dict.fromkeys(known, "")
        chosen = known.get(choose(texts, "strategy_link", titles))
        given = {
            "cause": chosen.cause if chosen else None,
            "effect": chosen.effect if chosen else None,
            "note": chosen.note if chosen else "",
        }
        subject = f"{draft.id}.{f'{chosen.cause}-{chosen.effect}' if chosen else NEW}"
        form = drafted.begin(context, FORM, subject, draft.version, given)
        catch_up(form, draft.version, given, lambda name: label(texts, name))
        _fields(context, form, draft.value, is_new=chosen is None)
        form.say_kept()
        if st.button(texts.text("strategy.save"), key="strategy.link.save", type="primary"):
            form.send(lambda: _kept(context, draft, form), "strategy.saved", "part")
        if chosen is not None:
            _drop(context, draft, chosen)


def _fields(context: PageContext, form: DraftedForm, edition: Edition, *, is_new: bool) -> None:
    texts = context.texts
    titles = {code: titled(texts, one) for code, one in edition.by_code.items()}
    for column, name in zip(st.columns(2), ("cause", "effect"), strict=True):
        with column:
            st.selectbox(
                label(texts, name),
                list(titles),
                key=form.key(name),
                format_func=lambda code: titles.get(code, code),
                on_change=form.keep,
                disabled=not is_new,
            )
    st.text_area(
        label(texts, "note"), key=form.key("note"), max_chars=TEXT_LENGTH, on_change=form.keep
    )


def _kept(context: PageContext, draft: Kept[Edition], form: DraftedForm) -> str:
    wanted = CauseLink(
        cause=form["cause"] or "", effect=form["effect"] or "", note=(form["note"] or "").strip()
    )
    keep_link(context.workspace, by=context.actor, code=draft.id, version=form.version, link=wanted)
    return f"{wanted.cause} → {wanted.effect}"


def _drop(context: PageContext, draft: Kept[Edition], link: CauseLink) -> None:
    texts, part = context.texts, f"{link.cause} → {link.effect}"
    if st.button(texts.text("strategy.remove", part=part), key="strategy.link.drop"):

        def drop() -> None:
            drop_link(
                context.workspace,
                by=context.actor,
                code=draft.id,
                version=draft.version,
                cause=link.cause,
                effect=link.effect,
            )

        act(texts, drop, "strategy.removed", part=part)
