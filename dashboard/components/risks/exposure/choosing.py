"""Of which part of the register the years are simulated: a unit, a category, or all of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from dashboard.components.risks.exposure.known import Known
from data.language.texts import Texts
from risks.criteria.scale import Names

UNIT, CATEGORY = "exposure.unit", "exposure.category"  # keys of the widgets


def choose(texts: Texts, known: Known) -> Known:
    """What is chosen among the units and categories that have active risks."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = _one(texts, UNIT, known.naming.units, {one.unit_code for one in known.risks})
        used = {one.category_code for one in known.risks if one.category_code}
        category = _one(texts, CATEGORY, known.naming.categories, used)
    return known.of(unit, category)


def _one(texts: Texts, key: str, names: Mapping[str, Names], used: Collection[str]) -> str | None:
    """One of the codes in use, or None for all."""
    offered = [code for code in names if code in used]
    if st.session_state.get(key) not in offered:
        st.session_state[key] = None
    return st.selectbox(
        texts.text(key),
        offered,
        index=None,
        key=key,
        format_func=lambda code: texts.value(names[code]),
        placeholder=texts.text(f"{key}_every"),
    )
