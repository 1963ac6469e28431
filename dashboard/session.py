"""Every key of a browser tab's session state, typed, in one place.

A tab's state is lost with the tab: nothing valuable is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

# Widgets of the top line
PERIOD = "top.period"
FREQUENCY = "top.frequency"
OFFICE = "top.office"
SERVICE = "top.service"
LANGUAGE = "top.language"
AS_OF = "top.as_of"

_CHOSEN = "chosen"  # what is looked at, kept while the person walks from page to page
_NOTICE = "notice"  # said once, after the rerun that follows an action
_RUNS = "runs"  # how many came to their end


def chosen() -> dict[str, str]:
    """The parameters of the last link this tab followed."""
    kept: dict[str, str] = st.session_state.get(_CHOSEN, {})
    return dict(kept)


def keep_chosen(parameters: Mapping[str, str]) -> None:
    st.session_state[_CHOSEN] = dict(parameters)


def say_next(key: str, **values: Any) -> None:
    """Have a text said at the top of the page once it is drawn again."""
    st.session_state[_NOTICE] = (key, values)


def take_notice() -> tuple[str, dict[str, Any]] | None:
    """What there is to say, once."""
    notice: tuple[str, dict[str, Any]] | None = st.session_state.pop(_NOTICE, None)
    return notice


def runs_ended() -> int:
    """How many runs drew their page to the end: at each the state of widgets not drawn is lost."""
    count: int = st.session_state.get(_RUNS, 0)
    return count


def end_run() -> None:
    """This run drew its page to the end."""
    st.session_state[_RUNS] = runs_ended() + 1
