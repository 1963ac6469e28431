"""The direct labels of a control chart: what its lines are called, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dashboard.charts.canvas import Figure, bold, kept_apart, label, lines, plain, width_of
from dashboard.charts.control_chart_view import ControlChartView, Dot
from dashboard.charts.tokens import Palette, Size

_MOMENT_ROW = 15  # height of one row of names above the plot, in pixels
_NARROW_PLOT = 230  # width of the plot on a telephone, in pixels
_LABEL_HEIGHT = 30  # two short lines
_SHORTEST_STEP = 3  # periods that a target holds to be named in the chart


def _labelled_lines(view: ControlChartView) -> list[tuple[float, str, str, bool]]:
    """The lines at the right edge: where, what, which value, whether a target."""
    if not view.dots or not view.stretches:
        return []
    last, names, dot = view.stretches[-1], view.names, view.dots[-1]
    found = [
        (last.upper, names.upper, last.upper_text, False),
        (last.mean, names.mean, last.mean_text, False),
        (last.lower, names.lower, last.lower_text, False),
        *[(v, names.target, t, True) for v, t in zip(_bounds(dot), dot.target_texts, strict=True)],
    ]
    return [(v, name, text, target) for v, name, text, target in found if v is not None]


def line_labels(
    view: ControlChartView, colours: Palette, span: tuple[float, float], height: int
) -> list[Figure]:
    """The names and values of the lines in the right margin, moved apart where they crowd."""
    found, (low, high) = _labelled_lines(view), span
    pixel = (high - low) / height
    half = _LABEL_HEIGHT / 2 * pixel
    places = kept_apart(
        [value for value, *_ in found], _LABEL_HEIGHT * pixel, low + half, high - half
    )
    return [
        label(
            lines(plain(name), bold(text)),
            1,
            place,
            colours.target if target else colours.muted,
            xref="paper",
            xanchor="left",
            yanchor="middle",
            xshift=4,
        )
        for (_, name, text, target), place in zip(found, places, strict=True)
    ]


def earlier_limits(view: ControlChartView, colours: Palette) -> list[Figure]:
    """The limits of earlier stretches, values only, at their left end."""
    return [
        label(plain(text), stretch.first - 0.5, value, colours.muted, xanchor="left", yanchor=side)
        for stretch in view.stretches[:-1]
        for value, text, side in (
            (stretch.upper, stretch.upper_text, "bottom"),
            (stretch.lower, stretch.lower_text, "top"),
        )
        if value is not None
    ]


def earlier_targets(dots: Sequence[Dot], colours: Palette) -> list[Figure]:
    """The targets that were replaced, values only, where their step begins.

    Of a target that moves from period to period only the first aim is named: the last one stands
    at the right edge.
    """
    starts = [i for i, dot in enumerate(dots) if i == 0 or _bounds(dot) != _bounds(dots[i - 1])]
    lasts = {start: end - start >= _SHORTEST_STEP for start, end in pairwise(starts)}
    return [
        label(plain(text), i - 0.5, value, colours.target, xanchor="left", yanchor="bottom")
        for i, long_enough in lasts.items()
        if long_enough or i == 0
        for value, text in zip(_bounds(dots[i]), dots[i].target_texts, strict=True)
    ]


def _bounds(dot: Dot) -> list[float]:
    return [value for value in (dot.target_low, dot.target_high) if value is not None]


def right_margin(view: ControlChartView) -> int:
    texts = [text for _, name, value, _ in _labelled_lines(view) for text in (name, value)]
    return width_of(texts, Size.SMALL) + 14


def moments_height(view: ControlChartView) -> int:
    """The room above the plot that the names of the moments need, in pixels."""
    return _MOMENT_ROW * (max(_rows(view), default=-1) + 1)


def moment_lines(view: ControlChartView, colours: Palette) -> list[Figure]:
    """A dotted vertical for each moment."""
    return [
        {
            "type": "line",
            "yref": "paper",
            "x0": moment.position,
            "x1": moment.position,
            "y0": 0,
            "y1": 1,
            "line": {"color": colours.muted, "width": 1, "dash": "2px,3px"},
            "layer": "below",
        }
        for moment in view.moments
    ]


def moment_labels(view: ControlChartView, colours: Palette) -> list[Figure]:
    """The name of each moment above its vertical, more on hover."""
    return [
        label(
            plain(moment.text),
            moment.position,
            1,
            colours.text,
            yref="paper",
            xanchor="auto",
            yanchor="bottom",
            yshift=row * _MOMENT_ROW,
            hovertext=plain(moment.hover),
            captureevents=bool(moment.hover),
        )
        for moment, row in zip(view.moments, _rows(view), strict=True)
    ]


def _rows(view: ControlChartView) -> list[int]:
    """The row above the plot in which each moment's name has room, 0 the lowest."""
    dot = _NARROW_PLOT / max(len(view.dots), 1)
    ends: list[float] = []
    rows = []
    for moment in view.moments:
        start = moment.position * dot
        row = next((i for i, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + width_of([moment.text], Size.SMALL) + 8]
        rows.append(row)
    return rows
