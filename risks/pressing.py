"""What of the whole register calls for somebody above: pure, for those who look at all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from risks.appetite.above import Above, Bound, above_appetite
from risks.appetite.statement import Appetite
from risks.criteria.scale import Criteria
from risks.register.record import Risk
from risks.register.states import Status


class Pressing(StrEnum):
    """Why a risk calls for attention, the gravest first."""

    UNANSWERED = "unanswered"  # above what is tolerated, and nothing is done about it
    ESCALATED = "escalated"  # an answer is owed
    TREATMENT_LATE = "treatment_late"
    REVIEW_LATE = "review_late"


def pressing(
    risks: Iterable[Risk], appetite: Mapping[str, Appetite], criteria: Criteria, today: date
) -> dict[Pressing, tuple[Risk, ...]]:
    """The active risks by why they call for attention, the highest level first in each."""
    active = [one for one in risks if one.is_active]
    beyond = above_appetite(active, appetite, criteria, today)
    found = {
        Pressing.UNANSWERED: [one.risk for one in beyond if is_unanswered(one)],
        Pressing.ESCALATED: [one for one in active if one.is_escalated],
        Pressing.TREATMENT_LATE: [one for one in active if _has_late(one, today)],
        Pressing.REVIEW_LATE: [one for one in active if _is_late(one, today)],
    }
    return {why: _by_level(some, criteria) for why, some in found.items() if some}


def is_unanswered(one: Above) -> bool:
    """Above what is tolerated, and neither treated, accepted nor laid before anybody.

    Who sees only what is published is not told what was asked for, but the state that stands.
    """
    is_borne = one.risk.status is Status.ACCEPTED
    return one.bound is Bound.TOLERABLE and one.is_unattended and not is_borne


def _has_late(risk: Risk, today: date) -> bool:
    return any(one.days_late(today) for one in risk.treatments)


def _is_late(risk: Risk, today: date) -> bool:
    return risk.next_review is not None and risk.next_review < today


def _by_level(risks: Iterable[Risk], criteria: Criteria) -> tuple[Risk, ...]:
    return tuple(sorted(risks, key=lambda one: (-_rank(one, criteria), one.number)))


def _rank(risk: Risk, criteria: Criteria) -> int:
    return criteria.rank(risk.level) if risk.level else -1
