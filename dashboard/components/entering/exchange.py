"""Values as a workbook: taken along pre-filled, brought back, looked at cell by cell, taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard import session
from dashboard.components.entering.known import Names
from dashboard.components.kpi_drawing import Sheet, draw_sheet
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.errors import Refusal
from kpis.entering import submit_lines
from kpis.entering.waiting import Expected
from reports.readings_exchange import Fault, Preview, export_readings, preview_readings

HEAD = ("cell", "kpi", "period", "field", "old", "new")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN, MEBIBYTES = 200, 4


def draw(context: PageContext, names: Names, rows: Sequence[Expected]) -> None:
    """The way out and the way back in."""
    texts = context.texts
    with st.expander(texts.text("entering.exchange"), icon=":material/table_view:"):
        st.caption(texts.text("entering.exchange_about"))
        st.download_button(
            texts.text("entering.export"),
            lambda: export_readings(context.workspace, by=context.actor, language=context.language),
            file_name=f"readings-{context.language.value}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            key="entering.export",
            on_click="ignore",
        )
        file = st.file_uploader(
            texts.text("entering.import"),
            type=["xlsx"],
            max_upload_size=MEBIBYTES,
            key="entering.import",
        )
        if file is not None:
            _preview(context, names, rows, file.getvalue())


def _preview(context: PageContext, names: Names, rows: Sequence[Expected], content: bytes) -> None:
    texts = context.texts
    try:
        found = preview_readings(context.workspace, by=context.actor, content=content)
    except Refusal as refused:
        refusal(texts, refused)
        return
    if found.faults:
        st.warning(_listed(context, "entering.cannot_be_taken", found.faults))
    elif not found.lines:
        st.info(texts.text("entering.refused.nothing_new"))
    if found.changes:
        draw_sheet(_sheet(context, names, rows, found), alt=texts.text("entering.preview"))
    if found.can_be_taken:
        _take(context, found)


def _take(context: PageContext, found: Preview) -> None:
    texts, accepted = context.texts, True
    if found.unusual:
        st.warning(_listed(context, "entering.unusual_cells", found.unusual))
        accepted = st.checkbox(texts.text("entering.are_right"), key="entering.import.right")
    label = texts.text("entering.take", count=len(found.lines))
    if not st.button(label, type="primary", disabled=not accepted, key="entering.import.take"):
        return
    try:
        submit_lines(
            context.workspace,
            by=context.actor,
            lines=found.lines,
            confirmed=bool(found.unusual) and accepted,
        )
    except Refusal as refused:
        refusal(texts, refused)
        return
    session.say_next("entering.taken", count=len(found.lines))
    st.rerun()


def _listed(context: PageContext, title_key: str, faults: Iterable[Fault]) -> str:
    said = [f"- {fault.cell}: {plain(context.texts.said(fault.why))}" for fault in faults]
    return "\n".join([f"**{plain(context.texts.text(title_key))}**", "", *said[:MOST_SHOWN]])


def _sheet(context: PageContext, names: Names, rows: Sequence[Expected], found: Preview) -> Sheet:
    texts = context.texts
    kinds = {row.slot.code: row.definition for row in rows}
    return Sheet(
        tuple(texts.text(f"entering.head.{name}") for name in HEAD),
        tuple(
            (
                change.cell,
                names.kpi(kinds[change.slot.code]),
                names.slot(change.slot),
                texts.word(change.field),
                texts.value(change.old or None),
                texts.value(change.new or None) if change.new != 0 else texts.number(0),
            )
            for change in found.changes
        ),
    )
