"""The control chart: is it changing, and does it reach its target?"""

from __future__ import annotations

from dashboard.charts.canvas import Figure, axis, bold, layout, lines, plain, ticks
from dashboard.charts.control_chart_labels import (
    earlier_limits,
    earlier_targets,
    line_labels,
    moment_labels,
    moment_lines,
    moments_height,
    right_margin,
)
from dashboard.charts.control_chart_view import ControlChartView, Mark, Stretch
from dashboard.charts.tokens import Palette, Size

HEIGHT = 300


def control_chart(view: ControlChartView, colours: Palette, height: int = HEIGHT) -> Figure:
    """Grey line and points, limits and mean of each stretch, targets, special points, moments."""
    span = _span(view)
    figure = layout(view.heading, colours, height, _margin(view)) | _axes(view, span, colours)
    figure["shapes"] = moment_lines(view, colours)
    figure["annotations"] += [
        *line_labels(view, colours, span, height),
        *earlier_limits(view, colours),
        *earlier_targets(view.dots, colours),
        *moment_labels(view, colours),
    ]
    figure |= {"showlegend": True, "legend": _legend(colours)}
    data = [*_limit_lines(view, colours), *_targets(view, colours), *_dots(view, colours)]
    return {"data": data, "layout": figure}


def _margin(view: ControlChartView) -> dict[str, int]:
    legend = 26 if _special_marks(view) else 0
    return {"l": 44, "r": right_margin(view), "b": 30 + legend, "t": moments_height(view) + 4}


def _axes(view: ControlChartView, span: tuple[float, float], colours: Palette) -> Figure:
    periods = [dot.tick for dot in view.dots]
    values: Figure = {"showgrid": True, "nticks": 6, "tickformat": ",.4~f"}
    return {
        "xaxis": axis(colours, range=[-0.7, len(periods) - 0.3], **ticks(periods)),
        "yaxis": axis(colours, range=list(span), visible=bool(periods), **values),
    }


def _span(view: ControlChartView) -> tuple[float, float]:
    """The range of the value axis: all that is drawn and a little air, never forced to zero."""
    shown = [
        value
        for dot in view.dots
        for value in (dot.value, dot.target_low, dot.target_high)
        if value is not None
    ]
    for stretch in view.stretches:
        shown += [v for v in (stretch.mean, stretch.lower, stretch.upper) if v is not None]
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    air = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return low - air, high + air


def _limit_lines(view: ControlChartView, colours: Palette) -> list[Figure]:
    names = view.names
    return [
        _line(stretch, value, name, text, colours, dash)
        for stretch in view.stretches
        for value, name, text, dash in (
            (stretch.upper, names.upper, stretch.upper_text, _dash(stretch)),
            (stretch.mean, names.mean, stretch.mean_text, "solid"),
            (stretch.lower, names.lower, stretch.lower_text, _dash(stretch)),
        )
        if value is not None
    ]


def _dash(stretch: Stretch) -> str:
    return "dot" if stretch.provisional else "5px,4px"


def _line(
    stretch: Stretch, value: float, name: str, text: str, colours: Palette, dash: str
) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [stretch.first - 0.5, stretch.last + 0.5],
        "y": [value, value],
        "line": {"color": colours.common, "width": 1, "dash": dash},
        "hoverinfo": "text",
        "hovertext": lines(plain(name), bold(text)),
        "showlegend": False,
    }


def _targets(view: ControlChartView, colours: Palette) -> list[Figure]:
    """The target as a dashed step line; a range has two."""
    bounds = ([dot.target_low for dot in view.dots], [dot.target_high for dot in view.dots])
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [place for i in range(len(bound)) for place in (i - 0.5, i + 0.5)],
            "y": [value for value in bound for _ in range(2)],
            "line": {"color": colours.target, "width": 1.6, "dash": "7px,4px"},
            "hoverinfo": "skip",
            "showlegend": False,
            "connectgaps": False,
        }
        for bound in bounds
        if any(value is not None for value in bound)
    ]


def _dots(view: ControlChartView, colours: Palette) -> list[Figure]:
    """The grey line through everything, then the points by kind, special ones on top."""
    line: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(view.dots))),
        "y": [dot.value for dot in view.dots],
        "line": {"color": colours.common, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
        "connectgaps": False,
    }
    return [line, *[_points(view, mark, colours) for mark in Mark if _places(view, mark)]]


def _points(view: ControlChartView, mark: Mark, colours: Palette) -> Figure:
    places = _places(view, mark)
    dots = [view.dots[i] for i in places]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(view.names.marks.get(mark, "")),
        "x": places,
        "y": [dot.value for dot in dots],
        "marker": _marker(mark, colours),
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [lines(bold(dot.period), *map(plain, dot.hover)) for dot in dots],
        "showlegend": mark is not Mark.COMMON,
    }


def _places(view: ControlChartView, mark: Mark) -> list[int]:
    return [i for i, dot in enumerate(view.dots) if dot.mark is mark and dot.value is not None]


def _special_marks(view: ControlChartView) -> list[Mark]:
    return [mark for mark in Mark if mark is not Mark.COMMON and _places(view, mark)]


def _marker(mark: Mark, colours: Palette) -> Figure:
    colour, symbol, size = {
        Mark.COMMON: (colours.common, "circle", 6),
        Mark.IMPROVEMENT: (colours.improvement, "circle", 10),
        Mark.CONCERN: (colours.concern, "diamond", 11),
        Mark.HIGH: (colours.text, "triangle-up", 11),
        Mark.LOW: (colours.text, "triangle-down", 11),
    }[mark]
    return {
        "color": colour,
        "symbol": symbol,
        "size": size,
        "line": {"color": colours.background, "width": 1.2},
    }


def _legend(colours: Palette) -> Figure:
    """The words for the special points, below the chart; there are two kinds at most."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "font": {"size": Size.LABEL, "color": colours.text},
        "itemclick": False,
        "itemdoubleclick": False,
        "bgcolor": "rgba(0,0,0,0)",
    }
