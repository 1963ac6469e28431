"""From counts to values: exact, rounded as printed, and with a reason where there is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figure import Figure, Missing, Unit
from kpis.measurement import (
    MEDIAN,
    P90,
    empty,
    figure,
    interval,
    measured,
    quantile,
    uncounted,
    wilson,
)
from kpis.measures import Measure, Statistic


def line(statistic: Statistic, **parts: Any) -> Measure:
    given = {"unit": Unit.PERCENT, "decimals": 1, "factor": 100, **parts}
    return Measure(name="value", query="q", statistic=statistic, **given)


def cells(**columns: list[Any]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"dimension": [""] * count, "dimension2": [""] * count, **columns})


def reasons(found: pd.DataFrame) -> list[str | None]:
    return [None if pd.isna(reason) else reason for reason in found["missing"]]


def test_a_share_is_divided_once_and_exactly() -> None:
    found = measured(
        cells(n=[3, 7], numerator=[1, 2], denominator=[3, 7]), line(Statistic.SHARE), small_cell=10
    )
    assert list(found["value"]) == [float(Fraction(100, 3)), float(Fraction(200, 7))]
    assert list(found["cases"]) == [3, 7]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_shares_are_the_floats_nearest_to_the_fractions(pairs: list[tuple[int, int]]) -> None:
    top, bottom = (list(part) for part in zip(*pairs, strict=True))
    found = measured(
        cells(n=bottom, numerator=top, denominator=bottom), line(Statistic.SHARE), small_cell=10
    )
    assert list(found["value"]) == [float(Fraction(100 * n, d)) for n, d in pairs]


def test_parts_of_a_unit_divide_exactly_too() -> None:
    found = measured(
        cells(n=[1], numerator=[0.1], denominator=[0.3]), line(Statistic.SHARE), small_cell=10
    )
    assert found["value"][0] == float(Fraction(100, 3))


def test_nothing_to_count_is_no_data_never_zero_and_never_nan_shown() -> None:
    found = measured(
        cells(n=[0, np.nan], numerator=[0, np.nan], denominator=[0, np.nan]),
        line(Statistic.SHARE),
        small_cell=10,
    )
    assert list(found["missing"]) == [Missing.NO_DATA, Missing.NO_DATA]
    assert found["value"].isna().all()


def test_of_a_count_nothing_is_zero() -> None:
    found = measured(cells(n=[0, np.nan, 5]), line(Statistic.OPEN, factor=1), small_cell=10)
    assert list(found["value"]) == [0.0, 0.0, 5.0]
    assert found["missing"].isna().all()


def test_too_few_cases_give_no_percentile() -> None:
    found = measured(
        cells(n=[9, 10, 0], p90=[4.0, 4.0, np.nan]),
        line(Statistic.P90, minimum_cases=10),
        small_cell=10,
    )
    assert reasons(found) == [Missing.TOO_FEW, None, Missing.NO_DATA]
    assert list(found["value"].fillna(-1)) == [-1, 4.0, -1]


def test_small_cells_of_communities_are_suppressed() -> None:
    frame = cells(n=[9, 10, 9, 0], numerator=[1, 1, 1, 0], denominator=[9, 10, 9, 0])
    frame["dimension"] = ["community", "community", "office", "community"]
    frame["dimension2"] = ["", "", "community", ""]
    found = measured(frame, line(Statistic.SHARE), small_cell=10)
    hidden = Missing.SUPPRESSED
    assert reasons(found) == [hidden, None, hidden, Missing.NO_DATA]


@given(st.lists(st.integers(-50, 400), min_size=1, max_size=60))
def test_quantiles_are_those_of_the_reference(values: list[int]) -> None:
    counts = {value: values.count(value) for value in values}
    for share, percent in ((MEDIAN, 50), (P90, 90)):
        found = quantile(counts, share)
        assert found is not None
        assert float(found) == pytest.approx(np.percentile(values, percent), abs=1e-9)
        assert (found * 10).denominator == 1


def test_no_values_have_no_quantile() -> None:
    assert quantile({}, MEDIAN) is None


def test_figures_carry_the_unit_and_the_reason() -> None:
    share = line(Statistic.SHARE)
    assert figure(12.5, None, share) == Figure(12.5, Unit.PERCENT, 1)
    assert figure(None, "too_few", share) == Figure(None, Unit.PERCENT, 1, Missing.TOO_FEW)
    assert empty(share, Missing.NOT_LOADED).missing is Missing.NOT_LOADED
    assert uncounted(share).missing is Missing.NO_DATA
    assert uncounted(line(Statistic.COUNT, unit=Unit.CASES)).value == 0.0


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_sample_is_the_published_one(
    numerator: int, denominator: int, low: float, high: float
) -> None:
    assert wilson(numerator, denominator, 1) == pytest.approx((low, high), abs=0.00005)


def test_an_interval_is_told_of_samples_alone() -> None:
    share = line(Statistic.SHARE, sample=True)
    told = interval(81, 263, share)
    assert told is not None
    assert [bound.shown for bound in told] == [Decimal("25.5"), Decimal("36.6")]
    assert interval(0, 0, share) is None
    assert interval(81, 263, line(Statistic.SHARE)) is None
