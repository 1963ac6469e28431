"""The funnel agrees with FunnelPlotR 0.6.0; where it differs on purpose, that is tested apart."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.comparison import (
    MINIMUM,
    Compared,
    Count,
    Difference,
    Funnel,
    NoFunnel,
    between,
    dispersion,
    funnel,
)
from kpis.direction import Direction
from kpis.funnel_limits import FAR, NEAR, LimitCurves, Scale, Verdict
from kpis.variation import Profile, Side

Case = dict[str, Any]
CLOSE = 1e-12  # the two programs round differently
SCALES = {"PR": Scale.SHARE, "RC": Scale.RATIO}
LIMITS = {
    "lower_95": "od_lcl95",
    "upper_95": "od_ucl95",
    "lower_99_8": "od_lcl998",
    "upper_99_8": "od_ucl998",
}


# Golden cases


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Case]:
    lines = (shared / "golden" / "funnel.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_case_is_there(cases: list[Case]) -> None:
    assert len(cases) >= 11
    assert {case["data_type"] for case in cases} == set(SCALES)
    assert {case["trim_by"] for case in cases} == {0.1}


def test_funnels_agree_in_full(cases: list[Case]) -> None:
    for case in cases:
        expected, name = case["expected"], case["id"]
        found = reference(case)
        assert [each.member for each in found.members] == expected["groups"], name
        assert found.adjusted == expected["adjusted_used"], name
        for ours, theirs in (
            ([found.target], [expected["target"]]),
            ([found.phi], [expected["phi"]]),
            ([found.tau_squared], [expected["tau2"]]),
            ([each.value for each in found.members], expected["rr"]),
            ([each.z for each in found.members], expected["z"]),
        ):
            assert ours == pytest.approx(theirs, rel=CLOSE, abs=CLOSE), name


def test_limits_agree_in_full_with_and_without_the_spread(cases: list[Case]) -> None:
    for case in cases:
        expected, found = case["expected"], reference(case)
        for ours, theirs in LIMITS.items():
            limits = [getattr(each.limits, ours) for each in found.members]
            assert limits == pytest.approx(expected[theirs], abs=CLOSE), case["id"]
        plain = LimitCurves(found.target, 0.0, 1, SCALES[case["data_type"]], Profile.REFERENCE)
        by_chance = plain.at([each.denominator for each in found.members])
        for ours, theirs in LIMITS.items():
            limits = [getattr(each, ours) for each in by_chance]
            assert limits == pytest.approx(expected[theirs.removeprefix("od_")], abs=CLOSE)


def test_verdicts_agree_in_full(cases: list[Case]) -> None:
    for case in cases:
        beyond = {Verdict.BEYOND_99_8}
        if case["limit"] == 95:
            beyond.add(Verdict.BEYOND_95)
        outliers = [int(each.verdict in beyond) for each in reference(case).members]
        assert outliers == case["expected"]["outlier"], case["id"]


def test_the_product_calls_nobody_an_outlier_whom_the_reference_does_not(
    cases: list[Case],
) -> None:
    for case in cases:
        if case["data_type"] != "PR":
            continue  # the product draws funnels of shares alone
        theirs = {each.member for each in outside(reference(case))}
        assert {each.member for each in outside(made(counts_of(case)))} <= theirs, case["id"]


def reference(case: Case) -> Funnel:
    scale = SCALES[case["data_type"]]
    found = funnel(counts_of(case), Direction.HIGHER, scale=scale, profile=Profile.REFERENCE)
    assert isinstance(found, Funnel), case["id"]
    return found


def counts_of(case: Case) -> list[Count]:
    rows = zip(case["groups"], case["numerator"], case["denominator"], strict=True)
    return [Count(*row) for row in rows]


# The same once more, in numpy, on numbers nobody has seen


def in_numpy(counts: list[Count]) -> dict[str, np.ndarray]:
    rows = sorted((one.member, one.numerator, one.denominator) for one in counts)
    top, n = (np.array([row[i] for row in rows], dtype=float) for i in (1, 2))
    target, s = top.sum() / n.sum(), 1 / (2 * np.sqrt(n))
    z = (np.arcsin(np.sqrt(top / n)) - np.arcsin(np.sqrt(target))) / s
    phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9], method="linear")) ** 2)
    k, w = len(n), s**-2.0
    excess = k * phi - (k - 1)
    tau2 = max(0.0, excess / (w.sum() - (w**2).sum() / w.sum()))
    width = np.sqrt(s**2 + (tau2 if phi > 1 else 0.0))
    centre = np.arcsin(np.sqrt(target))
    result = {"phi": np.array([phi]), "tau_squared": np.array([tau2]), "z": z}
    for name, q, tail in (("95", NEAR, 0.025), ("99_8", FAR, 0.001)):
        low, high = centre - q * width, centre + q * width
        none, every = (1 - target) ** n > tail, target**n > tail
        result[f"lower_{name}"] = np.where((low < 0) | none, 0, np.sin(np.maximum(low, 0)) ** 2)
        top_angle = np.minimum(high, math.pi / 2)
        result[f"upper_{name}"] = np.where((high > math.pi / 2) | every, 1, np.sin(top_angle) ** 2)
    return result


shares = st.integers(1, 400).flatmap(
    lambda n: st.integers(0, n).map(lambda top: (float(top), float(n)))
)
offices = (
    st.lists(shares, min_size=MINIMUM, max_size=40)
    .map(lambda rows: [Count(f"O{i:02}", *row) for i, row in enumerate(rows)])
    .filter(
        lambda counts: 0 < sum(c.numerator for c in counts) < sum(c.denominator for c in counts)
    )
)


@given(offices)
def test_another_program_finds_the_same(counts: list[Count]) -> None:
    found = made(counts)
    other = in_numpy(counts)
    assert found.phi == pytest.approx(other["phi"][0], rel=1e-9, abs=1e-9)
    assert found.tau_squared == pytest.approx(other["tau_squared"][0], rel=1e-9, abs=1e-9)
    assert [each.z for each in found.members] == pytest.approx(list(other["z"]), abs=1e-6)
    for name in LIMITS:
        limits = [getattr(each.limits, name) for each in found.members]
        assert limits == pytest.approx(list(other[name]), abs=1e-9)


# What holds for every funnel


@given(offices, st.randoms(use_true_random=False))
def test_the_order_of_the_members_does_not_matter(counts: list[Count], random: Any) -> None:
    shuffled = counts.copy()
    random.shuffle(shuffled)
    assert funnel(shuffled, Direction.HIGHER) == funnel(counts, Direction.HIGHER)


@given(st.integers(1, 99), st.lists(st.integers(1, 60), min_size=MINIMUM, max_size=40))
def test_equal_members_are_never_told_apart(share: int, sizes: list[int]) -> None:
    counts = [Count(f"O{i}", share * n, 100.0 * n) for i, n in enumerate(sizes)]
    found = made(counts)
    assert not found.adjusted
    assert outside(found) == []


@given(offices)
def test_limits_narrow_as_the_denominator_grows(counts: list[Count]) -> None:
    curves = made(counts).curves
    for one, next_one in pairwise(curves):
        assert one.denominator < next_one.denominator
        assert one.lower_95 <= next_one.lower_95 + CLOSE
        assert one.upper_95 >= next_one.upper_95 - CLOSE
        assert one.lower_99_8 <= one.lower_95 <= one.upper_95 <= one.upper_99_8


@given(offices)
def test_limits_stay_between_nothing_and_all_around_the_target(counts: list[Count]) -> None:
    found = made(counts)
    for each in (*found.curves, *(member.limits for member in found.members)):
        assert 0 <= each.lower_99_8 <= each.lower_95 <= found.target + CLOSE
        assert found.target - CLOSE <= each.upper_95 <= each.upper_99_8 <= 1


@given(offices)
def test_the_other_share_mirrors_the_verdicts(counts: list[Count]) -> None:
    """Late instead of in time: the same members lie outside, on the other side."""
    found = made(counts)
    late = made([Count(c.member, c.denominator - c.numerator, c.denominator) for c in counts])
    close = [m for m in found.members if distance(m) < 1e-9]
    assume(not close)
    assert [m.verdict for m in found.members] == [m.verdict for m in late.members]
    turned = {Side.HIGH: Side.LOW, Side.LOW: Side.HIGH, None: None}
    assert [m.side for m in found.members] == [turned[m.side] for m in late.members]


@given(offices)
def test_percentages_are_the_shares_a_hundredfold(counts: list[Count]) -> None:
    one, hundred = made(counts), funnel(counts, Direction.HIGHER, multiplier=100)
    assert isinstance(hundred, Funnel)
    assert hundred.target == pytest.approx(one.target * 100)
    for a, b in zip(one.members, hundred.members, strict=True):
        assert b.value == pytest.approx(a.value * 100)
        assert b.limits.lower_95 == pytest.approx(a.limits.lower_95 * 100)


@given(offices)
def test_the_usual_spread_never_narrows_the_limits(counts: list[Count]) -> None:
    found = made(counts)
    plain = LimitCurves(found.target, 0.0, 1, Scale.SHARE, Profile.PRODUCT)
    for each in found.members:
        (chance,) = plain.at([each.denominator])
        assert each.limits.lower_95 <= chance.lower_95 + CLOSE
        assert each.limits.upper_95 >= chance.upper_95 - CLOSE


# What it means


def even(share: float = 0.9, count: int = 20, size: int = 400) -> list[Count]:
    """Members that differ a little, as by chance."""
    return [Count(f"O{i:02}", round(size * share) + (i % 3 - 1) * 4, size) for i in range(count)]


@pytest.mark.parametrize(
    ("direction", "low", "high"),
    [
        (Direction.HIGHER, Difference.WORSE, Difference.BETTER),
        (Direction.LOWER, Difference.BETTER, Difference.WORSE),
        (Direction.RANGE, Difference.LOWER, Difference.HIGHER),
    ],
)
def test_what_an_outlier_means_depends_on_the_direction(
    direction: Direction, low: Difference, high: Difference
) -> None:
    counts = [*even(), Count("low", 200, 400), Count("high", 400, 400)]
    found = funnel(counts, direction)
    assert isinstance(found, Funnel)
    differing = {each.member: each.difference for each in outside(found)}
    assert differing == {"low": low, "high": high}
    assert {each.side for each in found.members if each.member in differing} == set(Side)
    assert found.beyond(Verdict.BEYOND_99_8)
    inside = found.beyond(Verdict.INSIDE)
    assert {each.difference for each in inside} == {Difference.NONE}


def test_a_value_on_a_limit_is_inside() -> None:
    limits = made(even()).members[0].limits
    assert limits.verdict(limits.lower_99_8) is Verdict.BEYOND_95
    assert limits.verdict(limits.lower_95) is Verdict.INSIDE
    assert limits.verdict(limits.upper_95) is Verdict.INSIDE
    assert limits.verdict(math.nextafter(limits.lower_99_8, 0)) is Verdict.BEYOND_99_8


def test_large_members_are_no_outliers_only_because_they_are_large() -> None:
    """Real offices always differ: without the usual spread between them nearly all stand out."""
    counts = [Count(f"O{i:02}", 20_000 * (0.80 + i / 100), 20_000) for i in range(15)]
    found = made(counts)
    assert found.phi > 50
    assert outside(found) == []
    chance = LimitCurves(found.target, 0.0, 1, Scale.SHARE, Profile.PRODUCT)
    plain = chance.at([each.denominator for each in found.members])
    alone = [limits.verdict(each.value) for limits, each in zip(plain, found.members, strict=True)]
    assert alone.count(Verdict.INSIDE) <= 2


def test_all_of_a_few_cases_is_no_surprise_where_most_succeed() -> None:
    """22 of 22 where 95 % succeed: the arc sine says one in forty, the truth is one in three."""
    counts = [*even(0.95), Count("small", 22, 22)]
    small = {each.member: each for each in made(counts).members}["small"]
    assert small.verdict is Verdict.INSIDE
    assert small.limits.upper_95 == 1
    theirs = funnel(counts, Direction.HIGHER, profile=Profile.REFERENCE)
    assert isinstance(theirs, Funnel)
    assert "small" in {each.member for each in outside(theirs)}


def test_the_winsorised_spread_is_not_widened_by_the_outlier_looked_for() -> None:
    scores = [-0.5, 0.5] * 10
    assert dispersion([*scores, 40.0]) == pytest.approx(dispersion([*scores, 0.5]), rel=0.1)
    assert between(0.9, [0.1] * 10) == 0
    assert between(2.0, [0.01] * 10) == pytest.approx((20 - 9) / (1000 - 100))


# What it refuses


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ([], NoFunnel.TOO_FEW_MEMBERS),
        (even(count=MINIMUM - 1), NoFunnel.TOO_FEW_MEMBERS),
        ([Count(f"O{i}", 0, 50) for i in range(9)], NoFunnel.ALL_OR_NOTHING),
        ([Count(f"O{i}", 50, 50) for i in range(9)], NoFunnel.ALL_OR_NOTHING),
        ([*even(), Count("over", 11, 10)], NoFunnel.NOT_A_SHARE),
        ([*even(), Count("below", -1, 10)], NoFunnel.NOT_A_SHARE),
        ([*even(), Count("empty", 0, 0)], NoFunnel.NOT_A_SHARE),
    ],
)
def test_where_nothing_can_be_compared_it_says_why(counts: list[Count], why: NoFunnel) -> None:
    assert funnel(counts, Direction.HIGHER) is why


def test_five_members_are_enough() -> None:
    assert isinstance(funnel(even(count=MINIMUM), Direction.HIGHER), Funnel)


def made(counts: list[Count]) -> Funnel:
    found = funnel(counts, Direction.HIGHER)
    assert isinstance(found, Funnel)
    return found


def outside(found: Funnel) -> list[Compared]:
    return [each for each in found.members if each.verdict is not Verdict.INSIDE]


def distance(each: Compared) -> float:
    """How near a value lies to any of its limits."""
    bounds = [getattr(each.limits, name) for name in LIMITS]
    return min((abs(each.value - bound) for bound in bounds if 0 < bound < 1), default=1.0)
