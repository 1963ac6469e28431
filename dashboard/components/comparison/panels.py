"""Every member over time on the same axes, those that differ most first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.multiples import MultiplesView, Panel, multiples
from dashboard.charts.tokens import Tone
from dashboard.components.comparison.words import TONES, Told
from dashboard.components.kpi_drawing import draw_chart, marks, opening
from dashboard.components.kpi_members import with_cases
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from kpis.comparing import ComparedMember
from kpis.stored_readings import Reading

AT_ONCE, COLUMNS = 12, 3
Series = Mapping[str, Sequence[Reading]]


def draw(told: Told, series: Series) -> None:
    """So many panels at once; the others are a click away."""
    texts, members = told.texts, told.comparison.told
    pages = [members[start : start + AT_ONCE] for start in range(0, len(members), AT_ONCE)]
    number = 1
    if len(pages) > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            number = st.pagination(len(pages), key=f"comparison.panels.{told.comparison.by}")
            said = texts.text("comparison.panels", shown=AT_ONCE, all=len(members))
            st.caption(plain(said))
    shown = pages[min(number, len(pages)) - 1]
    draw_chart(_view(told, shown, series), multiples, key="comparison.panels")


def _view(told: Told, shown: Sequence[ComparedMember], series: Series) -> MultiplesView:
    texts, row = told.texts, told.comparison.row
    periods = [each.period for each in series[shown[0].member]]
    title = texts.text("comparison.over_time", kpi=figures.named(texts, row.names))
    unit = opening(texts.word(row.unit))
    subtitle = f"{unit}, {texts.period(periods[0])} \N{EN DASH} {texts.period(periods[-1])}"
    return MultiplesView(
        heading=Heading(title, subtitle, marks(texts)),
        periods=tuple(texts.period(period) for period in periods),
        panels=tuple(_panel(told, each, series[each.member]) for each in shown),
        columns=COLUMNS,
        line=row.target.point if row.target else None,
        alt=texts.text("comparison.panels_alt", title=title, members=told.listed(shown)),
    )


def _panel(told: Told, each: ComparedMember, readings: Sequence[Reading]) -> Panel:
    texts = told.texts
    return Panel(
        name=told.name(each.member),
        values=tuple(one.figure.value for one in readings),
        text=figures.short(texts, each.reading.figure),
        texts=tuple(with_cases(texts, one) for one in readings),
        tone=TONES.get(each.difference, Tone.COMMON) if each.difference else Tone.COMMON,
    )
