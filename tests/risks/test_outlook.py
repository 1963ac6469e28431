"""What the register may cost: figures checked against the laws, categories against their years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from risks.appetite.statement import Appetite
from risks.exposure import FrequencyKind, SeverityKind, ToleranceVerdict
from risks.exposure.curves import exceedance
from risks.outlook import outlook
from risks.portfolio import LeftOut
from risks.register.record import Quantity, Risk
from tests.risks.records import AT, assessed, full, made

NOW = Quantity(FrequencyKind.BERNOULLI, 0.4, SeverityKind.PERT, 1_000.0, 9_000.0, 2_000.0)
LATER = replace(NOW, rate=0.1)
MEAN = (1_000 + 4 * 2_000 + 9_000) / 6  # of a PERT law
TODAY = AT.date()


def risk(number: int, quantity: Quantity | None = NOW, **said: Any) -> Risk:
    return made(number, assessments=(assessed(4, 3, quantity=quantity),), **said)


def test_the_mean_is_what_the_law_says_before_and_after() -> None:
    (plan,) = full().treatments
    found = outlook([risk(7, treatments=(replace(plan, expected=LATER),))], {}, TODAY)
    for years, rate in ((found.before, 0.4), (found.after, 0.1)):
        assert abs(years.mean.value - rate * MEAN) < 4 * years.mean.error
        assert (years.annual > 0).mean() == pytest.approx(rate, abs=0.02)
    # The same years: whatever happens after, happened before too.
    assert not ((found.after.annual > 0) & (found.before.annual == 0)).any()


def test_a_category_is_held_against_its_own_years_alone() -> None:
    said = Appetite("OPERATIONS", "", "low", "medium", ((0.6, 1_500.0), (0.2, 4_000.0)),
                    date(2025, 1, 1), None, assumption=False)  # fmt: skip
    risks = [risk(3), risk(1, category_code="FINANCIAL"), risk(2)]
    appetite = {"OPERATIONS": said, "LEGAL": replace(said, category="LEGAL")}
    found = outlook(risks, appetite, TODAY)
    (borne,) = found.borne
    assert borne.category == "OPERATIONS"
    own = outlook([risk(2), risk(3)], {}, TODAY).before.annual
    for point, (chance, loss) in zip(borne.before, said.tolerance, strict=True):
        assert point.point.probability == np.mean(own > loss)
        assert point.point == exceedance(own, [loss])[0]
        assert point.tolerated == pytest.approx(chance)
    low, high = borne.before
    assert low.verdict is (
        ToleranceVerdict.WITHIN if low.point.high <= 0.6 else ToleranceVerdict.UNCLEAR
    )
    assert (high.verdict is ToleranceVerdict.ABOVE) == (high.point.low > 0.2)


def test_nothing_quantified_costs_nothing_and_is_named() -> None:
    found = outlook([risk(1, None)], {}, TODAY, trials=100)
    assert (found.before.mean.value, found.before.trials, found.borne) == (0.0, 100, ())
    assert [one.code for one in found.portfolio.left_out[LeftOut.NOT_QUANTIFIED]] == ["R-0001"]
