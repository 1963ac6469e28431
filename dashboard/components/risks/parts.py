"""The part of a page that is looked at: the link names it, another choice changes the link."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.context import PageContext

Part = TypeVar("Part", bound=StrEnum)


def part_of(context: PageContext, parts: type[Part], key: str) -> Part:
    """The part to draw, the first one where the link names none of this page."""
    every = list(parts)
    named = parts(context.link.part) if context.link.part in set(parts) else every[0]
    st.session_state[key] = named

    def change() -> None:
        follow(context.link_with(part=st.session_state[key].value))

    st.segmented_control(
        context.texts.text("risk.part"),
        every,
        required=True,
        format_func=context.texts.word,
        label_visibility="collapsed",
        key=key,
        on_change=change,
    )
    return named
