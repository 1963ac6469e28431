"""What holds for every chart: valid, harmless, calm, readable, empty without a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.charts.age_bands import AgeBandsView, age_bands
from dashboard.charts.breakdown import BreakdownView, breakdown
from dashboard.charts.canvas import CONFIG, Figure, Heading, kept_apart, plain
from dashboard.charts.control_chart import control_chart
from dashboard.charts.control_chart_view import ControlChartView
from dashboard.charts.histogram import HistogramView, histogram
from dashboard.charts.intervals import IntervalsView, intervals
from dashboard.charts.multiples import MultiplesView, multiples
from dashboard.charts.tile_map import TileMapView, tile_map
from dashboard.charts.tokens import DARK, LIGHT, Palette
from tests.dashboard.charts.samples import NAMES, ODD, SAFE, every_chart

CHARTS = sorted(every_chart(LIGHT))
NO_HEADING = Heading()


@pytest.fixture(params=CHARTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_plotly_knows_every_setting(name: str, colours: Palette) -> None:
    go.Figure(every_chart(colours)[name])


def test_is_plain_data(name: str) -> None:
    figure = every_chart(LIGHT)[name]
    assert json.loads(json.dumps(figure)) == figure


def test_hostile_names_are_shown_literally(name: str) -> None:
    texts = list(texts_of(every_chart(LIGHT)[name]))
    assert any(SAFE in text for text in texts)
    assert not any(ODD in text or "$" in text for text in texts)


def test_nothing_is_filled_in_by_plotly(name: str) -> None:
    for trace in every_chart(LIGHT)[name]["data"]:
        assert trace.keys().isdisjoint({"hovertemplate", "texttemplate"})
        assert trace["hoverinfo"] in ("text", "skip")


def test_dark_and_light_share_no_colour(name: str) -> None:
    light, dark = (set(colours_of(every_chart(p)[name])) for p in (LIGHT, DARK))
    assert not light & dark - {"#000000", "#FFFFFF"}


def test_no_chart_is_framed_or_zoomed(name: str) -> None:
    layout = every_chart(LIGHT)[name]["layout"]
    axes = [value for key, value in layout.items() if key[1:5] == "axis"]
    assert axes
    assert all(axis["fixedrange"] and not axis["zeroline"] for axis in axes)
    assert not any(key == "yaxis2" and "overlaying" in layout[key] for key in layout)


@pytest.mark.parametrize(
    "figure",
    [
        control_chart(ControlChartView(NO_HEADING, (), (), NAMES), LIGHT),
        breakdown(BreakdownView(NO_HEADING, ()), LIGHT),
        intervals(IntervalsView(NO_HEADING, ()), LIGHT),
        histogram(HistogramView(NO_HEADING, ()), LIGHT),
        age_bands(AgeBandsView(NO_HEADING, (), (), ()), LIGHT),
        multiples(MultiplesView(NO_HEADING, (), ()), LIGHT),
        tile_map(TileMapView(NO_HEADING, ()), LIGHT),
    ],
    ids=["control", "breakdown", "intervals", "histogram", "age_bands", "multiples", "tile_map"],
)
def test_without_data_a_chart_is_empty_but_valid(figure: Figure) -> None:
    go.Figure(figure)


def test_only_the_download_button_is_left() -> None:
    assert CONFIG["modeBarButtons"] == [["toImage"]]
    assert CONFIG["typesetMath"] is False
    assert CONFIG["plotlyServerURL"] == ""


def test_plain_text_keeps_letters_of_all_languages() -> None:
    assert plain("Gračanicë – Đakovica ш") == "Gračanicë – Đakovica ш"


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    moved = kept_apart([5.0, 5.1, 9.9], gap=1, low=0, high=10)
    assert moved == sorted(moved)
    assert all(b - a >= 0.999 for a, b in pairwise(moved))
    assert max(moved) <= 10
    assert kept_apart([9.0, 9.5, 10.0], gap=1, low=0, high=10) == [8.0, 9.0, 10.0]
    assert kept_apart([], gap=1, low=0, high=10) == []


def texts_of(part: Any) -> Iterator[str]:
    """Every text a reader may see: labels, hovers, ticks, names."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "hovertext", "name", "ticktext"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from texts_of(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts_of(each)


def colours_of(part: Any) -> Iterator[str]:
    """Every colour written anywhere, apart from those within texts."""
    if isinstance(part, dict):
        for value in part.values():
            yield from colours_of(value)
    elif isinstance(part, list):
        for each in part:
            yield from colours_of(each)
    elif isinstance(part, str) and part.startswith("#"):
        yield part
