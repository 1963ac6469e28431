"""The heat map on the page: which assessment, what moved, a cell chosen by click or by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from dashboard.charts.canvas import CONFIG
from dashboard.charts.heat_map import heat_map
from dashboard.charts.tokens import palette
from dashboard.components.kpi_drawing import Sheet, draw_words, table_behind
from dashboard.components.messages import plain
from dashboard.components.risks.register import moved
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.register.mapping import (
    ARROWS_AT_MOST,
    CELLS,
    LED_AT_MOST,
    Mapped,
    as_sheet,
    cell_text,
    levels,
    levels_then,
    mapped,
    moved_between_cells,
    view_of,
)
from dashboard.components.risks.words import level_text
from dashboard.context import PageContext
from risks.register.choosing import Order, ordered
from risks.register.kinds import Kind
from risks.register.moving import Cell
from risks.register.record import Risk

KIND, OVERLAY, LED, CELL = (f"risks.map.{name}" for name in ("kind", "overlay", "led", "cell"))
CHART = "risks.map.chart"
LED_FIRST = 4


class Overlay(StrEnum):
    """What is drawn across the cells."""

    NOTHING = "nothing"
    MOVEMENT = "movement"
    PATHS = "paths"


def draw(
    context: PageContext, looked: Looked, now: tuple[Risk, ...], then: Sequence[Risk]
) -> tuple[str, tuple[Risk, ...]]:
    """The map of the chosen risks; returns them, or the cell somebody picked and those in it."""
    texts = looked.texts
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _segmented(looked, KIND, tuple(Kind), Kind.CURRENT)
        overlay = _segmented(looked, OVERLAY, tuple(Overlay), Overlay.NOTHING)
    found = mapped(looked, now, then, kind)
    led = _led(looked, now) if overlay is Overlay.PATHS else ()
    left, right = st.columns([3, 2], gap="medium")
    with right:
        cell = _cell(found)
        _levels(found)
        _beside(found)
    with left:
        _chart(found, led=led, moving=overlay is Overlay.MOVEMENT, chosen=cell)
        st.caption(plain(_legend(found, overlay)))
        table_behind(texts, "risks.map", lambda: as_sheet(found), file=f"heat-map-{looked.today}")
    _steps(looked)
    if overlay is Overlay.MOVEMENT:
        moved.draw(context, found)
    return (cell_text(looked, cell), found.now[cell]) if cell else ("", now)


def clicked(selection: Mapping[str, Any]) -> Cell | None:
    """The cell of the first point selected on the map."""
    for point in selection.get("points", ()):
        said = point.get("customdata")
        if isinstance(said, Sequence) and tuple(said) in set(CELLS):
            return int(said[0]), int(said[1])
    return None


def _segmented(looked: Looked, key: str, options: Sequence[Any], usual: Any) -> Any:
    """One of a few, always one."""
    kept = st.session_state.get(key)
    st.session_state[key] = next((one for one in options if one == kept), usual)
    texts = looked.texts
    chosen = st.segmented_control(
        texts.text(f"risk_register.map.{key.rpartition('.')[2]}"),
        options,
        required=True,
        format_func=lambda one: _option(looked, one),
        key=key,
        wrap=True,
        persist_state="session",
    )
    return chosen or usual


def _option(looked: Looked, one: StrEnum) -> str:
    if one is Overlay.MOVEMENT:
        day = looked.texts.day_short(looked.since)
        return looked.texts.text("risk_register.map.since", day=day)
    return looked.texts.word(one)


def _led(looked: Looked, now: Sequence[Risk]) -> tuple[Risk, ...]:
    """A few risks whose way is drawn; at first the highest ones."""
    by_code = {risk.code: risk for risk in now}
    if LED not in st.session_state:
        highest = ordered(now, Order.LEVEL, looked.criteria)[:LED_FIRST]
        st.session_state[LED] = [risk.code for risk in highest]
    st.session_state[LED] = [code for code in st.session_state[LED] if code in by_code]
    codes = st.multiselect(
        looked.texts.text("risk_register.map.led"),
        list(by_code),
        key=LED,
        max_selections=LED_AT_MOST,
        format_func=lambda code: f"{code} {by_code[code].title}",
        placeholder=looked.texts.text("risk_register.map.led_which"),
        persist_state="session",
    )
    return tuple(by_code[code] for code in codes)


def _chart(found: Mapped, *, led: Sequence[Risk], moving: bool, chosen: Cell | None) -> None:
    view = view_of(found, led=led, moving=moving, chosen=chosen)

    def choose() -> None:
        cell = clicked(st.session_state[CHART].selection)
        st.session_state[CELL] = cell if cell != chosen else None

    st.plotly_chart(
        heat_map(view, palette(st.context.theme.type)),
        theme=None,
        config=CONFIG,
        key=CHART,
        on_select=choose,
        selection_mode="points",
        alt=view.alt,
    )


def _cell(found: Mapped) -> Cell | None:
    """The cell whose risks are listed below: chosen here, or by a click on the map."""
    texts = found.looked.texts
    offered = [cell for cell in sorted(CELLS, reverse=True) if cell in found.now]
    if st.session_state.get(CELL) not in offered:
        st.session_state[CELL] = None
    chosen: Cell | None = st.selectbox(
        texts.text("risk_register.map.which_cell"),
        offered,
        index=None,
        key=CELL,
        format_func=lambda cell: (
            f"{cell_text(found.looked, cell)} · {texts.number(len(found.now[cell]))}"
        ),
        placeholder=texts.text("risk_register.map.every_cell"),
        help=texts.text("risk_register.map.cell_help"),
    )
    return chosen


def _levels(found: Mapped) -> None:
    """How many stand at each level now and then, from the highest."""
    looked = found.looked
    texts, now, then = looked.texts, levels(found), levels_then(found)
    codes = [one.code for one in reversed(looked.criteria.levels)]
    rows = tuple(
        (
            level_text(texts, looked.criteria, code),
            texts.number(now.get(code, 0)),
            *((texts.number(then.get(code, 0)),) if looked.then else ()),
        )
        for code in (*codes, None)
        if code or now.get(code) or then.get(code)
    )
    day = texts.day_short(looked.since)
    heads = (
        texts.text("risk_register.head.level"),
        texts.text("risk_register.map.now"),
        *((day,) if looked.then else ()),
    )
    draw_words(Sheet(heads, rows), alt=texts.text("risk_register.map.levels_alt"))


def _beside(found: Mapped) -> None:
    """What the cells do not show: who is not assessed, who is by earlier criteria."""
    texts, looked = found.looked.texts, found.looked
    said = []
    if found.unassessed:
        said.append(texts.text("risk_register.map.unassessed", count=found.unassessed))
    if found.earlier:
        said.append(texts.text("risk_register.map.earlier", count=found.earlier))
    if looked.criteria.assumption:
        said.append(texts.text("risk_register.map.assumption"))
    for one in said:
        st.caption(plain(one))


def _legend(found: Mapped, overlay: Overlay) -> str:
    """What the arrows are."""
    texts = found.looked.texts
    if overlay is Overlay.PATHS:
        return texts.text("risk_register.map.paths_legend")
    if overlay is Overlay.NOTHING:
        dark = st.context.theme.type == "dark"
        return texts.text("risk_register.map.brighter" if dark else "risk_register.map.darker")
    said = texts.text("risk_register.map.movement_legend", day=found.looked.since)
    more = len(moved_between_cells(found)) - ARROWS_AT_MOST
    return f"{said} {texts.text('risk_register.map.more_arrows', count=more)}" if more > 0 else said


def _steps(looked: Looked) -> None:
    """What the steps of both scales stand for."""
    texts, criteria = looked.texts, looked.criteria
    place = st.expander(
        texts.text("risk_register.map.steps"),
        type="compact",
        icon=":material/straighten:",
        key="risks.map.steps",
        on_change="rerun",
    )
    if not place.open:
        return
    heads = ("", *(texts.text("risk_register.map.step", step=n + 1) for n in range(5)))
    chances = [
        f"{texts.value(one.names)} ({texts.percent(one.low * 100, 0)}–"
        f"{texts.percent(one.high * 100, 0)})"
        for one in criteria.likelihood
    ]
    rows = [(texts.text("risk_register.map.up"), *chances)]
    rows += [(texts.value(one.names), *map(texts.value, one.steps)) for one in criteria.dimensions]
    with place:
        draw_words(Sheet(heads, tuple(rows)), alt=texts.text("risk_register.map.steps"))
