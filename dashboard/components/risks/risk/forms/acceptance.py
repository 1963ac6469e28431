"""A risk borne for a time: asked for, and decided by somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.forms.sending import (
    DECISION,
    YES,
    Values,
    act,
    lacks,
    yes_or_no,
)
from dashboard.components.risks.risk.forms.writing import quoted
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from data.access.roles import Role
from data.errors import Invalid
from risks.deciding import actions
from risks.register import lifecycle

HALF_A_YEAR = timedelta(days=182)


def _draw_request(known: Known, form: DraftedForm, _variant: str) -> None:
    """Until when and why; and who will decide on it."""
    texts, level = known.texts, known.risk.level
    writing.day(form, "valid_until")
    writing.text(form, "acceptance_rationale", helped=True)
    role = known.criteria.level_of(level).accepted_by if level else None
    if level and role:
        shown = level_text(texts, known.criteria, level)
        st.caption(plain(texts.text("risk_page.decided_by", level=shown, role=Role(role))))


def _requested(known: Known) -> object:
    tomorrow = known.today + timedelta(days=1)
    return lifecycle.acceptance_requested(
        known.risk,
        "?",
        tomorrow,
        known.criteria,
        acceptance_id="",
        by="",
        now=known.risk.updated_at,
        today=known.today,
    )


def _asked_for(_known: Known, said: Values, _variant: str) -> dict[str, Any]:
    if said["valid_until"] is None:
        raise Invalid("risk_page.refused.until_when")
    return {"rationale": said["acceptance_rationale"] or "", "valid_until": said["valid_until"]}


REQUEST_ACCEPTANCE = ActForm(
    given=lambda known, _: {
        "valid_until": known.today + HALF_A_YEAR,
        "acceptance_rationale": "",
    },
    draw=_draw_request,
    send=act(actions.request_acceptance, _asked_for),
    lacking=lacks(_requested),
)


def _draw_acceptance(known: Known, form: DraftedForm, variant: str) -> None:
    """What was asked for, in the words of whoever asked, and the decision."""
    asked = known.risk.acceptance
    if asked is not None:
        said = known.texts.text(
            "risk_page.asked_to_accept",
            person=known.person(asked.requested_by),
            level=level_text(known.texts, known.criteria, asked.level),
            until=known.texts.day_short(asked.valid_until),
        )
        st.markdown(plain(said))
        st.markdown(quoted(asked.rationale))
    yes_or_no("acceptance")(known, form, variant)


DECIDE_ACCEPTANCE = ActForm(
    given=lambda *_: dict(DECISION),
    draw=_draw_acceptance,
    send=act(
        actions.decide_acceptance,
        lambda _, said, __: {"accept": said["decision"] == YES, "note": said["why"] or ""},
    ),
)
