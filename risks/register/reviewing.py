"""Reviewing one's risks one after the other: which are due, which are done, what changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from risks.register.kinds import AcceptanceState, Kind, TreatmentState
from risks.register.record import Review, Risk, Treatment
from risks.register.waiting import SOON


class ReviewChange(StrEnum):
    """What can have happened to a risk since it was last reviewed."""

    TREATMENT_LATE = "treatment_late"  # is overdue now, whenever that began
    TREATMENT_DONE = "treatment_done"
    TREATMENT_CANCELLED = "treatment_cancelled"
    TREATMENT_MOVED = "treatment_moved"
    TREATMENT_NEW = "treatment_new"
    ASSESSED = "assessed"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    ACCEPTANCE_ENDED = "acceptance_ended"


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that happened: on which day, and what to call it."""

    kind: ReviewChange
    day: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """The risks to look at now, the most pressing first, and those looked at today."""

    due: tuple[Risk, ...]
    done: tuple[Risk, ...]


def review_round(
    risks: Iterable[Risk],
    owners: Collection[str],
    by: str,
    today: date,
    zone: tzinfo,
    *,
    asked: Collection[str] = (),
    early: bool = False,
) -> Round:
    """The round of reviews of somebody who acts for these owners.

    `asked` are codes of risks to look at although their time has not come; `early` asks for all.
    """
    own = [one for one in risks if one.is_active and (one.owner in owners or one.code in asked)]
    done = tuple(one for one in own if reviewed_on(one, by, today, zone))
    due = [
        one for one in own if one not in done and (early or one.code in asked or is_due(one, today))
    ]
    return Round(tuple(sorted(due, key=lambda one: _pressing(one, asked))), done)


def is_due(risk: Risk, today: date) -> bool:
    """Whether it is to be looked at now: asked for anew, or its day is near or over."""
    near = risk.next_review is not None and risk.next_review <= today + SOON
    return near or risk.reassess is not None


def reviewed_on(risk: Risk, by: str, day: date, zone: tzinfo) -> Review | None:
    """The last review of a risk by somebody on a day."""
    if not risk.reviews:
        return None
    last = risk.reviews[-1]
    is_his = last.reviewed_by == by and last.reviewed_at.astimezone(zone).date() == day
    return last if is_his else None


def last_looked_at(risk: Risk) -> datetime:
    """When it was last reviewed; never: when it was first assessed as it is, or begun."""
    if risk.reviews:
        return risk.reviews[-1].reviewed_at
    first = next((one for one in risk.assessments if one.kind is Kind.CURRENT), None)
    return first.assessed_at if first else risk.created_at


def needs_exception(risk: Risk, likelihood: int | None, impact: int | None) -> bool:
    """Whether a current score would lie above the inherent one, which wants a written reason."""
    inherent = risk.assessment(Kind.INHERENT)
    if inherent is None:
        return False
    pairs = ((likelihood, inherent.likelihood), (impact, inherent.impact))
    return any(now is not None and then is not None and now > then for now, then in pairs)


def changes_since(risk: Risk, since: datetime, today: date, zone: tzinfo) -> tuple[Changed, ...]:
    """What happened to a risk after a moment, what is overdue first, else the latest first.

    Days are those of the zone.
    """
    treated, told = _treatments(risk, since, today), (*_said(risk, since), *_borne(risk, since))
    found = [
        *treated,
        *(Changed(kind, at.astimezone(zone).date(), text) for kind, at, text in told),
    ]
    is_late = ReviewChange.TREATMENT_LATE
    return tuple(sorted(found, key=lambda one: (one.kind is not is_late, -one.day.toordinal())))


def _pressing(risk: Risk, asked: Collection[str]) -> tuple[bool, bool, date, int]:
    due = risk.next_review or date.max
    return risk.code not in asked, risk.reassess is None, due, risk.number


def _treatments(risk: Risk, since: datetime, today: date) -> Iterator[Changed]:
    for one in risk.treatments:
        if one.days_late(today):
            yield Changed(ReviewChange.TREATMENT_LATE, one.due, one.text)
        elif (kind := _became(one, since)) is not None:
            yield Changed(kind, one.done_on or one.due, one.text)


def _became(one: Treatment, since: datetime) -> ReviewChange | None:
    """What became of a treatment after a moment; a day counts whole, so that nothing is missed."""
    if one.state is TreatmentState.DONE:
        is_new = one.done_on is not None and one.done_on >= since.date()
        return ReviewChange.TREATMENT_DONE if is_new else None
    if one.state is TreatmentState.CANCELLED:
        return None
    if one.created_at > since:
        return ReviewChange.TREATMENT_NEW
    moved = any(each.at > since for each in one.due_changes)
    return ReviewChange.TREATMENT_MOVED if moved else None


Moment = tuple[ReviewChange, datetime, str]  # what happened, when, and what to call it


def _said(risk: Risk, since: datetime) -> Iterator[Moment]:
    """Assessments other than those of the review itself, and what was laid before others."""
    for made in risk.assessments:
        if made.kind is Kind.CURRENT and made.assessed_at > since:
            yield ReviewChange.ASSESSED, made.assessed_at, made.rationale
    for one in risk.escalations:
        if one.answered_at is not None and one.answered_at > since:
            yield ReviewChange.ANSWERED, one.answered_at, one.answer
        elif one.is_open or one.raised_at > since:
            yield ReviewChange.ESCALATED, one.raised_at, one.reason


def _borne(risk: Risk, since: datetime) -> Iterator[Moment]:
    for one in risk.acceptances:
        if one.ended_at is not None and one.ended_at > since:
            yield ReviewChange.ACCEPTANCE_ENDED, one.ended_at, one.ended_because or ""
        elif one.state is AcceptanceState.ACCEPTED and one.decided_at and one.decided_at > since:
            yield ReviewChange.ACCEPTED, one.decided_at, one.rationale
