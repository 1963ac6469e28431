"""What proves a value: references and files, to be looked at and, on a draft, taken off."""

from __future__ import annotations

import streamlit as st

from dashboard.components.messages import plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from kpis.entering import remove_evidence
from kpis.entries.reading import EDITABLE, Entry
from kpis.evidence import EvidenceItem, read_evidence_file

HASH_SHOWN = 12


def draw(context: PageContext, entry: Entry, *, key: str) -> None:
    """Each thing in a line: its name or words, who added it, its download."""
    if not entry.evidence:
        st.caption(context.texts.text("entering.no_evidence"))
    for item in entry.evidence:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/attach_file: {plain(in_words(context, item))}")
            if item.sha256 is not None:
                _download(context, item, key)
            if entry.state in EDITABLE and context.may(Permission.READING_ENTER):
                _removal(context, entry, item, key)


def in_words(context: PageContext, item: EvidenceItem) -> str:
    """'sheet.pdf, sha256 1a2b3c…, arta@example.org, 3 Mar 2026 10:12'; of a reference its words."""
    texts = context.texts
    at = moment_short(texts, item.added_at)
    if item.sha256 is None:
        return texts.text("entering.reference", note=item.note, by=item.added_by, at=at)
    return texts.text(
        "entering.file",
        file=item.file_name or "",
        sha256=item.sha256[:HASH_SHOWN],
        by=item.added_by,
        at=at,
    )


def in_short(item: EvidenceItem) -> str:
    """The same for a table."""
    return item.note or f"{item.file_name} ({(item.sha256 or '')[:HASH_SHOWN]})"


def _download(context: PageContext, item: EvidenceItem, key: str) -> None:
    def make() -> bytes:
        with context.workspace.read(context.actor, Permission.READING_VIEW) as reader:
            return read_evidence_file(reader, item.id).content

    st.download_button(
        context.texts.text("entering.download"),
        make,
        file_name=item.file_name or "evidence",
        mime="application/octet-stream",  # to be kept, never to be run by the browser
        icon=":material/download:",
        key=f"{key}.download.{item.id}",
        on_click="ignore",
        type="tertiary",
    )


def _removal(context: PageContext, entry: Entry, item: EvidenceItem, key: str) -> None:
    label = context.texts.text("entering.remove")
    if not st.button(label, key=f"{key}.remove.{item.id}", type="tertiary"):
        return
    try:
        remove_evidence(context.workspace, by=context.actor, entry=entry, evidence_id=item.id)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    st.rerun()
