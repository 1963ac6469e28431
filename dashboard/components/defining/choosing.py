"""Which KPI to work on: one there is, a copy of one, or a new one over an extract; or to retire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from dashboard import session
from dashboard.components.defining import draft as drafts
from dashboard.components.defining.listing import export
from dashboard.components.defining.saving import measure
from dashboard.components.extracts.names import extract_name
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from kpis.defining.actions import reinstate_kpi, retire_kpi
from kpis.defining.document import table_of, write_documents
from kpis.defining.guards import LONGEST_REASON
from kpis.defining.reading import DefinedKpi
from kpis.defining.vocabulary import contracts, first_draft

WHICH, EXTRACT = "define.which", "define.new.extract"
RETIRE, REINSTATE = "retire", "reinstate"


def draw(context: PageContext, known: Mapping[str, DefinedKpi]) -> None:
    """One of the list on the left, a new one on the right."""
    one_at, new_at = st.columns(2, gap="large")
    with one_at:
        _one(context, known)
    if context.may(Permission.KPI_DEFINE):
        with new_at:
            _new(context)


def _one(context: PageContext, known: Mapping[str, DefinedKpi]) -> None:
    """A KPI there is: change it, copy it, take it along, retire it."""
    texts = context.texts
    if WHICH not in st.session_state:
        st.session_state[WHICH] = context.kpi if context.kpi in known else None
    code = st.selectbox(
        texts.text("defining.which"),
        list(known),
        index=None,
        key=WHICH,
        format_func=lambda one: f"{one} · {named(texts, known[one].definition.names)}",
        placeholder=texts.text("defining.which_placeholder"),
    )
    if code is None:
        return
    chosen = known[code]
    with st.container(horizontal=True):
        export(texts, "defining.export_one", code, lambda: write_documents([chosen.entry]))
        if context.may(Permission.KPI_DEFINE):
            _change(context, chosen)


def _change(context: PageContext, chosen: DefinedKpi) -> None:
    """Write it anew, begin another one from it, take it out of use or back into it."""
    texts, retired = context.texts, chosen.retired_at is not None
    if st.button(texts.text("defining.change"), key="define.change", disabled=retired):
        drafts.begin_change(chosen)
        st.rerun()
    if st.button(texts.text("defining.copy"), key="define.copy"):
        drafts.begin({**table_of(chosen.entry), "code": ""}, charge=chosen.charge)
        st.rerun()
    what = REINSTATE if retired else RETIRE
    if st.button(texts.text(f"defining.{what}"), key=f"define.{what}"):
        _ask(context, chosen, what)


def _new(context: PageContext) -> None:
    """A new KPI over an extract; from another KPI it is a copy of that."""
    texts = context.texts
    extract = st.selectbox(
        texts.text("defining.new_over"),
        contracts(),
        index=None,
        key=EXTRACT,
        format_func=lambda one: extract_name(texts, one),
        placeholder=texts.text("defining.new_placeholder"),
    )
    if st.button(texts.text("defining.begin"), key="define.begin", disabled=extract is None):
        drafts.begin(first_draft(extract or ""))
        st.rerun()


def _ask(context: PageContext, chosen: DefinedKpi, what: str) -> None:
    """Say what will change, ask why, and do it."""
    texts, code = context.texts, chosen.code

    @st.dialog(texts.text(f"defining.{what}_title", code=plain(code)))
    def dialog() -> None:
        for effect in ("measured", "stays"):
            st.markdown(f"- {plain(texts.text(f'defining.{what}_will.{effect}'))}")
        reason = st.text_input(
            texts.text("defining.reason"), max_chars=LONGEST_REASON, key=f"define.{what}.reason"
        )
        if st.button(texts.text(f"defining.{what}"), key=f"define.{what}.yes", type="primary"):
            _do(context, code, what, reason)

    dialog()


def _do(context: PageContext, code: str, what: str, reason: str) -> None:
    act = retire_kpi if what == RETIRE else reinstate_kpi
    try:
        act(context.workspace, by=context.actor, code=code, reason=reason)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    if what == REINSTATE:
        measure(context, [code], datetime.now(UTC).date())
    session.say_next(f"defining.{what}d", code=plain(code))
    st.rerun()
