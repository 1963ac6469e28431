"""What must hold for every series, and for the settings that judge it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Invalid
from kpis.direction import Direction
from kpis.variation import ChartSettings, ControlChart, Rebase, judge
from tests.kpis.test_variation import chart_of, points_of, rules_on

whole_numbers = st.integers(min_value=-500, max_value=500)
series = st.lists(st.none() | whole_numbers, min_size=13, max_size=40)
dense = st.lists(whole_numbers, min_size=13, max_size=40)


class TestProperties:
    @given(series, st.integers(min_value=-1000, max_value=1000))
    def test_adding_a_constant_moves_the_limits_and_keeps_the_judgement(
        self, values: list[int | None], constant: int
    ) -> None:
        plain = chart_of(values)
        moved = chart_of([None if v is None else v + constant for v in values])
        assert judgements(plain) == judgements(moved)
        for one, other in zip(plain.groups, moved.groups, strict=True):
            assert (one.limits.upper is None) == (other.limits.upper is None)
            if one.limits.upper is not None:
                assert one.limits.upper + constant == pytest.approx(other.limits.upper)

    @given(series)
    def test_turning_the_sign_swaps_high_and_low(self, values: list[int | None]) -> None:
        plain = chart_of(values, Direction.RANGE)
        turned = chart_of([None if v is None else -v for v in values], Direction.RANGE)
        assert [swapped(point) for point in judgements(plain)] == judgements(turned)

    @given(dense)
    def test_turning_sign_and_direction_keeps_good_and_bad(self, values: list[int]) -> None:
        higher = chart_of(values, Direction.HIGHER)
        lower = chart_of([-v for v in values], Direction.LOWER)
        assert [p.point_type for p in higher.points] == [p.point_type for p in lower.points]

    @given(dense, st.randoms(use_true_random=False))
    def test_the_order_of_the_rows_does_not_matter(self, values: list[int], random: object) -> None:
        points = points_of(values)
        shuffled = points.copy()
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert judge(shuffled, Direction.HIGHER) == judge(points, Direction.HIGHER)

    @given(series)
    def test_whatever_comes_a_chart_is_drawn(self, values: list[int | None]) -> None:
        chart = chart_of(values)
        assert [point.value for point in chart.points] == values
        assert (chart.variation is None) == (chart.withheld is not None)
        assert all(not p.fired for p in chart.points if p.value is None)

    @given(
        st.builds(
            ChartSettings,
            trend_length=st.sampled_from([6, 7]),
            shift_length=st.integers(6, 9),
            outside_counts_as_close=st.booleans(),
            screening=st.booleans(),
            minimum_points=st.integers(2, 100),
            baseline=st.none() | st.integers(12, 60),
            rebases=st.sets(st.dates(), max_size=3).map(
                lambda days: tuple(Rebase(day, "why", "who") for day in sorted(days))
            ),
        )
    )
    def test_settings_survive_being_stored(self, settings: ChartSettings) -> None:
        assert ChartSettings.from_dict(settings.to_dict()) == settings


Judgement = list[tuple[str, str]]


def judgements(chart: ControlChart) -> list[Judgement]:
    return [rules_on(chart, i) for i in range(len(chart.points))]


def swapped(judgement: Judgement) -> Judgement:
    return [(rule, "low" if side == "high" else "high") for rule, side in judgement]


@pytest.mark.parametrize(
    "document",
    [
        {"trend_length": 5},
        {"trend_length": True},
        {"shift_length": "7"},
        {"minimum_points": 1},
        {"baseline": 11},
        {"screening": 1},
        {"profile": "other"},
        {"profile": None},
        {"unheard_of": 1},
        {"rebases": [{"date": "2024-13-01", "reason": "r", "author": "a"}]},
        {"rebases": [{"date": "2024-01-01"}]},
        {"rebases": ["2024-01-01"]},
        {"rebases": [{"date": "2024-01-01", "reason": " ", "author": "a"}]},
        {"rebases": [{"date": "2024-01-01", "reason": "r", "author": "a"}] * 2},
    ],
)
def test_odd_settings_are_refused(document: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        ChartSettings.from_dict(document)


def test_settings_left_out_keep_their_default() -> None:
    assert ChartSettings.from_dict({}) == ChartSettings()
