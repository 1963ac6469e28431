"""Criteria that wait for a decision: what they change, and who decides or takes them back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.components.messages import plain, refusal
from dashboard.components.risks.criteria import showing
from dashboard.context import PageContext
from dashboard.jobs import queue
from data.access.permissions import Permission
from data.errors import Refusal
from risks.criteria.actions import decide_criteria, withdraw_criteria
from risks.criteria.comparing import differences
from risks.criteria.reading import CriteriaVersion


def draw(context: PageContext, proposed: CriteriaVersion, now: CriteriaVersion) -> None:
    """The proposal with every cell it changes; the consequences are named before the button."""
    texts = context.texts
    with st.container(border=True, key="criteria-proposed"):
        title = texts.text("criteria.proposed", version=proposed.version, person=proposed.author)
        st.markdown(f"**{plain(title)}**")
        st.markdown(plain(proposed.reason))
        _changes(context, proposed, now)
        with st.expander(texts.text("criteria.whole")):
            showing.draw(texts, proposed.criteria)
        if proposed.author == context.actor.email:
            _withdraw(context, proposed)
        elif context.may(Permission.CRITERIA_DECIDE):
            _decide(context, proposed)


def _changes(context: PageContext, proposed: CriteriaVersion, now: CriteriaVersion) -> None:
    texts = context.texts
    found = differences(now.criteria, proposed.criteria)
    st.markdown(plain(texts.text("criteria.cells", count=len(found))))
    for one in found:
        said = texts.text(
            "criteria.cell",
            likelihood=one.likelihood,
            impact=one.impact,
            old=one.old,
            new=one.new,
        )
        st.markdown(f"- {plain(said)}")


def _withdraw(context: PageContext, proposed: CriteriaVersion) -> None:
    texts = context.texts
    reason = st.text_input(texts.text("criteria.reason"), key="criteria.withdraw_reason")
    if st.button(texts.text("criteria.withdraw"), key="criteria.withdraw"):
        _try(
            context,
            "criteria.withdrawn",
            lambda: withdraw_criteria(
                context.workspace, by=context.actor, version=proposed.version, reason=reason or ""
            ),
        )


def _decide(context: PageContext, proposed: CriteriaVersion) -> None:
    texts = context.texts
    st.markdown(plain(texts.text("criteria.consequences")))
    note = st.text_input(texts.text("criteria.note"), key="criteria.note") or ""

    def decide(*, approve: bool) -> None:
        decide_criteria(
            context.workspace,
            by=context.actor,
            version=proposed.version,
            approve=approve,
            note=note,
        )
        if approve:
            queue(context.workspace, by=context.actor, kind="follow_criteria", payload={})

    with st.container(horizontal=True):
        if st.button(texts.text("criteria.approve"), key="criteria.approve", type="primary"):
            _try(context, "criteria.approved", lambda: decide(approve=True))
        if st.button(texts.text("criteria.refuse"), key="criteria.refuse"):
            _try(context, "criteria.refused_done", lambda: decide(approve=False))


def _try(context: PageContext, done: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next(done)
    st.rerun()
