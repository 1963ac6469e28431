"""Which estimates of the register are summed in EUR, and what treatments will make of them.

An estimate is of the twelve months after it was made. Only those that speak of the day looked at
are summed; one of a year that is over is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from risks.appetite.statement import Appetite
from risks.exposure import Quantified, Tolerance
from risks.exposure.tolerated import together
from risks.register.kinds import Kind
from risks.register.record import Quantity, Risk, Treatment

YEAR = timedelta(days=365)  # of which an estimate speaks, from the day it was made


class LeftOut(StrEnum):
    """Why an active risk is in no sum."""

    NOT_QUANTIFIED = "not_quantified"
    OTHER_YEAR = "other_year"  # the year of which its estimate speaks is over


@dataclass(frozen=True, slots=True)
class Option:
    """An open treatment, with the figures that are expected once it is done."""

    risk: Risk
    treatment: Treatment
    before: Quantified
    after: Quantified


@dataclass(frozen=True, slots=True)
class Estimated:
    """A risk with its figures now and once treated, when they were stated, and its treatments."""

    risk: Risk
    before: Quantified
    after: Quantified
    stated_on: date
    options: tuple[Option, ...]

    @property
    def is_unclear(self) -> bool:
        """Several treatments state figures, and nobody said what they do together."""
        return len(self.options) > 1 and self.after == self.before


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The active risks: those whose estimates are summed, and why the others are not."""

    estimated: tuple[Estimated, ...]
    left_out: Mapping[LeftOut, tuple[Risk, ...]]

    @property
    def before(self) -> tuple[Quantified, ...]:
        return tuple(one.before for one in self.estimated)

    @property
    def after(self) -> tuple[Quantified, ...]:
        return tuple(one.after for one in self.estimated)

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(option for one in self.estimated for option in one.options)

    @property
    def unclear(self) -> tuple[Risk, ...]:
        return tuple(one.risk for one in self.estimated if one.is_unclear)

    def of_category(self, code: str) -> tuple[Quantified, ...]:
        """The figures now of the risks of one category."""
        return tuple(one.before for one in self.estimated if one.risk.category_code == code)


def portfolio(risks: Iterable[Risk], today: date) -> Portfolio:
    """The active ones among these risks as they can be summed on a day, by number."""
    estimated: list[Estimated] = []
    left_out: dict[LeftOut, list[Risk]] = {reason: [] for reason in LeftOut}
    for risk in sorted(risks, key=lambda one: one.number):
        if not risk.is_active:
            continue
        found = estimate_of(risk, today)
        if isinstance(found, LeftOut):
            left_out[found].append(risk)
        else:
            estimated.append(found)
    told = {reason: tuple(found) for reason, found in left_out.items() if found}
    return Portfolio(tuple(estimated), told)


def estimate_of(risk: Risk, today: date) -> Estimated | LeftOut:
    """The estimate of a risk that speaks of this day, or why there is none."""
    current = risk.current
    if current is None or current.quantity is None:
        return LeftOut.NOT_QUANTIFIED
    stated_on = current.assessed_at.date()
    if stated_on + YEAR < today:
        return LeftOut.OTHER_YEAR
    before = current.quantity.quantified(risk.number)
    options = tuple(
        Option(risk, one, before, one.expected.quantified(risk.number))
        for one in risk.open_treatments
        if one.expected is not None
    )
    later = expected(risk)
    after = later.quantified(risk.number) if later else before
    return Estimated(risk, before, after, stated_on, options)


def expected(risk: Risk) -> Quantity | None:
    """The figures of a risk once its treatments are done: as the assessment aimed at says, else as
    the one open treatment does that states any. What several do together is for a person to say.
    """
    aimed = risk.assessment(Kind.TARGET)
    if aimed is not None and aimed.quantity is not None:
        return aimed.quantity
    stated = [one.expected for one in risk.open_treatments if one.expected is not None]
    return stated[0] if len(stated) == 1 else None


@dataclass(frozen=True, slots=True)
class Tolerated:
    """What is borne of the categories of some risks together; those of which nothing is stated."""

    tolerance: Tolerance | None
    silent: tuple[str, ...]  # codes of categories, '' of risks without one


def tolerated(found: Portfolio, appetite: Mapping[str, Appetite]) -> Tolerated:
    """What the agency says it bears of the categories of these risks: at each chance the sum."""
    categories = sorted({one.risk.category_code or "" for one in found.estimated})
    stated = {code: said for code in categories if (said := tolerance_of(appetite.get(code)))}
    silent = tuple(code for code in categories if code not in stated)
    return Tolerated(together(tuple(stated.values())), silent)


def tolerance_of(said: Appetite | None) -> Tolerance | None:
    """What a statement says in EUR; None where it says nothing there."""
    if said is None or len(said.tolerance) < 2:
        return None
    return Tolerance(said.tolerance)
