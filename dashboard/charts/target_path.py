"""The path of a target over the KPI's own series: baseline, aims, threshold, what was measured."""

from __future__ import annotations

from collections.abc import Sequence
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
from dashboard.charts.tokens import Palette, Size

HEIGHT = 220
_LABEL_HEIGHT = 30
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of aims or thresholds, one value a period, named at its right end."""

    values: Values
    name: str
    text: str
    is_threshold: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The baseline: at which position of the axis, its value, and what to say of it."""

    position: float
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class TargetPathView:
    """Everything shown, in words and numbers of the reader's language."""

    heading: Heading
    ticks: tuple[str, ...]
    measured: Values
    hover: tuple[str, ...]
    lines: tuple[Line, ...]
    start: Start | None = None
    alt: str = ""


def target_path(view: TargetPathView, colours: Palette, height: int = HEIGHT) -> Figure:
    """Grey points for what was measured, dashed steps for the aims, dotted for the threshold."""
    span = _span(view)
    texts = [text for line in view.lines for text in (line.name, line.text)]
    margin = {"l": 44, "r": width_of(texts, Size.SMALL) + 14, "b": 30, "t": 4}
    figure = layout(view.heading, colours, height, margin)
    figure["xaxis"] = axis(colours, range=[-0.7, len(view.ticks) - 0.3], **ticks(view.ticks))
    figure["yaxis"] = axis(colours, range=list(span), showgrid=True, nticks=5, tickformat=",.4~f")
    figure["annotations"] += [*_names(view, colours, span, height), *_start_name(view, colours)]
    data = [*(_steps(line, colours) for line in view.lines), _measured(view, colours)]
    return {"data": [*data, *_start(view, colours)], "layout": figure}


def _span(view: TargetPathView) -> tuple[float, float]:
    found = [*view.measured, *(value for line in view.lines for value in line.values)]
    shown = [value for value in found if value is not None]
    shown += [view.start.value] if view.start else []
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    air = (high - low) * 0.14 or abs(high) * 0.1 or 1.0  # room for the name of the baseline
    return low - air, high + air


def _steps(line: Line, colours: Palette) -> Figure:
    dash = "2px,3px" if line.is_threshold else "7px,4px"
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [place for i in range(len(line.values)) for place in (i - 0.5, i + 0.5)],
        "y": [value for value in line.values for _ in range(2)],
        "line": {"color": colours.target, "width": 1.2 if line.is_threshold else 1.8, "dash": dash},
        "hoverinfo": "skip",
        "showlegend": False,
        "connectgaps": False,
    }


def _measured(view: TargetPathView, colours: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(view.measured))),
        "y": list(view.measured),
        "line": {"color": colours.common, "width": 1.5},
        "marker": {"color": colours.common, "size": 5},
        "hoverinfo": "text",
        "hovertext": [plain(text) for text in view.hover],
        "showlegend": False,
        "connectgaps": False,
    }


def _start(view: TargetPathView, colours: Palette) -> list[Figure]:
    """The baseline, a hollow diamond: it was not measured here."""
    if view.start is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [view.start.position],
            "y": [view.start.value],
            "marker": {
                "symbol": "diamond",
                "size": 10,
                "color": colours.background,
                "line": {"color": colours.target, "width": 2},
            },
            "cliponaxis": False,
            "hoverinfo": "text",
            "hovertext": [plain(view.start.text)],
            "showlegend": False,
        }
    ]


def _start_name(view: TargetPathView, colours: Palette) -> list[Figure]:
    if view.start is None:
        return []
    side = "left" if view.start.position < len(view.ticks) / 2 else "right"
    start = view.start
    ends = [end for line in view.lines if (end := _last(line.values)) is not None]
    below = bool(ends) and max(ends) > start.value  # where the path does not go
    look: Figure = {"xanchor": side, "yanchor": "top" if below else "bottom"}
    look["yshift"] = -8 if below else 8
    return [label(plain(start.text), start.position, start.value, colours.target, **look)]


def _names(
    view: TargetPathView, colours: Palette, span: tuple[float, float], height: int
) -> list[Figure]:
    """Name and value of each line at its right end."""
    ends = [(line, _last(line.values)) for line in view.lines]
    named = [(line, end) for line, end in ends if end is not None]
    pixel = (span[1] - span[0]) / height
    gap, half = _LABEL_HEIGHT * pixel, _LABEL_HEIGHT / 2 * pixel
    places = kept_apart([end for _, end in named], gap, span[0] + half, span[1] - half)
    look: Figure = {"xref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 4}
    return [
        label(lines(plain(line.name), bold(line.text)), 1, place, colours.target, **look)
        for (line, _), place in zip(named, places, strict=True)
    ]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
