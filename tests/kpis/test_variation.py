"""What a control chart tells its readers: rules, withheld judgements, rebases, targets."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest

from data.errors import Invalid
from data.period import Frequency, Period
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.variation import (
    PRODUCT,
    AssuranceIcon,
    ChartSettings,
    ControlChart,
    Fired,
    Point,
    PointType,
    Rebase,
    Rule,
    Side,
    VariationIcon,
    judge,
)

FIRST = Period(date(2022, 1, 1), Frequency.MONTH)
CALM = [50, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 49, 50, 52, 48, 51, 50]
RISING = [*CALM, 51, 53, 55, 57, 59, 61, 63]


def month(index: int) -> date:
    return FIRST.shift(index).start


def points_of(values: Sequence[float | None]) -> list[Point]:
    return [Point(month(i), value) for i, value in enumerate(values)]


def chart_of(
    values: Sequence[float | None],
    direction: Direction = Direction.HIGHER,
    settings: ChartSettings = PRODUCT,
    target: Target | None = None,
) -> ControlChart:
    points = points_of(values)
    targets = {} if target is None else {point.date: target for point in points}
    return judge(points, direction, settings, targets)


def rules_on(chart: ControlChart, index: int) -> list[tuple[str, str]]:
    return [(fired.rule.value, fired.side.value) for fired in chart.points[index].fired]


class TestLimits:
    def test_are_the_mean_and_2_66_mean_moving_ranges(self) -> None:
        chart = chart_of(CALM)
        ranges = [abs(b - a) for a, b in pairwise(CALM)]
        kept = [r for r in ranges if r < 3.267 * statistics.mean(ranges)]
        width = 2.66 * statistics.mean(kept)
        limits = chart.groups[0].limits
        assert limits.mean == pytest.approx(statistics.mean(CALM))
        assert limits.upper == pytest.approx(statistics.mean(CALM) + width)
        assert limits.lower == pytest.approx(statistics.mean(CALM) - width)
        assert limits.near_upper == pytest.approx(statistics.mean(CALM) + width * 2 / 3)

    def test_screening_keeps_one_jump_from_widening_them(self) -> None:
        jump = [*CALM, 90, *CALM]
        with_screening = chart_of(jump).groups[0].limits
        without = chart_of(jump, settings=ChartSettings(screening=False)).groups[0].limits
        assert with_screening.upper is not None
        assert without.upper is not None
        assert with_screening.upper < without.upper

    def test_a_fixed_baseline_ignores_what_comes_later(self) -> None:
        fixed = ChartSettings(baseline=12)
        assert (
            chart_of(CALM, settings=fixed).groups[0].limits
            == chart_of([*CALM, 90, 95, 99], settings=fixed).groups[0].limits
        )


class TestRules:
    def test_every_rule_that_fires_is_told_the_strongest_first(self) -> None:
        chart = chart_of(RISING, settings=ChartSettings(baseline=18))
        last = chart.points[-1]
        assert rules_on(chart, -1) == [("outside", "high"), ("trend", "high"), ("shift", "high")]
        assert last.special_cause == Fired(Rule.OUTSIDE, Side.HIGH)
        assert last.point_type is PointType.IMPROVEMENT

    def test_six_rising_points_are_a_trend_only_if_the_kpi_says_so(self) -> None:
        rising = [*CALM, 49, 50, 51, 52, 53, 54]
        settings = ChartSettings(baseline=18)
        assert ("trend", "high") not in rules_on(chart_of(rising, settings=settings), -1)
        shorter = ChartSettings(baseline=18, trend_length=6)
        assert ("trend", "high") in rules_on(chart_of(rising, settings=shorter), -1)

    def test_the_length_of_a_shift_belongs_to_the_kpi(self) -> None:
        above = [*CALM, 51, 52, 51, 52, 51, 52, 51]
        assert rules_on(chart_of(above, settings=ChartSettings(baseline=18)), -1) == [
            ("shift", "high")
        ]
        longer = ChartSettings(baseline=18, shift_length=8)
        assert rules_on(chart_of(above, settings=longer), -1) == []

    def test_a_point_outside_counts_as_close_only_if_the_kpi_says_so(self) -> None:
        limits = chart_of(CALM, settings=ChartSettings(baseline=18)).groups[0].limits
        assert limits.upper is not None
        assert limits.near_upper is not None
        values = [*CALM, limits.upper + 1, limits.near_upper + 0.1, limits.mean + 0.5]  # type: ignore[operator]
        plain = chart_of(values, settings=ChartSettings(baseline=18))
        assert rules_on(plain, 19) == []
        counting = ChartSettings(baseline=18, outside_counts_as_close=True)
        assert rules_on(chart_of(values, settings=counting), 19) == [("two_of_three", "high")]

    def test_a_range_kpi_has_high_and_low_but_neither_good_nor_bad(self) -> None:
        chart = chart_of([*CALM, 70], Direction.RANGE)
        assert chart.points[-1].point_type is PointType.HIGH
        assert chart.variation is VariationIcon.NEUTRAL_HIGH


class TestWithheld:
    @pytest.mark.parametrize("values", [[7.0] * 20, [0.1] * 24, [98.0] * 23 + [97.0]])
    def test_a_series_that_hardly_moves_is_not_judged(self, values: list[float]) -> None:
        chart = chart_of(values, target=Target(low=5))
        assert chart.variation is None
        assert chart.assurance is None
        assert chart.withheld is not None
        assert chart.withheld.key == "variation.withheld.constant"
        assert chart.summary == chart.withheld
        assert {point.point_type for point in chart.points} == {PointType.NOT_JUDGED}
        assert chart.groups[0].limits.upper is None
        assert chart.groups[0].limits.mean == pytest.approx(statistics.mean(values))

    def test_floating_point_dust_is_no_movement(self) -> None:
        dust = [0.1 + 0.2, 0.3] * 10
        assert chart_of(dust).withheld == chart_of([0.3] * 20).withheld

    def test_fewer_than_13_points_give_provisional_limits_and_no_icons(self) -> None:
        chart = chart_of(CALM[:12], target=Target(low=10))
        assert (chart.variation, chart.assurance) == (None, None)
        assert chart.withheld is not None
        assert chart.withheld.key == "variation.withheld.not_enough"
        assert dict(chart.withheld.values) == {"count": 12, "needed": 13}
        assert chart.groups[0].provisional
        assert chart.groups[0].limits.upper is not None
        assert chart_of(CALM[:13], target=Target(low=10)).assurance is AssuranceIcon.PASS

    def test_missing_values_do_not_count_as_points(self) -> None:
        values = [*CALM[:12], None, None]
        withheld = chart_of(values).withheld
        assert withheld is not None
        assert withheld.values["count"] == 12

    def test_a_series_of_gaps_is_not_judged(self) -> None:
        torn = [value for each in CALM for value in (each, None)]
        withheld = chart_of(torn).withheld
        assert withheld is not None
        assert withheld.key == "variation.withheld.gaps"

    @pytest.mark.parametrize("values", [[], [None] * 20])
    def test_without_any_value_there_is_nothing_to_judge(self, values: list[None]) -> None:
        chart = chart_of(values)
        assert chart.withheld is not None
        assert chart.withheld.key == "variation.withheld.no_data"
        assert chart.judged is None

    def test_the_last_actual_point_is_judged(self) -> None:
        chart = chart_of([*CALM, 70, None, None])
        assert chart.judged is not None
        assert chart.judged.value == 70
        assert chart.variation is VariationIcon.IMPROVEMENT_HIGH
        assert chart.points[-1].point_type is PointType.NOT_JUDGED

    def test_a_gap_ends_a_run(self) -> None:
        above = [*CALM, 51, 52, 51, None, 51, 52, 51, 52]
        assert rules_on(chart_of(above, settings=ChartSettings(baseline=18)), -1) == []

    def test_values_that_are_no_numbers_never_get_in(self) -> None:
        with pytest.raises(ValueError, match="missing value is None"):
            Point(month(0), float("nan"))


class TestRebase:
    rebased = ChartSettings(rebases=(Rebase(month(18), "online applications began", "Demo"),))

    def test_gives_each_stretch_its_own_limits(self) -> None:
        chart = chart_of([*CALM, *[v + 20 for v in CALM]], settings=self.rebased)
        before, after = chart.groups
        assert (before.limits.mean or 0) + 20 == pytest.approx(after.limits.mean)
        assert chart.variation is VariationIcon.COMMON_CAUSE

    def test_withholds_the_icons_until_the_new_stretch_is_long_enough(self) -> None:
        chart = chart_of([*CALM, 70, 72, 69], settings=self.rebased)
        assert chart.withheld is not None
        assert dict(chart.withheld.values) == {"count": 3, "needed": 13}
        assert not chart.groups[0].provisional

    def test_between_two_points_begins_at_the_next(self) -> None:
        mid_month = ChartSettings(rebases=(Rebase(date(2023, 6, 17), "reason", "author"),))
        chart = chart_of([*CALM, *CALM], settings=mid_month)
        assert chart.groups[1].start == date(2023, 7, 1)

    @pytest.mark.parametrize(("reason", "author"), [("", "Demo"), ("why", "  ")])
    def test_needs_a_reason_and_an_author(self, reason: str, author: str) -> None:
        with pytest.raises(Invalid, match="rebase_unexplained"):
            Rebase(month(3), reason, author)


class TestTargets:
    @pytest.mark.parametrize(
        ("direction", "target", "icon"),
        [
            (Direction.HIGHER, Target(low=40), AssuranceIcon.PASS),
            (Direction.HIGHER, Target(low=50), AssuranceIcon.INCONSISTENT),
            (Direction.HIGHER, Target(low=60), AssuranceIcon.FAIL),
            (Direction.LOWER, Target(high=60), AssuranceIcon.PASS),
            (Direction.LOWER, Target(high=40), AssuranceIcon.FAIL),
            (Direction.RANGE, Target(low=40, high=60), None),
            (Direction.HIGHER, None, None),
        ],
    )
    def test_assurance(
        self, direction: Direction, target: Target | None, icon: AssuranceIcon | None
    ) -> None:
        assert chart_of(CALM, direction, target=target).assurance is icon

    def test_assurance_follows_the_target_of_the_judged_point(self) -> None:
        points = points_of(CALM)
        targets = {point.date: Target(low=40) for point in points}
        targets[points[-1].date] = Target(low=60)
        chart = judge(points, Direction.HIGHER, targets=targets)
        assert chart.assurance is AssuranceIcon.FAIL
        assert chart.points[0].target == Target(low=40)


class TestSummary:
    def test_names_the_period_since_which_it_improves(self) -> None:
        chart = chart_of([*CALM, 58, 59, 60, 58], settings=ChartSettings(baseline=18))
        assert chart.summary.key == "variation.summary.improving_since"
        assert chart.summary.values["period"] == FIRST.shift(18)

    def test_one_odd_period_is_no_since(self) -> None:
        chart = chart_of([*CALM, 30], settings=ChartSettings(baseline=18))
        assert chart.summary.key == "variation.summary.worsening_in"
        assert chart.summary.values["period"] == FIRST.shift(18)

    def test_says_when_nothing_changed(self) -> None:
        assert chart_of(CALM).summary.key == "variation.summary.stable"


def test_two_points_of_one_date_are_refused() -> None:
    with pytest.raises(Invalid, match="date_twice"):
        judge([Point(month(0), 1), Point(month(0), 2)], Direction.HIGHER)
