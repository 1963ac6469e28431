"""The parts of a page, of which one is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from data.language.texts import Texts

Part = TypeVar("Part", bound=StrEnum)


def choose_part(texts: Texts, label_key: str, offered: Sequence[Part], *, key: str) -> Part:
    """The part looked at; one that is not offered, or not any more, gives way to the first."""
    asked = st.session_state.get(key)  # another page may have named one
    st.session_state[key] = next((one for one in offered if one == asked), offered[0])
    chosen = st.segmented_control(
        texts.text(label_key),
        offered,
        required=True,
        format_func=texts.word,
        label_visibility="collapsed",
        key=key,
    )
    return chosen or offered[0]
