"""The funnel: dots between limits, those outside named, shaped and coloured."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.charts.canvas import Figure, Heading
from dashboard.charts.control_chart_view import Mark
from dashboard.charts.funnel import HEIGHT, FunnelDot, FunnelView, Level, LimitPair, funnel
from dashboard.charts.tokens import DARK, LIGHT, Palette
from tests.dashboard.charts.samples import HEADING, ODD, SAFE
from tests.dashboard.charts.test_every_chart import colours_of, texts_of

CASES = (10.0, 50.0, 200.0)
LIMITS = (
    LimitPair("95%", (60.0, 80.0, 86.0), (100.0, 98.0, 94.0)),
    LimitPair("99.8%", (20.0, 70.0, 82.0), (100.0, 100.0, 97.0)),
)
LEVELS = (Level(90.0, "All: 90.0%"), Level(98.5, "Target: 98.5%", target=True))
DOTS = (
    FunnelDot("Deçan", 40, 88.0, "88.0%"),
    FunnelDot("Gjilan", 60, 91.0, "91.0%"),
    FunnelDot(ODD, 190, 60.0, "60.0%", Mark.CONCERN, far=True, hover=(ODD,)),
    FunnelDot("Pejë", 150, 95.5, "95.5%", Mark.IMPROVEMENT),
    FunnelDot("Klinë", 20, 40.0, "40.0%", Mark.LOW, far=True),
)


def view(dots: tuple[FunnelDot, ...] = DOTS) -> FunnelView:
    return FunnelView(HEADING, dots, CASES, LIMITS, LEVELS, ODD, "Funnel")


def drawn(colours: Palette = LIGHT) -> Figure:
    return funnel(view(), colours)


def markers(figure: Figure) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["mode"] == "markers"]


def notes(figure: Figure) -> dict[str, dict[str, Any]]:
    return {note["text"]: note for note in figure["layout"]["annotations"]}


def test_every_member_is_a_dot_and_grey_ones_lie_below() -> None:
    traces = markers(drawn())
    assert sum(len(trace["x"]) for trace in traces) == len(DOTS)
    assert traces[0]["marker"]["color"] == LIGHT.common
    assert traces[0]["x"] == [40, 60]


def test_what_lies_outside_has_a_shape_and_a_colour_and_hollow_means_between_the_limits() -> None:
    looks = {trace["x"][0]: trace["marker"] for trace in markers(drawn())}
    far, near, low = looks[190], looks[150], looks[20]
    assert (far["symbol"], far["color"]) == ("diamond", LIGHT.concern)
    assert (near["symbol"], near["color"]) == ("circle", LIGHT.background)
    assert near["line"]["color"] == LIGHT.improvement
    assert (low["symbol"], low["color"]) == ("triangle-down", LIGHT.text)


def test_only_members_outside_are_named_each_beside_its_dot() -> None:
    found = notes(drawn())
    assert {SAFE, "Pejë", "Klinë"} <= found.keys()
    assert "Gjilan" not in found
    assert (found["Pejë"]["x"], found["Pejë"]["y"]) == (150, 95.5)
    assert found["Pejë"]["xanchor"] == "right"  # where the margin is near, to the left of its dot
    assert found["Klinë"]["xanchor"] == "left"


def test_names_of_near_dots_do_not_cover_each_other() -> None:
    crowd = tuple(
        FunnelDot(f"O{i}", 150 + i, 60 + i / 10, "60%", Mark.CONCERN, far=True) for i in range(6)
    )
    figure = funnel(view((*DOTS, *crowd)), LIGHT)
    low, high = figure["layout"]["yaxis"]["range"]
    pixel = (high - low) / HEIGHT
    places = sorted(
        note["y"] - note["ay"] * pixel for text, note in notes(figure).items() if text[0] == "O"
    )
    assert all(above - below > 14 * pixel for below, above in pairwise(places))


def test_limits_are_thin_dashed_curves_with_names_and_the_target_is_its_own() -> None:
    lines = [trace for trace in drawn()["data"] if trace["mode"] == "lines"]
    curves, levels = lines[:4], lines[4:]
    assert [curve["y"] for curve in curves] == [
        list(side) for pair in LIMITS for side in (pair.lower, pair.upper)
    ]
    assert all(c["line"]["width"] == 1 and "px" in c["line"]["dash"] for c in curves)
    assert [level["line"]["color"] for level in levels] == [LIGHT.common, LIGHT.target]
    texts = [note["text"] for note in drawn()["layout"]["annotations"]]
    assert texts.count("95%") == texts.count("99.8%") == 2
    assert notes(drawn())["Target: 98.5%"]["font"]["color"] == LIGHT.target


def test_the_wide_limits_of_the_smallest_do_not_press_the_others_flat() -> None:
    low, high = drawn()["layout"]["yaxis"]["range"]
    assert (
        20 < low < 40
    )  # the lowest dot and the limits of the middle member, not those of 10 cases
    assert high > 100


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_plotly_knows_every_setting_with_and_without_data(colours: Palette) -> None:
    go.Figure(drawn(colours))
    go.Figure(funnel(FunnelView(Heading(), ()), colours))


def test_is_plain_data_and_shows_hostile_names_literally() -> None:
    figure = drawn()
    assert json.loads(json.dumps(figure)) == figure
    texts = list(texts_of(figure))
    assert any(SAFE in text for text in texts)
    assert not any(ODD in text or "$" in text for text in texts)


def test_dark_and_light_share_no_colour() -> None:
    assert not set(colours_of(drawn(LIGHT))) & set(colours_of(drawn(DARK)))


def test_nothing_zooms_and_nothing_is_filled_in_by_plotly() -> None:
    figure = drawn()
    assert all(figure["layout"][name]["fixedrange"] for name in ("xaxis", "yaxis"))
    assert all(trace["hoverinfo"] in ("text", "skip") for trace in figure["data"])
