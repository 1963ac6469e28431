"""Which members of a breakdown differ more than chance and the usual spread between them explain.

A funnel plot with an additive overdispersion term (Spiegelhalter 2005, Statistics in Medicine
24:1185-1202 and Quality and Safety in Health Care 14:347-351), in the form FunnelPlotR 0.6.0
computes it. Large offices have narrow limits and small ones wide limits; because offices always
differ a little, tau squared, the spread that is usual between them, is added to every variance.
No funnel is made without it.

    found = funnel(counts, Direction.HIGHER, multiplier=100)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import quantiles

from kpis.direction import Direction
from kpis.funnel_limits import FunnelLimits, LimitCurves, Scale, Verdict, angle_of, places
from kpis.variation import Profile, Side

MINIMUM = 5  # fewer members cannot say what spread is usual between them


class NoFunnel(StrEnum):
    """Why there is no funnel."""

    NOT_A_SHARE = "not_a_share"
    ONE_WHOLE = "one_whole"  # the members are parts of one whole, they share its denominator
    TOO_FEW_MEMBERS = "too_few_members"
    ALL_OR_NOTHING = "all_or_nothing"  # together the share is 0 or 1: there is nothing to compare


class Difference(StrEnum):
    """What lying outside means for the KPI; HIGHER and LOWER where neither is good."""

    NONE = "none"
    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Count:
    """What a member is compared by."""

    member: str
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A member in the funnel: its value, how far from the target (z), its limits, the verdict."""

    member: str
    value: float
    denominator: float
    z: float  # standard errors from the target, before the usual spread is allowed for
    limits: FunnelLimits
    verdict: Verdict
    side: Side | None  # None inside
    difference: Difference


@dataclass(frozen=True, slots=True)
class Funnel:
    """Members compared with what all of them together reach, and the limits around it.

    `target` is that pooled value; `phi` above 1 says that members differ more than by chance;
    `tau_squared` is the variance between them, on the scale of the transformed values.
    """

    target: float
    phi: float
    tau_squared: float
    members: tuple[Compared, ...]  # in the order of their names
    curves: tuple[FunnelLimits, ...]  # from the smallest denominator to the largest

    @property
    def adjusted(self) -> bool:
        """Whether the spread is more than chance, so that the limits are widened for it."""
        return self.phi > 1

    def beyond(self, verdict: Verdict) -> tuple[Compared, ...]:
        """The members with this verdict."""
        return tuple(each for each in self.members if each.verdict is verdict)


def funnel(
    counts: Iterable[Count],
    direction: Direction,
    *,
    multiplier: float = 1,
    scale: Scale = Scale.SHARE,
    profile: Profile = Profile.PRODUCT,
) -> Funnel | NoFunnel:
    """The members compared, or why they cannot be; 100 as multiplier gives percentages.

    The denominators must be above 0: a member without one is no member of a comparison.
    """
    members = sorted(counts, key=lambda each: each.member)
    if why := _refused(members, scale):
        return why
    target = _target(members)
    scores = [_score(each, target, scale) for each in members]
    phi = dispersion(scores)
    tau_squared = between(phi, [_variance(each, scale) for each in members])
    curves = LimitCurves(target, tau_squared if phi > 1 else 0.0, multiplier, scale, profile)
    sizes = [each.denominator for each in members]
    compared = [
        _compared(each, score, limits, multiplier, direction)
        for each, score, limits in zip(members, scores, curves.at(sizes), strict=True)
    ]
    drawn = tuple(curves.at(places(sizes)))
    return Funnel(target * multiplier, phi, tau_squared, tuple(compared), drawn)


def dispersion(scores: Sequence[float]) -> float:
    """phi = mean of z squared, z winsorised: the outermost tenths are pulled in to the 10 % and
    90 % quantiles (type 7), so that the very outliers looked for do not widen the limits.
    """
    deciles = quantiles(scores, n=10, method="inclusive")
    low, high = deciles[0], deciles[-1]
    return math.fsum(min(max(z, low), high) ** 2 for z in scores) / len(scores)


def between(phi: float, variances: Sequence[float]) -> float:
    """tau squared = (k phi - (k - 1)) / (sum w - sum w^2 / sum w), w = 1 / s^2, never below 0:
    the variance between members by the method of moments (DerSimonian and Laird 1986).
    """
    weights = [1 / variance for variance in variances]
    total = math.fsum(weights)
    spread = total - math.fsum(weight * weight for weight in weights) / total
    excess = len(weights) * phi - (len(weights) - 1)
    return max(0.0, excess / spread) if excess >= 0 and spread > 0 else 0.0


def _refused(members: Sequence[Count], scale: Scale) -> NoFunnel | None:
    if any(each.numerator < 0 or each.denominator <= 0 for each in members):
        return NoFunnel.NOT_A_SHARE
    if scale is Scale.SHARE and any(each.numerator > each.denominator for each in members):
        return NoFunnel.NOT_A_SHARE
    if len(members) < MINIMUM:
        return NoFunnel.TOO_FEW_MEMBERS
    target = _target(members)
    nothing = target == 0 or (scale is Scale.SHARE and target == 1)
    return NoFunnel.ALL_OR_NOTHING if nothing else None


def _target(members: Sequence[Count]) -> float:
    """What all members reach together: the sums divided once, never a mean of shares."""
    top = math.fsum(each.numerator for each in members)
    return top / math.fsum(each.denominator for each in members)


def _score(each: Count, target: float, scale: Scale) -> float:
    """z = (asin sqrt p - asin sqrt t) / s; of a ratio (log r - log t) / s, 0.5 added to both."""
    if scale is Scale.SHARE:
        value = angle_of(each.numerator / each.denominator)
        return (value - angle_of(target)) / math.sqrt(_variance(each, scale))
    value = math.log((each.numerator + 0.5) / (each.denominator + 0.5))
    return (value - math.log(target)) / math.sqrt(_variance(each, scale))


def _variance(each: Count, scale: Scale) -> float:
    """s^2 by chance alone: 1 / (4 n); of a ratio n / (n + 0.5)^2 summed over both counts."""
    if scale is Scale.SHARE:
        return 1 / (4 * each.denominator)
    return math.fsum(n / (n + 0.5) ** 2 for n in (each.numerator, each.denominator))


def _compared(
    each: Count, score: float, limits: FunnelLimits, multiplier: float, direction: Direction
) -> Compared:
    value = each.numerator / each.denominator * multiplier
    verdict = limits.verdict(value)
    side = None
    if verdict is not Verdict.INSIDE:
        side = Side.HIGH if value > limits.upper_95 else Side.LOW
    return Compared(
        member=each.member,
        value=value,
        denominator=each.denominator,
        z=score,
        limits=limits,
        verdict=verdict,
        side=side,
        difference=_difference(side, direction),
    )


def _difference(side: Side | None, direction: Direction) -> Difference:
    if side is None:
        return Difference.NONE
    if direction is Direction.RANGE:
        return Difference.HIGHER if side is Side.HIGH else Difference.LOWER
    good = (side is Side.HIGH) == (direction is Direction.HIGHER)
    return Difference.BETTER if good else Difference.WORSE
