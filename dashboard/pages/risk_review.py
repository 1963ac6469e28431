"""Review: one's risks card after card, each confirmed with one click, on a screen of any size."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import empty, plain, refusal
from dashboard.components.risks.mine.look import look
from dashboard.components.risks.review import card
from dashboard.components.risks.review.known import Known, read
from dashboard.components.risks.review.sending import EARLY, SKIPPED, Told, done, skipped
from dashboard.components.risks.words import MINE, RISK
from dashboard.context import PageContext
from risks.register.kinds import Outcome
from risks.register.record import Risk

WIDTH = 640  # pixels: a card is read like a letter; a telephone is narrower


def draw(context: PageContext) -> None:
    """How far the round is, what became of the last card, and the next one."""
    look()
    early = bool(st.session_state.get(EARLY))
    known = read(context, early=early)
    told = done(context, known)
    if told is not None:
        known = read(context, early=early)
    with st.container(width=WIDTH, key="risk-review"):
        _progress(context, known)
        risk = _next(known)
        if told is not None:
            _told(context, told, risk)
        if risk is not None:
            card.draw(context, known, risk, told)
        else:
            _end(context, known)


def _next(known: Known) -> Risk | None:
    """The card in turn: those skipped come last, when the person asks for them."""
    return next((one for one in known.round.due if one.code not in skipped()), None)


def _progress(context: PageContext, known: Known) -> None:
    """'Risk 3 of 10', and how many were skipped."""
    found, texts = known.round, context.texts
    count, looked_at = len(found.due) + len(found.done), len(found.done)
    if not found.due:
        return
    left = [one for one in found.due if one.code in skipped()]
    number = min(looked_at + len(left) + 1, count)
    said = texts.text("risk_review.progress", number=number, all=count)
    if left:
        said = f"{said} · {texts.text('risk_review.skipped', count=len(left))}"
    st.progress(looked_at / count, text=plain(said))


def _told(context: PageContext, told: Told, shown: Risk | None) -> None:
    """What the last click did, in a line; a refusal here only if its card is not shown again."""
    if told.risk is not None:
        _done(context, told.outcome, told.risk)
    elif told.refused is not None and (shown is None or shown.code != told.code):
        refusal(context.texts, told.refused)


def _done(context: PageContext, outcome: Outcome, risk: Risk) -> None:
    """A closing that is proposed still wants its evidence, on the risk's own page."""
    texts, key = context.texts, f"risk_review.told.{outcome.value}"
    said = texts.text(key, code=risk.code, due=risk.next_review)
    st.markdown(f":material/check_circle: {plain(said)}")
    if outcome is Outcome.PROPOSE_CLOSE:
        _to_risk(context, risk)


def _to_risk(context: PageContext, risk: Risk) -> None:
    label = context.texts.text("risk_review.ask_to_close", code=risk.code)
    page_link(context, RISK, plain(label), context.link_with(risk=risk.code, part=None))


def _end(context: PageContext, known: Known) -> None:
    """The round is over, or there was none; what comes next, and the way on."""
    texts, left = context.texts, known.round.due
    if left:
        st.markdown(plain(texts.text("risk_review.left", count=len(left))))
        label = texts.text("risk_review.to_skipped")
        st.button(label, key="review.to_skipped", type="primary", on_click=_take_skipped)
    elif known.round.done:
        said = texts.text("risk_review.finished", count=len(known.round.done))
        st.success(plain(said), icon=":material/check_circle:")
    else:
        empty(texts, "risk_review.nothing_due", "risk_review.nothing_due_why")
    _coming(context, known)
    page_link(context, MINE, texts.text("risk_review.to_mine"), context.link_with(risk=None))


def _coming(context: PageContext, known: Known) -> None:
    """When the next review is, and the way to look at all before their time."""
    texts, days = context.texts, [one.next_review for one in known.own if one.next_review]
    if not days or known.round.due:
        return
    st.markdown(plain(texts.text("risk_review.next", day=min(days))))
    if not st.session_state.get(EARLY):
        label = texts.text("risk_review.early", count=len(known.own))
        st.button(label, key="review.early", on_click=_ask_early)


def _take_skipped() -> None:
    st.session_state.pop(SKIPPED, None)


def _ask_early() -> None:
    st.session_state[EARLY] = True
