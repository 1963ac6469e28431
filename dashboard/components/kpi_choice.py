"""Which KPI is looked at: one of the list, the one before, the one after."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import session
from dashboard.components.kpis.figures import named
from dashboard.context import Link, PageContext
from data.errors import NotFound
from kpis.register import Kpi

CHOSEN = "kpi.code"  # keys of the widgets
BEFORE, AFTER = "kpi.before", "kpi.after"


def choose(context: PageContext, kpis: Mapping[str, Kpi]) -> Kpi:
    """The KPI of the link, else the first; one the link made up is NotFound."""
    codes = list(kpis)
    code = context.kpi or codes[0]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = codes.index(code) if code in codes else 0
        _list(context, kpis, code)
        _step(context, BEFORE, codes[place - 1], disabled=place == 0)
        _step(context, AFTER, codes[(place + 1) % len(codes)], disabled=place + 1 == len(codes))
    if code not in kpis:
        raise NotFound("kpis.refused.no_kpi", code=code)
    return kpis[code]


def follow(link: Link) -> None:
    """Look at something else on this page; the address says it."""
    session.keep_chosen(link.parameters())
    st.query_params.from_dict(link.parameters())


def _list(context: PageContext, kpis: Mapping[str, Kpi], code: str) -> None:
    st.session_state[CHOSEN] = code if code in kpis else None

    def change() -> None:
        follow(context.link_with(kpi=st.session_state[CHOSEN]))

    st.selectbox(
        context.texts.text("kpi_page.which"),
        list(kpis),
        key=CHOSEN,
        format_func=lambda one: f"{one} · {named(context.texts, kpis[one].definition.names)}",
        on_change=change,
        label_visibility="collapsed",
        width=460,
    )


def _step(context: PageContext, key: str, code: str, *, disabled: bool) -> None:
    icon = "chevron_left" if key == BEFORE else "chevron_right"
    st.button(
        context.texts.text(f"kpi_page.{key.rpartition('.')[2]}"),
        key=key,
        icon=f":material/{icon}:",
        icon_position="left" if key == BEFORE else "right",
        disabled=disabled,
        on_click=follow,
        args=(context.link_with(kpi=code),),
    )
