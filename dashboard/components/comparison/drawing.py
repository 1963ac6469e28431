"""The funnel: every member by its number of cases, between the limits that belong to it."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.funnel import FunnelDot, FunnelView, Level, LimitPair
from dashboard.charts.funnel import funnel as drawn
from dashboard.components.comparison.words import FAR, MARKS, NEAR, Told, verdict_words
from dashboard.components.kpi_drawing import draw_chart, marks, opening
from dashboard.components.kpi_members import with_cases
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from data.figure import Figure
from kpis.comparing import ComparedMember
from kpis.comparison import Compared, Funnel
from kpis.funnel_limits import Verdict


def draw(told: Told, found: Funnel) -> None:
    """The chart, how it is read, and what its limits are made of."""
    texts = told.texts
    draw_chart(_view(told, found), drawn, key="comparison.funnel")
    st.caption(plain(f"{texts.text('comparison.legend')} {_spread(told, found)}"))


def _spread(told: Told, found: Funnel) -> str:
    """Whether the limits are wider than chance alone would have them, and why."""
    if not found.adjusted:
        return told.texts.text("comparison.no_spread")
    return told.texts.text("comparison.spread", phi=told.texts.number(found.phi, 1))


def _view(told: Told, found: Funnel) -> FunnelView:
    texts, row = told.texts, told.comparison.row
    differing = len(found.beyond(Verdict.BEYOND_99_8))
    counted = {"count": differing, "all": len(found.members), "members": told.members}
    title = texts.text("comparison.funnel_title", **counted)
    what = f"{figures.named(texts, row.names)}, {texts.word(row.unit)}"
    subtitle = f"{what}, {texts.period(row.period)}"
    return FunnelView(
        heading=Heading(title, subtitle, marks(texts)),
        dots=tuple(
            _dot(told, each, each.compared) for each in told.comparison.told if each.compared
        ),
        cases=tuple(each.denominator for each in found.curves),
        limits=_limits(told, found),
        levels=tuple(_levels(told, found)),
        across=texts.text("comparison.across"),
        alt=texts.text("comparison.funnel_alt", title=title, what=subtitle),
    )


def _dot(told: Told, each: ComparedMember, compared: Compared) -> FunnelDot:
    texts, limits = told.texts, compared.limits
    bounds = ((NEAR, limits.lower_95, limits.upper_95), (FAR, limits.lower_99_8, limits.upper_99_8))
    hover = [opening(verdict_words(texts, each))]
    hover += [
        texts.text("comparison.between", share=name, low=told.figure(low), high=told.figure(high))
        for name, low, high in bounds
    ]
    return FunnelDot(
        name=told.name(each.member),
        cases=compared.denominator,
        value=compared.value,
        text=with_cases(texts, each.reading),
        mark=MARKS[compared.difference],
        far=compared.verdict is Verdict.BEYOND_99_8,
        hover=tuple(hover),
    )


def _limits(told: Told, found: Funnel) -> tuple[LimitPair, ...]:
    curves, texts = found.curves, told.texts
    near = LimitPair(
        texts.text("comparison.limit", share=NEAR),
        tuple(each.lower_95 for each in curves),
        tuple(each.upper_95 for each in curves),
    )
    far = LimitPair(
        texts.text("comparison.limit", share=FAR),
        tuple(each.lower_99_8 for each in curves),
        tuple(each.upper_99_8 for each in curves),
    )
    return near, far


def _levels(told: Told, found: Funnel) -> Iterator[Level]:
    """What all compared reach together, and what was aimed at; a range has two levels."""
    texts, row = told.texts, told.comparison.row
    together = figures.short(texts, Figure(found.target, row.unit, row.decimals))
    yield Level(found.target, texts.text("comparison.together", figure=together))
    aim = row.target
    for bound in (aim.low, aim.high) if aim else ():
        if bound is not None:
            aimed = figures.short(texts, Figure(bound, row.unit, row.decimals))
            yield Level(bound, texts.text("comparison.aimed", figure=aimed), target=True)
