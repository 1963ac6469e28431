"""Past probabilities against what happened: the score, its parts, and when nothing is claimed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Invalid
from data.period import Period
from risks.calibration import (
    EDGES,
    CalibrationVerdict,
    Forecast,
    Score,
    TooFewForecasts,
    score,
)

YEAR = Period.parse("2025")
Pairs = list[tuple[float, bool]]
pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def scored(given_pairs: Pairs) -> Score:
    found = score(Forecast(probability, YEAR, came) for probability, came in given_pairs)
    assert found is not None
    return found


def of_each(*groups: tuple[float, int, int]) -> Pairs:
    """(probability, how many forecasts, how many happened)."""
    return [(chance, place < came) for chance, count, came in groups for place in range(count)]


GOOD = of_each((0.02, 50, 1), (0.3, 40, 12), (0.7, 20, 14))


def test_brier_and_its_parts_by_pandas() -> None:
    """Murphy's three parts where each band holds one probability, row by row in a data frame."""
    rows = pd.DataFrame(GOOD, columns=["said", "came"]).astype(float)
    groups = rows.groupby("said")["came"].agg(["mean", "size"])
    base, n = rows["came"].mean(), len(rows)
    found = scored(GOOD)
    assert found.brier == pytest.approx(((rows["said"] - rows["came"]) ** 2).mean())
    reliability = (groups["size"] * (groups.index - groups["mean"]) ** 2).sum() / n
    resolution = (groups["size"] * (groups["mean"] - base) ** 2).sum() / n
    assert found.parts.reliability == pytest.approx(reliability)
    assert found.parts.resolution == pytest.approx(resolution)
    assert found.parts.uncertainty == pytest.approx(base * (1 - base))
    assert found.parts.within == pytest.approx(0, abs=1e-15)
    assert found.skill == pytest.approx(1 - found.brier / (base * (1 - base)))
    assert (found.base_rate, found.expected) == pytest.approx((base, rows["said"].sum()))


@given(pairs)
def test_the_parts_always_add_up(given_pairs: Pairs) -> None:
    found = scored(given_pairs)
    parts = found.parts
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(found.brier, abs=1e-12)
    assert sum(band.forecasts for band in found.bands) == len(given_pairs)
    assert sum(band.happened for band in found.bands) == found.happened
    for band in found.bands:
        assert band.start <= band.forecast <= band.end
        assert band.low <= band.observed <= band.high


@given(pairs)
def test_bands_hold_what_lies_between_their_edges(given_pairs: Pairs) -> None:
    said = pd.Series([chance for chance, _ in given_pairs])
    bands = pd.cut(said, [*EDGES[:-1], 1.0000001], right=False, labels=EDGES[:-1])
    found = {band.start: band.forecasts for band in scored(given_pairs).bands}
    assert found == {start: count for start, count in bands.value_counts().items() if count}


def test_perfect_and_worthless_forecasts() -> None:
    perfect = scored(of_each((0, 30, 0), (1, 10, 10)))
    assert (perfect.brier, perfect.skill) == (0, 1)
    worthless = scored(of_each((0.25, 40, 10)))
    assert worthless.skill == pytest.approx(0)
    assert worthless.parts.resolution == 0
    nothing_came = scored(of_each((0.1, 40, 0)))
    assert nothing_came.skill is None


def test_the_table_says_where_forecasts_are_too_low_or_too_high() -> None:
    found = scored(of_each((0.02, 9, 0), (0.07, 40, 12), (0.3, 40, 12), (0.7, 40, 12)))
    assert [band.verdict for band in found.bands] == [
        CalibrationVerdict.TOO_FEW,
        CalibrationVerdict.MORE_OFTEN,
        CalibrationVerdict.IN_LINE,
        CalibrationVerdict.LESS_OFTEN,
    ]
    wilson = found.bands[1]
    assert (wilson.low, wilson.high) == pytest.approx((0.1807, 0.4543), abs=1e-4)


@pytest.mark.parametrize(
    ("groups", "verdict"),
    [
        ([(0.2, 50, 10)], CalibrationVerdict.IN_LINE),
        ([(0.2, 50, 15)], CalibrationVerdict.IN_LINE),  # 10 expected, 5.5 is the limit
        ([(0.2, 50, 16)], CalibrationVerdict.MORE_OFTEN),
        ([(0.6, 50, 23)], CalibrationVerdict.LESS_OFTEN),
    ],
)
def test_all_together(groups: list[tuple[float, int, int]], verdict: CalibrationVerdict) -> None:
    found = scored(of_each(*groups))
    assert found.verdict is verdict
    assert found.too_few is None


@pytest.mark.parametrize(
    ("group", "why"),
    [
        ((0.9, 29, 10), TooFewForecasts.FORECASTS),
        ((0.9, 30, 4), TooFewForecasts.EVENTS),
        ((0.1, 30, 26), TooFewForecasts.NON_EVENTS),
    ],
)
def test_too_few_to_claim_anything(group: tuple[float, int, int], why: TooFewForecasts) -> None:
    found = scored(of_each(group))
    assert found.too_few is why
    assert found.verdict is CalibrationVerdict.TOO_FEW


def test_fair_forecasters_are_seldom_called_unfair() -> None:
    random = np.random.default_rng(3)
    unfair = 0
    for _ in range(300):
        said = random.beta(1, 3, 60)
        found = scored(list(zip(said.tolist(), (random.random(60) < said).tolist(), strict=True)))
        unfair += found.verdict in (CalibrationVerdict.MORE_OFTEN, CalibrationVerdict.LESS_OFTEN)
    assert unfair / 300 < 0.09


def test_what_is_not_scored() -> None:
    assert score([]) is None
    with pytest.raises(Invalid, match=r"exposure\.refused\.chance"):
        Forecast(1.2, YEAR, True)
    for edges in ([0.0, 0.5], [0.5, 1.0], [0.0, 0.6, 0.5, 1.0], [0.0]):
        with pytest.raises(ValueError, match="edges rise"):
            score([Forecast(0.5, YEAR, True)], edges)
