"""KPIs from a file: what each would become, then all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

import streamlit as st

from dashboard import session
from dashboard.components.defining import saving
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Invalid, Refusal
from data.language.texts import Texts
from kpis.defining.actions import import_kpis
from kpis.defining.comparing import ImportVerdict, Incoming, preview_import
from kpis.defining.guards import LONGEST_REASON
from kpis.defining.yaml_tree import LARGEST

KINDS_OF_FILE = ("yaml", "yml")


def draw(context: PageContext) -> None:
    """The place to drop a file; what is dropped is looked at before anything is done."""
    texts = context.texts
    dropped = st.file_uploader(
        texts.text("defining.import_label"), type=KINDS_OF_FILE, key="define.import.file"
    )
    if dropped is None:
        return
    try:
        text = _text(dropped, dropped.name)
        with context.workspace.read(context.actor, Permission.KPI_DEFINE) as reader:
            found = preview_import(reader, text)
    except Refusal as refused:
        refusal(texts, refused)
        return
    for one in found:
        _incoming(texts, one)
    _decide(context, found)


def _text(content: BinaryIO, name: str) -> str:
    read = content.read(LARGEST * 4 + 1)
    if len(read) > LARGEST * 4:
        raise Invalid("defining.refused.too_large", most=LARGEST // 1024)
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("defining.refused.no_text", file=name) from None


def _incoming(texts: Texts, one: Incoming) -> None:
    """A KPI of the file: its verdict, why it is refused or what changes."""
    title = f"{plain(one.code)} · {plain(texts.word(one.verdict))}"
    if one.verdict is ImportVerdict.SAME:
        st.caption(title)
        return
    with st.expander(title, expanded=one.verdict is ImportVerdict.REFUSED):
        for why in one.why:
            place = texts.text("defining.at_line", line=str(why.line), path=why.path)
            said = f"{place}: {texts.said(why.refusal)}"
            st.warning(plain(said), icon=":material/block:")
        if one.verdict is ImportVerdict.CHANGED:
            saving.table(texts, one.differences)
        if one.has_target:
            st.caption(texts.text("defining.target_left"))


def _decide(context: PageContext, found: Sequence[Incoming]) -> None:
    texts = context.texts
    verdicts = {one.verdict for one in found}
    if ImportVerdict.REFUSED in verdicts:
        st.warning(texts.text("defining.import_none"), icon=":material/block:")
        return
    if verdicts == {ImportVerdict.SAME}:
        st.info(texts.text("defining.import_same"))
        return
    reason = st.text_input(
        texts.text("defining.reason"), max_chars=LONGEST_REASON, key="define.import.reason"
    )
    if st.button(texts.text("defining.import_do"), key="define.import.do", type="primary"):
        _take_in(context, found, reason)


def _take_in(context: PageContext, found: Sequence[Incoming], reason: str) -> None:
    today = datetime.now(context.workspace.settings.zone).date()
    try:
        saved = import_kpis(
            context.workspace,
            by=context.actor,
            entries=[one.entry for one in found],
            reason=reason,
            valid_from=today,
            seen={one.code: one.seen for one in found},
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    saving.measure(context, saved, today)
    session.say_next("defining.imported_codes", codes=[plain(code) for code in saved])
    st.rerun()
