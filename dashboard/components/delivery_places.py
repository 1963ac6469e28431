"""One measure across the country: municipalities as a tile map, offices in their usual ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.tile_layout import TILES, short_name
from dashboard.charts.tile_map import TileMapView, TileValue, tile_map
from dashboard.components import kpi_ranges
from dashboard.components.kpi_drawing import Sheet, draw_chart, marks, opening, table_behind
from dashboard.components.kpi_members import Member, members_of, with_cases
from dashboard.components.kpi_names import dimension_name, member_names
from dashboard.components.kpi_reading import charts_of, series_of
from dashboard.components.kpis import figures
from dashboard.components.messages import empty, plain
from dashboard.components.office_notes import of_offices
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.figure import Missing
from data.language.texts import Texts
from kpis.judgement import SPAN, ScorecardRow, judged_rows
from kpis.readings import Ask
from kpis.register import Kpi
from kpis.scorecard import cell_of

MUNICIPALITY, OFFICE = "municipality", "office"
MEASURES = ("SD-01", "SD-02", "SD-03", "SD-04", "SD-05", "SD-06", "SD-07", "IN-01", "IN-02")
PALEST = 0.08  # a tile with a value is never blank


def choose_measure(context: PageContext, kpis: Mapping[str, Kpi]) -> Kpi:
    """The KPI that map and offices show."""
    offered = [code for code in MEASURES if code in kpis]
    chosen = st.selectbox(
        context.texts.text("delivery.measure"),
        offered,
        key="delivery.measure",
        format_func=lambda code: figures.named(context.texts, kpis[code].definition.names),
        width=340,
    )
    return kpis[chosen or offered[0]]


def draw_map(context: PageContext, kpi: Kpi) -> None:
    """The whole country, within the service looked at."""
    texts, where = context.texts, cell_of(None, context.service).members
    ask = Ask(kpi.code, context.period, context.period, (MUNICIPALITY,), where)
    found = _members(context, kpi, ask)
    if not any(member.now.loaded for member in found):
        empty(texts, "kpi_page.no_members", "kpi_page.no_members_why")
        return
    draw_chart(_map(context, kpi, found), tile_map, key="delivery.map")
    st.caption(plain(_untold(context, found)))
    table_behind(
        texts,
        "delivery.map",
        lambda: _sheet(texts, kpi, MUNICIPALITY, found),
        file=f"{kpi.code}-{context.period.code}-by-municipality",
    )


def _members(context: PageContext, kpi: Kpi, ask: Ask) -> list[Member]:
    (dimension,) = ask.by
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        readings = series_of(reader, kpi, ask)
    names = member_names(context, dimension)
    return members_of(context.texts, dimension, readings, names, kpi.definition.direction)


def _map(context: PageContext, kpi: Kpi, found: Sequence[Member]) -> TileMapView:
    """The stronger the colour the higher the value; places without a value say why."""
    texts, definition = context.texts, kpi.definition
    on_map = {member.code: member for member in found if member.code in TILES}
    told = sorted(
        (member for member in on_map.values() if member.now.figure.value is not None),
        key=lambda member: member.now.figure.value or 0.0,
    )
    subtitle = f"{opening(texts.word(definition.unit))}, {texts.period(context.period)}"
    if told:
        low, high = (figures.short(texts, told[place].now.figure) for place in (0, -1))
        subtitle = f"{subtitle} · {texts.text('delivery.shades', low=low, high=high)}"
    name = figures.named(texts, definition.names)
    title = texts.text("kpi_page.by_title", kpi=name, dimension=_said(texts, MUNICIPALITY))
    return TileMapView(
        heading=Heading(title, subtitle, marks(texts)),
        tiles=tuple(_tile(context, code, on_map.get(code), told) for code in TILES),
        alt=texts.text("delivery.map_alt", title=title, subtitle=subtitle),
    )


def _tile(
    context: PageContext, code: str, member: Member | None, told: Sequence[Member]
) -> TileValue:
    """A municipality; one without a value has a dash, its reason stands below the map."""
    texts, name = context.texts, short_name(code, context.language.value)
    if member is None or member.now.figure.value is None:
        return TileValue(code, name, texts.value(None))
    return TileValue(
        code=code,
        name=name,
        text=figures.short(texts, member.now.figure),
        shade=_shade(member.now.figure.value, told),
        hover=(member.name, with_cases(texts, member.now)),
    )


def _untold(context: PageContext, found: Sequence[Member]) -> str:
    """The municipalities without a value, each with the reason; '' where there are none."""
    texts, known = context.texts, {member.code: member for member in found}
    names, nothing = member_names(context, MUNICIPALITY), texts.word(Missing.NO_DATA)
    reasons = {
        names.get(code, code): texts.figure(known[code].now.figure) if code in known else nothing
        for code in TILES
        if code not in known or known[code].now.figure.value is None
    }
    named = [f"{name} ({reason})" for name, reason in reasons.items()]
    return texts.text("kpi_page.no_value", members=named) if named else ""


def _shade(value: float | None, told: Sequence[Member]) -> float | None:
    """Where the value lies between the lowest and the highest, as strength of colour."""
    if value is None:
        return None
    low, high = (told[place].now.figure.value or 0.0 for place in (0, -1))
    share = (value - low) / (high - low) if high > low else 0.0
    return PALEST + (1 - PALEST) * share


def draw_offices(context: PageContext, kpi: Kpi) -> None:
    """Every office in its own usual range, within the service looked at."""
    texts = context.texts
    cell = cell_of(None, context.service)
    first = context.period.shift(1 - SPAN[context.period.frequency])
    ask = Ask(kpi.code, first, context.period, (OFFICE,), cell.members)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        charts = charts_of(reader, kpi, ask)
        (row,) = judged_rows(reader, {kpi.code: kpi}, context.period, cell)
    found = _members(context, kpi, ask)
    if not any(member.now.loaded for member in found):
        empty(texts, "kpi_page.no_members", "kpi_page.no_members_why")
        return
    kpi_ranges.draw(context, row, found, charts, title=_title(texts, row), key="delivery.offices")
    of_offices(context, {member.code for member in found})
    table_behind(
        texts,
        "delivery.offices",
        lambda: _sheet(texts, kpi, OFFICE, found),
        file=f"{kpi.code}-{context.period.code}-by-office",
    )


def _title(texts: Texts, row: ScorecardRow) -> str:
    name = figures.named(texts, row.names)
    return texts.text("kpi_page.by_title", kpi=name, dimension=_said(texts, OFFICE))


def _said(texts: Texts, dimension: str) -> str:
    return dimension_name(texts, dimension)


def _sheet(texts: Texts, kpi: Kpi, dimension: str, found: Sequence[Member]) -> Sheet:
    value = f"{texts.text('kpi_page.head.value')} ({texts.word(kpi.definition.unit)})"
    cases = texts.text("kpi_page.head.cases")
    return Sheet(
        (dimension_name(texts, dimension), value, cases),
        tuple(
            (member.name, texts.figure_number(member.now.figure), texts.number(member.now.cases))
            for member in found
        ),
        frozenset({value, cases}),
    )
