"""Audit: what was done, by whom and when, and whether the record is whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import streamlit as st

from dashboard.components.audit_sentences import sentence, tag_name
from dashboard.components.messages import empty, plain
from dashboard.components.tables import csv_file, height_of, moment_short
from dashboard.context import PageContext
from data.audit.tags import AuditTag
from data.auditing import Wanted, count, entries, verify_trail
from data.people import list_people
from data.store.tables import AuditEntry

PAGE = 100  # entries shown at once
LARGEST_FILE = 100_000  # entries in one file


def draw(context: PageContext) -> None:
    """Choose what to see, see it as sentences, take it along; and verify the chain."""
    wanted = _wanted(context)
    found = count(context.workspace, by=context.actor, wanted=wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(context.texts.text("audit.sentence", entries=found))
        _verify(context)
        _download(context, wanted)
    if not found:
        empty(context.texts, "audit.nothing", "audit.nothing_why")
        return
    pages = (found - 1) // PAGE + 1
    number = st.pagination(pages, key="audit.page") if pages > 1 else 1
    shown = entries(
        context.workspace, by=context.actor, wanted=wanted, limit=PAGE, offset=(number - 1) * PAGE
    )
    _table(context, shown)


def _wanted(context: PageContext) -> Wanted:
    texts = context.texts
    people = [person.email for person in list_people(context.workspace, by=context.actor)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        actor = st.selectbox(
            texts.text("audit.who"),
            ["SYSTEM", *people],
            index=None,
            accept_new_options=True,
            placeholder=texts.text("audit.everybody"),
            key="audit.who",
        )
        tag = st.selectbox(
            texts.text("audit.what"),
            [one.value for one in AuditTag],
            index=None,
            format_func=lambda one: tag_name(texts, one),
            placeholder=texts.text("audit.everything"),
            key="audit.what",
        )
        since = st.date_input(
            texts.text("audit.since"), value=None, format="DD.MM.YYYY", key="audit.since"
        )
        until = st.date_input(
            texts.text("audit.until"), value=None, format="DD.MM.YYYY", key="audit.until"
        )
    zone = context.workspace.settings.zone
    return Wanted(
        actor=actor or None,
        tag=tag,
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
    )


def _verify(context: PageContext) -> None:
    texts = context.texts
    if not st.button(
        texts.text("audit.verify"), icon=":material/verified_user:", key="audit.verify"
    ):
        return
    verdict = verify_trail(context.workspace, by=context.actor)
    if verdict.holds:
        st.success(texts.text("audit.holds", entries=verdict.entries, head=verdict.head))
    else:
        st.error(texts.text(f"audit.fault.{verdict.fault}", number=str(verdict.first_bad)))


def _download(context: PageContext, wanted: Wanted) -> None:
    """Every entry as wanted, built when it is asked for."""
    texts = context.texts

    def build() -> bytes:
        rows = entries(context.workspace, by=context.actor, wanted=wanted, limit=LARGEST_FILE)
        headers = ["audit.number", "audit.when", "audit.who", "audit.what"]
        raw = ["tag", "noun", "noun_id", "old", "new", "previous_hash", "hash"]
        return csv_file(
            [texts.text(key) for key in headers] + raw, (_row(context, entry) for entry in rows)
        )

    st.download_button(
        texts.text("shell.download_csv"),
        build,
        file_name="audit.csv",
        mime="text/csv",
        icon=":material/download:",
        key="audit.download",
    )


def _row(context: PageContext, entry: AuditEntry) -> list[str]:
    return [
        str(entry.number),
        entry.at.astimezone(context.workspace.settings.zone).isoformat(timespec="seconds"),
        entry.actor,
        sentence(context.texts, entry),
        entry.tag,
        entry.noun,
        entry.noun_id,
        json.dumps(entry.old, ensure_ascii=False) if entry.old else "",
        json.dumps(entry.new, ensure_ascii=False) if entry.new else "",
        entry.previous_hash,
        entry.hash,
    ]


def _table(context: PageContext, shown: Sequence[AuditEntry]) -> None:
    """One line an entry; a chosen one shows everything it holds."""
    texts = context.texts
    chosen = st.dataframe(
        {
            texts.text("audit.number"): [entry.number for entry in shown],
            texts.text("audit.when"): [moment_short(texts, entry.at) for entry in shown],
            texts.text("audit.what"): [sentence(texts, entry) for entry in shown],
        },
        hide_index=True,
        height=height_of(len(shown)),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            texts.text("audit.number"): st.column_config.NumberColumn(width=60, format="%d"),
            texts.text("audit.when"): st.column_config.Column(width=150),
            texts.text("audit.what"): st.column_config.Column(width=720),
        },
        key="audit.entries",
    )
    rows = chosen.selection.rows
    if rows and rows[0] < len(shown):
        _entry(context, shown[rows[0]])
    else:
        st.caption(texts.text("audit.choose"))


def _entry(context: PageContext, entry: AuditEntry) -> None:
    texts = context.texts
    st.markdown(f"**{plain(sentence(texts, entry))}**")
    before, after = st.columns(2)
    before.caption(texts.text("audit.before"))
    before.json(entry.old or {})
    after.caption(texts.text("audit.after"))
    after.json(entry.new or {})
    st.caption(f"{texts.text('audit.hash')}: `{entry.hash}`")
