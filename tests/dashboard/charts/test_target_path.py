"""The picture of a target: what is drawn is what was measured, aimed at and allowed."""

from __future__ import annotations

from dataclasses import replace

from dashboard.charts.canvas import Heading
from dashboard.charts.target_path import Line, Start, TargetPathView, target_path
from dashboard.charts.tokens import LIGHT

VIEW = TargetPathView(
    Heading("≥ 30.0%"),
    ("Jan 25", "Feb 25", "Mar 25"),
    (12.0, None, None),
    ("a", "b", "c"),
    (
        Line((10.0, 20.0, 30.0), "Target", "30.0"),
        Line((8.0, 18.0, 28.0), "Far behind", "28.0", is_threshold=True),
    ),
    Start(0.0, 5.0, "Baseline 5.0"),
)


def test_aims_are_steps_and_the_threshold_is_dotted() -> None:
    aims, threshold, measured, start = target_path(VIEW, LIGHT)["data"]
    assert aims["x"] == [-0.5, 0.5, 0.5, 1.5, 1.5, 2.5]
    assert aims["y"] == [10.0, 10.0, 20.0, 20.0, 30.0, 30.0]
    assert (aims["line"]["dash"], threshold["line"]["dash"]) == ("7px,4px", "2px,3px")
    assert measured["y"] == [12.0, None, None]
    assert (start["x"], start["y"]) == ([0.0], [5.0])


def test_everything_drawn_lies_within_the_axis() -> None:
    low, high = target_path(VIEW, LIGHT)["layout"]["yaxis"]["range"]
    assert low < 5.0
    assert high > 30.0


def test_the_name_of_the_baseline_keeps_off_the_path() -> None:
    names = [n for n in target_path(VIEW, LIGHT)["layout"]["annotations"] if "Base" in n["text"]]
    assert names[0]["yanchor"] == "top"
    down = replace(VIEW, start=Start(0.0, 50.0, "Baseline 50.0"))
    names = [n for n in target_path(down, LIGHT)["layout"]["annotations"] if "Base" in n["text"]]
    assert names[0]["yanchor"] == "bottom"


def test_without_anything_there_is_still_a_frame() -> None:
    empty = TargetPathView(Heading(), (), (), (), ())
    assert target_path(empty, LIGHT)["layout"]["yaxis"]["range"] == [0.0, 1.0]
