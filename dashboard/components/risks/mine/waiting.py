"""What waits for the person, by matter: each with its day and the one click that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

import streamlit as st

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.components.risks.appetite.escalations import reason_of
from dashboard.components.risks.mine.known import LATE, Known
from dashboard.components.risks.words import REVIEW, RISK
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from risks.register.record import Risk, Treatment
from risks.register.waiting import Matter, Waiting

REVIEWED = frozenset({Matter.REASSESS, Matter.REVIEW_LATE, Matter.REVIEW_DUE})
# Where on the page of the risk a thing is done.
PARTS: Mapping[Matter, str] = {
    Matter.TREATMENT_LATE: "treatments",
    Matter.TREATMENT_DUE: "treatments",
    Matter.ACCEPTANCE_ENDS: "acceptances",
}


def draw(context: PageContext, known: Known) -> None:
    """Group after group, the most pressing first."""
    _all_reviews(context, known)
    for matter, group in groupby(known.waiting, key=lambda one: one.matter):
        found = list(group)
        title = f"{context.texts.word(matter)}: {context.texts.number(len(found))}"
        st.subheader(title, anchor=False)
        with st.container(border=True, gap="small", key=f"waits-{matter.value}"):
            for one in found:
                _one(context, known, one)


def _all_reviews(context: PageContext, known: Known) -> None:
    """The way to review everything that is due, card after card."""
    codes = {one.risk.code for one in known.waiting if one.matter in REVIEWED}
    if codes and context.may(Permission.RISK_WORK):
        label = context.texts.text("mine.to_review", count=len(codes))
        link = context.link_with(risk=None, part=None)
        page_link(context, REVIEW, label, link, ":material/checklist:")


def _one(context: PageContext, known: Known, one: Waiting) -> None:
    """The risk as the link to the place where it is done; since when or until when; about what."""
    texts, risk = context.texts, one.risk
    with st.container(gap=None):
        path, part = _way(context, one)
        label = f"**{plain(f'{risk.code} {risk.title}')}**"
        page_link(context, path, label, context.link_with(risk=risk.code, part=part))
        when = plain(texts.text(f"mine.when.{one.matter.value}", day=_day(texts, one)))
        said = f"**{when}**" if one.matter in LATE else when
        if about := _ABOUT[one.matter](texts, known, one):
            said = f"{said} · {plain(about)}"
        st.markdown(said)
        if _is_for_another(context, one):
            owner = known.person(risk.owner)
            st.caption(plain(texts.text("mine.for", owner=owner)))


def _way(context: PageContext, one: Waiting) -> tuple[str, str | None]:
    """The page on which it is done, and the part of it."""
    if one.matter in REVIEWED and context.may(Permission.RISK_WORK):
        return REVIEW, None
    return RISK, PARTS.get(one.matter)


def _day(texts: Texts, one: Waiting) -> str:
    """Since when or until when, on the agency's calendar."""
    laid = next((each for each in one.risk.escalations if each.id == one.detail), None)
    if laid is not None:
        return texts.day_short(laid.raised_at.astimezone(texts.zone).date())
    return texts.day_short(one.due) if one.due else texts.value(None)


def _is_for_another(context: PageContext, one: Waiting) -> bool:
    """Whether it is done in the place of an owner."""
    is_own = one.risk.owner == context.actor.email
    treatment = _treatment(one.risk, one.detail)
    is_given = treatment is not None and treatment.owner == context.actor.email
    return not is_own and not is_given and one.matter in _OF_OWNER


_OF_OWNER = frozenset(Matter) - {
    Matter.ANSWER,
    Matter.DECIDE_ACCEPTANCE,
    Matter.DECIDE_PROPOSAL,
    Matter.DECIDE_CLOSE,
}


def _treatment(risk: Risk, detail: str | None) -> Treatment | None:
    return next((one for one in risk.treatments if one.id == detail), None)


def _escalation(texts: Texts, _known: Known, one: Waiting) -> str:
    """Why it was laid before the person."""
    found = next((each for each in one.risk.escalations if each.id == one.detail), None)
    return f"{texts.word(found.cause)}: {reason_of(texts, found)}" if found else ""


def _acceptance(_texts: Texts, known: Known, one: Waiting) -> str:
    """Why the owner wants to bear it."""
    found = next((each for each in one.risk.acceptances if each.id == one.detail), None)
    return f"{known.person(found.requested_by)}: {found.rationale}" if found else ""


def _author(texts: Texts, known: Known, one: Waiting) -> str:
    return texts.text("mine.proposed_by", author=known.person(one.risk.author))


def _closing(_texts: Texts, _known: Known, one: Waiting) -> str:
    return one.risk.close_reason or ""


def _reassess(texts: Texts, _known: Known, one: Waiting) -> str:
    return texts.text(one.risk.reassess) if one.risk.reassess else ""


def _treated(texts: Texts, known: Known, one: Waiting) -> str:
    """What is to be done; by whom where it is somebody else's."""
    found = _treatment(one.risk, one.detail)
    if found is None:
        return ""
    owner = known.person(found.owner)
    return found.text if found.owner == one.risk.owner else f"{found.text} ({owner})"


def _level(texts: Texts, known: Known, one: Waiting) -> str:
    """How large it was judged to be."""
    return known.level(texts, one.risk)


def _nothing(_texts: Texts, _known: Known, _one: Waiting) -> str:
    return ""


_ABOUT: Mapping[Matter, Callable[[Texts, Known, Waiting], str]] = {
    Matter.ANSWER: _escalation,
    Matter.DECIDE_ACCEPTANCE: _acceptance,
    Matter.DECIDE_PROPOSAL: _author,
    Matter.DECIDE_CLOSE: _closing,
    Matter.REASSESS: _reassess,
    Matter.TREATMENT_LATE: _treated,
    Matter.REVIEW_LATE: _level,
    Matter.ACCEPTANCE_ENDS: _nothing,
    Matter.TREATMENT_DUE: _treated,
    Matter.REVIEW_DUE: _level,
    Matter.DRAFT: _nothing,
}
