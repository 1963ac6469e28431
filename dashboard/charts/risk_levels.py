"""The level of a risk over time: without controls, as it is, as it is meant to become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from dashboard.charts.tokens import Palette, Size
from risks.register.kinds import Kind

ROW = 44  # pixels a level takes
_LABEL = 0.72  # of a level: how far apart names at the right end stand
# Lines of equal level lie beside, not upon each other.
_ASIDE = {Kind.INHERENT: 0.07, Kind.CURRENT: 0.0, Kind.TARGET: -0.07}
_SYMBOLS = {Kind.INHERENT: "triangle-up-open", Kind.CURRENT: "circle", Kind.TARGET: "diamond-open"}
_DASHES = {Kind.INHERENT: "solid", Kind.CURRENT: "solid", Kind.TARGET: "7px,4px"}
_WIDTHS = {Kind.INHERENT: 1.4, Kind.CURRENT: 3.0, Kind.TARGET: 1.8}


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """A level from a day on: its place among the levels, 0 the lowest, and what to say of it."""

    day: date
    rank: float
    hover: str


@dataclass(frozen=True, slots=True)
class LevelLine:
    """All assessments of one kind, and its name with where it stands now."""

    kind: Kind
    points: tuple[LevelPoint, ...]
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day or a level with a text: a change of criteria, what is tolerable."""

    text: str
    day: date | None = None
    rank: float | None = None


@dataclass(frozen=True, slots=True)
class RiskLevelsView:
    """Everything shown, in the reader's words; `ticks` are days with what they are called."""

    heading: Heading
    levels: tuple[str, ...]  # from the lowest to the highest
    lines: tuple[LevelLine, ...]
    ticks: tuple[tuple[date, str], ...]
    until: date
    marks: tuple[Mark, ...] = ()
    alt: str = ""


def risk_levels(view: RiskLevelsView, colours: Palette) -> Figure:
    """Steps: a level stands until the next assessment of its kind."""
    names = [text for line in view.lines for text in (line.name, line.text)]
    margin = {"l": width_of(view.levels, Size.LABEL) + 14, "r": width_of(names, Size.LABEL) + 16}
    figure = layout(view.heading, colours, ROW * len(view.levels) + 10, margin | {"b": 28, "t": 4})
    first, last = _span(view)
    figure["xaxis"] = axis(
        colours,
        range=[first, last],
        tickvals=[day.toordinal() for day, _ in view.ticks],
        ticktext=[plain(text) for _, text in view.ticks],
        tickangle=0,
    )
    figure["yaxis"] = axis(
        colours,
        range=[-0.5, len(view.levels) - 0.5],
        showgrid=True,
        tickvals=list(range(len(view.levels))),
        ticktext=[plain(name) for name in view.levels],
    )
    figure["shapes"] += [_line(mark, colours) for mark in view.marks]
    figure["annotations"] += [*_marked(view, colours), *_named(view, colours)]
    return {"data": [_steps(line, view.until, colours) for line in view.lines], "layout": figure}


def _span(view: RiskLevelsView) -> tuple[float, float]:
    """From a little before the first day to the day looked at."""
    days = [point.day for line in view.lines for point in line.points]
    last = view.until.toordinal()
    first = min((day.toordinal() for day in days), default=last - 30)
    return first - max((last - first) * 0.03, 1), last + 0.5


def _colour(kind: Kind, colours: Palette) -> str:
    tones = {Kind.INHERENT: colours.common, Kind.CURRENT: colours.primary}
    return tones.get(kind, colours.target)


def _steps(line: LevelLine, until: date, colours: Palette) -> Figure:
    """The last level goes on to the day looked at, without a point of its own."""
    colour = _colour(line.kind, colours)
    aside = _ASIDE[line.kind]
    points = line.points
    more = [until.toordinal()] if points else []
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [point.day.toordinal() for point in points] + more,
        "y": [point.rank + aside for point in points] + [p.rank + aside for p in points[-1:]],
        "line": {
            "color": colour,
            "width": _WIDTHS[line.kind],
            "dash": _DASHES[line.kind],
            "shape": "hv",
        },
        "marker": {
            "color": colour,
            "symbol": _SYMBOLS[line.kind],
            "size": [9] * len(points) + [0] * len(more),
        },
        "hoverinfo": "text",
        "hovertext": [plain(point.hover) for point in points] + [plain(line.text)] * len(more),
        "showlegend": False,
        "cliponaxis": False,
    }


def _line(mark: Mark, colours: Palette) -> Figure:
    """A level across the chart, or a day from bottom to top."""
    across: Figure = {"type": "line", "line": {"color": colours.muted, "width": 1, "dash": "dot"}}
    if mark.day is not None:
        day = mark.day.toordinal()
        return across | {"x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper"}
    return across | {"x0": 0, "x1": 1, "xref": "paper", "y0": mark.rank, "y1": mark.rank}


def _marked(view: RiskLevelsView, colours: Palette) -> list[Figure]:
    found = []
    for mark in view.marks:
        look: Figure = {"xanchor": "left", "xshift": 4}
        if mark.day is not None:
            x, y = float(mark.day.toordinal()), 1.0
            look |= {"yref": "paper", "yanchor": "top"}
        else:
            x, y = 0.0, mark.rank or 0.0
            look |= {"xref": "paper", "yanchor": "bottom"}
        found.append(label(plain(mark.text), x, y, colours.muted, **look))
    return found


def _named(view: RiskLevelsView, colours: Palette) -> list[Figure]:
    """Each line by name and level at its right end."""
    ends = [(line, line.points[-1].rank) for line in view.lines if line.points]
    places = kept_apart([end for _, end in ends], _LABEL, -0.3, len(view.levels) - 0.7)
    look: Figure = {"xref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 6}
    return [
        label(
            lines(plain(line.name), bold(line.text)), 1, place, _colour(line.kind, colours), **look
        )
        for (line, _), place in zip(ends, places, strict=True)
    ]
