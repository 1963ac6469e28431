"""A headline KPI as a card: its figure, how it went, and the two questions apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.links import kpi_link
from dashboard.components.messages import plain
from dashboard.context import PageContext
from kpis.scorecard import ScorecardRow

IN_A_LINE = 4
TREND = (200, 36)  # pixels


def cards(context: PageContext, rows: Sequence[ScorecardRow]) -> None:
    """The KPIs beside each other, so many in a line, all of one height."""
    for start in range(0, len(rows), IN_A_LINE):
        columns = st.columns(IN_A_LINE)
        for column, row in zip(columns, rows[start : start + IN_A_LINE], strict=False):
            with column.container(border=True, height="stretch", gap="xsmall"):
                card(context, row)


def card(context: PageContext, row: ScorecardRow) -> None:
    """One KPI: name, figure, target, sparkline; is it changing, does it meet the target."""
    texts = context.texts
    with st.container(key=f"kpi-name-{row.code}"):
        kpi_link(context, row.code, figures.named(texts, row.names))
    with st.container(key=f"kpi-figure-{row.code}"):
        st.markdown(plain(texts.figure(row.figure)))
    st.caption(plain(figures.under_figure(texts, row)))
    if row.chart.points:
        st.markdown(verdicts.trend(texts, row, *TREND))
    _question(texts.text("variation.question"), verdicts.change(texts, row))
    answers = [verdicts.status_of(texts, row)]
    if row.chart.assurance is not None:
        answers.append(verdicts.assurance(texts, row))
    _question(texts.text("assessment.question"), *answers)


def _question(question: str, *answers: str) -> None:
    st.markdown("  \n".join([f":small[:gray[{plain(question)}]]", *answers]))
