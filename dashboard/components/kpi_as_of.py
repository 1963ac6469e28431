"""As of when something is looked at: as published, or as it was known after an earlier event."""

from __future__ import annotations

import streamlit as st

from dashboard.components.extracts.names import extract_name
from dashboard.components.kpi_reading import explanation_of
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.lineage import BatchUse, Explanation
from kpis.scorecard import KpiView
from kpis.sources import read_history

CHOSEN = "kpi.as_of"


def choose_as_of(context: PageContext, view: KpiView) -> int | None:
    """The number of the event as of which to look; None for what is published."""
    contracts = view.kpi.definition.formula.contracts
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        events = read_history(reader).touching(contracts)
    live = {batch.id: batch for batch in explain_view(context, view, None).batches}
    named = {
        event.number: _named(context, event.kind, event.contract, live.get(event.batch))
        for event in reversed(events)
    }
    if st.session_state.get(CHOSEN) not in named:
        st.session_state[CHOSEN] = None
    return st.selectbox(
        context.texts.text("kpi_page.as_of"),
        list(named),
        key=CHOSEN,
        format_func=lambda number: f"{number} · {named[number]}",
        placeholder=context.texts.text("kpi_page.as_published"),
        width=460,
    )


def explain_view(
    context: PageContext,
    view: KpiView,
    as_of: int | None,
    extra: tuple[tuple[str, str], ...] = (),
) -> Explanation:
    """What is behind the reading looked at, within one more member if one is chosen."""
    where = {**view.cell.members, **dict(extra)}
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        return explanation_of(reader, view.kpi, view.period, where, as_of)


def _named(context: PageContext, kind: str, contract: str, batch: BatchUse | None) -> str:
    """'applications-2025-12.csv, loaded 6 Jan 2026 14:07'; of a load taken back only its kind."""
    texts = context.texts
    if batch is None or kind == "withdrawal":
        return texts.text(f"kpi_page.event_of.{kind}", extract=extract_name(texts, contract))
    at = moment_short(texts, batch.loaded_at)
    return texts.text("kpi_page.loaded_file", file=batch.file_name, at=at)
