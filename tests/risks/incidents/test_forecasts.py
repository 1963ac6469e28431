"""Past chances against what happened, computed a second time with pandas."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.period import Frequency, Period
from risks.criteria.reading import default_criteria
from risks.exposure import FrequencyKind, SeverityKind
from risks.incidents.forecasts import Basis, Told, chance, forecasts, scores
from risks.incidents.record import Incident
from risks.register.kinds import Kind
from risks.register.record import Assessment, Quantity, Risk
from tests.risks.records import AT, assessed, made

CRITERIA = {1: default_criteria()}
OPENED = date(2024, 1, 10)
TODAY = date(2025, 3, 31)
YEARLY = Quantity(FrequencyKind.BERNOULLI, 0.4, SeverityKind.LOGNORMAL, 1e3, 1e5)
OFTEN = Quantity(FrequencyKind.POISSON, 2.0, SeverityKind.LOGNORMAL, 1e3, 1e5)


def judged(likelihood: int, day: date, **said: Any) -> Assessment:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return assessed(likelihood, 2, id=f"a-{day}", assessed_at=at, **said)


def risk(number: int = 1, *assessments: Assessment, **said: Any) -> Risk:
    kept = assessments or (judged(4, OPENED),)
    fields: dict[str, Any] = {"assessments": kept, "opened_on": OPENED} | said
    return made(number, **fields)


def incident(day: date, *codes: str) -> Incident:
    return Incident(
        id=f"i-{day}",
        code="I-0001",
        title="t",
        description="d",
        happened_on=day,
        unit_code="O01",
        loss=None,
        demo=False,
        recorded_by="owner@example.org",
        recorded_at=AT,
        risks=codes or ("R-0001",),
    )


def told(*risks: Risk, incidents: tuple[Incident, ...] = (), **said: Any) -> tuple[Told, ...]:
    return forecasts(risks, incidents, CRITERIA, **({"today": TODAY} | said))


def test_each_whole_period_in_the_register_that_is_over_is_one() -> None:
    found = told(risk())
    assert [one.forecast.period.code for one in found] == ["2024-Q2", "2024-Q3", "2024-Q4"]
    years = told(risk(), frequency=Frequency.YEAR, today=date(2026, 1, 1))
    assert [one.forecast.period.code for one in years] == ["2025"]
    closed = told(risk(closed_on=date(2024, 9, 30)))
    assert [one.forecast.period.code for one in closed] == ["2024-Q2"]
    assert told(risk(opened_on=None)) == ()


def test_the_chance_is_that_of_the_assessment_that_stood() -> None:
    """Band 4 is 50 to 80 %; the estimate counts where there is one; a target never."""
    first, second = judged(4, OPENED), judged(4, date(2024, 7, 1), quantity=YEARLY)
    third = judged(4, date(2024, 9, 1), quantity=OFTEN)
    aimed = replace(judged(1, date(2024, 5, 1)), kind=Kind.TARGET)
    found = told(risk(1, first, aimed, second, third))
    # On the first day of the third quarter it was judged anew: what stood before is the forecast.
    assert [one.assessment_id for one in found] == [first.id, first.id, third.id]
    assert [one.basis for one in found] == [Basis.BAND, Basis.BAND, Basis.QUANTITY]
    band = 1 - (1 - 0.65) ** 0.25
    chances = [one.forecast.probability for one in found]
    assert chances == pytest.approx([band, band, 1 - math.exp(-2.0 / 4)])
    (year,) = told(
        risk(1, judged(4, OPENED, quantity=YEARLY)),
        frequency=Frequency.YEAR,
        today=date(2026, 1, 1),
    )
    assert year.forecast.probability == pytest.approx(0.4)


def test_what_is_not_judged_foretells_nothing() -> None:
    open_ended = replace(judged(4, OPENED), likelihood=None)
    other = replace(judged(4, OPENED), criteria_version=7)
    assert told(risk(1, open_ended), risk(2, other)) == ()


def test_it_happened_where_an_incident_falls_into_the_period() -> None:
    days = (date(2024, 3, 31), date(2024, 4, 1), date(2024, 12, 31))
    found = told(risk(), risk(2), incidents=tuple(incident(day) for day in days))
    happened = {(one.risk_code, one.forecast.period.code): one.forecast.happened for one in found}
    assert happened == {
        ("R-0001", "2024-Q2"): True,
        ("R-0001", "2024-Q3"): False,
        ("R-0001", "2024-Q4"): True,
        ("R-0002", "2024-Q2"): False,
        ("R-0002", "2024-Q3"): False,
        ("R-0002", "2024-Q4"): False,
    }


def test_scores_by_person_and_together_are_those_of_pandas() -> None:
    risks = [
        risk(1, owner="a@example.org"),
        risk(2, judged(2, OPENED), owner="b@example.org"),
        risk(3, judged(5, OPENED, assessed_by="c@example.org"), owner="b@example.org"),
    ]
    incidents = (incident(date(2024, 5, 5), "R-0001", "R-0003"), incident(date(2024, 8, 8)))
    found = told(*risks, incidents=incidents)
    frame = pd.DataFrame(
        {
            "owner": one.owner,
            "assessor": one.assessed_by,
            "miss": (one.forecast.probability - one.forecast.happened) ** 2,
        }
        for one in found
    )
    scored = scores(found)
    assert scored.overall is not None
    assert scored.overall.brier == pytest.approx(frame["miss"].mean())
    for column, group in (("owner", scored.by_owner), ("assessor", scored.by_assessor)):
        expected = frame.groupby(column)["miss"].mean().to_dict()
        assert {who: one.brier for who, one in group.items()} == pytest.approx(expected)
    assert scored.by_owner["b@example.org"].forecasts == 6


def test_of_nothing_foretold_there_is_no_score() -> None:
    found = scores(())
    assert (found.overall, dict(found.by_owner), dict(found.by_assessor)) == (None, {}, {})


@given(yearly=st.floats(0, 1))
def test_four_quarters_and_twelve_months_make_the_year(yearly: float) -> None:
    for frequency, count in ((Frequency.QUARTER, 4), (Frequency.MONTH, 12), (Frequency.YEAR, 1)):
        stays = (1 - chance(yearly, frequency)) ** count
        assert 1 - stays == pytest.approx(yearly, abs=1e-12)


@given(
    opened=st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    days=st.lists(st.dates(date(2023, 1, 1), date(2025, 3, 31)), max_size=8),
    frequency=st.sampled_from([Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR]),
)
def test_each_incident_falls_into_the_one_period_that_covers_it(
    opened: date, days: list[date], frequency: Frequency
) -> None:
    before = judged(3, opened - timedelta(days=1))
    found = forecasts(
        [risk(1, before, opened_on=opened)],
        [incident(day) for day in days],
        CRITERIA,
        TODAY,
        frequency,
    )
    counted = {one.forecast.period for one in found}
    happened = {one.forecast.period for one in found if one.forecast.happened}
    assert happened == {Period.covering(day, frequency) for day in days} & counted
    assert all(opened <= one.start and one.end <= TODAY for one in counted)
