"""Criteria as tables: the matrix, what each level calls for, the scales in words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.risks.words import level_text
from data.access.roles import Role
from data.language.texts import Texts
from risks.criteria.scale import Criteria, Likelihood


def draw(texts: Texts, criteria: Criteria) -> None:
    """Matrix and levels at once, the words of the scales one click away."""
    matrix(texts, criteria)
    levels(texts, criteria)
    with st.expander(texts.text("criteria.scales")):
        likelihood(texts, criteria)
        impacts(texts, criteria)


def matrix(texts: Texts, criteria: Criteria) -> None:
    """A row for each likelihood, the highest on top; a column for each impact."""
    rows = list(zip(criteria.likelihood, criteria.matrix, strict=True))[::-1]
    head = texts.text("criteria.likelihood_by_impact")
    columns = [head, *(str(step + 1) for step in range(len(criteria.matrix[0])))]
    lines = [
        [
            plain(f"{len(rows) - place} {texts.value(step.names)}"),
            *(plain(level_text(texts, criteria, level)) for level in levels_of_row),
        ]
        for place, (step, levels_of_row) in enumerate(rows)
    ]
    st.table(
        pd.DataFrame(lines, columns=columns),
        border=True,
        hide_index=True,
        alt=texts.text("criteria.matrix_alt"),
    )


def levels(texts: Texts, criteria: Criteria) -> None:
    """How often each level is reviewed and who may bear it; then the days that bind."""
    heads = [texts.text(f"criteria.head.{name}") for name in ("level", "review", "accept")]
    lines = [
        [
            plain(level_text(texts, criteria, one.code)),
            plain(texts.text("criteria.every", days=one.review_days)),
            plain(acceptor(texts, one.accepted_by)),
        ]
        for one in criteria.levels[::-1]
    ]
    st.table(pd.DataFrame(lines, columns=heads), border="horizontal", hide_index=True)
    st.caption(
        plain(
            texts.text(
                "criteria.days",
                acceptance=criteria.acceptance_days,
                review=criteria.late_review_days,
                treatment=criteria.late_treatment_days,
            )
        )
    )


def acceptor(texts: Texts, role: str | None) -> str:
    """The role that may accept, or that nobody may."""
    return texts.text("criteria.nobody") if role is None else texts.word(Role(role))


def band(texts: Texts, step: Likelihood) -> str:
    """'5 % to 20 % a year'."""
    low, high = (texts.percent(chance * 100, 0) for chance in (step.low, step.high))
    return texts.text("criteria.band", low=low, high=high)


def likelihood(texts: Texts, criteria: Criteria) -> None:
    heads = [texts.text(f"criteria.head.{name}") for name in ("step", "name", "band")]
    lines = [
        [str(number), plain(texts.value(one.names)), plain(band(texts, one))]
        for number, one in enumerate(criteria.likelihood, start=1)
    ]
    st.markdown(f"**{plain(texts.text('criteria.likelihood'))}**")
    st.table(pd.DataFrame(lines, columns=heads), border="horizontal", hide_index=True)


def impacts(texts: Texts, criteria: Criteria) -> None:
    """A column for each dimension, a row for each step."""
    columns = {
        plain(texts.value(one.names)): [plain(texts.value(step)) for step in one.steps]
        for one in criteria.dimensions
    }
    steps = {texts.text("criteria.head.step"): [str(n + 1) for n in range(len(criteria.matrix))]}
    st.markdown(f"**{plain(texts.text('criteria.impact'))}**")
    st.table(pd.DataFrame(steps | columns), border="horizontal", hide_index=True)
