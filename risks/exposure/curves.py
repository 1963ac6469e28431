"""The loss exceedance curve: how likely a year costs more than so much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risks.exposure.draws import Floats
from risks.exposure.estimates import share_interval

POINTS = 100  # enough for a line on a page


@dataclass(frozen=True, slots=True)
class ExceedancePoint:
    """P(L > loss) in a year, with Wilson's 95 % interval of the simulation error of this point."""

    loss: float  # EUR
    probability: float
    low: float
    high: float


def exceedance(annual: Floats, at: Sequence[float] | Floats) -> tuple[ExceedancePoint, ...]:
    """The curve at these losses (EUR), in their order: of all trials, those that cost more."""
    trials = annual.size
    more = trials - np.searchsorted(np.sort(annual), np.asarray(at), side="right")
    return tuple(
        ExceedancePoint(float(loss), count / trials, *share_interval(int(count), trials))
        for loss, count in zip(at, more.tolist(), strict=True)
    )


def losses_to_draw(*annual: Floats, points: int = POINTS) -> Floats:
    """At which losses to draw one or several curves: 0, then even steps of the logarithm from the
    smallest to the largest loss of any of them; only 0 where nothing is ever lost.
    """
    positive = np.concatenate([each[each > 0] for each in annual]) if annual else np.zeros(0)
    if positive.size == 0:
        return np.zeros(1)
    steps = np.geomspace(positive.min(), positive.max(), points - 1)
    steps[0], steps[-1] = positive.min(), positive.max()
    return np.concatenate([[0.0], np.unique(steps)])
