"""What is to be done about a risk: planned, told of, promised for another day, begun."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.risk.acting import REASON, ActForm
from dashboard.components.risks.risk.forms import quantity, writing
from dashboard.components.risks.risk.known import Known
from data.access.permissions import Permission
from data.errors import Invalid, Refusal
from risks.deciding.actions import begin_treatment
from risks.register.kinds import Response, TreatmentState
from risks.register.lifecycle import ACTIVE_RESPONSES, in_treatment
from risks.register.offering import may_tell
from risks.register.owners import possible_doers
from risks.register.record import Risk, Treatment
from risks.treating.actions import LONGEST, Plan, Progress, add_treatment, move_due, tell_treatment


def treatment_of(known: Known, variant: str) -> Treatment:
    """The treatment a form is about."""
    return next(one for one in known.risk.treatments if one.id == variant)


def _doers(known: Known) -> dict[str, str]:
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        return {one.email: one.name for one in possible_doers(reader)}


def _plan(known: Known, _variant: str) -> dict[str, Any]:
    return {
        "text": "",
        "doer": known.context.actor.email,
        "start": None,
        "due": None,
        "cost": None,
        **quantity.given_of(None),
    }


def _draw_plan(known: Known, form: DraftedForm, _variant: str) -> None:
    writing.text(form, "text", longest=LONGEST, helped=True)
    columns = st.columns(4)
    with columns[0]:
        writing.one_of(form, "doer", _doers(known))
    with columns[1]:
        writing.day(form, "start")
    with columns[2]:
        writing.day(form, "due")
    with columns[3]:
        writing.euros(form, "cost")
    st.markdown(f"**{known.texts.text('risk_page.expected_after')}**")
    quantity.draw(form, known.risk.number)


def _send_plan(known: Known, form: DraftedForm, _variant: str, version: int) -> Risk:
    values = form.values
    if values["due"] is None or values["doer"] is None:
        raise Invalid("risk_page.refused.who_until_when")
    if quantity.is_half_said(values):
        raise Invalid("risk_page.refused.figures_missing")
    plan = Plan(
        text=values["text"] or "",
        owner=values["doer"],
        due=values["due"],
        start=values["start"],
        cost=values["cost"],
        expected=quantity.quantity_of(values),
    )
    return add_treatment(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        plan=plan,
        reason=values.get(REASON) or "",
    )


def _told(known: Known) -> dict[str, str]:
    """The treatments of which the person may tell, by their words."""
    return {one.id: one.text for one in known.risk.treatments if may_tell(known.hand, one)}


def _open(known: Known) -> dict[str, str]:
    return {one.id: one.text for one in known.risk.open_treatments}


def _all(known: Known) -> list[str]:
    return [one.id for one in known.risk.treatments]


def _steps(known: Known, variant: str) -> list[Progress]:
    """What can be said of it next."""
    treatment = treatment_of(known, variant)
    works = known.hand.is_owner or known.hand.coordinates
    planned = treatment.state is TreatmentState.PLANNED
    begin = [Progress.BEGIN] if planned else []
    return [*begin, Progress.FINISH, *([Progress.CANCEL] if works else [])]


def _draw_progress(known: Known, form: DraftedForm, variant: str) -> None:
    texts = known.texts
    steps = {one.value: texts.word(one) for one in _steps(known, variant)}
    writing.pick(form, "progress", steps)
    if form["progress"] == Progress.FINISH.value:
        writing.text(form, "evidence", helped=True)
    is_given = treatment_of(known, variant).owner == known.context.actor.email
    if form["progress"] == Progress.CANCEL.value or (known.needs_reason and not is_given):
        writing.text(form, "why", rows=2)


def _send_progress(known: Known, form: DraftedForm, variant: str, version: int) -> Risk:
    progress = Progress(form["progress"])
    is_done = progress is Progress.FINISH
    return tell_treatment(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        treatment_id=variant,
        progress=progress,
        evidence=(form["evidence"] or "") if is_done else "",
        reason=form["why"] or "",
    )


def _send_due(known: Known, form: DraftedForm, variant: str, version: int) -> Risk:
    if form["due"] is None:
        raise Invalid("risk_page.refused.who_until_when")
    return move_due(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        treatment_id=variant,
        due=form["due"],
        reason=form["why"] or "",
    )


def _draw_due(_known: Known, form: DraftedForm, _variant: str) -> None:
    writing.day(form, "due")
    writing.text(form, "why", rows=2)


def _draw_begin(known: Known, form: DraftedForm, _variant: str) -> None:
    words = {one.value: known.texts.word(one) for one in Response if one in ACTIVE_RESPONSES}
    writing.pick(form, "response", words)


def _send_begin(known: Known, form: DraftedForm, _variant: str, version: int) -> Risk:
    return begin_treatment(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        response=Response(form["response"]),
        reason=form.values.get(REASON) or "",
    )


def _begin_lacks(known: Known) -> Refusal | None:
    """What is missing before treatment can begin, as its rule says it."""
    try:
        in_treatment(known.risk, Response.TREAT)
    except Invalid as refused:
        return refused
    return None


def _due_fields(known: Known) -> list[Field]:
    return [writing.field(known.texts, "due")]


PLAN = ActForm(given=_plan, draw=_draw_plan, send=_send_plan, asks_reason=True)
PROGRESS = ActForm(
    given=lambda known, variant: {
        "progress": _steps(known, variant)[0].value,
        "evidence": "",
        "why": "",
    },
    draw=_draw_progress,
    send=_send_progress,
    variants=_told,
    subjects=_all,
)
MOVE_DUE = ActForm(
    given=lambda known, variant: {"due": treatment_of(known, variant).due, "why": ""},
    draw=_draw_due,
    send=_send_due,
    fields=_due_fields,
    variants=_open,
    subjects=_all,
)
TREAT = ActForm(
    given=lambda *_: {"response": Response.TREAT.value},
    draw=_draw_begin,
    send=_send_begin,
    lacking=_begin_lacks,
    asks_reason=True,
)
