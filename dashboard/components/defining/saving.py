"""What saving a draft changes, from which day, why; and the save."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import streamlit as st

from dashboard import session
from dashboard.components.defining import draft as drafts
from dashboard.components.defining.draft import Draft
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from dashboard.jobs import queue
from data.access.permissions import Permission
from data.errors import Refusal
from data.language.texts import Texts
from kpis.catalogue import Entry
from kpis.defining.actions import save_kpi
from kpis.defining.comparing import Difference, differences
from kpis.defining.guards import LONGEST_REASON
from kpis.defining.reading import DefinedKpi

LONGEST_SHOWN = 160  # characters of a value in the table of differences


def draw(
    context: PageContext, draft: Draft, entry: Entry | None, now: DefinedKpi | None, *, sound: bool
) -> None:
    """The differences, the day, the reason; refused, everything stays as it was typed."""
    texts = context.texts
    if entry is not None and now is not None:
        table(texts, differences(now.entry, entry))
        if now.waits:
            st.info(
                texts.text("defining.overtakes", version=now.version, day=now.definition.valid_from)
            )
    day_at, reason_at = st.columns((1, 3))
    with day_at:
        day = st.date_input(
            texts.text("defining.valid_from"),
            key=draft.seed("valid_from", _today(context), lasting=True),
            format="DD.MM.YYYY",
        )
    with reason_at:
        reason = st.text_input(
            texts.text("defining.reason"),
            key=draft.seed("reason", "", lasting=True),
            max_chars=LONGEST_REASON,
        )
    st.caption(texts.text("defining.valid_from_means"))
    with st.container(horizontal=True):
        if st.button(
            texts.text("defining.save"),
            key=draft.key("save"),
            type="primary",
            disabled=not (sound and entry),
        ):
            _save(context, draft, entry, day, reason)
        if st.button(texts.text("defining.discard"), key=draft.key("discard")):
            drafts.drop()
            st.rerun()


def table(texts: Texts, found: tuple[Difference, ...]) -> None:
    """What is not as it was, value by value."""
    if not found:
        st.caption(texts.text("defining.no_difference"))
        return
    head = ("path", "old", "new")
    rows = tuple((one.path, _short(texts, one.old), _short(texts, one.new)) for one in found)
    draw_words(
        Sheet(tuple(texts.text(f"defining.head.{name}") for name in head), rows),
        alt=texts.text("defining.differences"),
    )


def _short(texts: Texts, value: str | None) -> str:
    if value is None:
        return texts.value(None)
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"


def _today(context: PageContext) -> date:
    return datetime.now(context.workspace.settings.zone).date()


def _save(
    context: PageContext, draft: Draft, entry: Entry | None, day: date | None, reason: str | None
) -> None:
    if entry is None or day is None:
        return
    dated = replace(entry, definition=replace(entry.definition, valid_from=day))
    try:
        version = save_kpi(
            context.workspace,
            by=context.actor,
            entry=dated,
            charge=draft.charge,
            reason=reason or "",
            seen=draft.seen,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    code = entry.definition.code
    measure(context, [code], day)
    drafts.drop()
    session.say_next("defining.saved", code=plain(code), version=version)
    st.rerun()


def measure(context: PageContext, codes: list[str], day: date) -> None:
    """Have the KPIs measured anew, where that is due and the person may ask for it."""
    if day <= _today(context) and context.may(Permission.KPI_PUBLISH):
        queue(
            context.workspace,
            by=context.actor,
            kind="refresh_readings",
            payload={"codes": codes},
        )
