"""What warns of a risk: each indicator's state, values against its lines, and the rows behind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.indicator import IndicatorChartView, Limit, indicator_chart
from dashboard.components.kpi_drawing import Sheet, draw_chart, marks, opening, table_behind
from dashboard.components.kpis.figures import named
from dashboard.components.kpis.links import KPI, page_link
from dashboard.components.messages import empty, plain
from dashboard.components.risks.indicators.words import (
    number_text,
    reading_text,
    state_text,
    threshold_lines,
)
from dashboard.components.risks.risk.known import Known
from data.access.permissions import Permission
from data.errors import NotFound
from data.workspace import Reader
from kpis.measures import Measure
from kpis.register import Kpi, read_kpi
from risks.indicators.reading import EvaluatedReading, IndicatorView, indicators_of
from risks.indicators.record import Indicator
from risks.indicators.thresholds import DangerSide, IndicatorState
from risks.register.record import IndicatorLink

LAST = 24  # periods in the chart
LINE = 84  # characters of a title line
NEWLINE = "  \n"


def draw(known: Known) -> None:
    """The indicators that warn of the risk, each with its chart and its readings."""
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        found = indicators_of(reader, known.risk)
    if not found:
        empty(known.texts, "risk_page.none.indicators", "risk_page.none_do.indicators")
        return
    for link, view in found:
        with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
            kpi = _kpi(reader, view.indicator)
        with st.container(border=True, key=f"risk-indicator-{view.indicator.code}"):
            _one(known, link, view, kpi)


def _kpi(reader: Reader, indicator: Indicator) -> Kpi | None:
    try:
        return read_kpi(reader, indicator.kpi_code)
    except NotFound:
        return None


def _one(known: Known, link: IndicatorLink, view: IndicatorView, kpi: Kpi | None) -> None:
    texts, indicator = known.texts, view.indicator
    st.markdown(f"**{plain(f'{indicator.code} {indicator.title}')}**")
    if kpi is None:
        st.caption(plain(state_text(texts, view.state)))
        return
    measure = kpi.definition.formula.measure(indicator.measure)
    st.markdown(NEWLINE.join(plain(line) for line in _said(known, link, view, measure)))
    draw_chart(
        _chart(known, view, kpi, measure), indicator_chart, key=f"risk.indicator.{indicator.code}"
    )
    _to_kpi(known, view, kpi)
    table_behind(
        texts,
        f"risk.readings.{indicator.code}",
        lambda: sheet(known, view, measure),
        file=f"{known.risk.code}-{indicator.code}",
    )


def _said(
    known: Known, link: IndicatorLink, view: IndicatorView, measure: Measure
) -> Iterator[str]:
    """State as sign and word, since when, by which lines, and what it does to the risk."""
    texts = known.texts
    state = state_text(texts, view.state)
    if view.red_since is not None and view.state is IndicatorState.RED:
        state += f" · {texts.text('indicators.red_since', period=view.red_since)}"
    if view.newest is not None:
        value = reading_text(texts, view.newest, measure)
        state += f" · {texts.period(view.newest.period)}: {value}"
    yield state
    yield from threshold_lines(texts, view.indicator, measure)
    yield texts.text("risk_page.when_red", effect=texts.text(f"risk_page.effect.{link.effect}"))


def _chart(known: Known, view: IndicatorView, kpi: Kpi, measure: Measure) -> IndicatorChartView:
    texts, indicator = known.texts, view.indicator
    shown = list(dropwhile(lambda one: one.value is None, view.readings))[-LAST:]
    title = named(texts, kpi.definition.names)
    heading = Heading(title, opening(texts.word(measure.unit)), marks(texts), LINE)
    newest = reading_text(texts, view.newest, measure) if view.newest else texts.value(None)
    return IndicatorChartView(
        heading=heading,
        ticks=tuple(texts.period_short(one.period) for one in shown),
        values=tuple(one.value for one in shown),
        signals=tuple(one.signal.value for one in shown),
        hover=tuple(_hover(known, one, measure) for one in shown),
        limits=tuple(_limits(known, indicator, measure)),
        alt=texts.text(
            "risk_page.indicator_alt",
            indicator=f"{indicator.code} {indicator.title}",
            state=texts.word(view.state),
            newest=newest,
        ),
    )


def _limits(known: Known, indicator: Indicator, measure: Measure) -> Iterator[Limit]:
    sign = "≥" if indicator.direction is DangerSide.ABOVE else "≤"
    pairs = ((IndicatorState.AMBER, indicator.amber), (IndicatorState.RED, indicator.red))
    for state, value in pairs:
        text = f"{sign} {number_text(known.texts, value, measure)}"
        yield Limit(value, state_text(known.texts, state), text, state is IndicatorState.RED)


def _hover(known: Known, one: EvaluatedReading, measure: Measure) -> str:
    period = known.texts.period(one.period)
    return f"{period}: {reading_text(known.texts, one, measure)}"


def _to_kpi(known: Known, view: IndicatorView, kpi: Kpi) -> None:
    """To the KPI where the indicator looks, so that the rows behind its value can be opened."""
    context, indicator = known.context, view.indicator
    link = context.link_with(
        kpi=kpi.code,
        office=indicator.office_code,
        service=indicator.service_code,
        period=view.newest.period if view.newest else context.link.period,
        part="rows" if context.may(Permission.ROWS_VIEW) else "lineage",
        risk=None,
    )
    label = known.texts.text(
        "risk_page.to_kpi", kpi=f"{kpi.code} {named(known.texts, kpi.definition.names)}"
    )
    page_link(context, KPI, plain(label), link, ":material/arrow_forward:")


def sheet(known: Known, view: IndicatorView, measure: Measure) -> Sheet:
    """Every reading, the newest first."""
    texts = known.texts
    heads = ("period", "value", "signal", "state")
    return Sheet(
        headers=tuple(texts.text(f"risk_page.head.{name}") for name in heads),
        rows=tuple(
            (
                texts.period(one.period),
                reading_text(texts, one, measure),
                texts.word(one.signal),
                state_text(texts, one.state),
            )
            for one in reversed(view.readings)
        ),
        numbers=frozenset({texts.text("risk_page.head.value")}),
    )
