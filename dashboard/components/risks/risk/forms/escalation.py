"""A risk laid before those above, who owe an answer."""

from __future__ import annotations

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.forms.sending import (
    act,
)
from dashboard.components.risks.risk.forms.writing import quoted
from dashboard.components.risks.risk.known import Known
from risks.deciding import actions
from risks.register.hands import holds
from risks.register.offering import open_roles


def _draw_escalation(known: Known, form: DraftedForm, _variant: str) -> None:
    roles = {one.value: known.texts.word(one) for one in open_roles(known.risk)}
    writing.pick(form, "to_role", roles)
    writing.text(form, "why", rows=2)


ESCALATE = ActForm(
    given=lambda known, _: {
        "to_role": next((one.value for one in open_roles(known.risk)), ""),
        "why": "",
    },
    draw=_draw_escalation,
    send=act(
        actions.escalate_risk,
        lambda _, said, __: {"to_role": said["to_role"], "reason": said["why"] or ""},
    ),
)


def _owed(known: Known) -> dict[str, str]:
    """The escalations that wait for an answer of the person, by their reasons."""
    unit, by = known.risk.unit_code, known.context.actor
    return {
        one.id: known.texts.text(one.reason) if one.reason.startswith("risks.") else one.reason
        for one in known.risk.open_escalations
        if holds(by, one.to_role, unit)
    }


def _draw_answer(known: Known, form: DraftedForm, variant: str) -> None:
    st.markdown(quoted(_owed(known).get(variant, "")))
    writing.text(form, "answer", helped=True)


ANSWER = ActForm(
    given=lambda *_: {"answer": ""},
    draw=_draw_answer,
    send=act(
        actions.answer_escalation,
        lambda _, said, variant: {"escalation_id": variant, "answer": said["answer"] or ""},
    ),
    variants=_owed,
    subjects=lambda known: [one.id for one in known.risk.escalations],
)
