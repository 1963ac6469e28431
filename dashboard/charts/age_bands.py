"""How old the backlog is: stacked bands over time, the oldest band the strongest colour."""

from __future__ import annotations

from dataclasses import dataclass

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
    ticks,
    width_of,
)
from dashboard.charts.tokens import Palette, Size, mix

HEIGHT = 260
_LABEL_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class Band:
    """One age band from the youngest on: its counts and how each reads."""

    name: str
    counts: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBandsView:
    """Bands over periods; all bands have one count a period."""

    heading: Heading
    periods: tuple[str, ...]
    tick_names: tuple[str, ...]
    bands: tuple[Band, ...]
    alt: str = ""


def age_bands(view: AgeBandsView, colours: Palette, height: int = HEIGHT) -> Figure:
    """Stacked bars from zero, each band named beside the last bar."""
    margin = {
        "l": 48,
        "r": width_of([b.name for b in view.bands], Size.LABEL) + 14,
        "b": 30,
        "t": 4,
    }
    figure = layout(view.heading, colours, height, margin)
    top = max((sum(column) for column in _columns(view)), default=0.0) * 1.04 or 1.0
    figure["barmode"] = "stack"
    figure["bargap"] = 0.15
    figure["xaxis"] = axis(colours, range=[-0.6, len(view.periods) - 0.4], **ticks(view.tick_names))
    figure["yaxis"] = axis(colours, range=[0, top], showgrid=True, nticks=5, tickformat=",~f")
    figure["annotations"] += _names(view, colours, top, height)
    return {
        "data": [_bars(view, i, colours) for i in range(len(view.bands))],
        "layout": figure,
    }


def _columns(view: AgeBandsView) -> list[list[float]]:
    """The counts of each period, gaps as nothing to stack."""
    return [[band.counts[i] or 0.0 for band in view.bands] for i in range(len(view.periods))]


def _colour(view: AgeBandsView, index: int, colours: Palette) -> str:
    """From pale to the colour of concern, the older the stronger."""
    share = (index + 1) / max(len(view.bands), 1)
    return mix(mix(colours.background, colours.common, 0.45), colours.concern, share**2)


def _bars(view: AgeBandsView, index: int, colours: Palette) -> Figure:
    band = view.bands[index]
    return {
        "type": "bar",
        "name": plain(band.name),
        "x": list(range(len(view.periods))),
        "y": list(band.counts),
        "marker": {"color": _colour(view, index, colours), "line": {"width": 0}},
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(period), plain(f"{band.name}: {text}"))
            for period, text in zip(view.periods, band.texts, strict=True)
        ],
    }


def _names(view: AgeBandsView, colours: Palette, top: float, height: int) -> list[Figure]:
    """Each band's name in the right margin at the middle of its part of the last bar."""
    if not view.periods:
        return []
    last = _columns(view)[-1]
    middles = [sum(last[:i]) + count / 2 for i, count in enumerate(last)]
    pixel = top / height
    gap = _LABEL_HEIGHT * pixel
    places = kept_apart(middles, gap, gap / 2, top - gap / 2)
    return [
        label(
            plain(band.name),
            1,
            place,
            colours.text,
            xref="paper",
            xanchor="left",
            xshift=6,
            font={"size": Size.LABEL, "color": colours.text},
        )
        for band, place in zip(view.bands, places, strict=True)
    ]
