"""Choosing actions: which kind, whose, of which KPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from data.language.texts import Texts
from kpis.commentary import Action, Late
from kpis.commentary.due import overdue

KIND, PERSON, KPI = "actions.kind", "actions.person", "actions.kpi"  # keys of the widgets
Actions = Sequence[Action]
Option = TypeVar("Option")


class ActionKind(StrEnum):
    """Which actions to list."""

    OPEN = "open"
    OVERDUE = "overdue"
    NO_WORD = "no_word"  # open, and nothing was said of it for too long
    OVER = "over"  # done or cancelled
    ALL = "all"


def of_kind(actions: Actions, kind: ActionKind, today: date) -> list[Action]:
    """The actions of a kind, in their order."""
    asked: Mapping[ActionKind, Callable[[Action], bool]] = {
        ActionKind.OPEN: lambda action: action.is_open,
        ActionKind.OVERDUE: lambda action: action.is_overdue(today),
        ActionKind.NO_WORD: lambda action: _late(action, today) is Late.UPDATE,
        ActionKind.OVER: lambda action: not action.is_open,
        ActionKind.ALL: lambda _: True,
    }
    return [action for action in actions if asked[kind](action)]


def _late(action: Action, today: date) -> Late | None:
    found = overdue(action, today)
    return found.kind if found else None


def choose(texts: Texts, actions: Actions, kpis: Mapping[str, str], today: date) -> list[Action]:
    """The actions of the kind, the person and the KPI chosen; `kpis` are codes with names."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _kind(texts, actions, today)
        person = _one(texts, PERSON, {one.assignee_id: one.assignee for one in actions})
        used = {one.code for one in actions}
        kpi = _one(texts, KPI, {code: name for code, name in kpis.items() if code in used})
    return [
        one
        for one in of_kind(actions, kind, today)
        if person in (None, one.assignee_id) and kpi in (None, one.code)
    ]


def _kind(texts: Texts, actions: Actions, today: date) -> ActionKind:
    counts = {kind: len(of_kind(actions, kind, today)) for kind in ActionKind}
    chosen = st.selectbox(
        texts.text("actions.kind"),
        list(ActionKind),
        key=KIND,
        format_func=lambda kind: f"{texts.word(kind)}: {texts.number(counts[kind])}",
    )
    return chosen or ActionKind.OPEN


def _one(texts: Texts, key: str, options: Mapping[Option, str]) -> Option | None:
    """One of the options, or None for all."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = None
    return st.selectbox(
        texts.text(key),
        list(options),
        index=None,
        key=key,
        format_func=lambda option: options[option],
        placeholder=texts.text(f"{key}_every"),
    )
