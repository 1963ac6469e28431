"""Taking a load back, with a reason, after saying what will change."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components.extracts.names import days, extract_name
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from dashboard.jobs import queue
from data.access.permissions import Permission
from data.errors import Refusal
from data.extracts.actions import withdraw_load
from data.extracts.history import Load

LONGEST_REASON = 500


def draw(context: PageContext, load: Load) -> None:
    """How it was taken back, or, for those who may, the way to do so."""
    texts, event = context.texts, load.withdrawal
    if event is not None:
        said = texts.text(
            "extracts_page.was_withdrawn",
            event=str(event.number),
            by=event.by,
            at=event.at,
            reason=event.reason,
        )
        st.markdown(f"○ {plain(said)}")
    elif context.may(Permission.EXTRACT_WITHDRAW) and st.button(
        texts.text("extracts_page.withdraw"),
        icon=":material/undo:",
        key=f"extracts.withdraw.{load.batch.id}",
    ):
        _ask(context, load)


def _ask(context: PageContext, load: Load) -> None:
    texts = context.texts

    @st.dialog(texts.text("extracts_page.withdraw_title", file=load.batch.file_name))
    def dialog() -> None:
        for consequence in _consequences(context, load):
            st.markdown(f"- {plain(consequence)}")
        reason = st.text_area(
            texts.text("extracts_page.withdraw_reason"),
            max_chars=LONGEST_REASON,
            key="extracts.withdraw.reason",
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(texts.text("shell.cancel"), key="extracts.withdraw.no"):
                st.rerun()
            if st.button(
                texts.text("extracts_page.withdraw"), type="primary", key="extracts.withdraw.yes"
            ):
                _withdraw(context, load, reason)

    dialog()


def _consequences(context: PageContext, load: Load) -> list[str]:
    texts, batch = context.texts, load.batch
    extract = extract_name(texts, batch.contract)
    will = [
        texts.text("extracts_page.will_not_count", count=batch.rows_accepted, extract=extract),
        texts.text(
            "extracts_page.will_not_cover",
            days=days(texts, batch.coverage_from, batch.coverage_to),
        ),
    ]
    if batch.rows_vanished:
        will.append(texts.text("extracts_page.will_come_back", count=batch.rows_vanished))
    stays = texts.text("extracts_page.stays_in_history")
    return [*will, texts.text("extracts_page.will_refresh"), stays]


def _withdraw(context: PageContext, load: Load, reason: str) -> None:
    """One event; then whoever may publish has the KPI values computed anew."""
    try:
        event = withdraw_load(
            context.workspace, by=context.actor, batch_id=load.batch.id, reason=reason
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    if context.may(Permission.KPI_PUBLISH):
        queue(context.workspace, by=context.actor, kind="refresh_readings", payload={})
    session.say_next("extracts_page.withdrawn", file=load.batch.file_name, event=str(event.number))
    st.rerun()
