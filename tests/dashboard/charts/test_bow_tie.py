"""The bow-tie: everything said is in it, readable, in both forms and both appearances."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.charts.bow_tie import (
    MOST_LINES,
    NARROW,
    WIDE,
    Barrier,
    BowTieView,
    Holds,
    bow_tie,
    bow_tie_stacked,
)
from dashboard.charts.indicator import IndicatorChartView, Limit, indicator_chart
from dashboard.charts.risk_levels import LevelLine, LevelPoint, RiskLevelsView, risk_levels
from dashboard.charts.tokens import DARK, LIGHT, Size, contrast
from risks.register.kinds import Kind
from tests.dashboard.charts.samples import HEADING, ODD

SVG = "{http://www.w3.org/2000/svg}"
VIEW = BowTieView(
    causes=("Deliveries come late", ODD),
    before=(
        Barrier("Weekly count of the stock", Holds.YES, "Works, tested 12 Mar 2025"),
        Barrier("Second supplier", Holds.NO, "Does not work"),
        Barrier("Order point", Holds.PARTLY, "Works in part"),
    ),
    event="No blank passports are left",
    after=(Barrier("Emergency loan", Holds.UNTESTED, "Never tested"),),
    consequences=("Passports are not issued in time", "Trust is lost"),
    headings=("Cause", "Preventive controls", "Event", "Mitigating controls", "Consequence"),
    no_control="No control",
    not_said="Not said yet",
    alt="Bow-tie of R-0001",
)
DRAWINGS = pytest.mark.parametrize("draw", [bow_tie, bow_tie_stacked], ids=["wide", "stacked"])


def texts(image: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(image).iter(f"{SVG}text")]  # noqa: S314


def boxes(image: str) -> list[dict[str, float]]:
    root = ElementTree.fromstring(image)  # noqa: S314
    names = ("x", "y", "width", "height")
    return [{name: float(one.attrib[name]) for name in names} for one in root.iter(f"{SVG}rect")]


@DRAWINGS
def test_everything_said_is_in_it(draw: Any) -> None:
    said = " ".join(texts(draw(VIEW, LIGHT)))
    words = [*VIEW.headings, *VIEW.causes, VIEW.event, *VIEW.consequences]
    words += [text for one in (*VIEW.before, *VIEW.after) for text in (one.title, one.said)]
    for text in words:
        assert text in said


@DRAWINGS
def test_what_people_wrote_is_text_and_nothing_else(draw: Any) -> None:
    image = draw(VIEW, LIGHT)
    assert "<b>" not in image
    root = ElementTree.fromstring(image)  # noqa: S314
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "title", "path", "rect", "text", "g")
    }
    assert root.attrib["aria-label"] == "Bow-tie of R-0001"


@DRAWINGS
def test_boxes_lie_within_the_drawing_and_beside_each_other(draw: Any) -> None:
    image = draw(VIEW, LIGHT)
    root = ElementTree.fromstring(image)  # noqa: S314
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert width == (WIDE if draw is bow_tie else NARROW)
    found = boxes(image)
    assert len(found) == 2 + 3 + 1 + 1 + 2
    for one in found:
        assert one["x"] >= 0
        assert one["x"] + one["width"] <= width
        assert one["y"] + one["height"] <= height
    columns: dict[float, list[dict[str, float]]] = {}
    for one in found:
        columns.setdefault(one["x"], []).append(one)
    assert len(columns) == (5 if draw is bow_tie else 1)
    for column in columns.values():
        ordered = sorted(column, key=lambda one: one["y"])
        assert all(a["y"] + a["height"] < b["y"] for a, b in pairwise(ordered))


@DRAWINGS
def test_lines_fit_their_boxes(draw: Any) -> None:
    long = " ".join(["Wiederherstellungsmaßnahmen und Zuständigkeiten"] * 30)
    view = replace(VIEW, event=long, causes=(long,), before=(Barrier(long, Holds.YES, long),))
    image = draw(view, LIGHT)
    root = ElementTree.fromstring(image)  # noqa: S314
    found = boxes(image)
    for one in root.iter(f"{SVG}text"):
        x, y, size = (float(one.attrib[name]) for name in ("x", "y", "font-size"))
        around = [
            box
            for box in found
            if box["x"] <= x <= box["x"] + box["width"]
            and box["y"] <= y <= box["y"] + box["height"]
        ]
        for box in around:
            # The mean width of Helvetica's small letters is 0.5 of its size.
            assert x + len(one.text or "") * size * 0.5 <= box["x"] + box["width"]
    assert max(box["height"] for box in found) <= 2 * MOST_LINES * 18 + 24
    assert any((text or "").endswith("…") for text in texts(image))


@DRAWINGS
def test_where_there_is_no_control_it_says_so(draw: Any) -> None:
    bare = replace(VIEW, causes=(), before=(), after=(), event="", consequences=())
    said = texts(draw(bare, LIGHT))
    assert said.count("No control") == 2
    assert said.count("Not said yet") == 3


def test_a_control_shows_by_shape_and_word_whether_it_holds() -> None:
    """Without its colours no two kinds look alike: the bar is whole or broken in its own way."""
    image = bow_tie(VIEW, LIGHT)
    root = ElementTree.fromstring(image)  # noqa: S314
    bars = [one for one in root.iter(f"{SVG}path") if one.attrib["stroke-width"] == "6"]
    marks = [next(iter(one)).attrib["d"] for one in root.iter(f"{SVG}g")]
    assert len({one.attrib["stroke-dasharray"] for one in bars}) == len(set(marks)) == 4


def test_every_cause_passes_every_control_before_the_event() -> None:
    image = bow_tie(VIEW, LIGHT)
    root = ElementTree.fromstring(image)  # noqa: S314
    lines = [one for one in root.iter(f"{SVG}path") if one.attrib["stroke-width"] == "1.6"]
    assert len(lines) == 2 * 3 + 3 * 1 + 1 * 1 + 1 * 2


@DRAWINGS
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_are_readable_in_both_appearances(draw: Any, colours: Any) -> None:
    root = ElementTree.fromstring(draw(VIEW, colours))  # noqa: S314
    for one in root.iter(f"{SVG}text"):
        assert contrast(one.attrib["fill"], colours.raised) >= 4.5
        assert float(one.attrib["font-size"]) >= Size.SMALL


@DRAWINGS
def test_light_and_dark_share_no_colour(draw: Any) -> None:
    light, dark = (set(re.findall(r"#[0-9A-F]{6}", draw(VIEW, one))) for one in (LIGHT, DARK))
    assert not light & dark


# The other charts of the page


def test_a_level_stands_until_the_next_one_and_to_this_day() -> None:
    days = [date(2025, 1, 7), date(2025, 4, 1)]
    points = tuple(LevelPoint(day, rank, "") for day, rank in zip(days, (2, 1), strict=True))
    line = LevelLine(Kind.CURRENT, points, "Current", "Medium")
    view = RiskLevelsView(HEADING, ("Low", "Medium", "High"), (line,), (), date(2025, 6, 1))
    (trace,) = risk_levels(view, LIGHT)["data"]
    assert trace["line"]["shape"] == "hv"
    assert [date.fromordinal(day) for day in trace["x"]] == [*days, date(2025, 6, 1)]
    assert trace["y"] == [2, 1, 1]
    assert trace["marker"]["size"][-1] == 0  # today is no assessment


def test_lines_of_one_level_lie_beside_each_other() -> None:
    point = (LevelPoint(date(2025, 1, 7), 1, ""),)
    lines = tuple(LevelLine(kind, point, kind.value, "Medium") for kind in Kind)
    view = RiskLevelsView(HEADING, ("Low", "Medium"), lines, (), date(2025, 6, 1))
    traces = risk_levels(view, LIGHT)["data"]
    assert len({trace["y"][0] for trace in traces}) == 3
    assert all(round(trace["y"][0]) == 1 for trace in traces)
    symbols = {trace["marker"]["symbol"] for trace in traces}
    assert len(symbols) == 3


def test_a_period_that_warns_has_a_shape_of_its_own() -> None:
    view = IndicatorChartView(
        HEADING,
        ("Jan", "Feb", "Mar"),
        (1.0, 2.2, 3.0),
        ("green", "amber", "red"),
        ("", "", ""),
        (Limit(2.0, "Amber", "2", is_red=False), Limit(2.5, "Red", "2.5", is_red=True)),
    )
    figure = indicator_chart(view, LIGHT)
    assert len(set(figure["data"][0]["marker"]["symbol"])) == 3
    assert [one["y0"] for one in figure["layout"]["shapes"]] == [2.0, 2.5]
    assert len({one["line"]["dash"] for one in figure["layout"]["shapes"]}) == 2
