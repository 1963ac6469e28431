"""Which estimates are summed: active, of the year looked at; others are named with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from risks.appetite.statement import Appetite
from risks.exposure import FrequencyKind, SeverityKind
from risks.portfolio import LeftOut, Portfolio, portfolio, tolerated
from risks.register.kinds import Kind, TreatmentState
from risks.register.record import Quantity, Risk
from risks.register.states import ACTIVE, Status
from tests.risks.records import AT, assessed, full, made

NOW = Quantity(FrequencyKind.BERNOULLI, 0.4, SeverityKind.LOGNORMAL, 1e4, 9e4)
LATER = replace(NOW, rate=0.1)
MADE_ON = AT.date()


def risk(number: int, quantity: Quantity | None = NOW, **said: Any) -> Risk:
    return made(number, assessments=(assessed(4, 3, quantity=quantity),), **said)


def treated(number: int, *stated: Quantity | None, state: TreatmentState | None = None) -> Risk:
    (one,) = full().treatments
    plans = tuple(
        replace(one, id=f"t{place}", expected=said, state=state or TreatmentState.PLANNED)
        for place, said in enumerate(stated)
    )
    return risk(number, treatments=plans)


def on(day: date, *risks: Risk) -> Portfolio:
    return portfolio(risks, day)


@pytest.mark.parametrize("status", list(Status))
def test_only_risks_in_the_register_are_counted(status: Status) -> None:
    found = on(MADE_ON, risk(1, status=status))
    assert len(found.estimated) == (1 if status in ACTIVE else 0)
    assert not found.left_out


def test_an_estimate_speaks_of_the_year_after_it_was_made_and_of_no_other() -> None:
    last = MADE_ON + timedelta(days=365)
    assert len(on(last, risk(1)).estimated) == 1
    over = on(last + timedelta(days=1), risk(1))
    assert not over.estimated
    assert [one.number for one in over.left_out[LeftOut.OTHER_YEAR]] == [1]


def test_estimates_of_two_years_are_never_in_one_sum() -> None:
    old = made(1, assessments=(assessed(4, 3, quantity=NOW, assessed_at=AT - timedelta(days=400)),))
    found = on(MADE_ON, old, risk(2))
    assert [one.risk.number for one in found.estimated] == [2]
    assert {one.stated_on for one in found.estimated} == {MADE_ON}


def test_what_is_not_quantified_is_named() -> None:
    found = on(MADE_ON, risk(2, None), made(3), risk(1))
    assert [one.number for one in found.left_out[LeftOut.NOT_QUANTIFIED]] == [2, 3]
    assert [one.number for one in found.before] == [1]


def test_the_one_open_treatment_says_what_becomes_of_the_risk() -> None:
    found = on(MADE_ON, treated(5, LATER, None))
    assert [one.frequency.mean for one in found.after] == [0.1]
    assert [option.treatment.id for option in found.options] == ["t0"]
    assert not found.unclear


def test_what_is_aimed_at_goes_before_it_and_what_is_done_is_no_option() -> None:
    aimed = assessed(2, 3, Kind.TARGET, quantity=replace(NOW, rate=0.2))
    one = treated(5, LATER)
    found = on(MADE_ON, replace(one, assessments=(*one.assessments, aimed)))
    assert [each.frequency.mean for each in found.after] == [0.2]
    done = on(MADE_ON, treated(5, LATER, state=TreatmentState.DONE))
    assert done.after == done.before
    assert not done.options


def test_of_several_nobody_said_what_they_do_together() -> None:
    found = on(MADE_ON, treated(5, LATER, LATER))
    assert found.after == found.before
    assert [one.number for one in found.unclear] == [5]
    assert len(found.options) == 2


def test_what_is_borne_of_several_categories_is_their_sum_and_the_silent_are_named() -> None:
    said = Appetite("OPERATIONS", "", "low", "medium", ((0.1, 1e4), (0.01, 1e5)),
                    date(2025, 1, 1), None, assumption=False)  # fmt: skip
    appetite = {
        "OPERATIONS": said,
        "FINANCIAL": replace(said, category="FINANCIAL", tolerance=((0.1, 3e4), (0.01, 9e5))),
        "LEGAL": replace(said, category="LEGAL", tolerance=()),
        "PEOPLE": replace(said, category="PEOPLE"),  # of no risk here
    }
    risks = [risk(1), risk(2, category_code="FINANCIAL"), risk(3, category_code="LEGAL")]
    found = tolerated(on(MADE_ON, *risks), appetite)
    assert found.tolerance is not None
    assert found.tolerance.points[0] == pytest.approx((0.1, 4e4))
    assert found.tolerance.points[-1] == pytest.approx((0.01, 1e6))
    assert found.silent == ("LEGAL",)
