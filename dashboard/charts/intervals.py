"""Offices compared fairly: a dot with its interval for each, sorted, never a bare ranking."""

from __future__ import annotations

from dataclasses import dataclass

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
from dashboard.charts.tokens import Palette, Size, Tone

_ROW = 22
_SYMBOLS = {Tone.CONCERN: "diamond", Tone.IMPROVEMENT: "circle"}


@dataclass(frozen=True, slots=True)
class Interval:
    """One office: `low` to `high` is what chance alone would explain."""

    name: str
    value: float
    low: float
    high: float
    text: str
    tone: Tone = Tone.COMMON  # IMPROVEMENT or CONCERN only where it differs beyond chance
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A value to compare with: the mean of all, or the target."""

    value: float
    text: str
    target: bool = False


@dataclass(frozen=True, slots=True)
class IntervalsView:
    """Offices in any order; they are drawn sorted by value, the largest first."""

    heading: Heading
    intervals: tuple[Interval, ...]
    references: tuple[Reference, ...] = ()
    alt: str = ""


def intervals(view: IntervalsView, colours: Palette) -> Figure:
    """Dots with intervals, the lines to compare them with named above."""
    rows = sorted(view.intervals, key=lambda each: (-each.value, each.name))
    margin = {
        "l": width_of([each.name for each in rows], Size.LABEL) + 22,
        "r": width_of([each.text for each in rows], Size.LABEL) + 14,
        "t": 16 * len(view.references) + 4,
        "b": 26,
    }
    figure = layout(view.heading, colours, max(len(rows), 1) * _ROW, margin)
    figure["xaxis"] = axis(colours, range=_span(view), showgrid=True, nticks=5, tickformat=",.4~f")
    figure["yaxis"] = axis(
        colours,
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[plain(each.name) for each in rows],
        ticklabelstandoff=6,
        tickfont={"size": Size.LABEL, "color": colours.text},
    )
    figure["shapes"] = [_line(reference, colours) for reference in view.references]
    figure["annotations"] += [_value(each, i, colours) for i, each in enumerate(rows)]
    figure["annotations"] += _names(view, colours)
    return {"data": [_ranges(rows, colours), _dots(rows, colours)], "layout": figure}


def _span(view: IntervalsView) -> list[float]:
    values = [bound for each in view.intervals for bound in (each.low, each.value, each.high)]
    values += [reference.value for reference in view.references]
    low, high = min(values, default=0.0), max(values, default=1.0)
    air = (high - low) * 0.04 or 1.0
    return [low - air, high + air]


def _ranges(rows: list[Interval], colours: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [bound for each in rows for bound in (each.low, each.high, None)],
        "y": [place for i in range(len(rows)) for place in (i, i, None)],
        "line": {"color": colours.common, "width": 2},
        "hoverinfo": "skip",
    }


def _dots(rows: list[Interval], colours: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [each.value for each in rows],
        "y": list(range(len(rows))),
        "marker": {
            "color": [colours.tone(each.tone) for each in rows],
            "symbol": [_SYMBOLS.get(each.tone, "circle") for each in rows],
            "size": 9,
            "line": {"color": colours.background, "width": 1},
        },
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(each.name), plain(each.text), *map(plain, each.hover)) for each in rows
        ],
    }


def _value(each: Interval, row: int, colours: Palette) -> Figure:
    return label(
        plain(each.text),
        1,
        row,
        colours.text,
        xref="paper",
        xanchor="left",
        xshift=6,
        font={"size": Size.LABEL, "color": colours.text},
    )


def _line(reference: Reference, colours: Palette) -> Figure:
    return {
        "type": "line",
        "yref": "paper",
        "x0": reference.value,
        "x1": reference.value,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {
            "color": colours.target if reference.target else colours.common,
            "width": 1.6 if reference.target else 1,
            "dash": "7px,4px" if reference.target else "solid",
        },
    }


def _names(view: IntervalsView, colours: Palette) -> list[Figure]:
    """The names of the lines, each in a row of its own above the plot."""
    low, high = _span(view)
    return [
        label(
            plain(each.text),
            each.value,
            1,
            colours.target if each.target else colours.muted,
            yref="paper",
            yanchor="bottom",
            xanchor="right" if each.value > (low + high) / 2 else "left",
            yshift=16 * row,
        )
        for row, each in enumerate(view.references)
    ]
