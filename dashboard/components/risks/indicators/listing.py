"""The indicators: how each stands, since when, from where on it warns, and of which risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.components.kpis.figures import named
from dashboard.components.kpis.links import KPI
from dashboard.components.messages import empty, plain
from dashboard.components.risks.indicators import keeping
from dashboard.components.risks.indicators.words import (
    reading_text,
    state_text,
    threshold_lines,
)
from dashboard.components.risks.words import RISK
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.register import Kpi, read_kpis
from risks.indicators.reading import IndicatorView, read_indicators
from risks.indicators.thresholds import IndicatorState

COLUMNS = ("indicator", "state", "newest", "limit", "risks")
NEWLINE = "  \n"
ROWS_AT_ONCE, HEIGHT = 10, 640  # more rows scroll under their header; pixels
PRESSING = tuple(IndicatorState[name] for name in ("RED", "AMBER", "STALE", "NO_DATA", "GREEN"))


@dataclass(frozen=True, slots=True)
class Known:
    """The indicators in use, the most pressing first, and the KPIs they watch."""

    views: tuple[IndicatorView, ...]
    retired: tuple[IndicatorView, ...]
    kpis: Mapping[str, Kpi]


def draw(context: PageContext) -> None:
    """How they stand in a sentence; the table; for those who may, the forms."""
    texts, known = context.texts, _read(context)
    if known.views:
        st.markdown(plain(_sentence(context, known.views)))
        _table(context, known, known.views)
    else:
        empty(texts, "indicators.none", "indicators.none_do")
    if known.retired:
        with st.expander(texts.text("indicators.retired", count=len(known.retired))):
            _table(context, known, known.retired)
    if context.may(Permission.INDICATOR_KEEP):
        keeping.draw(context, [one.indicator for one in known.views], known.kpis)


def _read(context: PageContext) -> Known:
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        views = read_indicators(reader)
        retired = read_indicators(reader, retired=True)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        watched = {one.indicator.kpi_code for one in (*views, *retired)}
        kpis = read_kpis(reader) | read_kpis(reader, sorted(watched))
    ordered = sorted(views, key=lambda one: (PRESSING.index(one.state), one.indicator.code))
    return Known(tuple(ordered), retired, kpis)


def _sentence(context: PageContext, views: Sequence[IndicatorView]) -> str:
    counts = {state: sum(one.state is state for one in views) for state in IndicatorState}
    said = [
        f"{state_text(context.texts, state)}: {counts[state]}"
        for state in PRESSING
        if counts[state]
    ]
    return context.texts.text("indicators.sentence", count=len(views), states=", ".join(said))


def _table(context: PageContext, known: Known, views: Sequence[IndicatorView]) -> None:
    texts = context.texts
    lines = [_line(context, known.kpis[one.indicator.kpi_code], one) for one in views]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"indicators.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
        alt=texts.text("indicators.alt"),
    )


def _line(context: PageContext, kpi: Kpi, one: IndicatorView) -> list[str]:
    texts, indicator = context.texts, one.indicator
    measure = kpi.definition.formula.measure(indicator.measure)
    state = [state_text(texts, one.state)]
    if one.red_since is not None:
        state.append(texts.text("indicators.red_since", period=one.red_since))
    newest = [texts.value(None)]
    if one.newest is not None:
        newest = [reading_text(texts, one.newest, measure), texts.period(one.newest.period)]
    risks = NEWLINE.join(_risk(context, link.code, link.title) for link in one.links)
    return [
        f"{plain(f'{indicator.code} {indicator.title}')}{NEWLINE}{kpi_cell(context, kpi, one)}",
        *(NEWLINE.join(map(plain, cell)) for cell in (state, newest)),
        NEWLINE.join(map(plain, threshold_lines(texts, indicator, measure))),
        risks or plain(texts.value(None)),
    ]


def kpi_cell(context: PageContext, kpi: Kpi, one: IndicatorView) -> str:
    """A link to the KPI where the indicator looks: its period, office and service."""
    indicator, newest = one.indicator, one.newest
    label = plain(f"{kpi.code} {named(context.texts, kpi.definition.names)}")
    if KPI not in context.places:
        return label
    link = context.link_with(
        kpi=kpi.code,
        office=indicator.office_code,
        service=indicator.service_code,
        period=newest.period if newest else context.link.period,
        part=None,
    )
    return f"[{label}]({KPI}{link.query()})"


def _risk(context: PageContext, code: str, title: str) -> str:
    link = context.link_with(risk=code, part="indicators")
    return f"[{plain(f'{code} {title}')}]({RISK}{link.query()})"
