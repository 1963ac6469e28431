"""Small multiples: one small line chart a part, all on the same axes, so that shapes compare."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts.canvas import Figure, Heading, axis, bold, label, layout, lines, plain
from dashboard.charts.tokens import Palette, Size, Tone

_PANEL = 84
_NAME = 32  # room for a panel's name and value, in pixels
_SIDE = 0.03  # air between panels, in parts of the width


@dataclass(frozen=True, slots=True)
class Panel:
    """One part's series; `text` is its latest value, `tone` what that value means."""

    name: str
    values: tuple[float | None, ...]
    text: str
    texts: tuple[str, ...]  # each value as it reads
    tone: Tone = Tone.COMMON


@dataclass(frozen=True, slots=True)
class MultiplesView:
    """Panels over the same periods, `columns` of them side by side."""

    heading: Heading
    periods: tuple[str, ...]
    panels: tuple[Panel, ...]
    columns: int = 3
    line: float | None = None  # the same level in every panel, such as the target
    alt: str = ""


def multiples(view: MultiplesView, colours: Palette) -> Figure:
    """A grid of panels that share both axes; name and latest value above each."""
    rows = max(-(-len(view.panels) // view.columns), 1)
    figure = layout(view.heading, colours, rows * (_PANEL + _NAME), {"l": 10, "r": 10, "b": 6})
    span = _span(view)
    for i, panel in enumerate(view.panels):
        across, down = _domains(i, view.columns, rows)
        figure[f"xaxis{i + 1}"] = axis(
            colours,
            domain=across,
            anchor=f"y{i + 1}",
            range=[-0.5, len(view.periods) - 0.5],
            showticklabels=False,
        )
        figure[f"yaxis{i + 1}"] = axis(
            colours, domain=down, anchor=f"x{i + 1}", range=span, showticklabels=False
        )
        figure["annotations"] += _names(panel, across[0], down[1], colours)
    figure["shapes"] = _frames(view, rows, colours)
    return {
        "data": [
            trace
            for i, panel in enumerate(view.panels)
            for trace in (
                *_level(view, i, colours),
                _series(view, panel, i, colours),
                *_end(panel, i, colours),
            )
        ],
        "layout": figure,
    }


def _span(view: MultiplesView) -> list[float]:
    shown = [v for panel in view.panels for v in panel.values if v is not None]
    shown += [] if view.line is None else [view.line]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    air = (high - low) * 0.12 or 1.0
    return [low - air, high + air]


def _domains(index: int, columns: int, rows: int) -> tuple[list[float], list[float]]:
    """Where a panel lies, in parts of the plotting area."""
    row, column = divmod(index, columns)
    left, width = column / columns, 1 / columns
    top, height = 1 - row / rows, 1 / rows
    name = height * _NAME / (_PANEL + _NAME)
    first, last = column == 0, column == columns - 1
    across = [left + (0 if first else _SIDE / 2), left + width - (0 if last else _SIDE / 2)]
    return across, [max(top - height, 0.0), top - name]


def _names(panel: Panel, left: float, top: float, colours: Palette) -> list[Figure]:
    return [
        label(
            lines(plain(panel.name), bold(panel.text)),
            left,
            top,
            colours.text,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            font={"size": Size.SMALL, "color": colours.text},
        )
    ]


def _frames(view: MultiplesView, rows: int, colours: Palette) -> list[Figure]:
    """A pale ground behind each panel."""
    frames = []
    for i in range(len(view.panels)):
        across, down = _domains(i, view.columns, rows)
        frames.append(
            {
                "type": "rect",
                "xref": "paper",
                "yref": "paper",
                "x0": across[0],
                "x1": across[1],
                "y0": down[0],
                "y1": down[1],
                "fillcolor": colours.raised,
                "line": {"width": 0},
                "layer": "below",
            }
        )
    return frames


def _level(view: MultiplesView, index: int, colours: Palette) -> list[Figure]:
    if view.line is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [-0.5, len(view.periods) - 0.5],
            "y": [view.line, view.line],
            "xaxis": f"x{index + 1}",
            "yaxis": f"y{index + 1}",
            "line": {"color": colours.target, "width": 1.2, "dash": "5px,4px"},
            "hoverinfo": "skip",
        }
    ]


def _series(view: MultiplesView, panel: Panel, index: int, colours: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(panel.values))),
        "y": list(panel.values),
        "xaxis": f"x{index + 1}",
        "yaxis": f"y{index + 1}",
        "line": {"color": colours.common, "width": 1.5},
        "connectgaps": False,
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(panel.name), plain(period), plain(text))
            for period, text in zip(view.periods, panel.texts, strict=True)
        ],
    }


def _end(panel: Panel, index: int, colours: Palette) -> list[Figure]:
    """The last actual value as a dot in the colour of its meaning."""
    known = [(i, value) for i, value in enumerate(panel.values) if value is not None]
    if not known:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "cliponaxis": False,
            "x": [known[-1][0]],
            "y": [known[-1][1]],
            "xaxis": f"x{index + 1}",
            "yaxis": f"y{index + 1}",
            "marker": {
                "color": colours.tone(panel.tone),
                "size": 8,
                "symbol": "diamond" if panel.tone is Tone.CONCERN else "circle",
            },
            "hoverinfo": "skip",
        }
    ]
