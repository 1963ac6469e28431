"""One risk to review: what it is, how large, what happened since, the ways to end the review."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain, refusal
from dashboard.components.risks import conflict
from dashboard.components.risks.review import scoring, since
from dashboard.components.risks.review.fields import begin_review, hold, score_fields, standing
from dashboard.components.risks.review.known import Known, seen, watched
from dashboard.components.risks.review.scoring_words import level_now, measured
from dashboard.components.risks.review.sending import Told, choose, send, skip
from dashboard.components.risks.words import risk_link
from dashboard.context import PageContext
from data.access.roles import Role
from data.language.texts import Texts
from risks.register.kinds import Outcome
from risks.register.offering import open_roles
from risks.register.record import Risk

LONGEST_NOTE, TWO_LINES = 2000, 76  # characters; pixels
WAYS = (Outcome.RESCORE, Outcome.ESCALATE, Outcome.PROPOSE_CLOSE)


def draw(context: PageContext, known: Known, risk: Risk, told: Told | None) -> None:
    """The card; where somebody changed the risk meanwhile, both sides come first."""
    form = begin_review(context, known.criteria, risk)
    with st.container(border=True, gap="small", key="review-card"):
        _head(context, known, risk)
        since.draw(context, known, risk, watched(context, risk))
        if conflict.is_behind(form, risk):
            _merge(context, known, risk, form)
            return
        form.say_kept()
        if told is not None and told.code == risk.code and told.refused is not None:
            refusal(context.texts, told.refused)
        _ways(context.texts, known, risk, form)


def _head(context: PageContext, known: Known, risk: Risk) -> None:
    """Which risk, whose, what may happen, and how large it is."""
    texts = context.texts
    risk_link(context, risk)
    if risk.owner != context.actor.email:
        owner = known.naming.people.get(risk.owner, risk.owner)
        st.caption(plain(texts.text("risk_review.of", owner=owner)))
    st.markdown(plain(risk.event or risk.title))
    st.markdown(f"**{plain(level_now(texts, known.criteria, risk))}**")
    st.caption(plain(measured(texts, known.criteria, risk)))


def _merge(context: PageContext, known: Known, risk: Risk, form: DraftedForm) -> None:
    """What stood when the person began, what stands now, what he chose; one of them is sent."""
    texts, mode = context.texts, form["mode"]
    hold(form)
    _levels(context, known, risk, form.version)
    outcome = Outcome(mode) if mode else Outcome.CONFIRM
    is_scored = outcome is Outcome.RESCORE
    conflict.merge(
        form,
        risk,
        score_fields(texts, known.criteria) if is_scored else [],
        partial(standing, known.criteria),
        lambda version: send(risk.code, version, outcome),
        lambda email: known.naming.people.get(email, email),
    )


def _levels(context: PageContext, known: Known, risk: Risk, version: int) -> None:
    """The level as the person saw it, and as it is, where the two differ."""
    texts = context.texts
    was = seen(context, risk, version)
    levels = [level_now(texts, known.criteria, one) for one in (was or risk, risk)]
    if levels[0] != levels[1]:
        said = texts.text("risk_review.level_changed", seen=levels[0], now=levels[1])
        st.markdown(f"**{plain(said)}**")


def _ways(texts: Texts, known: Known, risk: Risk, form: DraftedForm) -> None:
    """Confirm with one click, or open one of the other ways."""
    mode = form["mode"]
    if mode == Outcome.RESCORE:
        scoring.draw(texts, known.criteria, risk, form)
    if mode == Outcome.ESCALATE:
        _to_whom(texts, risk, form)
    _note(texts, form, mode)
    if mode:
        _button(texts, risk, form, Outcome(mode))
        label, key = texts.text("shell.cancel"), f"review.{risk.code}.back"
        st.button(label, key=key, type="tertiary", on_click=choose, args=(form, ""))
        return
    with st.container(gap="small", key="review-acts"):
        if risk.current is not None:
            _button(texts, risk, form, Outcome.CONFIRM)
        _other_ways(texts, risk, form)


def _other_ways(texts: Texts, risk: Risk, form: DraftedForm) -> None:
    with st.container(horizontal=True, gap="small", key="review-ways"):
        for way in WAYS:
            if way is not Outcome.ESCALATE or open_roles(risk):
                label = texts.text(f"risk_review.open.{way.value}")
                key = f"review.{risk.code}.{way.value}"
                st.button(label, key=key, on_click=choose, args=(form, way.value))
        label, key = texts.text("risk_review.skip"), f"review.{risk.code}.skip"
        st.button(label, key=key, type="tertiary", on_click=skip, args=(risk.code,))


def _note(texts: Texts, form: DraftedForm, mode: str) -> None:
    st.text_area(
        texts.text(f"risk_review.note.{mode or 'confirm'}"),
        key=form.key("note"),
        max_chars=LONGEST_NOTE,
        height=TWO_LINES,
        on_change=form.keep,
    )


def _to_whom(texts: Texts, risk: Risk, form: DraftedForm) -> None:
    st.radio(
        texts.text("risk_review.to_whom"),
        [role.value for role in open_roles(risk)],
        format_func=lambda role: texts.word(Role(role)),
        horizontal=True,
        key=form.key("to_role"),
        on_change=form.keep,
    )


def _button(texts: Texts, risk: Risk, form: DraftedForm, outcome: Outcome) -> None:
    """Ends the review of this risk as it stands on the screen; the next run does it."""
    st.button(
        texts.text(f"risk_review.do.{outcome.value}"),
        key=f"review.{risk.code}.do.{outcome.value}",
        type="primary",
        width="stretch",
        on_click=send,
        args=(risk.code, form.version, outcome),
    )
