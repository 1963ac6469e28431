"""Before and after: paired years, exact reductions, and no claim the trials do not bear."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Invalid
from risks.exposure import (
    Cost,
    Lognormal,
    Payoff,
    Quantified,
    Treatment,
    effect,
    effect_between,
    simulate,
    tail_effect,
    treated,
)
from tests.risks.exposure.risks import bernoulli, poisson, registers

REGISTER = [bernoulli(1, 0.4), poisson(2, 1.0), bernoulli(3, 0.05)]
HALVED = bernoulli(1, 0.2)
CHEAPER = poisson(2, 1.0, Lognormal(50_000, 500_000))


def test_what_a_treatment_saves() -> None:
    found = effect(REGISTER, [Treatment(HALVED, Cost(once=50_000, yearly=10_000, years=5))])
    saved = 0.2 * HALVED.severity.mean
    assert found.cost == 20_000
    assert found.exact_reduction == pytest.approx(saved)
    assert abs(found.reduction.value - saved) < 3 * found.reduction.error
    assert found.reduction.value == pytest.approx(found.before.value - found.after.value)
    assert found.net_benefit.value == pytest.approx(found.reduction.value - 20_000)
    assert found.net_benefit.error == found.reduction.error
    assert found.benefit_per_euro is not None
    assert found.benefit_per_euro.value == pytest.approx(found.reduction.value / 20_000)
    assert found.benefit_per_euro.error == pytest.approx(found.reduction.error / 20_000)
    assert found.payoff is Payoff.PAYS


def test_only_the_treated_risk_changes_and_only_for_the_better() -> None:
    before = simulate(REGISTER)
    after = simulate(treated(REGISTER, [Treatment(HALVED, Cost())]))
    assert np.array_equal(before.losses[1:], after.losses[1:])
    spared = before.losses[0] != after.losses[0]
    assert (after.losses[0][spared] == 0).all()


def test_paired_years_err_less_than_two_simulations_would() -> None:
    found = effect(REGISTER, [Treatment(CHEAPER, Cost())])
    apart = np.hypot(found.before.error, found.after.error)
    assert found.reduction.error < apart / 2


def test_the_error_is_that_of_other_trials() -> None:
    """Forty risks of the same figures are forty other simulations of one."""
    found = [
        effect([bernoulli(number, 0.4)], [Treatment(bernoulli(number, 0.2), Cost())], 2000)
        for number in range(1, 41)
    ]
    values = [each.reduction.value for each in found]
    expected = np.mean([each.reduction.error for each in found])
    assert np.std(values, ddof=1) == pytest.approx(expected, rel=0.35)  # 3 of its own errors
    held = [each.reduction.low < each.exact_reduction < each.reduction.high for each in found]
    assert sum(held) >= 34


@pytest.mark.parametrize(
    ("yearly", "payoff"),
    [
        (20_000, Payoff.PAYS),
        (80_800, Payoff.NOT_DISTINGUISHABLE),
        (140_000, Payoff.COSTS_MORE),
    ],
)
def test_a_net_benefit_near_zero_is_not_claimed(yearly: float, payoff: Payoff) -> None:
    found = effect(REGISTER, [Treatment(HALVED, Cost(yearly=yearly))])
    assert found.payoff is payoff
    holds_zero = found.net_benefit.low <= 0 <= found.net_benefit.high
    assert holds_zero is (payoff is Payoff.NOT_DISTINGUISHABLE)


def test_a_risk_hardly_met_is_not_judged() -> None:
    """Without an event the simulated error is 0, and would claim certainty."""
    rare = bernoulli(9, 0.00001)
    found = effect([rare], [Treatment(bernoulli(9, 0), Cost(yearly=1))])
    assert found.reduction.value < 1 < found.exact_reduction
    assert found.payoff is Payoff.NOT_DISTINGUISHABLE


def test_nothing_paid_has_no_benefit_per_euro() -> None:
    assert effect(REGISTER, [Treatment(HALVED, Cost())]).benefit_per_euro is None
    assert effect(REGISTER, []).reduction.value == 0


@given(registers, st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_a_lower_chance_never_costs_more(register: list[Quantified], share: float) -> None:
    first = register[0]
    law = type(first.frequency)(first.frequency.mean * share)
    after = Quantified(first.number, law, first.severity)
    one, other = (
        simulate(register, 200),
        simulate(treated(register, [Treatment(after, Cost())]), 200),
    )
    assert (other.annual <= one.annual).all()
    assert effect_between(one, other, 0).exact_reduction >= -1e-6


def test_bad_years_before_and_after() -> None:
    before = simulate(REGISTER)
    after = simulate(treated(REGISTER, [Treatment(HALVED, Cost()), Treatment(CHEAPER, Cost())]))
    tail = tail_effect(before, after, 0.95)
    assert tail.percentile_after.value < tail.percentile_before.value
    assert tail.shortfall_after.value < tail.shortfall_before.value
    assert tail.percentile_before.value == np.sort(before.annual)[9499]
    assert tail.shortfall_before.value == pytest.approx(np.sort(before.annual)[-500:].mean())


def test_what_is_no_treatment() -> None:
    with pytest.raises(Invalid, match=r"exposure\.refused\.not_simulated"):
        effect(REGISTER, [Treatment(bernoulli(8, 0.1), Cost())])
    with pytest.raises(Invalid, match=r"exposure\.refused\.number_twice"):
        effect(REGISTER, [Treatment(HALVED, Cost()), Treatment(HALVED, Cost())])
    with pytest.raises(Invalid, match=r"exposure\.refused\.cost"):
        Cost(yearly=-1)
    with pytest.raises(Invalid, match=r"exposure\.refused\.years"):
        Cost(once=1, years=0)
    with pytest.raises(ValueError, match="as many trials"):
        effect_between(simulate(REGISTER, 100), simulate(REGISTER, 200), 0)
