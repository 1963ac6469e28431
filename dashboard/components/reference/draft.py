"""An edit on its way: rehearsed, shown with what it changes, then saved or left."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components.messages import plain, refusal
from dashboard.components.reference import effects
from dashboard.context import PageContext
from dashboard.jobs import queue
from data.errors import Refusal
from data.workspace import Workspace
from kpis.reference_effects import Draft, Effect, draft_of, effect_on

KEY = "reference.draft"
PATIENCE = 12.0  # seconds spent on effects before the rest is left to be asked for


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be done, and how it is said."""

    part: str  # of the page, on which it was entered
    sentence: str  # a message key
    values: Mapping[str, Any]
    act: Callable[[Workspace], object]
    measured: bool = True  # whether a reading can rest on what is edited


@dataclass(slots=True)
class Pending:
    """An edit that may be saved, and its effects as far as they were computed."""

    edit: Edit
    draft: Draft
    effects: dict[str, Effect] = field(default_factory=dict)


def propose(context: PageContext, edit: Edit) -> bool:
    """Rehearse an edit; what may not be is refused here, beside what was typed, and False."""
    st.session_state.pop(KEY, None)
    try:
        draft = draft_of(context.workspace, by=context.actor, act=edit.act)
    except Refusal as refused:
        refusal(context.texts, refused)
        return False
    st.session_state[KEY] = Pending(edit, draft)
    return True


def draw(context: PageContext, part: str) -> None:
    """What the edit entered in this part of the page will change, and the way to save it."""
    pending: Pending | None = st.session_state.get(KEY)
    if pending is None or pending.edit.part != part:
        return
    texts, edit = context.texts, pending.edit
    with st.container(border=True, key="reference-preview"):
        st.markdown(f"**{plain(texts.text(edit.sentence, **edit.values))}**")
        if pending.draft.kpis:
            _compute(context, pending)
        effects.draw(context, pending.draft, pending.effects)
        _left(context, pending)
        with st.container(horizontal=True):
            if st.button(texts.text("reference.save"), type="primary", key="reference.save"):
                _save(context, pending)
            st.button(texts.text("shell.cancel"), key="reference.cancel", on_click=_forget)


def _compute(context: PageContext, pending: Pending) -> None:
    """The effects on KPI after KPI, for as long as somebody may be kept waiting."""
    waiting = _waiting(pending)
    if pending.effects or not waiting:
        return
    until = time.monotonic() + PATIENCE
    bar = st.progress(0.0, context.texts.text("reference.computing"))
    for done, code in enumerate(waiting):
        if time.monotonic() > until:
            break
        pending.effects[code] = _effect(context, pending, code)
        bar.progress((done + 1) / len(waiting), context.texts.text("reference.computing"))
    bar.empty()


def _left(context: PageContext, pending: Pending) -> None:
    """KPIs that lean on what is edited and were not computed yet, by name and on demand."""
    waiting, texts = _waiting(pending), context.texts
    if not waiting:
        return
    st.caption(plain(texts.text("reference.not_computed", kpis=waiting, count=len(waiting))))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(texts.text("reference.kpi"), waiting, key="reference.kpi", width=240)
        if st.button(texts.text("reference.compute"), key="reference.compute") and code:
            pending.effects[code] = _effect(context, pending, code)
            st.rerun()


def _waiting(pending: Pending) -> list[str]:
    return [kpi.code for kpi in pending.draft.kpis if kpi.code not in pending.effects]


def _effect(context: PageContext, pending: Pending, code: str) -> Effect:
    return effect_on(context.workspace, by=context.actor, draft=pending.draft, code=code)


def _save(context: PageContext, pending: Pending) -> None:
    """Do it, and have what rests on it measured again; a refusal leaves the preview standing."""
    try:
        pending.edit.act(context.workspace)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    if pending.edit.measured:
        queue(context.workspace, by=context.actor, kind="measure_anew", payload={})
    _forget()
    session.say_next("reference.saved" if pending.edit.measured else "reference.saved_unmeasured")
    st.rerun()


def _forget() -> None:
    st.session_state.pop(KEY, None)
