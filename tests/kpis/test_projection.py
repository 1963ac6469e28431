"""The end of the year as projected: held against what came, and computed a second time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.figure import Figure, Missing, Unit
from data.metrics.query import Form
from data.period import Frequency, Period
from kpis.measures import Measure, Statistic
from kpis.projection import Projection, fewest_periods, project, year_of
from kpis.stored_readings import WHOLE, Reading

SERIES = 36  # months of a real series
BAND = (0.70, 0.90)  # in which the coverage of an 80 % interval must lie
SHARE = Measure(
    name="value", query="q", statistic=Statistic.SHARE, unit=Unit.PERCENT, decimals=1, factor=100
)
COUNT = replace(SHARE, statistic=Statistic.COUNT, unit=Unit.CASES, factor=1)
LEVEL = replace(COUNT, statistic=Statistic.OPEN)
MEASURES = {"share": SHARE, "count": COUNT, "level": LEVEL}

DIRECTIONS = {"increase", "decrease", "neutral"}
COUNTED = {"attendances", "breaches"}

Counts = Sequence[tuple[float, float]]


def months(counts: Counts, measure: Measure, first: Period) -> list[Reading]:
    """A series of readings from its counts."""
    return [
        _reading(first.shift(place), top, bottom, measure)
        for place, (top, bottom) in enumerate(counts)
    ]


def _reading(period: Period, top: float, bottom: float, measure: Measure) -> Reading:
    value = 100 * top / bottom if measure is SHARE else top
    return Reading(
        code="XX-01",
        measure="value",
        period=period,
        cell=WHOLE,
        figure=Figure(value, measure.unit, 1),
        numerator=top,
        denominator=bottom,
    )


def at(readings: Sequence[Reading], place: int, measure: Measure) -> Projection:
    """The projection when the reading at `place` is the newest."""
    return project(readings[: place + 1], readings[place].period, measure)


# Held against what came, on real series


@dataclass(frozen=True)
class Try:
    """One projection of a real series, what came, and what carrying the last month on says."""

    projected: Projection
    came: float
    naive: float
    size: float  # what errors are relative to
    ahead: int


def real_series(shared: Path, kind: str) -> Iterator[Counts]:
    """The monthly series of the public accident and emergency data, one of each kind."""
    found: dict[str, dict[str, list[float]]] = {}
    for line in (shared / "golden" / "xmr.jsonl").read_text().splitlines():
        case = json.loads(line)
        real = case["source"].startswith("NHSRdatasets")
        if not real or len(case["values"]) != SERIES or None in case["values"]:
            continue
        _, *where, measure, variant = case["id"].split("-")
        if variant in DIRECTIONS:  # the other variants are the same series again
            found.setdefault("-".join(where), {})[measure] = case["values"]
    for one in found.values():
        if kind == "share" and {"attendances", "breaches"} <= set(one):
            pairs = zip(one["attendances"], one["breaches"], strict=True)
            yield [(seen - late, seen) for seen, late in pairs]
        if kind == "count":
            yield from ([(v, 0.0) for v in one[name]] for name in sorted(one) if name in COUNTED)
        if kind == "level":
            yield from ([(v, 0.0) for v in one[name]] for name in sorted(one))


def tries(shared: Path, kind: str) -> Iterator[Try]:
    """Every projection that can be held against what came: the year may begin at any month."""
    measure = MEASURES[kind]
    for counts in real_series(shared, kind):
        for month in range(1, 13):
            readings = months(counts, measure, Period(date(2016, month, 1), Frequency.MONTH))
            yield from _tries_in(readings, measure)


def _tries_in(readings: Sequence[Reading], measure: Measure) -> Iterator[Try]:
    by_period = {each.period: each for each in readings}
    for place, newest in enumerate(readings):
        year = year_of(newest.period)
        projected = at(readings, place, measure)
        if projected.expected is None or not set(year) <= set(by_period):
            continue
        came = _outcome([by_period[each] for each in year], measure)
        carried = [by_period[min(each, newest.period)] for each in year]
        typical = float(np.mean([abs(each.numerator or 0) for each in readings]))
        size = (typical or 1) if measure is LEVEL else max(came, 1)
        ahead = len(year) - year.index(newest.period) - 1
        yield Try(projected, came, _outcome(carried, measure), size, ahead)


def _outcome(readings: Sequence[Reading], measure: Measure) -> float:
    frame = pd.DataFrame(
        {"top": [r.numerator for r in readings], "bottom": [r.denominator for r in readings]}
    )
    if measure is SHARE:
        return float(100 * frame["top"].sum() / frame["bottom"].sum())
    return float(frame["top"].sum() if measure is COUNT else frame["top"].iloc[-1])


@pytest.mark.parametrize("kind", list(MEASURES))
def test_the_interval_holds_what_came_about_as_often_as_it_says(shared: Path, kind: str) -> None:
    made = list(tries(shared, kind))
    frame = pd.DataFrame(
        {
            "ahead": each.ahead,
            "covered": _covers(each),
            "error": abs(each.came - _value(each)) / each.size,
            "naive": abs(each.came - each.naive) / each.size,
            "width": (_ends(each)[1] - _ends(each)[0]) / each.size,
        }
        for each in made
    )
    told = (
        f"{kind}: {len(frame)} projections, coverage {frame['covered'].mean():.3f}, "
        f"mean error {frame['error'].mean():.4f} (last month carried on: "
        f"{frame['naive'].mean():.4f}), mean width {frame['width'].mean():.4f}; coverage by months "
        f"ahead {frame.groupby('ahead')['covered'].mean().round(2).to_dict()}"
    )
    sys.stdout.write(f"{told}\n")
    assert len(frame) > 500, told
    assert BAND[0] <= frame["covered"].mean() <= BAND[1], told
    assert (frame.groupby("ahead")["covered"].mean() >= BAND[0] - 0.05).all(), told
    assert frame["error"].mean() < frame["naive"].mean(), told


def _value(each: Try) -> float:
    assert each.projected.expected is not None
    return each.projected.expected.figure.value or 0.0


def _ends(each: Try) -> tuple[float, float]:
    assert each.projected.expected is not None
    return each.projected.expected.low.value or 0.0, each.projected.expected.high.value or 0.0


def _covers(each: Try) -> bool:
    low, high = _ends(each)
    return low - 1e-9 <= each.came <= high + 1e-9


# Computed a second time


RANDOM = np.random.default_rng(11)
SEEN = RANDOM.integers(300, 500, 40)
DONE = RANDOM.binomial(SEEN, 0.9)
HISTORY: Counts = [(float(top), float(bottom)) for top, bottom in zip(DONE, SEEN, strict=True)]
FIRST_YEAR = 2022


def history(measure: Measure, count: int = 33) -> list[Reading]:
    """Readings from January 2022 on: 33 of them end with September 2024."""
    return months(HISTORY[:count], measure, Period(date(FIRST_YEAR, 1, 1), Frequency.MONTH))


def again(count: int, known: int, ahead: int, kind: str) -> tuple[float, float]:
    """Middle and half width in pandas: earlier projections of the same reach, eight in ten."""
    frame = pd.DataFrame(HISTORY, columns=["top", "bottom"])
    level = frame.ewm(alpha=0.2, adjust=False).mean()

    def outcome(end: int, coming: pd.DataFrame) -> float:
        if kind == "level":
            return float(coming["top"].iloc[-1])
        both = pd.concat([frame[end - known : end], coming]).sum()
        return float(both["top"] if kind == "count" else 100 * both["top"] / both["bottom"])

    def expected(end: int) -> float:
        return outcome(end, pd.DataFrame([level.iloc[end - 1]] * ahead))

    ends = range(12, count - ahead + 1)
    misses = sorted(abs(outcome(end, frame[end : end + ahead]) - expected(end)) for end in ends)
    rank = -(-8 * (len(misses) + 1) // 10)
    return expected(count), misses[rank - 1] * (1 + ahead / len(misses)) ** 0.5


@pytest.mark.parametrize("kind", list(MEASURES))
@pytest.mark.parametrize("count", [30, 33, 35])
def test_the_projection_is_what_pandas_makes_of_the_series(kind: str, count: int) -> None:
    readings = history(MEASURES[kind], count)
    projected = project(readings, readings[-1].period, MEASURES[kind]).expected
    assert projected is not None
    middle, half = again(count, count - 24, 36 - count, kind)
    assert projected.figure.value == pytest.approx(middle, rel=1e-12)
    assert projected.low.value == pytest.approx(middle - half, rel=1e-12)
    assert projected.high.value == pytest.approx(middle + half, rel=1e-12)
    assert projected.errors == count - (36 - count) - 12 + 1


def test_a_year_is_named_where_it_is_pooled_and_its_last_month_where_not() -> None:
    told = {
        kind: at(history(measure), 32, measure).period.code for kind, measure in MEASURES.items()
    }
    assert told == {"share": "2024", "count": "2024", "level": "2024-12"}


def test_a_share_that_periods_do_not_count_anew_is_a_level() -> None:
    readings = history(SHARE)
    last = readings[-1].period
    assert project(readings, last, SHARE, Form.LATEST).period.code == "2024-12"
    rolling = replace(SHARE, window_months=12)
    assert project(readings, last, rolling).period.code == "2024-12"
    assert project(readings, last, SHARE, Form.COHORT) == project(readings, last, SHARE)


# When nothing is said


def reason(projected: Projection) -> tuple[str, dict[str, object]]:
    assert projected.expected is None
    assert projected.withheld is not None
    key = projected.withheld.key.rpartition(".")[2]
    return key, dict(projected.withheld.values)


def test_a_finished_year_is_not_projected() -> None:
    readings = history(SHARE, 36)
    key, values = reason(project(readings, readings[-1].period, SHARE))
    assert (key, values) == ("year_over", {"year": Period.parse("2024")})
    yearly = Period.parse("2024")
    assert reason(project([_reading(yearly, 9.0, 10.0, SHARE)], yearly, SHARE))[0] == "year_over"


@pytest.mark.parametrize("kind", list(MEASURES))
def test_a_short_history_says_how_much_is_needed(kind: str) -> None:
    measure = MEASURES[kind]
    june = history(measure, 30)
    assert reason(at(june[5:], 24, measure)) == ("too_short", {"count": 25, "needed": 26})
    assert at(june[4:], 25, measure).expected is not None
    assert fewest_periods(Frequency.MONTH, within=6, ahead=6) == 26


def test_months_that_are_not_over_are_not_known() -> None:
    readings = history(SHARE)
    unfinished = [*readings[:-1], replace(readings[-1], partial=True)]
    last = readings[-1].period
    assert project(unfinished, last, SHARE) == project(readings[:-1], last, SHARE)
    assert project(unfinished, last, SHARE) == at(readings, 31, SHARE)


def test_a_gap_ends_the_history_and_one_within_the_year_all_of_it() -> None:
    readings = history(SHARE)
    hole = Figure(None, Unit.PERCENT, 1, Missing.NOT_LOADED)
    empty = {"figure": hole, "numerator": None, "denominator": None}
    readings[26] = replace(readings[26], **empty)  # type: ignore[arg-type]
    assert reason(at(readings, 32, SHARE))[0] == "gaps"
    readings = history(SHARE)
    readings[14] = replace(readings[14], **empty)  # type: ignore[arg-type]
    assert reason(at(readings, 32, SHARE)) == ("too_short", {"count": 18, "needed": 23})
    assert reason(project(readings[14:15], readings[14].period, SHARE))[0] == "nothing"


def test_a_month_without_cases_is_known_to_add_nothing() -> None:
    readings = history(SHARE)
    nothing = Figure(None, Unit.PERCENT, 1, Missing.NO_DATA)
    readings[30] = replace(readings[30], figure=nothing, numerator=None, denominator=None)
    zero = history(SHARE)
    zero[30] = replace(zero[30], numerator=0.0, denominator=0.0)
    assert at(readings, 32, SHARE) == at(zero, 32, SHARE)


def test_a_hidden_month_is_a_gap() -> None:
    readings = history(SHARE)
    hidden = Figure(None, Unit.PERCENT, 1, Missing.SUPPRESSED)
    readings[30] = replace(readings[30], figure=hidden, numerator=None, denominator=None)
    assert reason(at(readings, 32, SHARE))[0] == "gaps"


def test_shares_without_any_case_are_not_projected() -> None:
    readings = months([(0.0, 0.0)] * 33, COUNT, Period(date(2022, 1, 1), Frequency.MONTH))
    assert reason(at(readings, 32, SHARE))[0] == "too_few_cases"


# Limits


def test_the_interval_stays_within_what_can_be() -> None:
    counts = [(float(v), 20.0) for v in RANDOM.choice([20, 20, 20, 14], 33)]
    share = at(months(counts, SHARE, Period(date(2022, 1, 1), Frequency.MONTH)), 32, SHARE)
    assert share.expected is not None
    assert (share.expected.high.value or 0) <= 100
    bursts = [(float(v), 0.0) for v in RANDOM.choice([0, 0, 0, 90], 33)]
    count = at(months(bursts, COUNT, Period(date(2022, 1, 1), Frequency.MONTH)), 32, COUNT)
    assert count.expected is not None
    assert (count.expected.low.value or 0) >= sum(top for top, _ in bursts[24:])


@pytest.mark.parametrize(
    ("code", "first", "last", "count"),
    [
        ("2024-05", "2024-01", "2024-12", 12),
        ("2024-Q2", "2024-Q1", "2024-Q4", 4),
        ("2020-W53", "2020-W01", "2020-W53", 53),
        ("2025-W01", "2025-W01", "2025-W52", 52),
    ],
)
def test_a_year_has_its_periods(code: str, first: str, last: str, count: int) -> None:
    year = year_of(Period.parse(code))
    assert (year[0].code, year[-1].code, len(year)) == (first, last, count)


@pytest.mark.parametrize(("code", "count"), [("2024-W40", 104), ("2024-Q3", 19)])
def test_weeks_and_quarters_are_projected_too(code: str, count: int) -> None:
    last = Period.parse(code)
    values = RANDOM.integers(90, 110, count)
    readings = [
        _reading(last.shift(place - count + 1), float(value), 0.0, COUNT)
        for place, value in enumerate(values)
    ]
    projected = project(readings, last, COUNT)
    assert projected.expected is not None
    assert projected.period.code == "2024"
    periods = len(year_of(last))
    assert projected.expected.figure.value == pytest.approx(100 * periods, rel=0.05)
