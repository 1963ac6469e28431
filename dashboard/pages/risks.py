"""The risk register: what threatens the agency, how much, what moved, what is done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.components.messages import empty, plain
from dashboard.components.risks.register import (
    answer,
    arranging,
    choosing,
    heat,
    table,
    taking,
    views,
)
from dashboard.components.risks.register.arranging import Grouping, arranged
from dashboard.components.risks.register.looked import Looked, look
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.register.choosing import Choice, chosen
from risks.register.record import Risk


class RegisterPart(StrEnum):
    """How the register is looked at."""

    TABLE = "table"
    MAP = "map"


PART, SINCE = "risks.part", "risks.since"  # keys of the widgets
A_QUARTER = timedelta(days=91)


def draw(context: PageContext) -> None:
    """The answer in a sentence; which risks; they as a table or as a map."""
    table.style()
    saved = views.open_as_usual(context)
    looked = look(context, _since(context))
    if looked is None:
        _nothing(context)
        return
    st.session_state[SINCE] = looked.since
    answer.draw(looked)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = _part(context)
        _compared(looked)
        views.draw(context, saved)
    choice = choosing.choose(looked)
    risks = chosen(looked.risks, choice, above=looked.above)
    if part is RegisterPart.MAP:
        then = chosen(looked.then.values(), choice, above=looked.above_then)
        name, risks = heat.draw(context, looked, risks, then)
        if name:
            st.subheader(plain(name), anchor=False)
    _list(context, looked, risks, choice)


def _nothing(context: PageContext) -> None:
    """What will be here, and who brings it."""
    if context.actor.may(Permission.RISK_VIEW):
        empty(context.texts, "risk_register.empty", "risk_register.empty_do")
    else:
        empty(context.texts, "risk_register.unpublished", "risk_register.unpublished_do")


def _since(context: PageContext) -> date:
    """The day compared with: before the one looked at, a quarter ago unless another is chosen."""
    kept = st.session_state.get(SINCE)
    if not isinstance(kept, date) or kept >= context.today:
        st.session_state[SINCE] = context.today - A_QUARTER
    day: date = st.session_state[SINCE]
    return day


def _compared(looked: Looked) -> None:
    st.date_input(
        looked.texts.text("risk_register.since"),
        min_value=min(looked.since, looked.today.replace(year=looked.today.year - 10, day=1)),
        max_value=looked.today - timedelta(days=1),
        format="DD.MM.YYYY",
        key=SINCE,
        width=150,
        persist_state="session",
    )


def _part(context: PageContext) -> RegisterPart:
    """The part the link names; choosing the other one changes the link."""
    named = context.link.part
    part = RegisterPart(named) if named in set(RegisterPart) else RegisterPart.TABLE
    st.session_state[PART] = part

    def change() -> None:
        follow(context.link_with(part=st.session_state[PART].value))

    st.segmented_control(
        context.texts.text("risk_register.part"),
        list(RegisterPart),
        required=True,
        format_func=context.texts.word,
        label_visibility="collapsed",
        key=PART,
        on_change=change,
    )
    return part


def _list(context: PageContext, looked: Looked, risks: Sequence[Risk], choice: Choice) -> None:
    """How it is laid out, the files, the table."""
    texts = looked.texts
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layout = arranging.choose(looked)
        if risks:
            taking.rows(looked, risks, layout)
            taking.workbook(context, looked, choice)
    if not risks:
        empty(texts, "risk_register.none", "risk_register.none_do")
        return
    table.draw(context, looked, arranged(looked, risks, layout), layout, key="risks.list")
    if layout.group is Grouping.OBJECTIVE:
        st.caption(plain(texts.text("risk_register.several")))
