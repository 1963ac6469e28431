"""The loads, newest first, and everything about the one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.extracts import account, quarantine, withdrawal
from dashboard.components.extracts.accounts import from_load
from dashboard.components.extracts.names import days, extract_name
from dashboard.components.messages import plain
from dashboard.components.tables import height_of, moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.extracts.history import Load
from data.extracts.loading import profiles_at_hand

CHOSEN, TABLE = "extracts.batch", "extracts.loads"
COUNTS = ("read", "added", "changed", "unchanged", "vanished", "quarantined")


def draw(context: PageContext, found: Sequence[Load]) -> None:
    """Every load with its fate; below it the details of one."""
    texts = context.texts
    extracts = sorted(
        {load.batch.contract for load in found}, key=lambda one: extract_name(texts, one).casefold()
    )
    wanted = st.selectbox(
        texts.text("loading.head.contract"),
        extracts,
        index=None,
        format_func=lambda one: extract_name(texts, one),
        placeholder=texts.text("extracts_page.every_extract"),
        key="extracts.contract",
        width=320,
    )
    shown = [load for load in found if wanted in (None, load.batch.contract)]
    _table(context, shown)
    _details(context, shown)


def _table(context: PageContext, shown: Sequence[Load]) -> None:
    """A click on a row chooses it for the details; so does the list below, for the keyboard."""

    def choose() -> None:
        rows = st.session_state[TABLE].selection.rows
        st.session_state[CHOSEN] = shown[rows[0]].batch.id if rows else None

    columns = _columns(context, shown)
    numbers = [context.texts.text(f"extracts_page.fate.{fate}") for fate in COUNTS]
    right = {name: st.column_config.Column(alignment="right") for name in numbers}
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=height_of(len(shown)),
        column_config=right,
        on_select=choose,
        selection_mode="single-row",
        key=TABLE,
        alt=context.texts.text("extracts_page.loads_alt"),
    )


def _columns(context: PageContext, shown: Sequence[Load]) -> dict[str, list[Any]]:
    texts = context.texts
    return {
        texts.text("loading.head.event"): [str(load.event.number) for load in shown],
        texts.text("loading.head.contract"): [
            extract_name(texts, load.batch.contract) for load in shown
        ],
        texts.text("loading.head.file"): [load.batch.file_name for load in shown],
        texts.text("loading.head.coverage"): [
            days(texts, load.batch.coverage_from, load.batch.coverage_to) for load in shown
        ],
        texts.text("loading.head.state"): [state(context, load) for load in shown],
        **{
            texts.text(f"extracts_page.fate.{fate}"): [
                texts.number(getattr(load.batch, f"rows_{fate}")) for load in shown
            ]
            for fate in COUNTS
        },
        texts.text("loading.head.loaded_at"): [
            moment_short(texts, load.batch.loaded_at) for load in shown
        ],
        texts.text("loading.head.by"): [load.batch.loaded_by for load in shown],
    }


def state(context: PageContext, load: Load) -> str:
    """In use, or withdrawn and by which event; a shape goes before the words."""
    texts = context.texts
    if load.withdrawal is None:
        live = f"● {texts.text('loading.state.live')}"
        return f"{live}, {texts.text('history.mark')}" if load.batch.history else live
    number = str(load.withdrawal.number)
    return f"○ {texts.text('loading.state.withdrawn', event=number)}"


def _details(context: PageContext, shown: Sequence[Load]) -> None:
    texts, by_id = context.texts, {load.batch.id: load for load in shown}
    if st.session_state.get(CHOSEN) not in by_id:
        st.session_state[CHOSEN] = None
    chosen = st.selectbox(
        texts.text("extracts_page.details_of"),
        list(by_id),
        index=None,
        format_func=lambda one: _named(context, by_id[one]),
        placeholder=texts.text("extracts_page.choose_load"),
        key=CHOSEN,
    )
    if chosen is not None:
        _one(context, by_id[chosen])


def _named(context: PageContext, load: Load) -> str:
    extract = extract_name(context.texts, load.batch.contract)
    return f"{load.event.number} · {extract} · {load.batch.file_name}"


def _one(context: PageContext, load: Load) -> None:
    """What one load brought, what stayed outside, and the way to take it back."""
    texts, batch = context.texts, load.batch
    report = from_load(load)
    with st.container(border=True):
        st.subheader(plain(batch.file_name), anchor=False)
        st.caption(
            plain(
                texts.text(
                    "extracts_page.loaded_by",
                    event=str(load.event.number),
                    batch=batch.id,
                    by=batch.loaded_by,
                    at=batch.loaded_at,
                )
            )
        )
        if batch.history:
            why = texts.text("history.loaded_because", reason=load.event.reason)
            st.markdown(f":material/history: {plain(why)}")
        withdrawal.draw(context, load)
        if report.rows:
            account.fates(context, report.rows)
        account.draw(context, report, profiles_at_hand(context.workspace, by=context.actor))
        if batch.rows_quarantined and context.may(Permission.QUARANTINE_VIEW):
            quarantine.draw_batch(context, batch.id, name=batch.file_name)
        st.caption(plain(texts.text("extracts_page.fingerprint", sha256=batch.sha256)))
