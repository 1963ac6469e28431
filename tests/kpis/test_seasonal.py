"""Seasons are found where they are and not in noise; a shift is seen through them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import Invalid
from data.figure import Figure, Unit
from data.period import Frequency
from kpis.catalogue import catalogue
from kpis.direction import Direction
from kpis.judgement import Charts, charts_of
from kpis.stored_readings import WHOLE, Reading
from kpis.variation import (
    PRODUCT,
    ChartSettings,
    ControlChart,
    Point,
    Rebase,
    Rule,
    Season,
    VariationIcon,
    judge,
    seasonality_of,
)
from kpis.variation.seasonal import FEWEST_MONTHS, threshold
from tests.kpis.test_variation import FIRST, points_of

WAVE = 3 * np.sin(2 * np.pi * np.arange(12) / 12)
SEASON = np.tile(WAVE, 5)
NOISE_FOUND = 0.02  # the share of noise in which a season may be found, as stated
TRIES = 600


def noise(months: int, count: int = TRIES, seed: int = 1) -> Iterator[np.ndarray]:
    random = np.random.default_rng(seed)
    return (100 + random.normal(size=months) for _ in range(count))


def season_in(values: np.ndarray) -> Season | None:
    return seasonality_of(points_of([float(value) for value in values]), Frequency.MONTH).season


def found_in(values: np.ndarray) -> Season:
    season = season_in(values)
    assert season is not None
    return season


def special(chart: ControlChart) -> bool:
    return any(point.fired for point in chart.points)


def judged(values: np.ndarray) -> ControlChart:
    return judge(points_of([float(value) for value in values]), Direction.HIGHER)


@pytest.mark.parametrize("months", [36, 48, 60])
@pytest.mark.parametrize("disturbance", ["none", "shift", "trend"])
def test_noise_is_called_seasonal_no_more_often_than_stated(months: int, disturbance: str) -> None:
    time = np.arange(months)
    added = {"none": 0 * time, "shift": 3.0 * (time >= months // 2 + 2), "trend": 0.1 * time}
    found = sum(season_in(each + added[disturbance]) is not None for each in noise(months))
    # 600 tries at a true rate of 2 % give no more than 20 in 98 of 100 runs.
    assert found <= 20, f"{found} of {TRIES} series of noise ({disturbance}) were called seasonal"
    assert found / TRIES < 2 * NOISE_FOUND


@pytest.mark.parametrize("months", [36, 60])
def test_a_season_of_three_standard_deviations_is_found_and_measured(months: int) -> None:
    errors = []
    for each in noise(months, 200):
        season = found_in(each + SEASON[:months])
        assert sum(season.effects) == pytest.approx(0, abs=1e-9)
        errors.append(np.array(season.effects) - WAVE)
    typical = float(np.sqrt(np.mean(np.square(errors))))
    assert typical < 1.1 / np.sqrt(months / 12), f"a month effect is off by {typical:.2f}"


def test_the_adjusted_chart_does_not_take_the_season_for_special_cause() -> None:
    """Without adjustment every stable series looks special; with it few more than pure noise."""
    found = {"noise": 0, "season": 0, "adjusted": 0}
    for each in noise(36, TRIES, seed=3):
        found["noise"] += special(judged(each))
        found["season"] += special(judged(each + SEASON[:36]))
        season = found_in(each + SEASON[:36])
        found["adjusted"] += special(judge(season.adjusted, Direction.HIGHER))
    assert found["season"] == TRIES, found
    assert found["adjusted"] / TRIES < found["noise"] / TRIES + 0.12, found


def test_a_shift_is_found_in_the_adjusted_chart_and_its_season_is_not() -> None:
    """The level rises by four standard deviations in the last ten months: the chart says so."""
    seen = 0
    for each in noise(36, 200, seed=5):
        values = each + SEASON[:36] + 4.0 * (np.arange(36) >= 26)
        chart = judge(found_in(values).adjusted, Direction.HIGHER)
        seen += chart.variation is VariationIcon.IMPROVEMENT_HIGH
        last = {fired.rule for fired in chart.points[-1].fired}
        assert Rule.SHIFT in last or Rule.OUTSIDE in last
    assert seen == 200


def test_one_odd_month_is_no_season() -> None:
    values = next(noise(36, 1)) + SEASON[:36]
    values[19] += 15
    season = found_in(values)
    assert abs(season.effects[7] - WAVE[7]) < 2
    chart = judge(season.adjusted, Direction.HIGHER)
    assert [i for i, point in enumerate(chart.points) if point.outside] == [19]


def test_effects_are_what_pandas_makes_of_them() -> None:
    values = next(noise(36, 1, seed=9)) + SEASON[:36]
    series = pd.Series(values)
    level = series.rolling(12).mean().rolling(2).mean().shift(-6).ffill().bfill()
    left = (series - level).groupby(series.index % 12).mean()
    expected = left - left.mean()
    assert found_in(values).effects == pytest.approx(expected.tolist(), rel=1e-9)
    told = seasonality_of(points_of(values.tolist()), Frequency.MONTH).why.values
    centred = (series - level) - (series - level).mean()
    again = (centred * centred.shift(12)).sum() / (centred**2).sum()
    assert told == {"found": round(again, 2), "needed": 0.33}


def test_the_calendar_names_the_months_wherever_the_series_begins() -> None:
    values = next(noise(36, 1)) + SEASON[:36]
    begun = [
        Point(date(2020 + (i + 6) // 12, (i + 6) % 12 + 1, 1), float(v))
        for i, v in enumerate(values)
    ]
    season = seasonality_of(begun, Frequency.MONTH).season
    assert season is not None
    assert season.effects == pytest.approx(np.roll(found_in(values).effects, 6).tolist())
    for point, adjusted in zip(begun, season.adjusted, strict=True):
        assert adjusted.value == (point.value or 0) - season.effects[point.date.month - 1]


# Where nothing can be said


def why(
    points: list[Point], frequency: Frequency = Frequency.MONTH
) -> tuple[str, dict[str, object]]:
    found = seasonality_of(points, frequency)
    return found.why.key, dict(found.why.values)


def test_less_than_three_years_or_a_gap_in_them_say_nothing() -> None:
    values: list[float | None] = [float(v) for v in SEASON[:40]]
    short = {"count": 35, "needed": FEWEST_MONTHS}
    assert why(points_of(values[:35])) == ("season.too_short", short)
    values[4] = None
    assert why(points_of(values)) == ("season.too_short", short)
    values[4], values[3] = 1.0, None
    assert why(points_of(values))[0] == "season.found"
    assert why(points_of(values), Frequency.WEEK)[0] == "season.not_monthly"
    assert why([])[0] == "season.too_short"


def test_a_series_that_never_moves_has_no_season() -> None:
    assert why(points_of([5.0] * 36))[0] == "season.none"


def test_the_threshold_falls_with_the_length() -> None:
    assert threshold(36) == pytest.approx(1 / 3)
    assert threshold(100) == pytest.approx(0.2)


# Real series


def test_attendances_are_seasonal_and_a_walk_in_centre_never_full_is_not(shared: Path) -> None:
    """Emergency attendances are known to peak in spring and to fall in winter."""
    cases = map(json.loads, (shared / "golden" / "xmr.jsonl").read_text().splitlines())
    series = {case["id"]: case for case in cases if case["source"].startswith("NHSRdatasets")}
    whole = {name: case["values"] for name, case in series.items() if len(case["values"]) == 36}
    seasonal = {name for name, values in whole.items() if season_in(np.array(values, float))}
    assert {"ae-RD3-1-attendances-neutral", "ae-RQ3-1-attendances-decrease"} <= seasonal
    assert "ae-RC9-other-within4h-increase" not in seasonal
    attendances = [name for name in whole if "-1-attendances-" in name]
    assert len(seasonal & set(attendances)) >= 0.9 * len(attendances)


# The setting


def test_the_setting_is_kept_and_leaves_older_documents_as_they_were() -> None:
    seasonal = ChartSettings(seasonal=True)
    assert ChartSettings.from_dict(seasonal.to_dict()) == seasonal
    assert seasonal.to_dict()["seasonal"] is True
    assert "seasonal" not in PRODUCT.to_dict()
    assert ChartSettings.from_dict(PRODUCT.to_dict()) == PRODUCT
    with pytest.raises(Invalid):
        ChartSettings.from_dict({"seasonal": "yes"})


# The series of a KPI


def readings(values: np.ndarray) -> list[Reading]:
    return [
        Reading("IN-01", "value", FIRST.shift(i), WHOLE, Figure(float(value), Unit.CASES))
        for i, value in enumerate(values)
    ]


def charts(values: np.ndarray, *, seasonal: bool, rebases: tuple[Rebase, ...] = ()) -> Charts:
    definition = next(e.definition for e in catalogue() if e.definition.code == "IN-01")
    settings = replace(definition.chart, seasonal=seasonal)
    return charts_of(replace(definition, chart=settings), readings(values), {}, rebases)


def test_the_chart_as_measured_speaks_unless_the_kpi_says_otherwise() -> None:
    values = next(noise(36, 1)) + SEASON[:36]
    usual, adjusted = charts(values, seasonal=False), charts(values, seasonal=True)
    assert usual.other is not None
    assert adjusted.other is not None
    assert (usual.chart.adjusted, usual.other.adjusted) == (False, True)
    assert (adjusted.chart.adjusted, adjusted.other.adjusted) == (True, False)
    assert usual.chart.points == adjusted.other.points
    assert usual.other.points == adjusted.chart.points
    assert [point.value for point in usual.chart.points] == values.tolist()


@pytest.mark.parametrize("seasonal", [False, True])
def test_without_a_season_there_is_one_chart_and_the_reason(*, seasonal: bool) -> None:
    told = charts(next(noise(36, 1)), seasonal=seasonal)
    assert told.other is None
    assert not told.chart.adjusted
    assert told.seasonality.why.key == "season.none"


def test_a_rebase_cuts_both_charts() -> None:
    values = next(noise(36, 1)) + SEASON[:36] + 4.0 * (np.arange(36) >= 20)
    rebase = Rebase(FIRST.shift(20).start, "new form", "a@example.org")
    told = charts(values, seasonal=False, rebases=(rebase,))
    assert told.other is not None
    assert [group.start for group in told.other.groups] == [FIRST.start, rebase.date]
    assert len(told.chart.groups) == 2


def test_settings_take_more_rebases_in_order_and_the_later_named_of_a_day() -> None:
    days = [date(2024, month, 1) for month in (3, 1, 3)]
    more = [Rebase(day, f"reason {i}", "a") for i, day in enumerate(days)]
    told = PRODUCT.with_rebases(more).rebases
    assert [(one.date, one.reason) for one in told] == [
        (days[1], "reason 1"),
        (days[0], "reason 2"),
    ]
