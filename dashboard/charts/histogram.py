"""How long it takes: cases by turnaround, those beyond the deadline set apart."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts.canvas import Figure, Heading, axis, bold, label, layout, lines, plain
from dashboard.charts.tokens import Palette

HEIGHT = 240


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases from `start` up to, not including, `end`, in the unit of the axis."""

    start: float
    end: float
    count: int
    name: str  # such as "10 days"
    text: str  # such as "312 applications"
    late: bool = False


@dataclass(frozen=True, slots=True)
class HistogramView:
    """Adjoining bins; `deadline` is where it lies on the axis, None where there is none."""

    heading: Heading
    bins: tuple[Bin, ...]
    deadline: float | None = None
    deadline_text: str = ""
    late_text: str = ""  # such as "4.1 % late", written on the far side of the deadline
    alt: str = ""


def histogram(view: HistogramView, colours: Palette, height: int = HEIGHT) -> Figure:
    """Bars from zero; the deadline as a named vertical."""
    margin = {"l": 48, "r": 12, "b": 30, "t": 22 if view.deadline is not None else 4}
    figure = layout(view.heading, colours, height, margin)
    figure["bargap"] = 0
    figure["xaxis"] = axis(colours, nticks=8, tickformat=",~f", range=_span(view))
    figure["yaxis"] = axis(
        colours,
        showgrid=True,
        nticks=5,
        tickformat=",~f",
        rangemode="tozero",
        visible=bool(view.bins),
    )
    if view.deadline is not None:
        figure["shapes"] = [_deadline(view.deadline, colours)]
        figure["annotations"] += _names(view, view.deadline, colours)
    return {"data": [_bars(view, colours)], "layout": figure}


def _span(view: HistogramView) -> list[float]:
    edges = [edge for each in view.bins for edge in (each.start, each.end)]
    if view.deadline is not None:
        edges.append(view.deadline)
    return [min(edges, default=0.0), max(edges, default=1.0)]


def _bars(view: HistogramView, colours: Palette) -> Figure:
    return {
        "type": "bar",
        "x": [(each.start + each.end) / 2 for each in view.bins],
        "y": [each.count for each in view.bins],
        "width": [each.end - each.start for each in view.bins],
        "marker": {
            "color": [colours.concern if each.late else colours.common for each in view.bins],
            "line": {"color": colours.background, "width": 1},
        },
        "hoverinfo": "text",
        "hovertext": [lines(bold(each.name), plain(each.text)) for each in view.bins],
    }


def _deadline(value: float, colours: Palette) -> Figure:
    return {
        "type": "line",
        "yref": "paper",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "line": {"color": colours.target, "width": 1.6, "dash": "7px,4px"},
    }


def _names(view: HistogramView, deadline: float, colours: Palette) -> list[Figure]:
    """The deadline above its line, what is late to the right of it."""
    low, high = _span(view)
    side = "right" if deadline > (low + high) / 2 else "left"
    name = label(
        plain(view.deadline_text),
        deadline,
        1,
        colours.target,
        yref="paper",
        yanchor="bottom",
        xanchor=side,
    )
    late = label(
        bold(view.late_text),
        deadline,
        0.98,
        colours.concern,
        yref="paper",
        yanchor="top",
        xanchor="left",
        xshift=5,
    )
    return [name, late] if view.late_text else [name]
