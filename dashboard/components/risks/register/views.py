"""Saved views: filters, order, groups and columns under a name, for the person alone.

The one marked as usual is how the register opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.messages import plain, refusal
from dashboard.components.risks.register import arranging, choosing
from dashboard.components.risks.register.choosing import STANDING, Standing
from dashboard.components.risks.words import REGISTER
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.desk import View, read_views
from data.desk.actions import LONGEST_NAME, forget_view, save_view
from data.errors import Refusal

NAME, USUAL, OPENED = "risks.view.name", "risks.view.usual", "risks.opened"
IS_USUAL = "usual"  # in the settings of a view: the register opens with it
SETTINGS: Mapping[str, Any] = {
    **choosing.EMPTY,
    STANDING: Standing.IN_REGISTER.value,
    **arranging.USUALLY,
}


def open_as_usual(context: PageContext) -> tuple[View, ...]:
    """The person's views; the first time in a session the usual one is put to use."""
    # What somebody keeps on his desk is of no time: also the past is looked at through it.
    with context.workspace.at(None).read(context.actor, Permission.SELF_CHANGE) as reader:
        views = read_views(reader, REGISTER)
    if not st.session_state.get(OPENED):
        st.session_state[OPENED] = True
        for view in views:
            if view.settings.get(IS_USUAL):
                use(view)
    return views


def use(view: View) -> None:
    """Look at the register this way."""
    for key, usual in SETTINGS.items():
        kept = view.settings.get(key, usual)
        st.session_state[key] = kept if isinstance(kept, type(usual)) else usual


def draw(context: PageContext, views: Sequence[View]) -> None:
    """Use a view, forget it, or save what is looked at as one."""
    texts = context.texts
    named = next((one.name for one in views if _settings(one.settings) == looked_at()), None)
    label = named or texts.text("risk_register.views")
    with st.popover(plain(label), icon=":material/bookmark:", key="risks.views"):
        for place, view in enumerate(views):
            _view(context, view, place)
        if not views:
            st.caption(texts.text("risk_register.views_none"))
        _save(context, views)


def looked_at() -> dict[str, Any]:
    """How the register is looked at, as a view keeps it."""
    return _settings(st.session_state)


def _settings(said: Mapping[Any, Any]) -> dict[str, Any]:
    """The settings that make a view, as plain values; a set of choices has no order."""
    return {key: _plain(said.get(key, usual)) for key, usual in SETTINGS.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(str(one) for one in value)
    return str(value) if isinstance(value, str) else value


def _view(context: PageContext, view: View, place: int) -> None:
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="center"):
        usual = (
            f" ★ {texts.text('risk_register.view_usual')}" if view.settings.get(IS_USUAL) else ""
        )
        st.button(
            plain(f"{view.name}{usual}"),
            key=f"risks.view.use.{place}",
            on_click=use,
            args=(view,),
            type="tertiary",
        )
        st.button(
            texts.text("risk_register.view_forget"),
            key=f"risks.view.forget.{place}",
            icon=":material/delete:",
            on_click=_forget,
            args=(context, view.name),
            type="tertiary",
        )


def _forget(context: PageContext, name: str) -> None:
    now = context.workspace.at(None)
    forget_view(now, by=context.actor, page=REGISTER, name=name)


def _save(context: PageContext, views: Sequence[View]) -> None:
    """Name what is looked at; a view of this name is replaced."""
    texts = context.texts
    with st.form("risks.view", border=False):
        name = st.text_input(
            texts.text("risk_register.view_name"), key=NAME, max_chars=LONGEST_NAME
        )
        usual = st.checkbox(texts.text("risk_register.view_opens"), key=USUAL)
        if st.form_submit_button(texts.text("risk_register.view_save"), key="risks.view.save"):
            _keep(context, views, name, is_usual=usual)


def _keep(context: PageContext, views: Sequence[View], name: str, *, is_usual: bool) -> None:
    """Save it; at most one view is the usual one."""
    said = looked_at() | {IS_USUAL: is_usual}
    others = [one for one in views if one.settings.get(IS_USUAL) and one.name != name.strip()]
    now = context.workspace.at(None)
    try:
        save_view(now, by=context.actor, page=REGISTER, name=name, settings=said)
        for one in others if is_usual else ():
            settings = {**one.settings, IS_USUAL: False}
            save_view(now, by=context.actor, page=REGISTER, name=one.name, settings=settings)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    st.rerun()
