"""Does the series repeat with the seasons? Which of its two charts to see, and why."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, draw_sheet
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.scorecard import ScorecardRow
from kpis.variation import ControlChart

VIEW = "kpi.season"  # key of the widget


class SeasonView(StrEnum):
    """Which values are judged."""

    AS_MEASURED = "as_measured"
    ADJUSTED = "adjusted"


def choose(context: PageContext, row: ScorecardRow) -> ScorecardRow:
    """The row with the chart somebody wants to see; the one the KPI is judged by to begin with."""
    if row.other_chart is None:
        return row
    charts = {_view_of(chart): chart for chart in (row.chart, row.other_chart)}
    chosen = st.segmented_control(
        context.texts.text("season.which"),
        list(SeasonView),
        default=_view_of(row.chart),
        required=True,
        format_func=context.texts.word,
        key=f"{VIEW}.{row.code}",
    )
    return replace(row, chart=charts[chosen or _view_of(row.chart)])


def _view_of(chart: ControlChart) -> SeasonView:
    return SeasonView.ADJUSTED if chart.adjusted else SeasonView.AS_MEASURED


def explain(context: PageContext, row: ScorecardRow) -> None:
    """Why there is a second chart, or why there is none although the KPI asks for it."""
    texts, seasonality = context.texts, row.seasonality
    if seasonality is None:
        return
    if seasonality.season is None:
        if row.chart.settings.seasonal:
            st.caption(plain(texts.said(seasonality.why)))
        return
    st.caption(plain(texts.said(seasonality.why)))
    with st.expander(texts.text("season.effects"), icon=":material/calendar_month:"):
        draw_sheet(effects(texts, row), alt=texts.text("season.effects"))


def effects(texts: Texts, row: ScorecardRow) -> Sheet:
    """What each month usually adds or takes away."""
    season = row.seasonality.season if row.seasonality else None
    found = season.effects if season else ()
    headers = tuple(texts.text(f"season.month.{month}") for month in range(1, len(found) + 1))
    cells = tuple(texts.signed(effect, row.decimals) for effect in found)
    return Sheet(headers, (cells,), frozenset(headers))
