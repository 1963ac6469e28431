"""The strategy map: arrows cross no box, status is shape and word, a click names its objective."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from dashboard.charts.canvas import Heading
from dashboard.charts.strategy_layout import WIDTH, Placed, place
from dashboard.charts.strategy_map import (
    SYMBOLS,
    MapLink,
    MapObjective,
    StrategyMapView,
    strategy_map,
)
from dashboard.charts.tokens import LIGHT
from kpis.assessment import StatusKind

Pair = tuple[str, str]


def told(seed: int) -> tuple[list[list[str]], list[Pair]]:
    """Some lanes of objectives and some links among them."""
    chance = random.Random(seed)  # noqa: S311
    lanes = [
        [f"{lane}.{n}" for n in range(chance.randint(0, 8))] for lane in range(chance.randint(2, 5))
    ]
    lanes.append(["x", "y"])
    codes = [code for lane in lanes for code in lane]
    count = chance.randint(1, min(35, 2 * len(codes)))
    return lanes, [(one, other) for one, other in (chance.sample(codes, 2) for _ in range(count))]


def crossed(placed: Placed) -> list[Any]:
    """Stretches of arrows that run through the inside of a box, by plain geometry."""
    return [
        (ends, box.code)
        for ends, way in placed.ways.items()
        for (x, y), (to_x, to_y) in pairwise(way)
        for box in placed.boxes.values()
        if min(x, to_x) < box.right
        and max(x, to_x) > box.left
        and min(y, to_y) < box.bottom
        and max(y, to_y) > box.top
    ]


@pytest.mark.parametrize("seed", range(60))
def test_no_arrow_runs_through_a_box_and_none_leaves_the_map(seed: int) -> None:
    lanes, links = told(seed)
    placed = place(lanes, links)
    assert set(placed.ways) == set(links)
    assert crossed(placed) == []
    for (cause, effect), way in placed.ways.items():
        assert all(x == to_x or y == to_y for (x, y), (to_x, to_y) in pairwise(way))
        assert all(0 <= x <= WIDTH and 0 <= y <= placed.height for x, y in way)
        for (x, y), code in ((way[0], cause), (way[-1], effect)):
            box = placed.boxes[code]
            assert box.left < x < box.right
            assert y in (box.top, box.bottom)


def test_boxes_lie_apart_and_within_their_lanes() -> None:
    lanes = [[f"{lane}.{n}" for n in range(5)] for lane in range(5)]
    placed = place(lanes, [])
    boxes = list(placed.boxes.values())
    assert len(boxes) == 25
    for one in boxes:
        top, bottom = placed.lanes[one.lane]
        assert top <= one.top < one.bottom <= bottom
        for other in boxes:
            apart = one.right < other.left or other.right < one.left
            assert one is other or apart or one.bottom < other.top or other.bottom < one.top


def view() -> StrategyMapView:
    kinds = list(StatusKind)
    objectives = tuple(
        MapObjective(f"1.{n}", f"Name <b>{n}</b> " + "long " * 30, kind, kind.value, ("Why",))
        for n, kind in enumerate(kinds)
    )
    lanes = (("Services", objectives[:3]), ("Means", objectives[3:]))
    return StrategyMapView(Heading("Title"), lanes, (MapLink("1.3", "1.0", ("Because",)),), "alt")


def test_each_status_has_its_own_shape_its_word_and_a_target_to_click() -> None:
    figure = strategy_map(view(), LIGHT)
    lines, _heads, marks, targets = figure["data"]
    assert marks["marker"]["symbol"] == [SYMBOLS[kind] for kind in StatusKind]
    assert len(set(SYMBOLS.values())) == len(StatusKind)
    words = " ".join(one["text"] for one in figure["layout"]["annotations"])
    assert all(kind.value.split("_")[0] in words for kind in StatusKind)
    assert "<b>0" not in words.replace("&lt;b&gt;", "")
    assert {code for (code,) in targets["customdata"]} == {f"1.{n}" for n in range(6)}
    assert lines["x"].count(None) == 1


def test_a_map_of_nothing_is_drawn_too() -> None:
    figure = strategy_map(StrategyMapView(Heading("Title"), (("Lane", ()),)), LIGHT)
    assert figure["data"][-1]["x"] == []
