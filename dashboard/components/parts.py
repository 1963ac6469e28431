"""The parts of a page, of which one is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.context import PageContext
from data.language.texts import Texts

Part = TypeVar("Part", bound=StrEnum)


def choose_part(texts: Texts, label_key: str, offered: Sequence[Part], *, key: str) -> Part:
    """The part looked at; one that is not offered, or not any more, gives way to the first."""
    asked = st.session_state.get(key)  # another page may have named one
    named = next((one for one in offered if one == asked), offered[0])
    return _control(texts, label_key, offered, named, key)


def part_of(context: PageContext, parts: type[Part], key: str) -> Part:
    """The part that the link names, else the first; choosing another one changes the link."""
    every = list(parts)
    named = parts(context.link.part) if context.link.part in set(parts) else every[0]

    def change() -> None:
        follow(context.link_with(part=st.session_state[key].value))

    return _control(context.texts, "risk.part", every, named, key, change)


def _control(
    texts: Texts,
    label_key: str,
    offered: Sequence[Part],
    named: Part,
    key: str,
    change: Callable[[], None] | None = None,
) -> Part:
    st.session_state[key] = named
    chosen = st.segmented_control(
        texts.text(label_key),
        offered,
        required=True,
        format_func=texts.word,
        label_visibility="collapsed",
        key=key,
        on_change=change,
    )
    return chosen or named
