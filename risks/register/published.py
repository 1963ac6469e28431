"""What is told of a risk to those who see only the published register.

Told: what it is, where, how large it is and is meant to become, what is done until when, which
controls and indicators stand, when it was and will be looked at. Not told: who (a role speaks for a
person), what was written in the house about it, what is asked for and not decided, money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from risks.register.kinds import Outcome
from risks.register.record import Assessment, ControlLink, IndicatorLink, Review, Risk, Treatment
from risks.register.states import ACTIVE, Status

PUBLISHED = ACTIVE | {Status.CLOSED}  # in the register, or once in it
NOBODY = ""
_ASKED_FOR = frozenset({Status.ACCEPTANCE_REQUESTED, Status.CLOSE_REQUESTED})
_TOLD_OUTCOMES = frozenset({Outcome.CONFIRM, Outcome.RESCORE})


def published_register(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Those told at all, each as it is told: no drafts, proposals or rejected ones."""
    return tuple(published_view(one) for one in risks if one.status in PUBLISHED)


def published_view(risk: Risk) -> Risk:
    """The same risk without persons, internal words, undecided requests and sums of money."""
    is_asked = risk.status in _ASKED_FOR
    return replace(
        risk,
        owner=NOBODY,
        author=NOBODY,
        created_by=NOBODY,
        updated_by=NOBODY,
        status=(risk.status_before or Status.OPEN) if is_asked else risk.status,
        status_before=None,
        reassess=None,
        close_reason=None,
        close_evidence=None,
        source_gone=False,
        reopened_because=None,
        assessments=tuple(map(_assessment, risk.assessments)),
        treatments=tuple(map(_treatment, risk.treatments)),
        controls=tuple(map(_control, risk.controls)),
        indicators=tuple(map(_indicator, risk.indicators)),
        reviews=tuple(_review(one) for one in risk.reviews if one.outcome in _TOLD_OUTCOMES),
        acceptances=(),
        escalations=(),
        comments=(),
    )


def _assessment(one: Assessment) -> Assessment:
    return replace(one, rationale="", exception=None, quantity=None, assessed_by=NOBODY)


def _treatment(one: Treatment) -> Treatment:
    moved = tuple(replace(each, reason="", by=NOBODY) for each in one.due_changes)
    return replace(
        one,
        owner=NOBODY,
        evidence="",
        cost=None,
        expected=None,
        due_changes=moved,
        created_by=NOBODY,
    )


def _control(one: ControlLink) -> ControlLink:
    return replace(one, linked_by=NOBODY, ended_by=None)


def _indicator(one: IndicatorLink) -> IndicatorLink:
    return replace(one, linked_by=NOBODY, ended_by=None)


def _review(one: Review) -> Review:
    return replace(one, note="", reviewed_by=NOBODY)
