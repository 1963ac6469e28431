"""KPI: one indicator from every side; the answer first, then where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

import streamlit as st

from dashboard.components import (
    kpi_answer,
    kpi_breakdown,
    kpi_commentary,
    kpi_control,
    kpi_definition,
    kpi_lineage,
    kpi_restatements,
    kpi_rows,
)
from dashboard.components.kpi_choice import choose, follow
from dashboard.components.kpis import verdicts
from dashboard.components.messages import empty
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import NotFound
from data.workspace import Reader
from kpis.register import Kpi, read_kpis
from kpis.scorecard import KpiView
from kpis.scorecard import kpi as view_of


class KpiPart(StrEnum):
    """What is looked at below the chart."""

    BREAKDOWN = "breakdown"
    COMMENTARY = "commentary"
    DEFINITION = "definition"
    RESTATEMENTS = "restatements"
    LINEAGE = "lineage"
    ROWS = "rows"


PART = "kpi.part"  # key of the widget
DRAWN: dict[KpiPart, Callable[[PageContext, KpiView], None]] = {
    KpiPart.BREAKDOWN: kpi_breakdown.draw,
    KpiPart.COMMENTARY: kpi_commentary.draw,
    KpiPart.DEFINITION: kpi_definition.draw,
    KpiPart.RESTATEMENTS: kpi_restatements.draw,
    KpiPart.LINEAGE: kpi_lineage.draw,
    KpiPart.ROWS: kpi_rows.draw,
}


def draw(context: PageContext) -> None:
    """Choose the KPI, read it, answer the questions about it one by one."""
    verdicts.look()
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        kpis = _known(reader, context.kpi)
    if not kpis:
        empty(context.texts, "kpi_page.no_kpis", "kpi_page.no_kpis_why")
        return
    chosen = choose(context, kpis)
    if chosen.retired_at is not None:
        st.info(context.texts.text("defining.kpi_retired", at=chosen.retired_at))
    if chosen.published is None and not context.in_past:
        empty(context.texts, "kpi_page.not_published", "kpi_page.not_published_why")
        return
    view = _read(context, chosen)
    kpi_answer.draw(context, view)
    kpi_control.draw(context, view)
    DRAWN[_part(context)](context, view)


def _known(reader: Reader, linked: str | None) -> dict[str, Kpi]:
    """The KPIs in use, and a retired one that a link leads to."""
    kpis = read_kpis(reader)
    if linked and linked not in kpis:
        with suppress(NotFound):
            kpis |= read_kpis(reader, [linked])
    return kpis


def _read(context: PageContext, chosen: Kpi) -> KpiView:
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        return view_of(
            reader,
            chosen.code,
            context.period,
            office=context.office,
            service=context.service,
        )


def _part(context: PageContext) -> KpiPart:
    """The part the link names; choosing another one changes the link."""
    named = KpiPart(context.link.part) if context.link.part in set(KpiPart) else KpiPart.BREAKDOWN
    st.session_state[PART] = named

    def change() -> None:
        follow(context.link_with(part=st.session_state[PART].value))

    st.segmented_control(
        context.texts.text("kpi_page.part"),
        list(KpiPart),
        required=True,
        format_func=context.texts.word,
        label_visibility="collapsed",
        key=PART,
        on_change=change,
    )
    return named
