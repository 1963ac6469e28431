"""A score in five steps, each with its words: how likely, how hard it hits, how sure one is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.review.fields import IMPACT, UNSAID, impacts_in, step
from dashboard.components.risks.review.scoring_words import impact_words, likelihood_text
from dashboard.components.risks.words import level_text
from data.language.texts import Texts
from risks.criteria.scale import SIZE, Criteria, Dimension, impact_of
from risks.register.kinds import Confidence
from risks.register.record import Risk
from risks.register.reviewing import needs_exception

STEPS = tuple(range(1, SIZE + 1))
LONGEST, TWO_LINES = 2000, 76  # characters of an exception; pixels


def draw(texts: Texts, criteria: Criteria, risk: Risk, form: DraftedForm) -> None:
    """Likelihood, the impacts judged before, the others one click away, and the level they make."""
    words = [likelihood_text(texts, criteria, value) for value in STEPS]
    _choice(form, "likelihood", texts.text("risk_review.likelihood"), words)
    judged = risk.current.impacts if risk.current else {}
    for one in criteria.dimensions:
        if one.code in judged:
            _impact(texts, form, one)
    rest = [one for one in criteria.dimensions if one.code not in judged]
    if rest:
        with st.expander(texts.text("risk_review.other_impacts"), expanded=not judged):
            for one in rest:
                _impact(texts, form, one)
    _confidence(texts, form)
    _result(texts, criteria, risk, form)


def _impact(texts: Texts, form: DraftedForm, one: Dimension) -> None:
    _choice(form, IMPACT + one.code, texts.value(one.names), impact_words(texts, one))


def _choice(form: DraftedForm, name: str, label: str, words: Sequence[str]) -> None:
    """Five steps with their words, and that it is not judged."""
    said = dict(zip(STEPS, words, strict=True))
    unsaid = form.context.texts.text("risk_review.unsaid")
    st.radio(
        label,
        [*STEPS, UNSAID],
        format_func=lambda value: plain(said.get(value, unsaid)),
        key=form.key(name),
        on_change=form.keep,
    )


def _confidence(texts: Texts, form: DraftedForm) -> None:
    st.radio(
        texts.text("risk_review.confidence"),
        [one.value for one in Confidence],
        format_func=lambda value: texts.word(Confidence(value)),
        horizontal=True,
        key=form.key("confidence"),
        on_change=form.keep,
    )


def _result(texts: Texts, criteria: Criteria, risk: Risk, form: DraftedForm) -> None:
    """The level that the steps make; above the inherent one it wants a reason."""
    likelihood, impact = step(form["likelihood"]), impact_of(impacts_in(form.values))
    level = level_text(texts, criteria, criteria.level(likelihood, impact))
    st.markdown(f"**{plain(texts.text('risk_review.result', level=level))}**")
    if needs_exception(risk, likelihood, impact):
        st.text_area(
            texts.text("risk_review.exception"),
            key=form.key("exception"),
            max_chars=LONGEST,
            height=TWO_LINES,
            on_change=form.keep,
        )
