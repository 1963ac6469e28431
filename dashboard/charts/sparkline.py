"""A series the size of a word: for table cells and headline figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboard.charts.control_chart_view import Mark
from dashboard.charts.svg import data_uri, drawing, shape
from dashboard.charts.tokens import Palette

WIDTH = 120
HEIGHT = 28
_INSET = 4

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SparklineView:
    """A series in order with its gaps; `last` says what its last actual value means."""

    values: tuple[float | None, ...]
    last: Mark = Mark.COMMON
    mean: float | None = None
    target: float | None = None
    title: str = ""


def sparkline(
    view: SparklineView, colours: Palette, width: float = WIDTH, height: float = HEIGHT
) -> str:
    """The sparkline as SVG: line broken at gaps, thin mean, dashed target, last value marked."""
    places = _places(view, width, height)
    parts = [*_levels(view, colours, width, height), *_line(places, colours)]
    ends = [place for place in places if place is not None]
    if ends:
        parts.append(_end(ends[-1], view.last, colours))
    return drawing(width, height, *parts, title=view.title)


def sparkline_uri(view: SparklineView, colours: Palette) -> str:
    """The sparkline as a data address for an image column."""
    return data_uri(sparkline(view, colours))


def sparkline_values(values: Sequence[float | None]) -> list[float]:
    """The values for a table's line column, which knows no gaps: each repeats the one before."""
    filled: list[float] = []
    for value in values:
        if value is not None or filled:
            filled.append(filled[-1] if value is None else value)
    return filled


def _scale(view: SparklineView) -> tuple[float, float]:
    shown = [v for v in (*view.values, view.mean, view.target) if v is not None]
    return min(shown, default=0.0), max(shown, default=0.0)


def _height_of(value: float, view: SparklineView, height: float) -> float:
    low, high = _scale(view)
    share = 0.5 if high == low else (value - low) / (high - low)
    return height - _INSET - share * (height - 2 * _INSET)


def _places(view: SparklineView, width: float, height: float) -> list[Place | None]:
    step = (width - 2 * _INSET) / max(len(view.values) - 1, 1)
    return [
        None if value is None else (_INSET + i * step, _height_of(value, view, height))
        for i, value in enumerate(view.values)
    ]


def _line(places: list[Place | None], colours: Palette) -> list[str]:
    """One path for each stretch without a gap; a value alone is a dot."""
    return [
        _path([place for place in stretch if place is not None], colours)
        for known, stretch in groupby(places, key=lambda place: place is not None)
        if known
    ]


def _path(stretch: list[Place], colours: Palette) -> str:
    if len(stretch) == 1:
        return shape("circle", cx=stretch[0][0], cy=stretch[0][1], r=1.2, fill=colours.common)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in stretch)
    return shape(
        "polyline",
        points=points,
        fill="none",
        stroke=colours.common,
        stroke_width=1.4,
        stroke_linejoin="round",
    )


def _levels(view: SparklineView, colours: Palette, width: float, height: float) -> list[str]:
    levels = ((view.mean, colours.common, 0.5, "none"), (view.target, colours.target, 1.0, "4 3"))
    return [
        shape(
            "line",
            x1=0,
            x2=width,
            y1=_height_of(value, view, height),
            y2=_height_of(value, view, height),
            stroke=colour,
            stroke_width=thick,
            stroke_dasharray=dashes,
        )
        for value, colour, thick, dashes in levels
        if value is not None
    ]


def _end(place: Place, mark: Mark, colours: Palette) -> str:
    """The last value in the shape and colour it has on the control chart."""
    x, y = place
    if mark is Mark.CONCERN:
        return shape("path", d=f"M{x} {y - 4}l4 4-4 4-4-4z", fill=colours.concern)
    if mark in (Mark.HIGH, Mark.LOW):
        way = -1 if mark is Mark.HIGH else 1
        return shape(
            "path", d=f"M{x} {y + 4 * way}l{-4 * way} {-7 * way}h{8 * way}z", fill=colours.text
        )
    colour = colours.improvement if mark is Mark.IMPROVEMENT else colours.text
    return shape("circle", cx=x, cy=y, r=3 if mark is Mark.IMPROVEMENT else 2.2, fill=colour)
