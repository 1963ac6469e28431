"""What a draft would measure, beside what is published now; nothing is published by looking."""

from __future__ import annotations

import streamlit as st

from dashboard.components.defining.draft import Draft
from dashboard.components.kpi_drawing import Sheet, draw_sheet
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from data.language.texts import Texts
from kpis.catalogue import Entry
from kpis.defining.document import write_documents
from kpis.defining.trial import Trial, try_out
from kpis.stored_readings import Reading

SHOWN = "trial"  # part of the key under which the draft that was tried is remembered


def draw(context: PageContext, draft: Draft, entry: Entry | None) -> None:
    """The button, and the values of exactly the draft it was pressed for."""
    texts = context.texts
    if st.button(
        texts.text("defining.try"),
        key=draft.key("try"),
        icon=":material/experiment:",
        disabled=entry is None,
        help=texts.text("defining.try_help"),
    ):
        _try(context, draft, entry)
    tried: tuple[str, Trial] | None = st.session_state.get(draft.key(SHOWN))
    if entry is None or tried is None:
        return
    said, found = tried
    if said == write_documents([entry]):
        _table(texts, found)
    else:
        st.caption(texts.text("defining.tried_other"))


def _try(context: PageContext, draft: Draft, entry: Entry | None) -> None:
    """Count once; what was found is this person's until the draft is another."""
    if entry is None:
        return
    st.session_state.pop(draft.key(SHOWN), None)
    try:
        with (
            st.spinner(context.texts.text("defining.trying")),
            context.workspace.read(context.actor, Permission.KPI_DEFINE) as reader,
        ):
            found = try_out(reader, entry)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    st.session_state[draft.key(SHOWN)] = (write_documents([entry]), found)


def _table(texts: Texts, found: Trial) -> None:
    """Period, draft, now, and whether they differ as they are shown."""
    head = [texts.text(f"defining.head.{name}") for name in ("period", "draft", "now", "differs")]
    rows = [_row(texts, draft, now) for draft, now in zip(found.draft, found.now, strict=True)]
    draw_sheet(
        Sheet(tuple(head), tuple(reversed(rows)), frozenset(head[1:3])),
        alt=texts.text("defining.try"),
    )
    count = sum(1 for row in rows if row[3])
    st.caption(plain(texts.counted("defining.differ", count)))


def _row(texts: Texts, draft: Reading, now: Reading | None) -> tuple[str, str, str, str]:
    mine, theirs = texts.figure(draft.figure), texts.figure(now.figure) if now else "—"
    period = texts.period(draft.period)
    if draft.partial:
        period = f"{period} · {texts.text('kpi_row.partial')}"
    return period, mine, theirs, texts.text("defining.differs") if mine != theirs else ""
