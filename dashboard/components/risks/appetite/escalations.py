"""Escalations: what was laid before whom, and for how long an answer is owed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.appetite.known import Known
from dashboard.components.risks.words import person_name, risk_in_text
from dashboard.context import PageContext
from data.access.roles import Role
from data.language.texts import Texts
from risks.register.record import Escalation, Risk

COLUMNS = ("risk", "to", "reason", "since", "answer")
NEWLINE = "  \n"
ANSWERED_SHOWN = 20  # the newest of those that have their answer


def draw(context: PageContext, known: Known) -> None:
    """Those that wait, the longest waiting first; the last ones answered one click away."""
    texts = context.texts
    every = [(risk, one) for risk in known.risks for one in risk.escalations]
    owed = sorted((pair for pair in every if pair[1].is_open), key=lambda pair: pair[1].raised_at)
    done = sorted(
        (pair for pair in every if not pair[1].is_open), key=lambda pair: pair[1].raised_at
    )[::-1][:ANSWERED_SHOWN]
    if owed:
        st.markdown(plain(texts.text("appetite.owed_count", count=len(owed))))
        _table(context, known, owed)
    else:
        empty(texts, "appetite.none_owed", "appetite.none_owed_why")
    if done:
        with st.expander(texts.text("appetite.answered", count=len(done))):
            _table(context, known, done)


def _table(context: PageContext, known: Known, pairs: list[tuple[Risk, Escalation]]) -> None:
    texts = context.texts
    lines = [_line(context, known, risk, one) for risk, one in pairs]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"appetite.escalation.{one}") for one in COLUMNS]),
        border="horizontal",
        hide_index=True,
        alt=texts.text("appetite.escalations_alt"),
    )


def _line(context: PageContext, known: Known, risk: Risk, one: Escalation) -> list[str]:
    texts = context.texts
    why = [texts.word(one.cause), *([said] if (said := reason_of(texts, one)) else [])]
    return [
        risk_in_text(context, risk),
        plain(texts.word(Role(one.to_role))),
        NEWLINE.join(map(plain, why)),
        NEWLINE.join(map(plain, _since(texts, one, context.today))),
        plain(_answer(texts, known, one)),
    ]


def reason_of(texts: Texts, one: Escalation) -> str:
    """Why it was raised: a person's own words, or the system's in the reader's language."""
    is_key = one.raised_by == "SYSTEM" and one.reason.startswith("risks.")
    return texts.text(one.reason) if is_key else one.reason


def _answer(texts: Texts, known: Known, one: Escalation) -> str:
    if one.answered_by is None:
        return texts.value(None)
    return f"{person_name(texts, known.people, one.answered_by)}: {one.answer}"


def _since(texts: Texts, one: Escalation, today: date) -> list[str]:
    raised = one.raised_at.astimezone(texts.zone).date()
    until = one.answered_at.astimezone(texts.zone).date() if one.answered_at else today
    return [texts.day_short(raised), texts.text("appetite.days", count=(until - raised).days)]
