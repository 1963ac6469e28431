"""What all charts share: frame, fonts, titles, labels that keep apart, text made harmless."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.tokens import FONT, Palette, Size

Figure = dict[str, Any]  # a plotly figure: {"data": [...], "layout": {...}}

# Nothing but the download button, nothing fetched, nothing that zooms under a scrolling finger.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtons": [["toImage"]],
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "typesetMath": False,
    "plotlyServerURL": "",
    "showSendToCloud": False,
    "toImageButtonOptions": {"format": "png", "scale": 2},
}

NARROW = 44  # characters of a title line that a telephone shows
_MOST_TICKS = 5
_STEPS = (1, 2, 3, 4, 6, 12, 13, 26, 52, 104)  # that months and weeks divide into well
_CHARACTER = 0.48  # mean width of a character, in parts of the font size
_LINE = 1.3  # height of a line, in parts of the font size


@dataclass(frozen=True, slots=True)
class Heading:
    """The message of a chart in words; below it what is shown, its unit and its period."""

    title: str = ""
    subtitle: str = ""
    marks: str = ".,"  # decimal and thousands mark of the reader's language, in this order
    line: int = NARROW  # characters a title line may have; more where the column is wide


def plain(text: str) -> str:
    """Text as plotly shows it literally: its small HTML and its formulas taken away."""
    return html.escape(text, quote=False).replace("$", "&#36;").replace("\n", " ")


def bold(text: str) -> str:
    """Text in bold, made harmless first."""
    return f"<b>{plain(text)}</b>"


def lines(*texts: str) -> str:
    """Texts that are harmless already, below each other; empty ones leave no line."""
    return "<br>".join(text for text in texts if text)


def width_of(texts: Sequence[str], size: int) -> int:
    """About how many pixels the longest text needs."""
    return round(max((len(text) for text in texts), default=0) * size * _CHARACTER)


def heading_height(heading: Heading) -> int:
    """How many pixels title and subtitle take, none if both are empty."""
    title, subtitle = _wrapped(heading)
    rows = len(title) + len(subtitle)
    return round(rows * Size.TITLE * _LINE) + (14 if rows else 0)


def layout(heading: Heading, colours: Palette, height: int, margin: dict[str, int]) -> Figure:
    """A calm frame; `height` is that of the plotting area, the margins come on top, in pixels."""
    top = heading_height(heading) + margin.get("t", 0)
    around = {"l": 8, "r": 8, "b": 8} | margin | {"t": max(top, 10), "pad": 0}
    return {
        "height": height + around["t"] + around["b"],
        "margin": around,
        "font": {"family": FONT, "size": Size.LABEL, "color": colours.text},
        "paper_bgcolor": colours.background,
        "plot_bgcolor": colours.background,
        "separators": heading.marks,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": colours.raised,
            "bordercolor": colours.grid,
            "font": {"family": FONT, "size": Size.LABEL, "color": colours.text},
            "align": "left",
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.muted},
        "shapes": [],
        "annotations": [_title(heading, colours, around)],
    }


def axis(colours: Palette, **settings: Any) -> Figure:
    """An axis without frame or zero line, its grid light."""
    quiet: Figure = {
        "showgrid": False,
        "gridcolor": colours.grid,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
        "ticks": "",
        "tickfont": {"size": Size.LABEL, "color": colours.muted},
    }
    return quiet | settings


def ticks(names: Sequence[str]) -> Figure:
    """A few of the periods' names, counted back from the latest, which is always named."""
    step = next((s for s in _STEPS if len(names) <= s * _MOST_TICKS), len(names))
    places = list(range(len(names) - 1, -1, -step))[::-1]
    return {"tickvals": places, "ticktext": [plain(names[i]) for i in places], "tickangle": 0}


def label(text: str, x: float, y: float, colour: str, **settings: Any) -> Figure:
    """A text in the chart; `text` must be harmless already."""
    standard: Figure = {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "align": "left",
        "font": {"size": Size.SMALL, "color": colour},
    }
    return standard | settings


def kept_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved as little as needed to lie `gap` apart between `low` and `high`.

    Keeps their order. With too little room they are spread evenly.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    room = high - low
    gap = min(gap, room / max(len(places) - 1, 1))
    moved = [min(max(places[i], low), high) for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved and moved[-1] > high:
        moved[-1] = high
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - gap)
    result = [0.0] * len(places)
    for i, place in zip(order, moved, strict=True):
        result[i] = place
    return result


def _wrapped(heading: Heading) -> tuple[list[str], list[str]]:
    title = textwrap.wrap(heading.title, heading.line)
    return title, textwrap.wrap(heading.subtitle, heading.line * Size.TITLE // Size.LABEL)


def _title(heading: Heading, colours: Palette, margin: dict[str, int]) -> Figure:
    """The heading as a label: plotly's own titles are cut off when they have several lines."""
    title, subtitle = _wrapped(heading)
    style = f"font-size:{Size.LABEL}px;color:{colours.muted}"
    small = [f'<span style="{style}">{plain(line)}</span>' for line in subtitle]
    return label(
        lines(*map(bold, title), *small),
        0,
        1,
        colours.text,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        xshift=8 - margin["l"],
        yshift=margin["t"] - 4,
        font={"size": Size.TITLE, "color": colours.text},
    )
