"""The inbox on the Extracts page: what was refused there, and when it was last looked at."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import session
from dashboard.components.extracts.tick_words import counts, of_notice
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from dashboard.jobs import JobState
from dashboard.jobs.tick_now import last_tick
from data.access.permissions import Permission
from data.errors import Refusal
from data.notices import NoticeKind, acknowledge, open_notices
from data.store.tables import Notice

SHOWN = 5  # refusals before the rest of them is only counted


def draw(context: PageContext) -> None:
    """Refused files to which nobody has seen yet; then the last look, where there ever was one."""
    with context.workspace.read(context.actor, Permission.EXTRACT_VIEW) as reader:
        found = open_notices(reader, [NoticeKind.FILE_REFUSED])
    if found:
        with st.container(border=True, gap="small", key="extracts-refused"):
            st.markdown(f":red[:material/error:] **{context.texts.text('tick.page.title')}**")
            for one in found[:SHOWN]:
                _refused(context, one)
            if len(found) > SHOWN:
                more = context.texts.text("tick.overview.more", count=len(found) - SHOWN)
                st.caption(plain(more))
    _last_look(context)


def _refused(context: PageContext, one: Notice) -> None:
    """What was refused, when and why; whoever may load says that it is seen to."""
    texts = context.texts
    said = texts.text("tick.page.refused", file=one.subject, at=one.at, why=of_notice(texts, one))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(said), width="stretch")
        if context.may(Permission.EXTRACT_LOAD):
            st.button(
                texts.text("tick.page.acknowledge"),
                icon=":material/done:",
                help=texts.text("tick.page.acknowledge_help"),
                on_click=partial(_acknowledge, context, one.id or 0),
                key=f"extracts.seen_to.{one.id}",
            )


def _acknowledge(context: PageContext, notice_id: int) -> None:
    try:
        acknowledge(context.workspace, by=context.actor, notice_id=notice_id)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("tick.page.acknowledged")


def _last_look(context: PageContext) -> None:
    """When the inbox was last looked at and what became of it; nothing where it is not used."""
    texts, last = context.texts, last_tick(context.workspace, by=context.actor)
    if last is None or last.finished_at is None:
        return
    if last.state is JobState.DONE:
        st.caption(plain(texts.text("tick.ended", at=last.finished_at, **counts(last))))
        return
    failed = texts.text("tick.page.failed", at=last.finished_at)
    why = texts.said(last.refusal) if last.refusal else ""
    st.warning(plain(f"{failed} {why}".strip()), icon=":material/error:")
