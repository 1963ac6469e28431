"""Within the deadline, by the month in which applications fell due: the judged series."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.control_chart import control_chart
from dashboard.components.kpi_control import chart_view
from dashboard.components.kpi_drawing import Sheet, draw_chart, table_behind
from dashboard.components.kpis import figures
from dashboard.components.kpis.links import KPI, page_link
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.judgement import ScorecardRow, judged_rows
from kpis.register import Kpi
from kpis.scorecard import cell_of

WITHIN_DEADLINE = "SD-03"


def draw(context: PageContext, kpis: Mapping[str, Kpi]) -> None:
    """The share of each due-date cohort that was ready in time, with its limits and target."""
    texts, kpi = context.texts, kpis[WITHIN_DEADLINE]
    cell = cell_of(context.office, context.service)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        (row,) = judged_rows(reader, {kpi.code: kpi}, context.period, cell)
    name = figures.named(texts, row.names)
    if not row.chart.points:
        empty(texts, "delivery.no_series", "delivery.no_series_why")
        return
    draw_chart(chart_view(texts, row), control_chart, key="delivery.deadline")
    st.caption(plain(texts.text("delivery.cohort")))
    label = plain(texts.text("delivery.to_kpi", kpi=name))
    page_link(context, KPI, label, context.link_with(kpi=kpi.code), ":material/arrow_forward:")
    table_behind(
        texts,
        "delivery.deadline",
        lambda: _sheet(texts, row),
        file=f"within-deadline-{context.period.code}",
    )


def _sheet(texts: Texts, row: ScorecardRow) -> Sheet:
    head = [texts.text(f"kpi_page.head.{name}") for name in ("period", "value", "cases", "note")]
    return Sheet(
        tuple(head),
        tuple(
            (
                texts.period(each.period),
                texts.figure(each.figure),
                texts.number(each.cases),
                texts.text("kpis.partial") if each.partial else "",
            )
            for each in reversed(row.series)
        ),
        frozenset(head[1:3]),
    )
