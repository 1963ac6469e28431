"""The grammar of the control chart, as a reader sees it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from dashboard.charts.control_chart import control_chart
from dashboard.charts.control_chart_view import Mark, Moment
from dashboard.charts.tokens import DARK, LIGHT
from tests.dashboard.charts.samples import control_view, dot, stretch

Trace = dict[str, Any]


def traces(*dots: Any, **settings: Any) -> list[Trace]:
    return list(control_chart(control_view(*dots, **settings), LIGHT)["data"])


def limit_lines(found: list[Trace]) -> list[Trace]:
    return [t for t in found if t["mode"] == "lines" and t["line"]["width"] == 1]


def test_a_gap_stays_a_gap() -> None:
    (series,) = [t for t in traces() if t["mode"] == "lines" and t["line"]["width"] == 1.5]
    assert series["y"] == [98.0, None, 99.0, 103.0]
    assert series["connectgaps"] is False


def test_the_value_axis_never_starts_at_zero() -> None:
    low, high = control_chart(control_view(), LIGHT)["layout"]["yaxis"]["range"]
    assert 0 < low < 10  # the target of 10 is in sight, zero is not forced
    high_only = control_chart(control_view(dot(98.0, target=None), dot(99.0, target=None)), LIGHT)
    assert high_only["layout"]["yaxis"]["range"][0] > 90
    assert high > 103


def test_special_points_stand_out_in_colour_and_shape_and_are_named() -> None:
    (concern,) = [t for t in traces() if t.get("name") == "Concern"]
    (common,) = [t for t in traces() if t["mode"] == "markers" and not t["showlegend"]]
    assert concern["marker"]["color"] == LIGHT.concern
    assert concern["marker"]["symbol"] != common["marker"]["symbol"]
    assert concern["x"] == [3]
    assert "103.0 days" in concern["hovertext"][0]
    assert concern["hovertext"][0].startswith("<b>May 2025</b>")


@pytest.mark.parametrize("mark", [m for m in Mark if m is not Mark.COMMON])
def test_every_mark_has_its_own_look(mark: Mark) -> None:
    looks = set()
    for each in Mark:
        (points,) = [t for t in traces(dot(1.0, each), dot(2.0, each)) if t["mode"] == "markers"]
        looks.add((points["marker"]["color"], points["marker"]["symbol"]))
    assert len(looks) == len(Mark)


def test_each_stretch_has_its_own_dashed_limits_and_solid_mean() -> None:
    found = limit_lines(
        traces(*[dot(99.0) for _ in range(6)], stretches=(stretch(0, 2), stretch(3, 5)))
    )
    assert [t["x"] for t in found] == [[-0.5, 2.5]] * 3 + [[2.5, 5.5]] * 3
    assert [t["line"]["dash"] for t in found[:3]] == ["5px,4px", "solid", "5px,4px"]


def test_provisional_limits_look_different() -> None:
    found = limit_lines(traces(stretches=(stretch(0, 3, provisional=True),)))
    assert [t["line"]["dash"] for t in found] == ["dot", "solid", "dot"]


def test_a_target_that_moves_is_named_where_it_begins_and_ends() -> None:
    aims = [8.0] * 3 + [9.0, 9.5, 10.0, 10.5]
    figure = control_chart(control_view(*(dot(9.0, target=aim) for aim in aims)), LIGHT)
    named = [
        note["text"]
        for note in figure["layout"]["annotations"]
        if note["font"]["color"] == LIGHT.target
    ]
    assert named == ["Target<br><b>10.5</b>", "8.0"]


def test_the_target_is_a_step_line_that_follows_its_changes() -> None:
    dots = [
        dot(9.0, target=12.0),
        dot(9.0, target=12.0),
        dot(9.0, target=10.0),
        dot(9.0, target=None),
    ]
    (target,) = [t for t in traces(*dots) if t.get("line", {}).get("color") == LIGHT.target]
    assert target["x"] == [-0.5, 0.5, 0.5, 1.5, 1.5, 2.5, 2.5, 3.5]
    assert target["y"] == [12.0, 12.0, 12.0, 12.0, 10.0, 10.0, None, None]
    figure = control_chart(control_view(*dots[:3]), DARK)
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert "12.0" in texts  # the earlier target, where its step begins
    assert "Target<br><b>10.0</b>" in texts


def test_lines_are_named_with_their_values() -> None:
    texts = [a["text"] for a in control_chart(control_view(), LIGHT)["layout"]["annotations"]]
    assert {"Upper limit<br><b>102.0</b>", "Mean<br><b>99.0</b>"} <= set(texts)


def test_names_of_lines_do_not_overlap() -> None:
    dots = [dot(99.0, target=99.1) for _ in range(3)]
    figure = control_chart(control_view(*dots), LIGHT, height=300)
    low, high = figure["layout"]["yaxis"]["range"]
    places = sorted(a["y"] for a in figure["layout"]["annotations"] if a.get("xshift") == 4)
    pixels = [(b - a) / (high - low) * 300 for a, b in pairwise(places)]
    assert len(places) == 4
    assert min(pixels) >= 29.9


def test_moments_are_named_verticals_in_rows_of_their_own() -> None:
    moments = (Moment(1, "Shortage of blank passports", ""), Moment(1.5, "New limits", "why"))
    figure = control_chart(control_view(moments=moments), LIGHT)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [1, 1.5]
    rows = [a["yshift"] for a in figure["layout"]["annotations"] if "captureevents" in a]
    assert rows[0] != rows[1]


def test_the_latest_period_is_always_named() -> None:
    axis = control_chart(control_view(*[dot(99.0) for _ in range(36)]), LIGHT)["layout"]["xaxis"]
    assert axis["tickvals"][-1] == 35
    assert 2 <= len(axis["tickvals"]) <= 5
