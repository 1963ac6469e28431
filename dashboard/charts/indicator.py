"""The values of an indicator of a risk, and from where on it is amber and red."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts.canvas import (
    Figure,
    Heading,
    axis,
    bold,
    kept_apart,
    label,
    layout,
    lines,
    plain,
    ticks,
    width_of,
)
from dashboard.charts.tokens import Palette, Size, Tone

HEIGHT = 170
_LABEL_HEIGHT = 30  # pixels of a name of two lines
_LOOKS = {
    "green": ("circle", Tone.COMMON, 6),
    "amber": ("triangle-up", Tone.BEHIND_IMPROVING, 10),
    "red": ("square", Tone.BEHIND_WORSENING, 10),
    "no_data": ("circle-open", Tone.NEUTRAL, 7),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold: its value, its name, and the value in words."""

    value: float
    name: str
    text: str
    is_red: bool


@dataclass(frozen=True, slots=True)
class IndicatorChartView:
    """Everything shown, in words and numbers of the reader's language."""

    heading: Heading
    ticks: tuple[str, ...]
    values: tuple[float | None, ...]
    signals: tuple[str, ...]  # of each period alone: green, amber, red, no_data
    hover: tuple[str, ...]
    limits: tuple[Limit, ...]
    alt: str = ""


def indicator_chart(view: IndicatorChartView, colours: Palette) -> Figure:
    """A grey line with its warning points as shape and colour, thresholds dashed and named."""
    span = _span(view)
    names = [text for limit in view.limits for text in (limit.name, limit.text)]
    margin = {"l": 48, "r": width_of(names, Size.SMALL) + 16, "b": 28, "t": 4}
    figure = layout(view.heading, colours, HEIGHT, margin)
    figure["xaxis"] = axis(colours, range=[-0.7, len(view.ticks) - 0.3], **ticks(view.ticks))
    figure["yaxis"] = axis(colours, range=list(span), showgrid=True, nticks=5, tickformat=",.4~f")
    figure["shapes"] += [_across(limit, colours) for limit in view.limits]
    figure["annotations"] += _names(view, colours, span)
    return {"data": [_series(view, colours)], "layout": figure}


def _span(view: IndicatorChartView) -> tuple[float, float]:
    shown = [value for value in view.values if value is not None]
    shown += [limit.value for limit in view.limits]
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    air = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
    return low - air, high + air


def _series(view: IndicatorChartView, colours: Palette) -> Figure:
    looks = [_LOOKS.get(signal, _LOOKS["no_data"]) for signal in view.signals]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(view.values))),
        "y": list(view.values),
        "line": {"color": colours.common, "width": 1.5},
        "marker": {
            "symbol": [symbol for symbol, _, _ in looks],
            "color": [colours.tone(tone) for _, tone, _ in looks],
            "size": [size for _, _, size in looks],
        },
        "hoverinfo": "text",
        "hovertext": [plain(text) for text in view.hover],
        "showlegend": False,
        "connectgaps": False,
        "cliponaxis": False,
    }


def _colour(limit: Limit, colours: Palette) -> str:
    return colours.behind_worsening if limit.is_red else colours.behind_improving


def _across(limit: Limit, colours: Palette) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": limit.value,
        "y1": limit.value,
        "line": {
            "color": _colour(limit, colours),
            "width": 1.6,
            "dash": "7px,4px" if limit.is_red else "2px,3px",
        },
    }


def _names(view: IndicatorChartView, colours: Palette, span: tuple[float, float]) -> list[Figure]:
    """Name and value of each threshold at its right end."""
    pixel = (span[1] - span[0]) / HEIGHT
    half = _LABEL_HEIGHT / 2 * pixel
    values = [limit.value for limit in view.limits]
    places = kept_apart(values, 2 * half, span[0] + half, span[1] - half)
    look: Figure = {"xref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 6}
    return [
        label(lines(plain(limit.name), bold(limit.text)), 1, place, _colour(limit, colours), **look)
        for limit, place in zip(view.limits, places, strict=True)
    ]
