"""Snapshots of the register: taken, published, and proved against its past and the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.components.messages import empty, plain, refusal
from dashboard.components.risks.words import person_name
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from data.language.texts import Texts
from risks.register.naming import read_naming
from risks.snapshots.actions import take_snapshot
from risks.snapshots.proving import Proof, proved
from risks.snapshots.reading import Snapshot, list_snapshots, read_content

COLUMNS = ("label", "as_of", "published", "risks", "digest", "by")
DIGITS = 12  # of a digest, on the page; the file name carries it whole


def draw(context: PageContext) -> None:
    """What was taken, newest first; for those who may, take one, publish, prove."""
    texts = context.texts
    st.caption(plain(texts.text("snapshots.how_to")))
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        found, people = list_snapshots(reader), read_naming(reader).people
    if context.may(Permission.REGISTER_PUBLISH):
        _take(context)
    if not found:
        empty(texts, "snapshots.none", "snapshots.none_do")
        return
    _table(context, found, people)
    _one(context, found)


def _table(context: PageContext, found: Sequence[Snapshot], people: Mapping[str, str]) -> None:
    texts = context.texts
    lines = [[plain(cell) for cell in _cells(texts, one, people)] for one in found]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"snapshots.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        alt=texts.text("snapshots.alt"),
    )


def _cells(texts: Texts, one: Snapshot, people: Mapping[str, str]) -> list[str]:
    return [
        one.label,
        moment_short(texts, one.as_of),
        texts.value(one.published),
        texts.value(one.risks),
        one.sha256[:DIGITS],
        person_name(texts, people, one.taken_by),
    ]


def _take(context: PageContext) -> None:
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input(texts.text("snapshots.label"), key="snapshots.label", max_chars=100)
        published = st.checkbox(texts.text("snapshots.publish"), key="snapshots.publish")
        if st.button(texts.text("snapshots.take"), key="snapshots.take", type="primary"):
            _taken(context, label or "", published=published)


def _taken(context: PageContext, label: str, *, published: bool) -> None:
    try:
        take_snapshot(context.workspace, by=context.actor, label=label, published=published)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("snapshots.published" if published else "snapshots.taken")
    st.rerun()


def _one(context: PageContext, found: Sequence[Snapshot]) -> None:
    """One of them: proved on demand, and taken along as it is kept."""
    texts = context.texts
    by_id = {one.id: one for one in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            texts.text("snapshots.which"),
            list(by_id),
            format_func=lambda key: f"{by_id[key].label} · {moment_short(texts, by_id[key].as_of)}",
            key="snapshots.which",
        )
        prove = st.button(texts.text("snapshots.prove"), key="snapshots.prove")
        st.download_button(
            texts.text("snapshots.download"),
            partial(_content, context, chosen),
            file_name=f"register-{by_id[chosen].sha256}.json",
            mime="application/json",
            icon=":material/download:",
            key="snapshots.download",
        )
    if prove:
        _proof(context, by_id[chosen])


def _content(context: PageContext, snapshot_id: str) -> bytes:
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        return read_content(reader, snapshot_id)


def _proof(context: PageContext, one: Snapshot) -> None:
    texts = context.texts
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        proof = proved(reader, one.id)
    if proof.holds:
        said = plain(texts.text("snapshots.holds", digest=one.sha256))
        st.success(said, icon=":material/verified:")
        return
    for name in _broken(proof):
        st.error(plain(texts.text(f"snapshots.broken.{name}")), icon=":material/error:")


def _broken(proof: Proof) -> list[str]:
    names = ("digest", "versions", "trail")
    return [name for name in names if not getattr(proof, f"{name}_holds")]
