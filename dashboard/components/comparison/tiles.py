"""The municipalities as tiles: those outside the limits stand out, by shape, word and colour."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.tile_layout import TILES, short_name
from dashboard.charts.tile_map import TileMapView, TileValue, tile_map
from dashboard.components.comparison.words import TONES, Told, verdict_words
from dashboard.components.kpi_drawing import draw_chart, marks, opening
from dashboard.components.kpi_members import with_cases
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from data.language.texts import Texts
from kpis.comparing import ComparedMember
from kpis.comparison import Difference
from kpis.funnel_limits import Verdict

PALE = 0.08  # a tile within the limits: not blank, and no more
SHAPES = {
    (Difference.BETTER, True): "\N{BLACK CIRCLE} ",
    (Difference.BETTER, False): "\N{WHITE CIRCLE} ",
    (Difference.WORSE, True): "\N{BLACK DIAMOND} ",
    (Difference.WORSE, False): "\N{WHITE DIAMOND} ",
    (Difference.HIGHER, True): "\N{BLACK UP-POINTING TRIANGLE} ",
    (Difference.HIGHER, False): "\N{WHITE UP-POINTING TRIANGLE} ",
    (Difference.LOWER, True): "\N{BLACK DOWN-POINTING TRIANGLE} ",
    (Difference.LOWER, False): "\N{WHITE DOWN-POINTING TRIANGLE} ",
}


def draw(told: Told) -> None:
    """The whole country; what is said of no municipality stays blank."""
    draw_chart(_view(told), tile_map, key="comparison.map")
    st.caption(plain(told.texts.text("comparison.map_legend")))


def _view(told: Told) -> TileMapView:
    texts, row = told.texts, told.comparison.row
    members = {each.member: each for each in told.comparison.told}
    title = texts.text("comparison.map_title", kpi=figures.named(texts, row.names))
    subtitle = f"{opening(texts.word(row.unit))}, {texts.period(row.period)}"
    return TileMapView(
        heading=Heading(title, subtitle, marks(texts)),
        tiles=tuple(_tile(told, code, members.get(code)) for code in TILES),
        alt=texts.text("comparison.map_alt", title=title, subtitle=subtitle),
    )


def _tile(told: Told, code: str, each: ComparedMember | None) -> TileValue:
    texts = told.texts
    name = short_name(code, texts.language.value)
    if each is None:
        return TileValue(code, name, texts.value(None))
    tone = TONES.get(each.difference) if each.difference else None
    return TileValue(
        code=code,
        name=name,
        text=f"{_shape(each)}{figures.short(texts, each.reading.figure)}",
        shade=None if tone else PALE,
        tone=tone,
        hover=_hover(told, texts, each),
    )


def _shape(each: ComparedMember) -> str:
    compared = each.compared
    if compared is None:
        return ""
    return SHAPES.get((compared.difference, compared.verdict is Verdict.BEYOND_99_8), "")


def _hover(told: Told, texts: Texts, each: ComparedMember) -> tuple[str, ...]:
    said = (told.name(each.member), with_cases(texts, each.reading))
    return (*said, verdict_words(texts, each)) if each.compared else said
