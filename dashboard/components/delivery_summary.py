"""Service delivery in a sentence and a line of figures, each of which leads to its KPI."""

from __future__ import annotations

from pathlib import Path
from string import Template

import streamlit as st

from dashboard.components.kpi_names import cell_name
from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.links import kpi_link
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.figure import Unit
from kpis.service_delivery import COLUMNS, DeliveryRow

STYLE = Template(Path(__file__).with_name("delivery.css").read_text(encoding="utf-8"))
SHOWN = (
    "intake",
    "output",
    "backlog",
    "overdue",
    "median",
    "p90",
    "within_deadline",
    "rejection",
)


def look() -> None:
    """How the table and the figures of this page are set."""
    chosen = verdicts.colours()
    sheet = STYLE.substitute(background=chosen.background, primary=chosen.primary)
    st.html(f"<style>{sheet}</style>")


def draw(context: PageContext, total: DeliveryRow) -> None:
    """What came in, went out and waits; then the figures side by side."""
    st.markdown(f"#### {plain(sentence(context, total))}", anchors=False)
    if total.partial:
        note = context.texts.text("kpi_page.partial", period=context.period)
        st.markdown(f":material/info: {plain(note)}")
    with st.container(horizontal=True, gap="small", key="delivery-figures"):
        for name in SHOWN:
            _figure(context, name, total)


def sentence(context: PageContext, total: DeliveryRow) -> str:
    """'Prizren, March 2025: 883 came in, 878 went out, 126 wait, 24.6% of them overdue'."""
    shown = {name: figures.short(context.texts, total.figures[name]) for name in SHOWN}
    part = cell_name(context, total.cell)
    return context.texts.text("delivery.sentence", part=part, period=context.period, **shown)


def _figure(context: PageContext, name: str, total: DeliveryRow) -> None:
    texts, figure = context.texts, total.figures[name]
    with st.container(border=True, gap=None, key=f"delivery-figure-{name}"):
        kpi_link(context, COLUMNS[name][0], texts.text(f"delivery.column.{name}"))
        st.markdown(plain(figures.short(texts, figure)))
        if figure.unit is not Unit.PERCENT and figure.value is not None:
            st.caption(plain(texts.word(figure.unit)))
