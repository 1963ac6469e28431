"""A risk handed in, taken into the register or not, and given to another owner."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.forms.sending import (
    DECISION,
    YES,
    act,
    lacks,
    yes_or_no,
)
from dashboard.components.risks.risk.known import Known
from data.access.permissions import Permission
from risks.deciding import actions
from risks.register import lifecycle
from risks.register.actions import assign_risk
from risks.register.owners import possible_owners


def _draw_proposing(known: Known, _form: DraftedForm, _variant: str) -> None:
    st.caption(plain(known.texts.text("risk_page.propose_says")))


PROPOSE = ActForm(
    given=lambda *_: {},
    draw=_draw_proposing,
    send=act(actions.propose_risk, lambda *_: {}),
    lacking=lacks(lambda known: lifecycle.proposed(known.risk)),
)
DECIDE_PROPOSAL = ActForm(
    given=lambda *_: dict(DECISION),
    draw=yes_or_no("proposal"),
    send=act(
        actions.decide_proposal,
        lambda _, said, __: {"approve": said["decision"] == YES, "reason": said["why"] or ""},
    ),
)


def _draw_owner(known: Known, form: DraftedForm, _variant: str) -> None:
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        people = possible_owners(reader, known.risk.unit_code)
    writing.one_of(form, "owner", {one.email: one.name for one in people})
    writing.text(form, "why", rows=2)


def _owner_fields(known: Known) -> list[Any]:
    return [writing.field(known.texts, "owner", lambda email: known.person(email or ""))]


ASSIGN = ActForm(
    given=lambda known, _: {"owner": known.risk.owner, "why": ""},
    draw=_draw_owner,
    send=act(
        assign_risk, lambda _, said, __: {"owner": said["owner"] or "", "reason": said["why"] or ""}
    ),
    fields=_owner_fields,
)
