"""The KPIs of data quality as cards; those told of longer periods alone, in their own."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components.kpis.cards import cards
from dashboard.components.messages import empty
from dashboard.context import PageContext
from data.period import Period
from data.workspace import Reader
from kpis.judgement import ScorecardRow, judged_rows
from kpis.register import Kpi
from kpis.stored_readings import WHOLE

CHALLENGE = 4  # whether the data can be trusted


def rows_of(reader: Reader, kpis: Mapping[str, Kpi], period: Period) -> list[ScorecardRow]:
    """The rows of the challenge: of the period, or of the shortest longer one that is told."""
    alike: dict[Period, dict[str, Kpi]] = {}
    for code, kpi in kpis.items():
        if kpi.challenge == CHALLENGE and kpi.scorecard and kpi.published:
            alike.setdefault(_told(kpi, period), {})[code] = kpi
    found = [row for own, some in alike.items() for row in judged_rows(reader, some, own, WHOLE)]
    return sorted(found, key=lambda row: list(kpis).index(row.code))


def _told(kpi: Kpi, period: Period) -> Period:
    known = kpi.definition.frequencies(kpi.definition.formula.headline)
    frequency = period.frequency if period.frequency in known else kpi.definition.frequency
    return Period.covering(period.last_day, frequency)


def draw(context: PageContext, rows: list[ScorecardRow]) -> None:
    """The cards, or what will be here."""
    st.subheader(context.texts.text("data_quality.indicators"), anchor=False)
    if rows:
        with st.container(key="kpi-overview"):
            cards(context, rows)
    else:
        empty(context.texts, "kpi_page.not_published", "kpi_page.not_published_why")
