"""The limits of a funnel: how far from the target chance and the usual spread carry a member."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpis.variation import Profile

NEAR, FAR = 1.959964, 3.090232  # standard errors: 95 % and 99.8 % of chance lie within
TAIL = {NEAR: 0.025, FAR: 0.001}  # what lies beyond on one side
RIGHT_ANGLE = math.pi / 2  # arc sine of the root of a share of 1
POINTS = 120  # of a curve
AIR = 1.05  # the curves go a little beyond the largest member


class Scale(StrEnum):
    """What numerator / denominator is, and so on which scale its spread is even."""

    SHARE = "share"  # a part of the denominator, from 0 to 1: arc sine of the root
    RATIO = "ratio"  # of two counts, one no part of the other: logarithm


class Verdict(StrEnum):
    """Where a member lies; on a limit it is inside."""

    INSIDE = "inside"
    BEYOND_95 = "beyond_95"
    BEYOND_99_8 = "beyond_99_8"


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """The limits at one denominator, in the unit of the values."""

    denominator: float
    lower_95: float
    upper_95: float
    lower_99_8: float
    upper_99_8: float

    def verdict(self, value: float) -> Verdict:
        """Beyond which limits a value of this denominator lies."""
        if value < self.lower_99_8 or value > self.upper_99_8:
            return Verdict.BEYOND_99_8
        if value < self.lower_95 or value > self.upper_95:
            return Verdict.BEYOND_95
        return Verdict.INSIDE


@dataclass(frozen=True, slots=True)
class LimitCurves:
    """Limits by denominator: sin^2(asin sqrt t +- q sqrt(s^2 + tau^2)), s = 1 / (2 sqrt n);
    of a ratio t exp(+- q sqrt(s^2 + tau^2)) with the same s (FunnelPlotR 0.6.0).
    """

    target: float
    tau_squared: float
    multiplier: float
    scale: Scale
    profile: Profile

    def at(self, denominators: Sequence[float]) -> list[FunnelLimits]:
        """The limits at each of the denominators."""
        sides = [self._side(denominators, q) for q in (-NEAR, NEAR, -FAR, FAR)]
        return [
            FunnelLimits(denominator, *bounds)
            for denominator, *bounds in zip(denominators, *sides, strict=True)
        ]

    def _side(self, denominators: Sequence[float], q: float) -> list[float]:
        if self.scale is Scale.RATIO:
            target = self.multiplier * self.target
            return [target * math.exp(self._step(n, q)) for n in denominators]
        turn = self._turn(denominators, q)
        bounds = [_bound(self._angle(n, q), q, turn) for n in denominators]
        return [
            self.multiplier * (_end(q) if self._is_open(n, q) else bound)
            for n, bound in zip(denominators, bounds, strict=True)
        ]

    def _is_open(self, denominator: float, q: float) -> bool:
        """Whether even none (or all) of so few cases is no surprise: (1 - t)^n, or t^n, is more
        than what lies beyond a limit. The arc sine would call it one.
        """
        if self.profile is Profile.REFERENCE:
            return False
        share = 1 - self.target if q < 0 else self.target
        return denominator * math.log(share) > math.log(TAIL[abs(q)])

    def _step(self, denominator: float, q: float) -> float:
        return q * math.sqrt(1 / (4 * denominator) + self.tau_squared)

    def _angle(self, denominator: float, q: float) -> float:
        return angle_of(self.target) + self._step(denominator, q)

    def _turn(self, denominators: Sequence[float], q: float) -> float:
        """The angle at which the curve comes back: that of a share of 0, or of 1.

        The reference seeks it among whole denominators up to the largest, so that a limit next to
        it, or where all have come back that of the largest member, is drawn as it comes back.
        """
        exact = 0.0 if q < 0 else RIGHT_ANGLE
        if self.profile is Profile.PRODUCT:
            return exact
        known = range(1, math.ceil(max(denominators)) + 1)
        return min((self._angle(n, q) for n in known), key=lambda angle: abs(angle - exact))


def angle_of(share: float) -> float:
    """The scale on which shares spread evenly, whatever their size."""
    return math.asin(math.sqrt(share))


def places(denominators: Iterable[float]) -> list[float]:
    """Where curves are computed: evenly on a logarithm, closer together where they bend more."""
    known = list(denominators)
    first, span = min(known), max(known) * AIR / min(known)
    return [first * span ** (i / (POINTS - 1)) for i in range(POINTS)]


def _bound(angle: float, q: float, turn: float) -> float:
    """The share at an angle; beyond the turn, where the sine comes back, it stays 0 or 1."""
    turned = angle < turn if q < 0 else angle > turn
    return _end(q) if turned else math.sin(angle) ** 2


def _end(q: float) -> float:
    return 0.0 if q < 0 else 1.0
