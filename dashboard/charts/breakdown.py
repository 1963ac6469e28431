"""How the parts compare: horizontal bars from zero, one row a part, value beside each bar."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts.canvas import (
    Figure,
    Heading,
    axis,
    bold,
    label,
    layout,
    lines,
    plain,
    width_of,
)
from dashboard.charts.tokens import Palette, Size, Tone

_ROW = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One part: its value, or None with the reason as its text."""

    name: str
    value: float | None
    text: str
    tone: Tone = Tone.PRIMARY
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BreakdownView:
    """Bars in the order given, with a line to compare them with if there is one."""

    heading: Heading
    bars: tuple[Bar, ...]
    line: float | None = None
    line_text: str = ""
    alt: str = ""


def breakdown(view: BreakdownView, colours: Palette) -> Figure:
    """Bars from zero; what has no value keeps its row and says why."""
    margin = {
        "l": width_of([bar.name for bar in view.bars], Size.LABEL) + 22,
        "r": width_of([bar.text for bar in view.bars if bar.value is not None], Size.LABEL) + 14,
        "t": 20 if view.line is not None else 4,
    }
    figure = layout(view.heading, colours, max(len(view.bars), 1) * _ROW, margin)
    values = [bar.value for bar in view.bars if bar.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values, view.line or 0.0])
    figure["xaxis"] = axis(colours, range=[low, high or 1.0], showticklabels=False)
    figure["yaxis"] = axis(
        colours,
        range=[len(view.bars) - 0.5, -0.5],
        tickvals=list(range(len(view.bars))),
        ticktext=[plain(bar.name) for bar in view.bars],
        ticklabelstandoff=6,
        tickfont={"size": Size.LABEL, "color": colours.text},
    )
    figure["annotations"] += [_value(bar, i, colours) for i, bar in enumerate(view.bars)]
    if view.line is not None:
        figure["shapes"] = [_comparison(view.line, colours)]
        figure["annotations"].append(_comparison_name(view.line, view.line_text, high, colours))
    return {"data": [_bars(view, colours)], "layout": figure}


def _bars(view: BreakdownView, colours: Palette) -> Figure:
    shown = [(i, bar) for i, bar in enumerate(view.bars) if bar.value is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [bar.value for _, bar in shown],
        "y": [i for i, _ in shown],
        "width": 0.62,
        "marker": {"color": [colours.tone(bar.tone) for _, bar in shown]},
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(bar.name), plain(bar.text), *map(plain, bar.hover)) for _, bar in shown
        ],
    }


def _value(bar: Bar, row: int, colours: Palette) -> Figure:
    colour = colours.muted if bar.value is None else colours.text
    place = max(bar.value or 0.0, 0.0)
    size = {"size": Size.LABEL, "color": colour}
    return label(
        plain(bar.text),
        place,
        row,
        colour,
        xanchor="left",
        xshift=3,
        borderpad=0,
        bgcolor=colours.background,
        font=size,
    )


def _comparison(value: float, colours: Palette) -> Figure:
    """A dashed line across all rows."""
    return {
        "type": "line",
        "yref": "paper",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "line": {"color": colours.target, "width": 1.6, "dash": "7px,4px"},
    }


def _comparison_name(value: float, text: str, high: float, colours: Palette) -> Figure:
    side = "right" if high and value / high > 0.5 else "left"
    return label(
        plain(text), value, 1, colours.target, yref="paper", yanchor="bottom", xanchor=side
    )
