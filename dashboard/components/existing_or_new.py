"""Which of the things there are a form is about, or a new one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from data.language.texts import Texts

NEW = "new"


def choose(texts: Texts, prefix: str, titles: Mapping[str, str]) -> str:
    """A code of those that have a title, or NEW; the texts are `prefix`.which and `prefix`.new."""
    return st.selectbox(
        texts.text(f"{prefix}.which"),
        [NEW, *titles],
        format_func=lambda code: (
            texts.text(f"{prefix}.new") if code == NEW else f"{code} {titles[code]}".strip()
        ),
        key=f"{prefix}.which",
    )
