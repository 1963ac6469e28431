"""The fields of a review: what they begin with, what they hold, how two versions are merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm, begin
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.review.scoring_words import impact_words, likelihood_text
from dashboard.context import PageContext
from data.language.texts import Texts
from risks.criteria.scale import Criteria
from risks.register.kinds import Confidence
from risks.register.offering import open_roles
from risks.register.record import Risk

FORM = "risk-review"
IMPACT = "impact."  # before the code of a dimension, in the name of a field
UNSAID = "unsaid"  # a step that nobody chose


def begin_review(context: PageContext, criteria: Criteria, risk: Risk) -> DraftedForm:
    """The review of a risk as the person left it, or as it begins."""
    return begin(context, FORM, risk.code, risk.row_version, standing(criteria, risk))


def standing(criteria: Criteria, risk: Risk) -> dict[str, Any]:
    """What the form holds to begin with: the score as it stands."""
    last, roles = risk.current, open_roles(risk)
    scored = dict(last.impacts) if last else {}
    return {
        "mode": "",
        "note": "",
        "likelihood": (last.likelihood if last else None) or UNSAID,
        **{IMPACT + one.code: scored.get(one.code, UNSAID) for one in criteria.dimensions},
        "confidence": (last.confidence if last else Confidence.MEDIUM).value,
        "exception": (last.exception if last else None) or "",
        "to_role": roles[0].value if roles else None,
    }


def hold(form: DraftedForm) -> None:
    """Keep what the fields hold through a run in which none of them is drawn."""
    for name in form.names:
        st.session_state[form.key(name)] = form[name]


def impacts_in(values: Mapping[str, Any]) -> dict[str, int]:
    """The steps chosen, by dimension."""
    chosen = {
        name.removeprefix(IMPACT): step(value)
        for name, value in values.items()
        if name.startswith(IMPACT)
    }
    return {code: value for code, value in chosen.items() if value is not None}


def step(value: Any) -> int | None:
    """The step that a field holds, or that it holds none."""
    return value if isinstance(value, int) else None


def score_fields(texts: Texts, criteria: Criteria) -> list[Field]:
    """The fields of a score, as two versions of them are shown beside each other."""
    unsaid = texts.text("risk_review.unsaid")
    likelihood = Field(
        "likelihood",
        texts.text("risk_review.likelihood"),
        _shown(lambda value: likelihood_text(texts, criteria, value), unsaid),
    )
    impacts = [
        Field(
            IMPACT + one.code,
            texts.value(one.names),
            _shown(_worded(impact_words(texts, one)), unsaid),
        )
        for one in criteria.dimensions
    ]
    confidence = Field(
        "confidence",
        texts.text("risk_review.confidence"),
        lambda value: texts.word(Confidence(value)),
    )
    return [likelihood, *impacts, confidence]


def _worded(words: Sequence[str]) -> Callable[[int], str]:
    return lambda value: words[value - 1]


def _shown(words: Callable[[int], str], unsaid: str) -> Callable[[Any], str]:
    return lambda value: words(value) if isinstance(value, int) else unsaid
