"""The heat map: cells read by lightness alone, counts that add up, arrows that say what moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.canvas import Heading
from dashboard.charts.heat_map import Arrow, HeatMapView, MatrixCell, heat_map, shortened
from dashboard.charts.tokens import DARK, LIGHT, Palette, contrast
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.register.mapping import (
    CELLS,
    as_sheet,
    levels,
    mapped,
    moved_between_cells,
    view_of,
)
from data.language.languages import Language
from data.language.texts import Texts
from risks.criteria.reading import default_criteria
from risks.register.kinds import Kind
from risks.register.naming import Naming
from risks.register.record import Risk
from tests.risks.records import assessed, made

CRITERIA = default_criteria()
READABLE, SEEN = 4.5, 3.0  # WCAG 2.2: text, graphical marks
palettes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
STEP = st.integers(1, 5)
REGISTER = st.dictionaries(st.integers(1, 15), st.none() | st.tuples(STEP, STEP))
Cells = dict[int, tuple[int, int] | None]


def greyness(colour: str) -> float:
    """How light it is on a black and white print (CIE L*), by the textbook."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    y = sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def looked(now: tuple[Risk, ...], then: tuple[Risk, ...] = ()) -> Looked:
    return Looked(
        texts=Texts(Language.EN),
        risks=now,
        then={risk.id: risk for risk in then},
        since=date(2025, 1, 1),
        today=date(2025, 4, 1),
        criteria=CRITERIA,
        versions={1: CRITERIA},
        appetite={},
        naming=Naming({}, {}, {}, {}),
        above=frozenset(),
    )


def risks_of(cells: Cells) -> tuple[Risk, ...]:
    return tuple(made(number, *(cell or ())) for number, cell in cells.items())


# Colours


@palettes
@pytest.mark.parametrize("count", [2, 3, 4, 5, 7])
def test_lightness_alone_puts_the_levels_in_order(colours: Palette, count: int) -> None:
    greys = [greyness(colours.level(rank / (count - 1))) for rank in range(count)]
    steps = [after - before for before, after in pairwise(greys)]
    towards = 1 if colours is DARK else -1  # away from the ground of the page
    assert all(step * towards >= 48 / (count - 1) * 0.6 for step in steps)


@palettes
@pytest.mark.parametrize("count", [2, 4, 5, 7])
def test_text_on_every_level_is_readable(colours: Palette, count: int) -> None:
    for rank in range(count):
        ground = colours.level(rank / (count - 1))
        assert contrast(colours.on(ground), ground) >= READABLE


@palettes
def test_an_arrow_is_seen_on_every_level_by_itself_or_by_its_seam(colours: Palette) -> None:
    for share in (0, 1 / 3, 2 / 3, 1):
        ground = colours.level(share)
        inks = (colours.text, colours.background)
        assert max(contrast(ink, ground) for ink in inks) >= SEEN
    assert contrast(colours.text, colours.background) >= READABLE
    assert contrast(colours.target, colours.background) >= READABLE


# Counts


@settings(max_examples=40, deadline=None)
@given(before=REGISTER, after=REGISTER, kind=st.sampled_from(Kind))
def test_counts_add_up_to_the_assessed_and_movement_to_the_difference(
    before: Cells, after: Cells, kind: Kind
) -> None:
    then, now = (
        tuple(
            made(number, assessments=(assessed(*cell, kind),) if cell else ())
            for number, cell in cells.items()
        )
        for cells in (before, after)
    )
    found = mapped(looked(now, then), now, then, kind)
    view = view_of(found, led=(), moving=True, chosen=None)
    assert sum(cell.count for cell in view.cells) == found.assessed
    assert found.assessed == sum(cell is not None for cell in after.values())
    assert found.unassessed == sum(cell is None for cell in after.values())
    counted, earlier = Counter(after.values()), Counter(before.values())
    for cell in view.cells:
        place = cell.likelihood, cell.impact
        assert cell.count == counted[place]
        gained = found.entered(place) - found.left(place)
        assert gained == (counted[place] - earlier[place] if then else 0)
    arrows = Counter(
        (before[number], after[number])
        for number in before.keys() & after.keys()
        if before[number] and after[number] and before[number] != after[number]
    )
    told = {(start, end): count for start, end, count in moved_between_cells(found)}
    assert told == arrows
    assert len(view.arrows) == min(len(arrows), 12)


def test_the_table_behind_has_the_same_counts() -> None:
    now = risks_of({1: (5, 4), 2: (5, 4), 3: (1, 1), 4: None})
    sheet = as_sheet(mapped(looked(now), now, (), Kind.CURRENT))
    assert sheet.rows[0] == ("Almost certain", "0", "0", "0", "2", "0")
    assert sheet.rows[-1] == ("Rare", "1", "0", "0", "0", "0")
    assert sum(int(cell) for row in sheet.rows for cell in row[1:]) == 3


def test_levels_are_counted_and_the_unassessed_beside_them() -> None:
    now = risks_of({1: (5, 4), 2: (3, 3), 3: (3, 2), 4: None})
    found = mapped(looked(now), now, (), Kind.CURRENT)
    assert levels(found) == {"critical": 1, "medium": 2, None: 1}


def test_earlier_criteria_leave_a_mark_in_the_cell() -> None:
    old = replace(assessed(3, 3), criteria_version=9)
    now = (made(1, assessments=(old,)), made(2, 3, 3), made(3, 1, 1))
    found = mapped(looked(now), now, (), Kind.CURRENT)
    drawn = view_of(found, led=(), moving=False, chosen=None)
    texts = {(one.likelihood, one.impact): one.text for one in drawn.cells if one.count}
    assert texts == {(3, 3): "2†", (1, 1): "1"}
    assert found.earlier == 1


# The drawing


def view(**said: Any) -> HeatMapView:
    cells = tuple(
        MatrixCell(likelihood, impact, "Low", 0.0, 1, "1") for likelihood, impact in CELLS
    )
    names = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
    given: dict[str, Any] = {"up": "Likelihood", "across": "Impact", "cells": cells} | said
    return HeatMapView(Heading("Title"), names, ("1", "2", "3", "4", "5"), **given)


def test_every_cell_can_be_clicked_where_it_is_drawn() -> None:
    figure = heat_map(view(), LIGHT)
    (clicked,) = figure["data"]
    for x, y, said, shape in zip(
        clicked["x"], clicked["y"], clicked["customdata"], figure["layout"]["shapes"], strict=True
    ):
        assert said == [y, x]
        assert shape["x0"] < x < shape["x1"]
        assert shape["y0"] < y < shape["y1"]


@palettes
def test_the_colours_of_cells_are_those_of_their_levels(colours: Palette) -> None:
    now = risks_of({1: (5, 5)})
    found = view_of(mapped(looked(now), now, (), Kind.CURRENT), led=(), moving=False, chosen=(5, 5))
    figure = heat_map(found, colours)
    go.Figure(figure)
    fills = {
        (cell.likelihood, cell.impact): shape["fillcolor"]
        for cell, shape in zip(found.cells, figure["layout"]["shapes"], strict=True)
    }
    for place, fill in fills.items():
        rank = CRITERIA.rank(CRITERIA.matrix[place[0] - 1][place[1] - 1])
        assert fill == colours.level(rank / 3)
    framed = [shape for shape in figure["layout"]["shapes"] if shape["line"]["width"] > 1]
    assert [(shape["y0"] + shape["y1"]) / 2 for shape in framed] == [5]
    words = {note["text"] for note in figure["layout"]["annotations"]}
    assert {"Critical", "High", "Medium", "Low"} <= {word.split(" ")[-1] for word in words}


@settings(deadline=None)
@given(start=st.tuples(STEP, STEP), end=st.tuples(STEP, STEP))
def test_there_and_back_are_two_arrows(start: tuple[int, int], end: tuple[int, int]) -> None:
    if start == end:
        return
    there, back = shortened(start, end), shortened(end, start)
    gap = max(abs(a - b) for a, b in zip(there[0], back[1], strict=True))
    assert gap > 0.1
    assert all(abs(a - b) <= 0.5 for a, b in zip(there[0], start, strict=True))
    assert all(abs(a - b) <= 0.5 for a, b in zip(there[1], end, strict=True))


def test_the_way_of_a_risk_is_drawn_from_inherent_to_target() -> None:
    way = {Kind.INHERENT: (5, 4), Kind.CURRENT: (4, 3), Kind.TARGET: (2, 3)}
    risk = made(1, assessments=tuple(assessed(*cell, kind) for kind, cell in way.items()))
    found = view_of(
        mapped(looked((risk,)), (risk,), (), Kind.CURRENT), led=(risk,), moving=False, chosen=None
    )
    assert [(arrow.start, arrow.end, arrow.is_aim) for arrow in found.arrows] == [
        ((4, 5), (3, 4), False),
        ((3, 4), (3, 2), True),
    ]
    assert [mark.spot for mark in found.marks] == [(4, 5), (3, 4), (3, 2)]
    assert [mark.text for mark in found.marks] == ["R-0001", "", ""]


def test_risks_led_through_one_cell_stand_side_by_side() -> None:
    some = tuple(made(number, 3, 3) for number in range(1, 9))
    found = view_of(
        mapped(looked(some), some, (), Kind.CURRENT), led=some, moving=False, chosen=None
    )
    spots = [mark.spot for mark in found.marks]
    assert len(set(spots)) == len(some)
    assert all(2.5 < x < 3.5 and 2.5 < y < 3.5 for x, y in spots)


def test_an_aim_is_dashed_and_a_step_taken_is_not() -> None:
    arrows = (Arrow((1, 1), (2, 2)), Arrow((2, 2), (3, 3), is_aim=True))
    lines = [trace for trace in heat_map(view(arrows=arrows), LIGHT)["data"] if "line" in trace]
    dashes = [trace["line"]["dash"] for trace in lines]
    assert dashes == ["solid", "solid", "solid", "4px,3px"]
