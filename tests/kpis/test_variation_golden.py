"""The reference profile agrees in full with charts computed by NHSRplotthedots 0.2.2."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.errors import Invalid
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.variation import (
    ChartSettings,
    ControlChart,
    Fired,
    JudgedPoint,
    Point,
    Profile,
    Rebase,
    Rule,
    Side,
    judge,
)

CLOSE = 1e-12  # relative; the two programs round their sums differently
DIRECTIONS = {
    "increase": Direction.HIGHER,
    "decrease": Direction.LOWER,
    "neutral": Direction.RANGE,
}
NAMES = {
    Fired(Rule.OUTSIDE, Side.HIGH): "Above UCL",
    Fired(Rule.OUTSIDE, Side.LOW): "Below LCL",
    Fired(Rule.TREND, Side.HIGH): "7 Point Trend (Increasing)",
    Fired(Rule.TREND, Side.LOW): "7 Point Trend (Decreasing)",
    Fired(Rule.TWO_OF_THREE, Side.HIGH): "2 in 3 Above CL",
    Fired(Rule.TWO_OF_THREE, Side.LOW): "2 in 3 Below CL",
    Fired(Rule.SHIFT, Side.HIGH): "7 Points Above CL",
    Fired(Rule.SHIFT, Side.LOW): "7 Points Below CL",
    None: "Common Cause",
}
TYPES = {
    "common_cause": "common_cause",
    "improvement": "special_cause_improvement",
    "concern": "special_cause_concern",
    "high": "special_cause_neutral_high",
    "low": "special_cause_neutral_low",
}
COUNTED = ("common_cause", "special_cause_improvement", "special_cause_concern")
ASSURANCE = {"pass": "consistent_pass", "fail": "consistent_fail", "inconsistent": "inconsistent"}
REFUSALS = {
    "duplicate rows found in 'd'": "variation.refused.date_twice",
    "replacement has 1 row, data has 0": "variation.refused.no_points",
    "missing value where TRUE/FALSE needed": "variation.refused.gap_in_trend",
    "fix_after_n_points must be a single numeric that is greater than or equal to 12.": (
        "variation.refused.baseline_too_short"
    ),
}

Case = dict[str, Any]


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Case]:
    lines = (shared / "golden" / "xmr.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_case_is_there(cases: list[Case]) -> None:
    assert len(cases) >= 137


def test_charts_agree_in_full(cases: list[Case]) -> None:
    for case in cases:
        if case["expected"]["error"] is None:
            assert_agrees(chart_of(case), case["expected"], case["id"])


def test_what_the_reference_refuses_is_refused(cases: list[Case]) -> None:
    failing = [case for case in cases if case["expected"]["error"] is not None]
    assert failing
    for case in failing:
        with pytest.raises(Invalid) as refusal:
            chart_of(case)
        assert refusal.value.key == REFUSALS[case["expected"]["error"]], case["id"]


def chart_of(case: Case) -> ControlChart:
    options = case["options"]
    direction = DIRECTIONS[case["improvement_direction"]]
    dates = [date.fromisoformat(day) for day in case["dates"]]
    settings = ChartSettings(
        profile=Profile.REFERENCE,
        baseline=options["fix_after_n_points"],
        screening=options["screen_outliers"],
        rebases=tuple(
            Rebase(date.fromisoformat(day), "golden case", "tests")
            for day in options["rebase"] or ()
        ),
    )
    targets = {} if case["target"] is None else dict.fromkeys(dates, aim(case["target"], direction))
    points = [Point(day, value) for day, value in zip(dates, case["values"], strict=True)]
    return judge(points, direction, settings, targets)


def aim(value: float, direction: Direction) -> Target:
    return Target(high=value) if direction is Direction.LOWER else Target(low=value)


def assert_agrees(chart: ControlChart, expected: Case, name: str) -> None:
    points = chart.points
    assert [p.date.isoformat() for p in points] == expected["dates"], name
    assert_numbers([p.value for p in points], expected["values"], name)
    assert_numbers([p.limits.mean for p in points], expected["mean"], name)
    assert_numbers([p.limits.lower for p in points], expected["lpl"], name)
    assert_numbers([p.limits.upper for p in points], expected["upl"], name)
    assert [p.group for p in points] == expected["rebase_group"], name
    assert [p.side for p in points] == expected["relative_to_mean"], name
    assert [p.outside for p in points] == expected["outside_limits"], name
    assert [p.close for p in points] == expected["close_to_limits"], name
    assert [NAMES[p.special_cause] for p in points] == expected["special_cause_type"], name
    assert [bool(p.fired) for p in points] == expected["special_cause_flag"], name
    assert [TYPES[p.point_type] for p in points] == expected["point_type"], name
    assert_short_groups(chart, expected, name)
    assert_verdict(chart, expected, name)
    assert_groups(chart, expected["summary"], name)


def assert_short_groups(chart: ControlChart, expected: Case, name: str) -> None:
    provisional = {group.number for group in chart.groups if group.provisional}
    assert [p.group in provisional for p in chart.points] == expected["short_group_warning"], name
    assert bool(provisional) == bool(expected["warnings"]), name


def assert_verdict(chart: ControlChart, expected: Case, name: str) -> None:
    assert chart.judged is chart.points[-1], name
    assert TYPES[chart.judged.point_type] == expected["variation_type"], name
    assert chart.variation == expected["variation_icon"], name
    assert chart.assurance == expected["assurance_icon"], name
    assert chart.assurance is None or ASSURANCE[chart.assurance] == expected["assurance_type"], name


def assert_groups(chart: ControlChart, summaries: list[Case], name: str) -> None:
    assert len(chart.groups) == len(summaries), name
    for group, summary in zip(chart.groups, summaries, strict=True):
        points = [point for point in chart.points if point.group == group.number]
        limits = group.limits
        assert (group.number, group.rows) == (summary["rebase_group"], summary["n"]), name
        assert_numbers(
            [limits.mean, limits.lower, limits.upper],
            [summary["mean"], summary["lpl"], summary["upl"]],
            name,
        )
        assert not any(count_of(points, kind) != summary[kind] for kind in COUNTED), name
        assert TYPES[points[-1].point_type] == summary["variation_type"], name


def count_of(points: list[JudgedPoint], kind: str) -> int:
    return sum(TYPES[point.point_type] == kind for point in points)


def assert_numbers(ours: list[float | None], theirs: list[float | None], name: str) -> None:
    assert len(ours) == len(theirs), name
    for our, their in zip(ours, theirs, strict=True):
        assert (our is None) == (their is None), name
        if our is not None:
            assert our == pytest.approx(their, rel=CLOSE, abs=1e-12), name
