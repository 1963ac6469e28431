"""The loss exceedance curve: how likely a year costs more than so much, against what is borne."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.canvas import Figure, Heading, axis, bold, label, layout, plain
from dashboard.charts.tokens import Palette, Size

HEIGHT = 300
FEW = 0.002  # chances below are not worth the width of the page
AIR = 0.06  # beside the curves, in parts of their width


@dataclass(frozen=True, slots=True)
class Curve:
    """Losses in EUR, rising, with the chance of a costlier year; `hover` says each in words."""

    name: str
    losses: tuple[float, ...]
    chances: tuple[float, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A chance that is marked across the chart, with its words."""

    chance: float
    text: str


@dataclass(frozen=True, slots=True)
class LossCurveView:
    """Everything shown, in words and numbers of the reader's language."""

    heading: Heading
    now: Curve
    after: Curve | None = None
    tolerated: Curve | None = None
    level: Level | None = None
    amounts: tuple[tuple[float, str], ...] = ()  # EUR and how the axis says it
    shares: tuple[tuple[float, str], ...] = ()  # chances and how the axis says them
    alt: str = ""


def loss_curve(view: LossCurveView, colours: Palette, height: int = HEIGHT) -> Figure:
    """Solid for now, thin for after treatment, dashed for what is borne; losses on a log axis."""
    low, high, top = _frame(view)
    figure = layout(view.heading, colours, height, {"l": 48, "r": 12, "b": 34, "t": 8})
    figure["xaxis"] = axis(
        colours, type="log", range=[low, high], showgrid=True, **_ticks(_within(view, low, high))
    )
    figure["yaxis"] = axis(colours, range=[0, top], showgrid=True, **_ticks(view.shares))
    figure["annotations"] += [*_names(view, colours, low, high), *_level_name(view, colours, high)]
    return {"data": [*_level(view, colours, low, high), *_curves(view, colours)], "layout": figure}


def _all(view: LossCurveView) -> list[Curve]:
    return [curve for curve in (view.tolerated, view.after, view.now) if curve is not None]


def _frame(view: LossCurveView) -> tuple[float, float, float]:
    """From where to where the logarithms of losses run, and how high the chances."""
    begins, ends = [], []
    for curve in _all(view):
        pairs = [(x, y) for x, y in zip(curve.losses, curve.chances, strict=True) if x > 0]
        if not pairs:
            continue
        highest = max(y for _, y in pairs)
        begins.append(max(x for x, y in pairs if y >= 0.97 * highest))
        ends.append(min((x for x, y in pairs if y <= FEW), default=pairs[-1][0]))
    chances = [y for curve in _all(view) for y in curve.chances]
    if not begins:
        return 0.0, 1.0, 1.0
    low, high = math.log10(min(begins)), math.log10(max(*begins, *ends))
    air = AIR * (high - low) or 0.5
    return low - air, high + air, min(1.0, max(chances) * 1.12) or 1.0


def _within(view: LossCurveView, low: float, high: float) -> list[tuple[float, str]]:
    return [pair for pair in view.amounts if low <= math.log10(pair[0]) <= high]


def _ticks(pairs: Sequence[tuple[float, str]]) -> Figure:
    return {"tickvals": [x for x, _ in pairs], "ticktext": [plain(said) for _, said in pairs]}


def _curves(view: LossCurveView, colours: Palette) -> list[Figure]:
    looks: dict[int, Figure] = {
        id(view.tolerated): {"color": colours.target, "width": 1.8, "dash": "7px,4px"},
        id(view.after): {"color": colours.improvement, "width": 1.6, "dash": "2px,3px"},
        id(view.now): {"color": colours.text, "width": 2.4, "dash": "solid"},
    }
    return [_line(curve, looks[id(curve)]) for curve in _all(view)]


def _line(curve: Curve, look: Figure) -> Figure:
    pairs = [
        (x, y, said)
        for x, y, said in zip(curve.losses, curve.chances, curve.hover, strict=True)
        if x > 0  # which has no logarithm
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _, _ in pairs],
        "y": [y for _, y, _ in pairs],
        "line": look,
        "hoverinfo": "text",
        "hovertext": [plain(said) for _, _, said in pairs],
        "showlegend": False,
    }


def _level(view: LossCurveView, colours: Palette, low: float, high: float) -> list[Figure]:
    if view.level is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [10**low, 10**high],
            "y": [view.level.chance] * 2,
            "line": {"color": colours.muted, "width": 1, "dash": "1px,3px"},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _level_name(view: LossCurveView, colours: Palette, high: float) -> list[Figure]:
    if view.level is None:
        return []
    look: Figure = {"xanchor": "right", "yanchor": "bottom"}
    return [label(plain(view.level.text), high, view.level.chance, colours.muted, **look)]


def _names(view: LossCurveView, colours: Palette, low: float, high: float) -> list[Figure]:
    """Each curve named where it falls, on the side where the others are not."""
    ground = colours.background
    shown = [_name(view.now, 0.55, colours.text, ground, "left")]
    if view.after is not None:
        shown.append(_name(view.after, 0.35, colours.improvement, ground, "right"))
    if view.tolerated is not None:
        shown.append(_name(view.tolerated, 0.85, colours.target, ground, "left"))
    return [found for found in shown if found is not None and low <= found["x"] <= high]


def _name(curve: Curve, part: float, colour: str, ground: str, side: str) -> Figure | None:
    """The name at the first loss at which the chance is down to this part of its highest."""
    pairs = [(x, y) for x, y in zip(curve.losses, curve.chances, strict=True) if x > 0]
    if not pairs:
        return None
    bound = part * max(y for _, y in pairs)
    x, y = next((pair for pair in pairs if pair[1] <= bound), pairs[-1])
    shift = 8 if side == "left" else -8
    font, on = {"size": Size.LABEL, "color": colour}, {"bgcolor": ground}
    return label(
        bold(curve.name),
        math.log10(x),
        y,
        colour,
        xanchor=side,
        xshift=shift,
        yshift=6,
        font=font,
        **on,
    )
