"""Asking before something is done that is felt elsewhere, by naming what will change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import session
from dashboard.components.messages import plain
from data.language.texts import Texts


def confirm(
    texts: Texts,
    *,
    title: str,
    consequences: Sequence[str],
    action: str,
    act: Callable[[], None],
    done: str,
) -> None:
    """Open a dialog that says what will change; `act` runs on consent, then `done` is said."""

    @st.dialog(title)
    def dialog() -> None:
        for consequence in consequences:
            st.markdown(f"- {plain(consequence)}")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(texts.text("shell.cancel"), key="confirm.no"):
                st.rerun()
            if st.button(action, type="primary", key="confirm.yes"):
                act()
                session.say_next(done)
                st.rerun()

    dialog()
