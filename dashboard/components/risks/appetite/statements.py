"""What the agency says of each category: what holds, what waits to be decided, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.components.messages import empty, plain, refusal
from dashboard.components.risks.appetite import form
from dashboard.components.risks.appetite.known import Known
from dashboard.components.risks.words import level_text, person_name
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from data.language.texts import Texts
from risks.appetite.actions import decide_appetite, withdraw_appetite
from risks.appetite.history import Stated
from risks.appetite.statement import Appetite, AppetiteState

COLUMNS = ("category", "statement", "optimal", "tolerable", "tolerance", "valid", "decided")
NEWLINE = "  \n"


def draw(context: PageContext, known: Known) -> None:
    """What waits for a decision first, then what holds, then the past, then the form."""
    texts = context.texts
    waiting = [one for one in known.statements if one.state is AppetiteState.PROPOSED]
    for one in waiting:
        _decide(context, known, one)
    holding = [
        one
        for one in known.statements
        if one.state is AppetiteState.IN_FORCE and one.said == known.appetite.get(one.said.category)
    ]
    if holding:
        _table(context, known, holding)
    else:
        empty(texts, "appetite.nothing_said", "appetite.nothing_said_do")
    past = [one for one in known.statements if one not in holding and one not in waiting]
    if past:
        with st.expander(texts.text("appetite.past", count=len(past))):
            _table(context, known, past)
    if context.may(Permission.CRITERIA_PROPOSE):
        with st.expander(texts.text("appetite.propose"), icon=":material/edit:"):
            form.draw(context, known)


def _table(context: PageContext, known: Known, stated: Sequence[Stated]) -> None:
    texts = context.texts
    lines = [
        [NEWLINE.join(map(plain, cell)) for cell in _cells(texts, known, one)] for one in stated
    ]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"appetite.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        alt=texts.text("appetite.statements_alt"),
    )


def _cells(texts: Texts, known: Known, one: Stated) -> list[list[str]]:
    said = one.said
    decided = [texts.word(one.state)]
    if one.decided_by and one.decided_at:
        day = one.decided_at.astimezone(texts.zone).date()
        who = person_name(texts, known.people, one.decided_by)
        decided.append(f"{who}, {texts.day_short(day)}")
    return [
        [known.categories.get(said.category, said.category)],
        [said.statement, *([texts.text("kpi_row.assumption")] if said.assumption else [])],
        [level_text(texts, known.criteria, said.optimal)],
        [level_text(texts, known.criteria, said.tolerable)],
        tolerance_lines(texts, said),
        [texts.text("appetite.from", day=said.valid_from), *_end(texts, said)],
        decided,
    ]


def _end(texts: Texts, said: Appetite) -> list[str]:
    return [texts.text("appetite.until", day=said.valid_to)] if said.valid_to else []


def tolerance_lines(texts: Texts, said: Appetite) -> list[str]:
    """'10 % a year: more than EUR 100,000', a line for each point; nothing stated is said so."""
    return [
        texts.text("appetite.point", chance=texts.percent(chance * 100, 1), loss=loss)
        for chance, loss in said.tolerance
    ] or [texts.value(None)]


def _decide(context: PageContext, known: Known, one: Stated) -> None:
    """A statement that waits: what it says, and who may decide or take it back does so here."""
    texts, said = context.texts, one.said
    now = known.appetite.get(said.category)
    with st.container(border=True, key=f"appetite-waits-{one.id}"):
        name = known.categories.get(said.category, said.category)
        st.markdown(f"**{plain(texts.text('appetite.waits', category=name))}**")
        st.markdown(plain(said.statement))
        for line in _compared(texts, known, said, now):
            st.markdown(plain(line))
        who = person_name(texts, known.people, one.proposed_by)
        st.caption(plain(texts.text("appetite.proposed_by", person=who)))
        if one.proposed_by == context.actor.email:
            st.button(
                texts.text("appetite.withdraw"),
                key=f"appetite.withdraw.{one.id}",
                on_click=partial(_withdraw, context, one),
            )
        elif context.may(Permission.CRITERIA_DECIDE):
            _buttons(context, one)


def _compared(texts: Texts, known: Known, said: Appetite, now: Appetite | None) -> list[str]:
    """The levels and points proposed, each with what holds today."""
    lines = []
    for name in ("optimal", "tolerable"):
        new = level_text(texts, known.criteria, getattr(said, name))
        old = level_text(texts, known.criteria, getattr(now, name)) if now else texts.value(None)
        head = texts.text(f"appetite.head.{name}")
        lines.append(texts.text("appetite.compared", what=head, new=new, old=old))
    points = "; ".join(tolerance_lines(texts, said))
    old = "; ".join(tolerance_lines(texts, now)) if now else texts.value(None)
    head = texts.text("appetite.head.tolerance")
    valid = " ".join([texts.text("appetite.from", day=said.valid_from), *_end(texts, said)])
    return [*lines, texts.text("appetite.compared", what=head, new=points, old=old), valid]


def _buttons(context: PageContext, one: Stated) -> None:
    texts, key = context.texts, f"appetite.decide.{one.id}"
    note = st.text_input(texts.text("appetite.note"), key=f"{key}.note", max_chars=1000)
    with st.container(horizontal=True):
        if st.button(texts.text("appetite.approve"), key=f"{key}.yes", type="primary"):
            _decided(context, one, note or "", approve=True)
        if st.button(texts.text("appetite.refuse"), key=f"{key}.no"):
            _decided(context, one, note or "", approve=False)


def _decided(context: PageContext, one: Stated, note: str, *, approve: bool) -> None:
    try:
        decide_appetite(
            context.workspace,
            by=context.actor,
            statement_id=one.id,
            version=one.row_version,
            approve=approve,
            note=note,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("appetite.approved" if approve else "appetite.refused_done")
    st.rerun()


def _withdraw(context: PageContext, one: Stated) -> None:
    withdraw_appetite(
        context.workspace, by=context.actor, statement_id=one.id, version=one.row_version
    )
    session.say_next("appetite.withdrawn")
