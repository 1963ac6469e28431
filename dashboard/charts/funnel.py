"""Members of different size compared fairly: a dot for each, between limits that narrow with size.

What lies outside is named beside its dot and has a shape and a colour of its own; what lies
inside is grey: the order of the grey dots says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

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
    width_of,
)
from dashboard.charts.control_chart_view import Mark
from dashboard.charts.tokens import Palette, Size

HEIGHT = 380
_LINE = 15  # height of a label, in pixels
_AWAY = 16  # from a dot to its name, in pixels
_AIR = 0.06  # above and below, in parts of the height


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """One member; `far` beyond the outer limits, not only the inner ones."""

    name: str
    cases: float
    value: float
    text: str
    mark: Mark = Mark.COMMON
    far: bool = False
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitPair:
    """A lower and an upper limit by number of cases, and what both are called."""

    name: str
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level across the chart: what all reach together, or the target."""

    value: float
    text: str
    target: bool = False


@dataclass(frozen=True, slots=True)
class FunnelView:
    """The members, the limits at these numbers of cases, and the levels to compare with."""

    heading: Heading
    dots: tuple[FunnelDot, ...]
    cases: tuple[float, ...] = ()
    limits: tuple[LimitPair, ...] = ()
    levels: tuple[Level, ...] = ()
    across: str = ""  # what the horizontal axis counts
    alt: str = ""


def funnel(view: FunnelView, colours: Palette) -> Figure:
    """Limits as thin dashed curves, levels as lines, dots by kind, the outer ones on top."""
    span, widest = _span(view), max([*view.cases, *(dot.cases for dot in view.dots)], default=1.0)
    figure = layout(view.heading, colours, HEIGHT, _margin(view))
    figure["xaxis"] = axis(
        colours,
        range=[0, widest * 1.02],
        nticks=6,
        tickformat=",.4~f",
        title={"text": plain(view.across), "font": _small(colours), "standoff": 8},
    )
    figure["yaxis"] = axis(colours, range=list(span), showgrid=True, nticks=6, tickformat=",.4~f")
    figure["annotations"] += [*_edge(view, span, colours), *_named(view, span, widest, colours)]
    curves = [_curve(view.cases, side, colours) for pair in view.limits for side in _sides(pair)]
    levels = [_level(level, widest, colours) for level in view.levels]
    return {"data": [*curves, *levels, *_dots(view, colours)], "layout": figure}


def _margin(view: FunnelView) -> dict[str, int]:
    texts = [*(pair.name for pair in view.limits), *(level.text for level in view.levels)]
    return {"l": 44, "r": width_of(texts, Size.SMALL) + 16, "b": 48, "t": 6}


def _small(colours: Palette) -> Figure:
    return {"size": Size.LABEL, "color": colours.muted}


def _sides(pair: LimitPair) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return pair.lower, pair.upper


def _span(view: FunnelView) -> tuple[float, float]:
    """All dots and levels, and the limits from the middle member on: those of the smallest reach
    from one end to the other and would press everything else flat.
    """
    shown = [dot.value for dot in view.dots] + [level.value for level in view.levels]
    middle = median([dot.cases for dot in view.dots] or [0])
    start = sum(cases < middle for cases in view.cases)
    shown += [value for pair in view.limits for side in _sides(pair) for value in side[start:]]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    air = (high - low) * _AIR or 1.0
    return low - air, high + air


def _curve(cases: tuple[float, ...], side: tuple[float, ...], colours: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(cases),
        "y": list(side),
        "line": {"color": colours.common, "width": 1, "dash": "5px,4px"},
        "hoverinfo": "skip",
    }


def _level(level: Level, widest: float, colours: Palette) -> Figure:
    dash = "7px,4px" if level.target else "solid"
    colour = colours.target if level.target else colours.common
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, widest * 1.02],
        "y": [level.value, level.value],
        "line": {"color": colour, "width": 1.6 if level.target else 1, "dash": dash},
        "hoverinfo": "skip",
    }


def _dots(view: FunnelView, colours: Palette) -> list[Figure]:
    """One trace a kind, grey ones below the others."""
    kinds = dict.fromkeys((dot.mark, dot.far) for dot in view.dots)
    ordered = sorted(kinds, key=lambda kind: (kind[0] is not Mark.COMMON, kind[1], kind[0].value))
    return [_trace(view, mark, colours, far=far) for mark, far in ordered]


def _trace(view: FunnelView, mark: Mark, colours: Palette, *, far: bool) -> Figure:
    dots = [dot for dot in view.dots if (dot.mark, dot.far) == (mark, far)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.cases for dot in dots],
        "y": [dot.value for dot in dots],
        "marker": _marker(mark, colours, far=far),
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(dot.name), plain(dot.text), *map(plain, dot.hover)) for dot in dots
        ],
    }


def _marker(mark: Mark, colours: Palette, *, far: bool) -> Figure:
    """A shape and a colour a kind, as in the control chart; hollow between the two limits."""
    colour, symbol, size = {
        Mark.COMMON: (colours.common, "circle", 7),
        Mark.IMPROVEMENT: (colours.improvement, "circle", 10),
        Mark.CONCERN: (colours.concern, "diamond", 11),
        Mark.HIGH: (colours.text, "triangle-up", 11),
        Mark.LOW: (colours.text, "triangle-down", 11),
    }[mark]
    full = far or mark is Mark.COMMON
    return {
        "color": colour if full else colours.background,
        "symbol": symbol,
        "size": size,
        "line": {"color": colours.background if full else colour, "width": 1 if full else 2},
    }


def _edge(view: FunnelView, span: tuple[float, float], colours: Palette) -> list[Figure]:
    """What curves and levels are called, in the right margin, moved apart where they crowd."""
    ends = [(side[-1], pair.name, False) for pair in view.limits for side in _sides(pair) if side]
    ends += [(level.value, level.text, level.target) for level in view.levels]
    low, high = span
    gap = _LINE * (high - low) / HEIGHT
    spots = kept_apart([value for value, *_ in ends], gap, low + gap / 2, high - gap / 2)
    return [
        label(
            plain(text),
            1,
            spot,
            colours.target if target else colours.muted,
            xref="paper",
            xanchor="left",
            yanchor="middle",
            xshift=6,
        )
        for (_, text, target), spot in zip(ends, spots, strict=True)
    ]


def _named(
    view: FunnelView, span: tuple[float, float], widest: float, colours: Palette
) -> list[Figure]:
    """The names of the dots outside, on the side where there is room."""
    outside = [dot for dot in view.dots if dot.mark is not Mark.COMMON]
    right = [dot for dot in outside if dot.cases > widest / 2]
    left = [dot for dot in outside if dot.cases <= widest / 2]
    return [*_names(left, span, _AWAY, colours), *_names(right, span, -_AWAY, colours)]


def _names(
    dots: Sequence[FunnelDot], span: tuple[float, float], away: int, colours: Palette
) -> list[Figure]:
    """Names beside their dots; where they crowd they move up or down on a thin line."""
    low, high = span
    pixel = (high - low) / HEIGHT
    spots = kept_apart([dot.value for dot in dots], _LINE * pixel, low, high)
    return [
        label(
            plain(dot.name),
            dot.cases,
            dot.value,
            colours.text,
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=colours.muted,
            standoff=6,
            ax=away,
            ay=(dot.value - spot) / pixel,
            xanchor="left" if away > 0 else "right",
            yanchor="middle",
        )
        for dot, spot in zip(dots, spots, strict=True)
    ]
