"""A review on its way: what was clicked is done by the next run, as the person who then looks.

The click carries the version of the risk that stood on the screen; what others changed meanwhile
is a conflict, never overwritten unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.review.fields import begin_review, impacts_in, step
from dashboard.components.risks.review.known import Known
from dashboard.context import PageContext
from data.errors import Conflict, NotFound, Refusal
from risks.register.actions import review_risk
from risks.register.assessing import Judged
from risks.register.kinds import Confidence, Kind, Outcome
from risks.register.record import Risk

SENT, SKIPPED, EARLY = "risk_review.sent", "risk_review.skipped", "risk_review.early"


@dataclass(frozen=True, slots=True)
class Sent:
    """A click: of which risk, in which version as it was seen, and what it says."""

    code: str
    version: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a click: the risk as it was left, or why nothing was done."""

    code: str
    outcome: Outcome
    risk: Risk | None = None
    refused: Refusal | None = None


def send(code: str, version: int, outcome: Outcome) -> None:
    """Note the click; for a button's `on_click`."""
    st.session_state[SENT] = Sent(code, version, outcome)


def choose(form: DraftedForm, mode: str) -> None:
    """Open or close a way to end the review; kept like everything typed."""
    st.session_state[form.key("mode")] = mode
    form.keep()


def skip(code: str) -> None:
    """Leave a risk for the end of the round."""
    skipped().append(code)


def skipped() -> list[str]:
    """The codes of the risks left for the end, in this tab."""
    codes: list[str] = st.session_state.setdefault(SKIPPED, [])
    return codes


def done(context: PageContext, known: Known) -> Told | None:
    """Do what was clicked, if anything was, by the rights of the person who looks now."""
    sent: Sent | None = st.session_state.pop(SENT, None)
    if sent is None:
        return None
    risk = known.risks.get(sent.code)
    if risk is None:
        gone = NotFound("risks.refused.no_risk", code=sent.code)
        return Told(sent.code, sent.outcome, refused=gone)
    if _is_repeated(risk, sent, context.actor.email):
        return Told(sent.code, sent.outcome, risk)
    form = begin_review(context, known.criteria, risk)
    try:
        return Told(sent.code, sent.outcome, _reviewed(context, risk, form, sent))
    except Refusal as refused:
        if isinstance(refused, Conflict):
            replace(form, version=sent.version).keep()  # both sides can be shown
        return Told(sent.code, sent.outcome, refused=refused)


def _is_repeated(risk: Risk, sent: Sent, by: str) -> bool:
    """Whether it is done already: a finger that came down twice is no conflict with oneself."""
    if not risk.reviews or risk.row_version != sent.version + 1:
        return False
    last = risk.reviews[-1]
    return last.outcome is sent.outcome and last.reviewed_by == risk.updated_by == by


def _reviewed(context: PageContext, risk: Risk, form: DraftedForm, sent: Sent) -> Risk:
    values = form.values
    kept = review_risk(
        context.workspace,
        by=context.actor,
        code=risk.code,
        version=sent.version,
        outcome=sent.outcome,
        note=values["note"] or "",
        judged=_judged(risk, form) if sent.outcome is Outcome.RESCORE else None,
        to_role=values["to_role"] or "",
    )
    form.done()
    return kept


def _judged(risk: Risk, form: DraftedForm) -> Judged:
    """The score as it was chosen; the estimate in EUR stays, it is stated on the risk's page."""
    values = form.values
    return Judged(
        kind=Kind.CURRENT,
        likelihood=step(values["likelihood"]),
        impacts=impacts_in(values),
        rationale=values["note"] or "",
        confidence=Confidence(values["confidence"]),
        exception=values["exception"],
        quantity=risk.current.quantity if risk.current else None,
    )
