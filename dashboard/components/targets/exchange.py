"""All targets as a workbook: taken along pre-filled, brought back with a look at every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard import session
from dashboard.components.board_pack import XLSX
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import plain, refusal
from dashboard.components.targets.history import unit_name
from dashboard.components.targets.house import TargetHouse
from dashboard.components.targets.typed import begin_anew
from dashboard.context import PageContext
from data.errors import Refusal
from kpis.targets.wishes import LONGEST
from reports.targets_exchange import (
    CellChange,
    Preview,
    RowFate,
    RowPreview,
    export_targets,
    import_targets,
    preview_import,
)
from reports.targets_exchange.exporting import file_name

DROPPED = "targets.import.round"  # a new one has an empty place for a file
MEBIBYTES = 4
MOST_FAULTS = 25  # said one by one
HEAD = ("row", "kpi", "unit", "fate", "cells")


def draw(context: PageContext, house: TargetHouse) -> None:
    """Out on the left, back in on the right; what would change below."""
    out, back = st.columns(2, gap="large")
    with out:
        _export(context, house)
    with back:
        dropped = _drop(context)
    if dropped is not None:
        _look(context, house, dropped[0], dropped[1])


def _export(context: PageContext, house: TargetHouse) -> None:
    texts = context.texts
    st.subheader(texts.text("targets.export"), anchor=False)
    st.markdown(texts.text("targets.export_why"))
    every = st.toggle(texts.text("targets.every_office"), key="targets.export.every")

    def make() -> bytes:
        return export_targets(
            context.workspace,
            by=context.actor,
            language=context.language,
            day=house.day,
            every_office=every,
        )

    st.download_button(
        texts.text("targets.export_do"),
        make,
        file_name=file_name(house.day, context.language),
        mime=XLSX,
        icon=":material/download:",
        key="targets.export",
        on_click="ignore",
    )


def _drop(context: PageContext) -> tuple[str, bytes] | None:
    texts = context.texts
    st.subheader(texts.text("targets.import"), anchor=False)
    st.markdown(texts.text("targets.import_why"))
    place = st.session_state.setdefault(DROPPED, 0)
    dropped = st.file_uploader(
        texts.text("targets.import_drop"),
        type=["xlsx"],
        max_upload_size=MEBIBYTES,
        key=f"targets.import.{place}",
    )
    return None if dropped is None else (dropped.name, dropped.getvalue())


def _look(context: PageContext, house: TargetHouse, name: str, content: bytes) -> None:
    """What the file would change, or why it cannot."""
    try:
        found = preview_import(context.workspace, by=context.actor, content=content, file_name=name)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    _verdict(context, found)
    _rows(context, house, [row for row in found.rows if row.fate is not RowFate.SAME or row.notes])
    if found.can_be_taken:
        _take(context, found, name, content)


def _verdict(context: PageContext, found: Preview) -> None:
    texts = context.texts
    said = texts.text(
        "targets.import.sentence",
        file=found.file_name,
        new=found.count(RowFate.NEW),
        changed=found.count(RowFate.CHANGED),
        same=found.count(RowFate.SAME),
        refused=found.count(RowFate.REFUSED, RowFate.CONFLICT),
    )
    st.markdown(f"**{plain(said)}**")
    for fault in found.faults[:MOST_FAULTS]:
        st.warning(plain(texts.said(fault)), icon=":material/block:")
    if len(found.faults) > MOST_FAULTS:
        more = len(found.faults) - MOST_FAULTS
        st.markdown(plain(texts.text("targets.import.more", count=more)))
    if found.faults:
        st.markdown(plain(texts.text("targets.import.nothing")))
    elif not found.wishes:
        st.markdown(plain(texts.text("targets.refused.import_empty")))


def _rows(context: PageContext, house: TargetHouse, rows: Sequence[RowPreview]) -> None:
    if not rows:
        return
    texts = context.texts
    draw_words(
        Sheet(
            tuple(texts.text(f"targets.import.head.{name}") for name in HEAD),
            tuple(tuple(_cells(context, house, row)) for row in rows),
        ),
        alt=texts.text("targets.import.alt"),
    )


def _cells(context: PageContext, house: TargetHouse, row: RowPreview) -> Iterator[str]:
    texts = context.texts
    yield str(row.number)
    yield row.code
    yield unit_name(texts, row.office, house.offices)
    yield texts.word(row.fate)
    told = [_change(context, change) for change in row.changes]
    yield "; ".join([*told, *(texts.said(note) for note in row.notes)]) or texts.value(None)


def _change(context: PageContext, change: CellChange) -> str:
    """'At least: 60 → 65'."""
    old, new = (_shown(context, value) for value in (change.old, change.new))
    return f"{context.texts.word(change.field)}: {old} → {new}"


def _shown(context: PageContext, value: object) -> str:
    if isinstance(value, float):
        return context.texts.number(value)
    return context.texts.value(value)


def _take(context: PageContext, found: Preview, name: str, content: bytes) -> None:
    texts = context.texts
    reason = st.text_input(
        texts.text("targets.reason"), max_chars=LONGEST, key="targets.import.reason"
    )
    label = texts.text("targets.import_do", count=len(found.wishes))
    if not st.button(label, type="primary", key="targets.import.do"):
        return
    try:
        import_targets(
            context.workspace, by=context.actor, content=content, file_name=name, reason=reason
        )
    except Refusal as refused:
        refusal(texts, refused)
        return
    st.session_state[DROPPED] += 1
    begin_anew()
    session.say_next("targets.imported", count=len(found.wishes))
    st.rerun()
