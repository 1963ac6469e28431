"""Bars, intervals, histogram, age bands, small multiples and the tile map."""

from __future__ import annotations

import csv
from pathlib import Path

from dashboard.charts.age_bands import AgeBandsView, Band, age_bands
from dashboard.charts.breakdown import Bar, BreakdownView, breakdown
from dashboard.charts.canvas import Heading
from dashboard.charts.histogram import Bin, HistogramView, histogram
from dashboard.charts.intervals import Interval, IntervalsView, Reference, intervals
from dashboard.charts.multiples import MultiplesView, Panel, multiples
from dashboard.charts.tile_layout import COLUMNS, ROWS, TILES, short_name
from dashboard.charts.tile_map import TileMapView, TileValue, tile_map
from dashboard.charts.tokens import LIGHT, Tone

NO_HEADING = Heading()


def test_bars_begin_at_zero_whatever_the_values() -> None:
    bars = (Bar("Pejë", 95.0, "95.0"), Bar("Prizren", 98.0, "98.0"))
    layout = breakdown(BreakdownView(NO_HEADING, bars, line=120), LIGHT)["layout"]
    assert layout["xaxis"]["range"] == [0, 120]
    below = (Bar("Pejë", -4.0, "-4.0"), Bar("Prizren", 2.0, "2.0"))
    layout = breakdown(BreakdownView(NO_HEADING, below), LIGHT)["layout"]
    assert layout["xaxis"]["range"] == [-4, 2]


def test_a_part_without_a_value_keeps_its_row_and_says_why() -> None:
    bars = (Bar("Pejë", None, "too few cases"), Bar("Prizren", 98.0, "98.0"))
    figure = breakdown(BreakdownView(NO_HEADING, bars), LIGHT)
    assert figure["layout"]["yaxis"]["ticktext"] == ["Pejë", "Prizren"]
    assert figure["data"][0]["y"] == [1]
    assert "too few cases" in [a["text"] for a in figure["layout"]["annotations"]]


def test_offices_are_sorted_by_value_and_only_real_differences_stand_out() -> None:
    offices = (
        Interval("Deçan", 90, 85, 95, "90.0"),
        Interval("Pejë", 97, 96, 98, "97.0", Tone.IMPROVEMENT),
        Interval("Gjilan", 80, 79, 81, "80.0", Tone.CONCERN),
    )
    view = IntervalsView(NO_HEADING, offices, (Reference(92, "All offices 92.0"),))
    figure = intervals(view, LIGHT)
    ranges, dots = figure["data"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["Pejë", "Deçan", "Gjilan"]
    assert dots["x"] == [97, 90, 80]
    assert dots["marker"]["color"] == [LIGHT.improvement, LIGHT.common, LIGHT.concern]
    assert ranges["x"][:3] == [96, 98, None]
    assert len(set(dots["marker"]["symbol"])) == 2
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 79
    assert high > 98


def test_late_cases_are_set_apart_and_the_deadline_is_named() -> None:
    bins = (Bin(9, 10, 5, "9 days", "5 cases"), Bin(10, 11, 2, "10 days", "2 cases", late=True))
    view = HistogramView(NO_HEADING, bins, 10, "Deadline 10 days", "28.6 % late")
    figure = histogram(view, LIGHT)
    assert figure["data"][0]["marker"]["color"] == [LIGHT.common, LIGHT.concern]
    assert figure["layout"]["shapes"][0]["x0"] == 10
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert {"Deadline 10 days", "<b>28.6 % late</b>"} <= set(texts)
    assert figure["layout"]["yaxis"]["rangemode"] == "tozero"


def test_age_bands_stack_from_zero_and_are_named_beside_the_last_bar() -> None:
    bands = (Band("0-15", (5.0, 6.0), ("5", "6")), Band("over 60", (1.0, None), ("1", "-")))
    figure = age_bands(AgeBandsView(NO_HEADING, ("a", "b"), ("a", "b"), bands), LIGHT)
    assert figure["layout"]["barmode"] == "stack"
    assert figure["layout"]["yaxis"]["range"][0] == 0
    assert figure["layout"]["yaxis"]["range"][1] >= 6
    assert {"0-15", "over 60"} <= {a["text"] for a in figure["layout"]["annotations"]}
    assert figure["data"][1]["y"] == [1.0, None]
    assert figure["data"][0]["marker"]["color"] != figure["data"][1]["marker"]["color"]


def test_small_multiples_share_their_axes() -> None:
    panels = tuple(
        Panel(name, (value, None, value + 1), "x", ("a", "b", "c"))
        for name, value in (("Pejë", 1.0), ("Gjilan", 50.0), ("Deçan", 90.0), ("Junik", 9.0))
    )
    layout = multiples(MultiplesView(NO_HEADING, ("1", "2", "3"), panels, 3, 60.0), LIGHT)["layout"]
    spans = {tuple(layout[f"yaxis{i}"]["range"]) for i in (1, 2, 3, 4)}
    assert len(spans) == 1
    assert all(a["domain"][0] < a["domain"][1] for k, a in layout.items() if k[1:5] == "axis")
    assert layout["yaxis1"]["domain"][0] >= layout["yaxis4"]["domain"][1]


def test_all_38_municipalities_have_a_tile_of_their_own(shared: Path) -> None:
    with (shared / "domain" / "municipalities.csv").open(encoding="utf-8") as file:
        known = {row["code"]: row for row in csv.DictReader(file)}
    assert TILES.keys() == known.keys()
    places = {(tile.column, tile.row) for tile in TILES.values()}
    assert len(places) == 38
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in places)
    for code, row in known.items():
        assert short_name(code, "sq")[0] == row["name_sq"][0]


def test_short_names_fit_a_tile_and_tell_the_municipalities_apart() -> None:
    for language in ("sq", "sr", "en"):
        names = [short_name(code, language) for code in TILES]
        assert len(set(names)) == 38
        assert max(map(len, names)) <= 11


def test_neighbours_lie_as_on_a_map() -> None:
    def north_of(one: str, other: str) -> bool:
        return TILES[one].row < TILES[other].row

    def west_of(one: str, other: str) -> bool:
        return TILES[one].column < TILES[other].column

    assert north_of("12", "11")  # Leposaviq, Mitrovicë
    assert north_of("19", "25")  # Prishtinë, Ferizaj
    assert north_of("20", "05")  # Prizren, Dragash
    assert west_of("17", "19")  # Pejë, Prishtinë
    assert west_of("19", "10")  # Prishtinë, Kamenicë
    assert west_of("02", "20")  # Gjakovë, Prizren


def test_a_tile_says_its_value_in_words_and_can_be_clicked() -> None:
    tiles = (
        TileValue("19", "Prishtinë", "97.0", tone=Tone.MET),
        TileValue("17", "Pejë", "no data"),
    )
    figure = tile_map(TileMapView(NO_HEADING, tiles), LIGHT)
    assert figure["data"][0]["customdata"] == ["19", "17"]
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert "19<br>Prishtinë<br><b>97.0</b>" in texts
    fills = [shape["fillcolor"] for shape in figure["layout"]["shapes"]]
    assert fills == [LIGHT.met, LIGHT.raised]
