"""The strategy map: perspectives as lanes, objectives with their status, arrows between them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.charts.canvas import Figure, Heading, axis, bold, label, layout, lines, plain
from dashboard.charts.strategy_layout import HEIGHT, NAME, WIDTH, Box, Placed, place
from dashboard.charts.tokens import Palette, Size
from kpis.assessment import StatusKind

SYMBOLS: Mapping[StatusKind, str] = {
    StatusKind.MET: "circle",
    StatusKind.BEHIND_IMPROVING: "triangle-up",
    StatusKind.BEHIND_WORSENING: "triangle-down",
    StatusKind.NO_DATA: "circle-open",
    StatusKind.NO_TARGET: "line-ew-open",
    StatusKind.STALE: "hourglass-open",
}
NEUTRAL = (StatusKind.NO_DATA, StatusKind.NO_TARGET, StatusKind.STALE)
PAD, MOST_LINES = 8, 5  # within a box; of a name
_CHARACTER = 0.56  # mean width of a character, in parts of its size, on a narrow page
_CLICKED = 62  # pixels of the unseen marks that are clicked
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class MapObjective:
    """An objective as the map shows it, in the reader's words."""

    code: str
    name: str
    kind: StatusKind
    status: str
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MapLink:
    """An arrow, and what it says where one points at it."""

    cause: str
    effect: str
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StrategyMapView:
    """Lanes from top to bottom, each its name and its objectives, and the arrows."""

    heading: Heading
    lanes: tuple[tuple[str, tuple[MapObjective, ...]], ...]
    links: tuple[MapLink, ...] = ()
    alt: str = ""


def strategy_map(view: StrategyMapView, colours: Palette) -> Figure:
    """The whole map; a click on an objective selects a point that carries its code."""
    lanes = [[one.code for one in objectives] for _, objectives in view.lanes]
    placed = place(lanes, [(one.cause, one.effect) for one in view.links])
    frame = layout(view.heading, colours, round(placed.height), {"t": 8})
    frame["xaxis"] = axis(colours, range=[0, WIDTH], visible=False)
    frame["yaxis"] = axis(colours, range=[placed.height, 0], visible=False)
    frame["clickmode"] = "event+select"
    objectives = [one for _, some in view.lanes for one in some]
    frame["shapes"] += _lanes(placed, colours)
    frame["shapes"] += [_frame(placed.boxes[one.code], one, colours) for one in objectives]
    frame["annotations"] += _lane_names(view, placed, colours)
    for one in objectives:
        frame["annotations"] += _words(placed.boxes[one.code], one, colours)
    data = [*_arrows(view, placed, colours), *_marks(objectives, placed, colours)]
    return {"data": [*data, _targets(objectives, placed)], "layout": frame}


def _lanes(placed: Placed, colours: Palette) -> Iterable[Figure]:
    for number, (top, bottom) in enumerate(placed.lanes):
        yield {
            "type": "rect",
            "x0": 0,
            "x1": WIDTH,
            "y0": top,
            "y1": bottom,
            "line": {"width": 0},
            "fillcolor": colours.raised if number % 2 == 0 else colours.background,
            "layer": "below",
        }


def _frame(box: Box, one: MapObjective, colours: Palette) -> Figure:
    return {
        "type": "rect",
        "x0": box.left,
        "x1": box.right,
        "y0": box.top,
        "y1": box.bottom,
        "line": {"width": 1.5, "color": _colour(one.kind, colours)},
        "fillcolor": colours.background,
        "layer": "below",
    }


def _lane_names(view: StrategyMapView, placed: Placed, colours: Palette) -> Iterable[Figure]:
    letters = int((NAME - 2 * PAD) / (Size.LABEL * _CHARACTER))
    for (name, _), (top, bottom) in zip(view.lanes, placed.lanes, strict=True):
        wrapped = textwrap.wrap(name, letters, break_long_words=False)
        yield label(
            lines(*map(bold, wrapped)),
            PAD,
            (top + bottom) / 2,
            colours.text,
            xanchor="left",
            yanchor="middle",
            font={"size": Size.LABEL, "color": colours.text},
        )


def _words(box: Box, one: MapObjective, colours: Palette) -> Iterable[Figure]:
    """Code and name from the top of the box, the status at its bottom beside its mark."""
    letters = int((box.width - 2 * PAD) / (Size.LABEL * _CHARACTER))
    wrapped = textwrap.wrap(
        f"{one.code} {one.name}", letters, max_lines=MOST_LINES, placeholder=f" {_ELLIPSIS}"
    )
    yield label(
        lines(*map(plain, wrapped)),
        box.left + PAD,
        box.top + 4,
        colours.text,
        xanchor="left",
        yanchor="top",
        font={"size": Size.LABEL, "color": colours.text},
    )
    room = int((box.width - 3 * PAD - 10) / (Size.SMALL * _CHARACTER))
    yield label(
        lines(*map(bold, textwrap.wrap(one.status, max(room, 8), max_lines=2))),
        box.left + PAD + 14,
        box.bottom - 17,
        _colour(one.kind, colours),
        xanchor="left",
        yanchor="middle",
    )


def _arrows(view: StrategyMapView, placed: Placed, colours: Palette) -> Iterable[Figure]:
    """Every way in one trace, then the heads; what one says is told at its head."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for way in placed.ways.values():
        xs += [*(x for x, _ in way), None]
        ys += [*(y for _, y in way), None]
    line = {"color": colours.common, "width": 1.4}
    yield _trace(xs, ys, mode="lines", line=line, hoverinfo="skip")
    shown = [one for one in view.links if (one.cause, one.effect) in placed.ways]
    ways = [placed.ways[one.cause, one.effect] for one in shown]
    heads = [way[-1] for way in ways]
    rises = [way[-2][1] > way[-1][1] for way in ways]
    yield _trace(
        [x for x, _ in heads],
        [y + (4 if up else -4) for (_, y), up in zip(heads, rises, strict=True)],
        mode="markers",
        marker={
            "symbol": ["triangle-up" if up else "triangle-down" for up in rises],
            "size": 9,
            "color": colours.common,
            "opacity": 1,
        },
        hovertext=[lines(*map(plain, one.hover)) for one in shown],
        hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )


def _marks(
    objectives: Iterable[MapObjective], placed: Placed, colours: Palette
) -> Iterable[Figure]:
    """The shape of each status, in its colour."""
    shown = [(placed.boxes[one.code], one) for one in objectives]
    tones = [_colour(one.kind, colours) for _, one in shown]
    yield _trace(
        [box.left + PAD + 5 for box, _ in shown],
        [box.bottom - 17 for box, _ in shown],
        mode="markers",
        marker={
            "symbol": [SYMBOLS[one.kind] for _, one in shown],
            "size": 11,
            "color": tones,
            "line": {"width": 2, "color": tones},
            "opacity": 1,
        },
        hoverinfo="skip",
        unselected={"marker": {"opacity": 1}},
    )


def _targets(objectives: Iterable[MapObjective], placed: Placed) -> Figure:
    """Unseen marks over each box: what is pointed at and clicked."""
    spots = [
        (box.left + box.width * share, box.top + HEIGHT / 2, one)
        for one in objectives
        for box in (placed.boxes[one.code],)
        for share in (0.25, 0.5, 0.75)
    ]
    return _trace(
        [x for x, _, _ in spots],
        [y for _, y, _ in spots],
        mode="markers",
        marker={"symbol": "square", "size": _CLICKED, "opacity": 0},
        customdata=[[one.code] for _, _, one in spots],
        hovertext=[lines(*map(plain, one.hover)) for _, _, one in spots],
        hoverinfo="text",
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )


def _trace(xs: Iterable[Any], ys: Iterable[Any], **said: Any) -> Figure:
    return {"type": "scatter", "x": list(xs), "y": list(ys), "showlegend": False, **said}


def _colour(kind: StatusKind, colours: Palette) -> str:
    return colours.neutral if kind in NEUTRAL else str(getattr(colours, kind.value))
