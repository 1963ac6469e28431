"""The municipalities as tiles of equal size, roughly where they lie: no outside map, no borders."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.charts.canvas import Figure, Heading, axis, bold, label, layout, lines, plain
from dashboard.charts.tile_layout import COLUMNS, ROWS, TILES
from dashboard.charts.tokens import Palette, Tone

_TILE_HEIGHT = 54
_GAP = 0.04
_TEXT = 10  # pixels: as much as a tile holds on a telephone


@dataclass(frozen=True, slots=True)
class TileValue:
    """What a tile says. `shade` (0 to 1) or a tone colours it; with neither it stays blank."""

    code: str
    name: str
    text: str  # the value, or why there is none
    shade: float | None = None
    tone: Tone | None = None
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TileMapView:
    """One value for each municipality that has one; the others are drawn blank."""

    heading: Heading
    tiles: tuple[TileValue, ...]
    alt: str = ""


def tile_map(view: TileMapView, colours: Palette) -> Figure:
    """Tiles with code, short name and value; the colour repeats what the value says."""
    figure = layout(view.heading, colours, ROWS * _TILE_HEIGHT, {"l": 4, "r": 4, "b": 4})
    figure["xaxis"] = axis(colours, range=[0, COLUMNS], showticklabels=False)
    figure["yaxis"] = axis(colours, range=[ROWS, 0], showticklabels=False)
    figure["shapes"] = [_ground(tile, colours) for tile in view.tiles]
    figure["annotations"] += [_words(tile, colours) for tile in view.tiles]
    return {"data": [_centres(view)], "layout": figure}


def _colour(tile: TileValue, colours: Palette) -> str:
    if tile.tone is not None:
        return colours.tone(tile.tone)
    return colours.raised if tile.shade is None else colours.shade(tile.shade)


def _ground(tile: TileValue, colours: Palette) -> Figure:
    place = TILES[tile.code]
    blank = tile.tone is None and tile.shade is None
    return {
        "type": "rect",
        "x0": place.column + _GAP,
        "x1": place.column + 1 - _GAP,
        "y0": place.row + _GAP,
        "y1": place.row + 1 - _GAP,
        "fillcolor": _colour(tile, colours),
        "line": {"color": colours.muted if blank else _colour(tile, colours), "width": 1},
        "layer": "below",
    }


def _words(tile: TileValue, colours: Palette) -> Figure:
    """Code, short name and value, in the text colour that reads best on the tile."""
    place = TILES[tile.code]
    colour = colours.on(_colour(tile, colours))
    return label(
        lines(plain(tile.code), plain(tile.name), bold(tile.text)),
        place.column + 0.5,
        place.row + 0.5,
        colour,
        align="center",
        font={"size": _TEXT, "color": colour},
    )


def _centres(view: TileMapView) -> Figure:
    """An unseen point in the middle of each tile, to hover and to click."""
    places = [TILES[tile.code] for tile in view.tiles]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [place.column + 0.5 for place in places],
        "y": [place.row + 0.5 for place in places],
        "customdata": [tile.code for tile in view.tiles],
        "marker": {"size": 38, "opacity": 0, "symbol": "square"},
        "hoverinfo": "text",
        "hovertext": [
            lines(bold(tile.name), plain(tile.text), *map(plain, tile.hover)) for tile in view.tiles
        ],
    }
