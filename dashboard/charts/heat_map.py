"""The matrix of likelihood and impact: how many risks stand in each cell, and where they moved."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

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
from dashboard.charts.tokens import Palette, Size

Spot = tuple[float, float]  # impact and likelihood, as the axes count
_CELL = 74  # pixels
_EDGE = 0.48  # half a cell without the air around it
_SHORTENED = 0.3  # an arrow begins and ends beside the numbers of the cells
_ASIDE = 0.1  # so that there and back are two arrows
_TICK = 10  # characters of a line that names a step
_CLICKED = 52  # pixels of the unseen mark that is clicked


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell: its level as sign and word, and as a share of the way to the highest."""

    likelihood: int
    impact: int
    level: str
    share: float
    count: int
    text: str  # the count as it reads
    moved: str = ""  # '+2 −1'
    hover: tuple[str, ...] = ()
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one spot to another; what is aimed at and not yet so is dashed."""

    start: Spot
    end: Spot
    text: str = ""
    is_aim: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A risk on its way: where it stands at a moment of it."""

    spot: Spot
    symbol: str  # of plotly
    text: str = ""
    is_hollow: bool = False
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMapView:
    """Names of the steps from the lowest; cells in any order; arrows and marks on top."""

    heading: Heading
    likelihoods: tuple[str, ...]
    impacts: tuple[str, ...]
    up: str  # what the axes measure
    across: str
    cells: tuple[MatrixCell, ...]
    arrows: tuple[Arrow, ...] = ()
    marks: tuple[Mark, ...] = ()
    alt: str = ""


def heat_map(view: HeatMapView, colours: Palette) -> Figure:
    """Cells in the colour of their level, which they also name; counts large, arrows on top."""
    ticks = [_wrapped(name) for name in view.likelihoods]
    margin = {"l": _left(ticks), "r": 6, "b": 44, "t": 6}
    figure = layout(view.heading, colours, _CELL * len(view.likelihoods), margin)
    figure["xaxis"] = _axis([plain(name) for name in view.impacts], view.across, colours)
    figure["yaxis"] = _axis(ticks, view.up, colours)
    figure["shapes"] = [_ground(cell, colours) for cell in view.cells]
    is_crossed = bool(view.arrows or view.marks)
    for cell in view.cells:
        figure["annotations"] += _words(cell, colours, is_crossed=is_crossed)
    figure["annotations"] += [
        _tag(arrow.text, _middle(arrow), colours) for arrow in view.arrows if arrow.text
    ]
    figure["annotations"] += [
        _tag(mark.text, mark.spot, colours, xanchor="left", xshift=9)
        for mark in view.marks
        if mark.text
    ]
    arrows = [part for arrow in view.arrows for part in _arrow(arrow, colours)]
    return {"data": [*arrows, _clicked(view), *_marks(view.marks, colours)], "layout": figure}


def shortened(start: Spot, end: Spot) -> tuple[Spot, Spot]:
    """From beside one cell's number to beside the other's, a little to the right of the way."""
    across, up = end[0] - start[0], end[1] - start[1]
    length = hypot(across, up) or 1.0
    along = (across / length, up / length)
    aside = (along[1] * _ASIDE, -along[0] * _ASIDE)
    first, last = (
        (spot[0] + aside[0] + way * along[0], spot[1] + aside[1] + way * along[1])
        for spot, way in ((start, _SHORTENED), (end, -_SHORTENED))
    )
    return first, last


def _wrapped(name: str) -> str:
    return lines(*map(plain, textwrap.wrap(name, _TICK)))


def _left(ticks: Iterable[str]) -> int:
    """Room for the names of the steps and, beside them, of the axis."""
    return width_of([row for tick in ticks for row in tick.split("<br>")], Size.LABEL) + 38


def _axis(steps: Sequence[str], title: str, colours: Palette) -> Figure:
    return axis(
        colours,
        range=[0.5, len(steps) + 0.5],
        tickvals=list(range(1, len(steps) + 1)),
        ticktext=list(steps),
        tickangle=0,
        title={
            "text": plain(title),
            "font": {"size": Size.LABEL, "color": colours.muted},
            "standoff": 6,
        },
    )


def _ground(cell: MatrixCell, colours: Palette) -> Figure:
    """The cell in the colour of its level; the chosen one in a strong frame."""
    line = {"color": colours.primary, "width": 4} if cell.is_chosen else {"color": colours.grid}
    return {
        "type": "rect",
        "x0": cell.impact - _EDGE,
        "x1": cell.impact + _EDGE,
        "y0": cell.likelihood - _EDGE,
        "y1": cell.likelihood + _EDGE,
        "fillcolor": colours.level(cell.share),
        "line": {"width": 1} | line,
        "layer": "below",
    }


def _words(cell: MatrixCell, colours: Palette, *, is_crossed: bool) -> Iterator[Figure]:
    """The level above, the count in the middle (aside, where arrows cross), movement below."""
    ink = colours.on(colours.level(cell.share))
    left, top = cell.impact - _EDGE, cell.likelihood + _EDGE
    small = {"size": Size.SMALL, "color": ink}
    corner = {"xanchor": "left", "yanchor": "top", "xshift": 1}
    yield label(plain(cell.level), left, top, ink, font=small, **corner)
    if cell.count:
        x, y = (left, cell.likelihood - _EDGE) if is_crossed else (cell.impact, cell.likelihood)
        anchors = {"xanchor": "left", "yanchor": "bottom"} if is_crossed else {"yshift": -4}
        ground = {"bgcolor": colours.level(cell.share), "borderpad": 1} if is_crossed else {}
        large = {"size": Size.TITLE, "color": ink}
        yield label(bold(cell.text), x, y, ink, font=large, **anchors, **ground)
    if cell.moved:
        anchors = {"xanchor": "right", "yanchor": "bottom"}
        right, bottom = cell.impact + _EDGE, cell.likelihood - _EDGE
        yield label(plain(cell.moved), right, bottom, ink, font=small, **anchors)


def _arrow(arrow: Arrow, colours: Palette) -> Iterator[Figure]:
    """A line that ends in a point, on a pale seam, so that it is seen on every level."""
    colour = colours.target if arrow.is_aim else colours.text
    seam = colours.background
    yield _line(arrow, seam, seam, 5.0)
    yield _line(arrow, colour, seam, 2.0, dash="4px,3px" if arrow.is_aim else "solid")


def _line(arrow: Arrow, colour: str, seam: str, width: float, dash: str = "solid") -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [arrow.start[0], arrow.end[0]],
        "y": [arrow.start[1], arrow.end[1]],
        "line": {"color": colour, "width": width, "dash": dash},
        "marker": {
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 14],
            "color": colour,
            "line": {"color": seam, "width": 1},
            "opacity": 1,
        },
        "hoverinfo": "skip",
    }


def _middle(arrow: Arrow) -> Spot:
    return (arrow.start[0] + arrow.end[0]) / 2, (arrow.start[1] + arrow.end[1]) / 2


def _tag(text: str, spot: Spot, colours: Palette, **settings: Any) -> Figure:
    """A text on a ground of its own: it is read on every level."""
    settings |= {"bgcolor": colours.background, "borderpad": 1}
    return label(plain(text), *spot, colours.text, **settings)


def _clicked(view: HeatMapView) -> Figure:
    """An unseen mark in the middle of each cell, to hover and to click."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.impact for cell in view.cells],
        "y": [cell.likelihood for cell in view.cells],
        "customdata": [[cell.likelihood, cell.impact] for cell in view.cells],
        "marker": {"size": _CLICKED, "opacity": 0, "symbol": "square"},
        "hoverinfo": "text",
        "hovertext": [lines(bold(cell.level), *map(plain, cell.hover)) for cell in view.cells],
    }


def _marks(marks: Iterable[Mark], colours: Palette) -> list[Figure]:
    """Where single risks stand."""
    shown = list(marks)
    if not shown:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [mark.spot[0] for mark in shown],
            "y": [mark.spot[1] for mark in shown],
            "marker": {
                "size": 11,
                "symbol": [mark.symbol for mark in shown],
                "color": [_inks(mark, colours)[0] for mark in shown],
                "line": {"color": [_inks(mark, colours)[1] for mark in shown], "width": 2},
            },
            "hoverinfo": "text",
            "hovertext": [lines(*map(plain, mark.hover)) for mark in shown],
        }
    ]


def _inks(mark: Mark, colours: Palette) -> tuple[str, str]:
    """Inside and edge: dark on pale or the reverse, so that a mark is seen on every level."""
    inks = (colours.text, colours.background)
    return inks[::-1] if mark.is_hollow else inks
