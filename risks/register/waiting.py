"""What waits for somebody: his risks to finish, judge, review and answer for, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from data.access.actor import Actor
from data.access.permissions import Permission
from risks.register.hands import holds
from risks.register.kinds import AcceptanceState
from risks.register.record import Risk
from risks.register.states import Status

SOON = timedelta(days=14)


class Matter(StrEnum):
    """What is to be done, the most pressing first."""

    ANSWER = "answer"  # an escalation
    DECIDE_ACCEPTANCE = "decide_acceptance"
    DECIDE_PROPOSAL = "decide_proposal"
    DECIDE_CLOSE = "decide_close"
    REASSESS = "reassess"
    TREATMENT_LATE = "treatment_late"
    REVIEW_LATE = "review_late"
    ACCEPTANCE_ENDS = "acceptance_ends"
    TREATMENT_DUE = "treatment_due"
    REVIEW_DUE = "review_due"
    DRAFT = "draft"  # begun and not handed in


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for somebody; `detail` is the id of the part it is about."""

    matter: Matter
    risk: Risk
    due: date | None = None
    detail: str | None = None


def waiting_for(
    risks: Iterable[Risk],
    by: Actor,
    today: date,
    *,
    stands_in_for: Collection[str] = (),
) -> tuple[Waiting, ...]:
    """Everything that waits for the actor, the most pressing first.

    `stands_in_for` are the owners he is a deputy of today.
    """
    own = {by.email, *stands_in_for}
    found = [
        one for risk in risks for one in (*_decisions(risk, by), *_of_owner(risk, own, by, today))
    ]
    order = list(Matter)
    return tuple(
        sorted(found, key=lambda w: (order.index(w.matter), w.due or date.max, w.risk.number))
    )


def _decisions(risk: Risk, by: Actor) -> Iterator[Waiting]:
    for one in risk.open_escalations:
        if holds(by, one.to_role, risk.unit_code):
            yield Waiting(Matter.ANSWER, risk, one.raised_at.date(), one.id)
    asked = risk.acceptance if risk.status is Status.ACCEPTANCE_REQUESTED else None
    accepts = by.may_in(Permission.RISK_ACCEPT, risk.unit_code)
    if asked and accepts and asked.requested_by != by.email:
        yield Waiting(Matter.DECIDE_ACCEPTANCE, risk, asked.valid_until, asked.id)
    decides = by.may_in(Permission.RISK_DECIDE, risk.unit_code) and by.email != risk.author
    if risk.status is Status.PROPOSED and decides:
        yield Waiting(Matter.DECIDE_PROPOSAL, risk)
    closes = by.may_in(Permission.RISK_CLOSE, risk.unit_code)
    if risk.status is Status.CLOSE_REQUESTED and closes and by.email not in _asked(risk):
        yield Waiting(Matter.DECIDE_CLOSE, risk)


def _of_owner(risk: Risk, own: Collection[str], by: Actor, today: date) -> Iterator[Waiting]:
    is_own = risk.owner in own
    for one in risk.open_treatments:
        is_told = (risk.is_active and is_own) or one.owner == by.email
        if is_told and one.due <= today + SOON:
            late = bool(one.days_late(today))
            matter = Matter.TREATMENT_LATE if late else Matter.TREATMENT_DUE
            yield Waiting(matter, risk, one.due, one.id)
    if is_own and risk.status is Status.DRAFT:
        yield Waiting(Matter.DRAFT, risk)
    if is_own and risk.is_active:
        yield from _dates(risk, today)


def _dates(risk: Risk, today: date) -> Iterator[Waiting]:
    """What time brings to the owner of a risk in the register."""
    if risk.reassess:
        yield Waiting(Matter.REASSESS, risk, today)
    if risk.next_review and risk.next_review <= today + SOON:
        late = risk.next_review < today
        yield Waiting(Matter.REVIEW_LATE if late else Matter.REVIEW_DUE, risk, risk.next_review)
    borne = risk.acceptance
    if borne and borne.state is AcceptanceState.ACCEPTED and borne.valid_until <= today + SOON:
        yield Waiting(Matter.ACCEPTANCE_ENDS, risk, borne.valid_until, borne.id)


def _asked(risk: Risk) -> tuple[str, str]:
    return risk.owner, risk.author
