"""The end of a risk, asked for and decided, and its being opened again."""

from __future__ import annotations

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.forms.sending import (
    DECISION,
    YES,
    act,
    lacks,
    texts_only,
    yes_or_no,
)
from dashboard.components.risks.risk.forms.writing import quoted
from dashboard.components.risks.risk.known import Known
from risks.deciding import actions
from risks.register import lifecycle


def _draw_close(_known: Known, form: DraftedForm, _variant: str) -> None:
    writing.text(form, "why", rows=2)
    writing.text(form, "evidence", rows=2, helped=True)
    st.checkbox(
        form.context.texts.text("risk_page.field.source_gone"),
        key=form.key("source_gone"),
        on_change=form.keep,
        help=form.context.texts.text("risk_page.help.source_gone"),
    )


def _closing(known: Known) -> object:
    return lifecycle.close_requested(known.risk, "?", "?", source_gone=True)


REQUEST_CLOSE = ActForm(
    given=lambda *_: {"why": "", "evidence": "", "source_gone": False},
    draw=_draw_close,
    send=act(
        actions.request_close,
        lambda _, said, __: {
            "reason": said["why"] or "",
            "evidence": said["evidence"] or "",
            "source_gone": bool(said["source_gone"]),
        },
    ),
    lacking=lacks(_closing),
)


def _draw_closing(known: Known, form: DraftedForm, variant: str) -> None:
    """Why it is to be closed and what proves it, and the decision."""
    risk = known.risk
    said = [risk.close_reason or "", risk.close_evidence or ""]
    if risk.source_gone:
        said.append(known.texts.text("risk_page.source_gone"))
    st.markdown(quoted("\n".join(one for one in said if one)))
    yes_or_no("closing")(known, form, variant)


def _may_close(known: Known) -> object:
    bound = known.bound
    return lifecycle.closed(
        known.risk, known.criteria, bound.optimal if bound else None, known.today
    )


DECIDE_CLOSE = ActForm(
    given=lambda *_: dict(DECISION),
    draw=_draw_closing,
    send=act(
        actions.decide_close,
        lambda _, said, __: {"close": said["decision"] == YES, "note": said["why"] or ""},
    ),
    lacking=lacks(_may_close),
)
REOPEN = ActForm(
    given=lambda *_: {"why": ""},
    draw=texts_only("why"),
    send=act(actions.reopen_risk, lambda _, said, __: {"reason": said["why"] or ""}),
)
