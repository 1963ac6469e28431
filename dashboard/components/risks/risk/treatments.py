"""What is done about a risk: by whom, until when, how far it slipped and why, what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.risk.forms import quantity
from dashboard.components.risks.risk.known import Known
from risks.register.kinds import TreatmentState
from risks.register.record import Treatment

SIGNS: Mapping[TreatmentState, str] = {
    TreatmentState.PLANNED: "○",
    TreatmentState.UNDER_WAY: "◐",
    TreatmentState.DONE: "●",
    TreatmentState.CANCELLED: "✕",
}
NEWLINE = "  \n"


def draw(known: Known) -> None:
    """Those that are open first, the first due first; then those that are over."""
    texts, treatments = known.texts, known.risk.treatments
    if not treatments:
        empty(texts, "risk_page.no_treatments", "risk_page.no_treatments_do")
        return
    ordered = sorted(treatments, key=lambda one: (not one.is_open, one.due))
    columns = st.columns(2, gap="medium")
    for place, one in enumerate(ordered):
        with columns[place % 2], st.container(border=True, gap="xsmall"):
            _card(known, one)


def _card(known: Known, one: Treatment) -> None:
    st.markdown(f"**{plain(one.text)}**")
    st.markdown(NEWLINE.join(plain(line) for line in _lines(known, one)))
    late = one.days_late(known.today)
    if late:
        said = known.texts.counted("risk_page.days_late", late)
        st.markdown(f":material/warning: **{plain(said)}**")
    for line in _small(known, one):
        st.caption(plain(line))


def _lines(known: Known, one: Treatment) -> Iterator[str]:
    """Who and until when, how it stands, what it costs."""
    texts = known.texts
    who = known.person(one.owner)
    due = texts.text("risk_page.until", day=texts.day_short(one.due))
    yield f"{who} · {due}" if who else due
    yield state_text(known, one)
    if one.cost is not None:
        yield texts.text("risk_page.cost", cost=texts.number(one.cost, 0))


def state_text(known: Known, one: Treatment) -> str:
    """'● Done, 3 Mar 2026'."""
    shown = f"{SIGNS[one.state]} {known.texts.word(one.state)}"
    return f"{shown}, {known.texts.day_short(one.done_on)}" if one.done_on else shown


def _small(known: Known, one: Treatment) -> Iterator[str]:
    """How far it slipped, each time with the reason; what is expected of it; what proves it."""
    texts = known.texts
    if one.due_changes or one.slippage:
        first = texts.day_short(one.original_due)
        yield texts.counted(
            "risk_page.slipped", abs(one.slippage), first=first, days=texts.signed(one.slippage)
        )
    for moved in one.due_changes:
        days = f"{texts.day_short(moved.old)} → {texts.day_short(moved.new)}"
        yield " · ".join(part for part in (days, moved.reason, known.person(moved.by)) if part)
    if one.expected is not None:
        loss = one.expected.quantified(known.risk.number).expected_loss
        said = quantity.said(texts, one.expected)
        yield texts.text("risk_page.then", said=said, loss=texts.number(loss, 0))
    if one.evidence:
        yield texts.text("risk_page.evidence", evidence=one.evidence)
