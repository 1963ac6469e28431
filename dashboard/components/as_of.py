"""As of when a page is looked at: now, or as everything was known on an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import streamlit as st

from dashboard import session
from dashboard.components.messages import plain
from dashboard.context import Link, PageContext

Follow = Callable[[Link], None]
YEARS_BACK = 10


def choose(context: PageContext, follow: Follow) -> None:
    """The day as of which to look; it is also in the address."""
    texts, today = context.texts, datetime.now(context.workspace.settings.zone).date()
    then = context.workspace.then
    label = texts.text("shell.as_of_now") if then is None else texts.text("shell.as_of_past")
    with st.popover(label, icon=":material/history:", key="top-as-of"):
        st.caption(texts.text("shell.as_of_help"))
        st.session_state[session.AS_OF] = None if then is None else context.today
        st.date_input(
            texts.text("shell.as_of_day"),
            min_value=today.replace(year=today.year - YEARS_BACK, day=1),
            max_value=today,
            format="DD.MM.YYYY",
            key=session.AS_OF,
            on_change=lambda: follow(context.link_with(as_of=_chosen())),
        )


def say(context: PageContext, follow: Follow) -> None:
    """On every page about the past: which time it is, and the way back."""
    then = context.workspace.then
    if then is None:
        return
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="center", key="as-of-past", border=True):
        said = texts.text("shell.as_of_said", day=context.today, event=str(then.event))
        st.markdown(f":material/history: **{plain(said)}**")
        st.button(
            texts.text("shell.as_of_back"),
            key="as-of-back",
            on_click=lambda: follow(context.link_with(as_of=None)),
        )


def _chosen() -> str | None:
    day: date | None = st.session_state[session.AS_OF]
    return day.isoformat() if day else None
