"""The shapes of status, variation and assurance; words always stand beside them."""

from __future__ import annotations

import math

from dashboard.charts.svg import drawing, shape
from dashboard.charts.tokens import Palette, Tone
from kpis.assessment import StatusKind
from kpis.variation import AssuranceIcon, VariationIcon

STATUS_TONES = {
    StatusKind.MET: Tone.MET,
    StatusKind.BEHIND_IMPROVING: Tone.BEHIND_IMPROVING,
    StatusKind.BEHIND_WORSENING: Tone.BEHIND_WORSENING,
    StatusKind.NO_DATA: Tone.NEUTRAL,
    StatusKind.NO_TARGET: Tone.NEUTRAL,
    StatusKind.STALE: Tone.NEUTRAL,
}

# The same shapes as characters, where only text can stand.
STATUS_SIGNS = {
    StatusKind.MET: "●",
    StatusKind.BEHIND_IMPROVING: "▲",
    StatusKind.BEHIND_WORSENING: "▼",
    StatusKind.NO_DATA: "○",
    StatusKind.NO_TARGET: "–",
    StatusKind.STALE: "◷",
}

STATUS_SIZE = 16
ICON_SIZE = 32
_CENTRE = ICON_SIZE / 2
_RISE = {"high": 1, "low": -1}


def status_icon(kind: StatusKind, colours: Palette, title: str = "") -> str:
    """Filled circle, triangle up or down, hollow circle, dash or clock, as SVG."""
    colour = colours.tone(STATUS_TONES[kind])
    parts = {
        StatusKind.MET: [shape("circle", cx=8, cy=8, r=6, fill=colour)],
        StatusKind.BEHIND_IMPROVING: [shape("path", d="M8 2l6.5 11.5h-13z", fill=colour)],
        StatusKind.BEHIND_WORSENING: [shape("path", d="M8 14L1.5 2.5h13z", fill=colour)],
        StatusKind.NO_DATA: [_ring(8, 5.4, colour, 1.8)],
        StatusKind.NO_TARGET: [_stroke("M2.5 8h11", colour, 2.2)],
        StatusKind.STALE: [_ring(8, 5.8, colour, 1.6), _stroke("M8 4.6V8l2.6 1.6", colour, 1.6)],
    }[kind]
    return drawing(STATUS_SIZE, STATUS_SIZE, *parts, title=title)


def variation_icon(icon: VariationIcon, colours: Palette, title: str = "") -> str:
    """Is it changing? A ring with the run of points that was found: level, or off to one side."""
    if icon is VariationIcon.COMMON_CAUSE:
        return _icon(colours.common, _wave(colours.common), title=title)
    kind, _, side = icon.value.partition("_")
    colour = {
        "improvement": colours.improvement,
        "concern": colours.concern,
        "neutral": colours.text,
    }[kind]
    return _icon(colour, *_departure(_RISE[side], colour, colours), title=title)


def assurance_icon(icon: AssuranceIcon, colours: Palette, title: str = "") -> str:
    """Will it meet the target? The dashed target with a tick, a cross, or a wave across it."""
    target = _stroke("M5.5 16h21", colours.target, 1.4, "3.2 2.4")
    if icon is AssuranceIcon.INCONSISTENT:
        return _icon(colours.common, target, _wave(colours.common), title=title)
    if icon is AssuranceIcon.PASS:
        low = _stroke("M6.5 22h19", colours.target, 1.4, "3.2 2.4")
        tick = _stroke("M10.5 12.8l4 4 7.5-8", colours.improvement, 2.6)
        return _icon(colours.improvement, low, tick, title=title)
    high = _stroke("M6.5 10h19", colours.target, 1.4, "3.2 2.4")
    cross = _stroke("M12 14.8l8 8m0-8l-8 8", colours.concern, 2.6)
    return _icon(colours.concern, high, cross, title=title)


def _icon(colour: str, *parts: str, title: str) -> str:
    ring = _ring(_CENTRE, _CENTRE - 2, colour, 2.4)
    return drawing(ICON_SIZE, ICON_SIZE, ring, *parts, title=title)


def _ring(centre: float, radius: float, colour: str, width: float) -> str:
    return shape(
        "circle", cx=centre, cy=centre, r=radius, fill="none", stroke=colour, stroke_width=width
    )


def _stroke(path: str, colour: str, width: float, dashes: str = "none") -> str:
    return shape(
        "path",
        d=path,
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_linecap="butt" if dashes != "none" else "round",
        stroke_linejoin="round",
        stroke_dasharray=dashes,
    )


def _wave(colour: str) -> str:
    """Points that swing about a level."""
    heights = [math.sin(i * math.pi / 2 + 0.6) * 4.2 for i in range(5)]
    places = [(7.6 + i * 4.2, _CENTRE - height) for i, height in enumerate(heights)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return _stroke(path, colour, 1.4) + "".join(_dot(x, y, colour) for x, y in places)


def _departure(rise: int, colour: str, colours: Palette) -> list[str]:
    """Two grey points on the level, then three that leave it."""
    heights = (0.0, 0.8, 3.4, 5.6, 7.2)
    places = [(7.6 + i * 4.2, _CENTRE + rise * (3.2 - height)) for i, height in enumerate(heights)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return [
        _stroke(path, colours.common, 1.2),
        *[_dot(x, y, colours.common) for x, y in places[:2]],
        *[_dot(x, y, colour, 2.4) for x, y in places[2:]],
    ]


def _dot(x: float, y: float, colour: str, radius: float = 1.7) -> str:
    return shape("circle", cx=x, cy=y, r=radius, fill=colour)
