"""How well past probabilities met what happened: the Brier score and what it is made of.

A forecast says with which probability a risk happens within a period; the period is over, so it
is known whether it did. Brier (1950) scores the mean squared difference: 0 is perfect, lower is
better. Murphy (1973) splits it into reliability (probabilities that miss their own frequency:
lower is better), resolution (telling likely from unlikely: higher is better) and uncertainty (of
what is forecast, nobody's merit or fault). As forecasts are put together in bands, what they differ
by within a band is a fourth part (Stephenson, Coelho and Jolliffe 2008), so that the sum is exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from data.errors import Invalid
from data.period import Period
from risks.exposure.draws import Floats
from risks.exposure.estimates import Z, share_interval

# Choices of this product, not of the literature: with fewer nothing is claimed.
FEWEST_FORECASTS = 30
FEWEST_EITHER = 5  # that happened, and that did not
FEWEST_IN_BAND = 10
EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


class TooFewForecasts(StrEnum):
    """Why nothing is claimed."""

    FORECASTS = "forecasts"
    EVENTS = "events"
    NON_EVENTS = "non_events"


class CalibrationVerdict(StrEnum):
    """How what happened stands to what was forecast."""

    IN_LINE = "in_line"
    MORE_OFTEN = "more_often"  # it happened more often than forecast: forecasts too low
    LESS_OFTEN = "less_often"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A probability for a period and whether it happened; Invalid unless within 0 to 1."""

    probability: float
    period: Period
    happened: bool

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise Invalid("exposure.refused.chance", value=self.probability)


@dataclass(frozen=True, slots=True)
class Band:
    """Forecasts from `start` up to but not including `end` (1 is in the last band)."""

    start: float
    end: float
    forecasts: int
    happened: int
    forecast: float  # their mean probability
    observed: float  # the share that happened
    low: float  # Wilson's 95 % interval of that share
    high: float
    verdict: CalibrationVerdict


@dataclass(frozen=True, slots=True)
class Decomposition:
    """brier = reliability - resolution + uncertainty + within."""

    reliability: float
    resolution: float
    uncertainty: float
    within: float  # what forecasts differ by within their band


@dataclass(frozen=True, slots=True)
class Score:
    """What a set of forecasts is worth; `too_few` says that no more than the counts may be told."""

    forecasts: int
    happened: int
    expected: float  # the sum of the probabilities: how many should have happened
    brier: float
    parts: Decomposition
    skill: float | None  # 1 - brier / uncertainty: against always saying the base rate afterwards
    bands: tuple[Band, ...]  # those with a forecast, rising
    verdict: CalibrationVerdict  # all forecasts together
    too_few: TooFewForecasts | None

    @property
    def base_rate(self) -> float:
        """The share of the forecasts that happened."""
        return self.happened / self.forecasts


def score(forecasts: Iterable[Forecast], edges: Sequence[float] = EDGES) -> Score | None:
    """The forecasts scored, in bands between these edges (rising, from 0 to 1); None of none."""
    _require_edges(edges)
    given = tuple(forecasts)
    if not given:
        return None
    said = np.array([each.probability for each in given])
    came = np.array([each.happened for each in given], dtype=np.float64)
    band = np.minimum(np.searchsorted(edges, said, side="right"), len(edges) - 1) - 1
    brier = float(np.mean((said - came) ** 2))
    parts = _decomposed(said, came, band)
    too_few = _too_few(len(given), int(came.sum()))
    return Score(
        forecasts=len(given),
        happened=int(came.sum()),
        expected=math.fsum(said),
        brier=brier,
        parts=parts,
        skill=1 - brier / parts.uncertainty if parts.uncertainty > 0 else None,
        bands=tuple(
            _band(edges[place], edges[place + 1], said[band == place], came[band == place])
            for place in sorted(set(band.tolist()))
        ),
        verdict=CalibrationVerdict.TOO_FEW if too_few else _verdict(said, came),
        too_few=too_few,
    )


def _decomposed(said: Floats, came: Floats, band: np.ndarray) -> Decomposition:
    base = float(came.mean())
    means = [(said[band == place], came[band == place]) for place in set(band.tolist())]
    reliability = math.fsum(s.size * (s.mean() - c.mean()) ** 2 for s, c in means)
    resolution = math.fsum(s.size * (c.mean() - base) ** 2 for s, c in means)
    spread = math.fsum(((s - s.mean()) ** 2).sum() for s, _ in means)
    together = math.fsum(((s - s.mean()) * (c - c.mean())).sum() for s, c in means)
    return Decomposition(
        reliability=reliability / said.size,
        resolution=resolution / said.size,
        uncertainty=base * (1 - base),
        within=(spread - 2 * together) / said.size,
    )


def _band(start: float, end: float, said: Floats, came: Floats) -> Band:
    happened = int(came.sum())
    low, high = share_interval(happened, came.size)
    return Band(
        start=start,
        end=end,
        forecasts=came.size,
        happened=happened,
        forecast=float(said.mean()),
        observed=happened / came.size,
        low=low,
        high=high,
        verdict=_within(float(said.mean()), low, high, came.size),
    )


def _within(forecast: float, low: float, high: float, count: int) -> CalibrationVerdict:
    if count < FEWEST_IN_BAND:
        return CalibrationVerdict.TOO_FEW
    if forecast < low:
        return CalibrationVerdict.MORE_OFTEN
    return CalibrationVerdict.LESS_OFTEN if forecast > high else CalibrationVerdict.IN_LINE


def _verdict(said: Floats, came: Floats) -> CalibrationVerdict:
    """Whether as many happened as forecast, within 1.96 standard deviations of that number; the
    forecasts are taken as independent.
    """
    spread = math.sqrt(float((said * (1 - said)).sum()))
    more = float(came.sum() - said.sum())
    if abs(more) <= Z * spread:
        return CalibrationVerdict.IN_LINE
    return CalibrationVerdict.MORE_OFTEN if more > 0 else CalibrationVerdict.LESS_OFTEN


def _too_few(forecasts: int, happened: int) -> TooFewForecasts | None:
    if forecasts < FEWEST_FORECASTS:
        return TooFewForecasts.FORECASTS
    if happened < FEWEST_EITHER:
        return TooFewForecasts.EVENTS
    return TooFewForecasts.NON_EVENTS if forecasts - happened < FEWEST_EITHER else None


def _require_edges(edges: Sequence[float]) -> None:
    rising = all(one < other for one, other in pairwise(edges))
    if len(edges) < 2 or not rising or edges[0] != 0 or edges[-1] != 1:
        raise ValueError("edges rise from 0 to 1")
