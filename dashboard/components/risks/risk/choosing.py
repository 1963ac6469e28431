"""Which risk is looked at, and the way to raise one."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpi_choice import follow
from dashboard.components.messages import empty
from dashboard.components.risks.risk.forms import raising
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_register
from risks.register.record import Risk

CHOSEN = "risk.code"  # key of the widget


def choose(context: PageContext) -> str | None:
    """The code of the risk looked at, None where none is; choosing another changes the link."""
    with context.workspace.read(context.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        risks, naming = read_register(reader), read_naming(reader)
    code = context.link.risk
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if risks:
            _list(context, {one.code: one for one in risks}, code)
        if code is not None and context.may(Permission.RISK_DRAFT):
            st.button(
                context.texts.text("risk_page.raise"),
                key="risk.raise",
                icon=":material/add:",
                type="tertiary",
                on_click=follow,
                args=(context.link_with(risk=None, part=None),),
            )
    if code is None:
        _nothing_chosen(context, naming, is_empty=not risks)
    return code


def _list(context: PageContext, risks: dict[str, Risk], code: str | None) -> None:
    st.session_state[CHOSEN] = code if code in risks else None

    def change() -> None:
        follow(context.link_with(risk=st.session_state[CHOSEN], part=None))

    st.selectbox(
        context.texts.text("risk_page.which"),
        list(risks),
        index=None,
        key=CHOSEN,
        format_func=lambda one: f"{one} {risks[one].title}" if one in risks else one,
        placeholder=context.texts.text("risk_page.which_hint"),
        on_change=change,
        label_visibility="collapsed",
        width=560,
    )


def _nothing_chosen(context: PageContext, naming: Naming, *, is_empty: bool) -> None:
    """What can be looked at, and for those who may the form that raises a risk."""
    texts = context.texts
    if is_empty:
        empty(texts, "risk_page.empty", "risk_page.empty_do")
    else:
        st.caption(texts.text("risk_page.choose_one"))
    if context.may(Permission.RISK_DRAFT):
        st.subheader(texts.text("risk_page.raise"), anchor=False)
        raising.draw(context, naming)
