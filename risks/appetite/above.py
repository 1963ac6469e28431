"""Risks above what the agency says it seeks or bears, and what is being done about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from risks.appetite.statement import Appetite
from risks.criteria.scale import Criteria
from risks.register.kinds import AcceptanceState
from risks.register.record import Acceptance, Escalation, Risk, Treatment


class Bound(StrEnum):
    """What a risk is above."""

    OPTIMAL = "optimal"  # more than is sought, and still borne
    TOLERABLE = "tolerable"  # more than is borne


@dataclass(frozen=True, slots=True)
class Above:
    """A risk above the appetite of its category; `ranks` are the levels above that bound."""

    risk: Risk
    said: Appetite
    bound: Bound
    ranks: int
    next_due: date | None
    late: int  # open treatments that are overdue

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """What is being done."""
        return self.risk.open_treatments

    @property
    def escalations(self) -> tuple[Escalation, ...]:
        """The answers that are owed."""
        return self.risk.open_escalations

    @property
    def acceptance(self) -> Acceptance | None:
        """That it is borne for a time, or the request to."""
        return self.risk.acceptance

    @property
    def is_unattended(self) -> bool:
        """Nothing is done, nobody was asked, and nobody bears it."""
        borne = self.acceptance
        is_borne = borne is not None and borne.state is AcceptanceState.ACCEPTED
        return not (self.treatments or self.escalations or is_borne)


def above_appetite(
    risks: Iterable[Risk], appetite: Mapping[str, Appetite], criteria: Criteria, today: date
) -> tuple[Above, ...]:
    """The risks in the register that are above appetite, the worst first.

    Worse is what is above the tolerable, by more levels, with nothing being done, with more that is
    late. Categories of which nothing is said have no risk above.
    """
    found = (_above(risk, appetite, criteria, today) for risk in risks if risk.is_active)
    return tuple(sorted((one for one in found if one is not None), key=_gravity))


def without_appetite(risks: Iterable[Risk], appetite: Mapping[str, Appetite]) -> tuple[Risk, ...]:
    """The risks in the register of which it is not said how much of their category is borne."""
    return tuple(one for one in risks if one.is_active and one.category_code not in appetite)


def _above(
    risk: Risk, appetite: Mapping[str, Appetite], criteria: Criteria, today: date
) -> Above | None:
    said = appetite.get(risk.category_code or "")
    if said is None or risk.level is None:
        return None
    rank, borne, sought = map(criteria.rank, (risk.level, said.tolerable, said.optimal))
    if rank <= sought:
        return None
    bound = Bound.TOLERABLE if rank > borne else Bound.OPTIMAL
    return Above(
        risk=risk,
        said=said,
        bound=bound,
        ranks=rank - (borne if bound is Bound.TOLERABLE else sought),
        next_due=min((one.due for one in risk.open_treatments), default=None),
        late=sum(1 for one in risk.open_treatments if one.days_late(today)),
    )


def _gravity(one: Above) -> tuple[Any, ...]:
    return (
        one.bound is Bound.OPTIMAL,
        -one.ranks,
        not one.is_unattended,
        -one.late,
        one.risk.number,
    )
