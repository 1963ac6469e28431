"""What past assessments foretold, and whether it happened: how good the owners' judgement is.

An assessment says a chance in a year: its estimate of how often, where there is one, else the
middle of the band that its step of the likelihood scale stands for. It is a forecast for every
whole calendar period that begins while it is the current one. The chance of a shorter period is
that of a year spread evenly over it, an assumption: 1 - (1 - p) ** (part of the year).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from data.period import Frequency, Period
from risks.calibration import Forecast, Score, score
from risks.criteria.scale import Criteria
from risks.exposure import FrequencyKind
from risks.incidents.record import Incident
from risks.register.kinds import Kind
from risks.register.record import Assessment, Quantity, Risk

PARTS = {Frequency.WEEK: 7 / 365.25, Frequency.MONTH: 1 / 12, Frequency.QUARTER: 1 / 4}


class Basis(StrEnum):
    """From what a chance is taken."""

    QUANTITY = "quantity"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast with the assessment that made it, and whose risk it is now."""

    risk_code: str
    owner: str
    assessed_by: str
    assessment_id: str
    basis: Basis
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Scores:
    """How the forecasts did, together and by person (e-mail address); None of no forecast."""

    overall: Score | None
    by_owner: Mapping[str, Score] = field(default_factory=dict)
    by_assessor: Mapping[str, Score] = field(default_factory=dict)


def forecasts(
    risks: Iterable[Risk],
    incidents: Iterable[Incident],
    criteria: Mapping[int, Criteria],
    today: date,
    frequency: Frequency = Frequency.QUARTER,
) -> tuple[Told, ...]:
    """Every forecast whose period is over, by risk and period.

    Counted are periods that begin after the risk came into the register and end before it was
    closed. `criteria` are all versions by number.
    """
    days = _days(incidents)
    return tuple(
        told
        for risk in risks
        for period in _periods(risk, today, frequency)
        if (told := _told(risk, period, days.get(risk.code, ()), criteria)) is not None
    )


def scores(told: Iterable[Told]) -> Scores:
    """The Brier score of forecasts, for all and by owner and assessor."""
    given = tuple(told)
    return Scores(
        overall=score(one.forecast for one in given),
        by_owner=_by_person((one.owner, one.forecast) for one in given),
        by_assessor=_by_person((one.assessed_by, one.forecast) for one in given),
    )


def chance(yearly: float, frequency: Frequency) -> float:
    """The chance within a period, of something with this chance in a year."""
    return (
        float(-math.expm1(PARTS.get(frequency, 1.0) * math.log1p(-yearly))) if yearly < 1 else 1.0
    )


def _periods(risk: Risk, today: date, frequency: Frequency) -> Iterator[Period]:
    if risk.opened_on is None:
        return
    until = min(today, risk.closed_on or today)
    period = Period.covering(risk.opened_on, frequency)
    if period.start < risk.opened_on:
        period = period.shift(1)
    while period.end <= until:
        yield period
        period = period.shift(1)


def _told(
    risk: Risk, period: Period, days: Iterable[date], criteria: Mapping[int, Criteria]
) -> Told | None:
    made = _standing(risk, period.start)
    yearly = _yearly(made, criteria) if made else None
    if made is None or yearly is None:
        return None
    basis, probability = yearly
    happened = any(period.start <= day < period.end for day in days)
    return Told(
        risk_code=risk.code,
        owner=risk.owner,
        assessed_by=made.assessed_by,
        assessment_id=made.id,
        basis=basis,
        forecast=Forecast(chance(probability, period.frequency), period, happened),
    )


def _standing(risk: Risk, day: date) -> Assessment | None:
    """The current assessment as it stood when the day began."""
    made = [
        one for one in risk.assessments if one.kind is Kind.CURRENT and one.assessed_at.date() < day
    ]
    return made[-1] if made else None


def _yearly(made: Assessment, criteria: Mapping[int, Criteria]) -> tuple[Basis, float] | None:
    if made.quantity is not None:
        return Basis.QUANTITY, _of_quantity(made.quantity)
    if made.likelihood is None or made.criteria_version not in criteria:
        return None
    step = criteria[made.criteria_version].likelihood[made.likelihood - 1]
    return Basis.BAND, (step.low + step.high) / 2


def _of_quantity(quantity: Quantity) -> float:
    if quantity.frequency is FrequencyKind.BERNOULLI:
        return quantity.rate
    return -math.expm1(-quantity.rate)


def _days(incidents: Iterable[Incident]) -> dict[str, list[date]]:
    """On which days each risk came true, by its code."""
    days: dict[str, list[date]] = {}
    for incident in incidents:
        for code in incident.risks:
            days.setdefault(code, []).append(incident.happened_on)
    return days


def _by_person(pairs: Iterable[tuple[str, Forecast]]) -> dict[str, Score]:
    groups: dict[str, list[Forecast]] = {}
    for person, forecast in pairs:
        groups.setdefault(person, []).append(forecast)
    scored = {person: score(groups[person]) for person in sorted(groups)}
    return {person: one for person, one in scored.items() if one is not None}
