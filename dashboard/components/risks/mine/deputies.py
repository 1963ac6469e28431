"""Who stands in for the person and for whom he does: named until a day, ended with a click."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import session
from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain, refusal
from dashboard.components.risks.mine.known import Known
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from risks.deputies.actions import end_deputy, name_deputy
from risks.deputies.reading import StandIn

FORM, NAMED = "deputy", "mine.deputy.named"
WEEKS = timedelta(days=14)  # for how long somebody is named, unless said otherwise


def draw(context: PageContext, known: Known) -> None:
    """Those who stand in, each with its end; for whom the person does; the form for one more."""
    texts, may_name = context.texts, context.may(Permission.DELEGATE)
    if not (may_name or known.deputies or known.stands_in):
        return
    st.subheader(texts.text("mine.deputies"), anchor=False)
    if may_name and not known.deputies:
        st.caption(plain(texts.text("mine.no_deputy")))
    for one in known.deputies:
        _deputy(context, known, one)
    for one in known.stands_in:
        st.markdown(f":material/person: {plain(_said(context, known, one, 'mine.stands_in'))}")
    if may_name:
        _form(context, known)


def _deputy(context: PageContext, known: Known, one: StandIn) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/person: {plain(_said(context, known, one, 'mine.deputy'))}")
        label = context.texts.text("mine.deputy.end")
        if context.may(Permission.DELEGATE) and st.button(label, key=f"mine.end.{one.id}"):
            _end(context, one)


def _said(context: PageContext, known: Known, one: StandIn, key: str) -> str:
    """Who, until when; what begins later, from when."""
    texts = context.texts
    who = known.person(one.deputy if one.owner == context.actor.email else one.owner)
    begin, end = (texts.day_short(day) for day in (one.valid_from, one.valid_to))
    later = "_later" if one.valid_from > known.today else ""
    return texts.text(f"{key}{later}", who=who, begin=begin, end=end)


def _end(context: PageContext, one: StandIn) -> None:
    try:
        end_deputy(context.workspace, by=context.actor, delegation_id=one.id)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("mine.deputy.ended")
    st.rerun()


def _form(context: PageContext, known: Known) -> None:
    """Whom, from when, until when, why; kept while it is typed."""
    texts, today = context.texts, known.today
    given = {"who": None, "begin": today, "end_day": today + WEEKS, "reason": ""}
    form = drafted.begin(context, FORM, context.actor.email, 0, given)
    with st.expander(texts.text("mine.deputy.name"), icon=":material/person_add:"):
        _fields(context, known, form)
        form.say_kept()
        if st.button(texts.text("mine.deputy.do"), key=NAMED, type="primary"):
            _name(context, form)


def _fields(context: PageContext, known: Known, form: DraftedForm) -> None:
    texts = context.texts
    people = {email: name for email, name in known.naming.people.items() if _other(context, email)}
    st.selectbox(
        texts.text("mine.deputy.who"),
        list(people),
        index=None,
        key=form.key("who"),
        format_func=lambda email: f"{people[email]} ({email})",
        placeholder=texts.text("mine.deputy.choose"),
        on_change=form.keep,
    )
    with st.container(horizontal=True):
        for name in ("begin", "end_day"):
            st.date_input(
                texts.text(f"mine.deputy.{name}"),
                key=form.key(name),
                format="DD.MM.YYYY",
                on_change=form.keep,
            )
    st.text_input(
        texts.text("mine.deputy.reason"),
        key=form.key("reason"),
        max_chars=200,
        on_change=form.keep,
    )


def _other(context: PageContext, email: str) -> bool:
    return email != context.actor.email


def _name(context: PageContext, form: DraftedForm) -> None:
    """Refused, everything typed stays as it is."""
    values = form.values

    def name() -> object:
        return name_deputy(
            context.workspace,
            by=context.actor,
            owner=context.actor.email,
            deputy=values["who"] or "",
            valid_from=values["begin"],
            valid_to=values["end_day"],
            reason=values["reason"] or "",
        )

    form.send(name, "mine.deputy.done")
