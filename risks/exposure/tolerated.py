"""Tolerance read the other way round, and of several categories together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from risks.exposure.tolerance import MOST_POINTS, Tolerance


def tolerated_loss(tolerance: Tolerance, chance: float) -> float | None:
    """The loss (EUR) that a year may exceed with this chance; None where nothing is stated."""
    if len(tolerance.points) == 2:
        return float(np.exp(tolerance.mu - tolerance.sigma * scipy.special.ndtri(chance)))
    chances, losses = np.log(np.array(tolerance.points)).T
    found = np.interp(np.log(chance), chances[::-1], losses[::-1], left=np.nan, right=np.nan)
    return None if np.isnan(found) else float(np.exp(found))


def together(tolerances: Sequence[Tolerance]) -> Tolerance | None:
    """What is tolerated of all of them: at each chance the sum of what each tolerates.

    Stated for the chances of which every one of them speaks; None where there are none. Whether the
    bad years of one are those of another is not asked: an assumption.
    """
    if len(tolerances) < 2:
        return next(iter(tolerances), None)
    least = max(one.points[-1][0] for one in tolerances)
    most = min(one.points[0][0] for one in tolerances)
    if not least < most:
        return None
    chances = np.geomspace(most, least, MOST_POINTS)
    chances[0], chances[-1] = most, least
    return Tolerance(tuple((float(each), _sum_at(tolerances, float(each))) for each in chances))


def _sum_at(tolerances: Sequence[Tolerance], chance: float) -> float:
    return float(sum(tolerated_loss(one, chance) or 0.0 for one in tolerances))
