"""What a red indicator does to a risk, by what the link says and where the risk stands.

Each effect does all that the one before it does: a review asks for re-assessment; re-opening also
re-opens what is accepted or closed, and lays before the unit head what is open; escalating also
lays before him what was re-opened. A risk that is not in the register yet, or was rejected, is left
alone. Each step is done once for a link and a red episode, whatever became of the risk since.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from data.audit.tags import AuditTag
from risks.register import lifecycle
from risks.register.kinds import Effect, EscalationCause
from risks.register.record import Risk
from risks.register.states import ACTIVE, Status

UNIT_HEAD = "unit_head"
ENDED = "risks.ended.indicator"
REASSESS = "risks.reassess.indicator"
ESCALATED = "risks.escalated.indicator"


class Step(StrEnum):
    """What the system does to a risk because an indicator is red."""

    END_ACCEPTANCE = "end_acceptance"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    REASSESS = "reassess"


TAGS = {
    Step.END_ACCEPTANCE: AuditTag.ACCEPTANCE_ENDED,
    Step.REOPEN: AuditTag.RISK_REOPENED,
    Step.ESCALATE: AuditTag.RISK_ESCALATED,
    Step.REASSESS: AuditTag.REASSESSMENT_ASKED,
}
_REOPENING = frozenset({Step.END_ACCEPTANCE, Step.REOPEN})


def next_step(risk: Risk, effect: Effect, done: Collection[Step]) -> Step | None:
    """What is still to be done; `done` are the steps of this link and episode."""
    if done:
        is_owed = effect is Effect.ESCALATE and set(done) <= _REOPENING
        return Step.ESCALATE if is_owed and _can_escalate(risk) else None
    if effect is not Effect.REVIEW:
        if risk.status is Status.ACCEPTED:
            return Step.END_ACCEPTANCE
        if risk.status is Status.CLOSED:
            return Step.REOPEN
        if _can_escalate(risk):
            return Step.ESCALATE
    return Step.REASSESS if risk.status in ACTIVE else None


def taken(risk: Risk, step: Step, *, new_id: str, by: str, now: datetime, today: date) -> Risk:
    """The risk after a step; it is to be assessed anew after each."""
    if step is Step.REOPEN:
        return lifecycle.reopened(risk, ENDED, today=today)
    asked = replace(risk, reassess=REASSESS)
    if step is Step.END_ACCEPTANCE:
        return lifecycle.acceptance_ended(asked, ENDED, now=now)
    if step is Step.REASSESS:
        return asked
    return lifecycle.escalated(
        asked,
        UNIT_HEAD,
        EscalationCause.INDICATOR,
        ESCALATED,
        escalation_id=new_id,
        by=by,
        now=now,
    )


def _can_escalate(risk: Risk) -> bool:
    """Whether it is in the register, and not laid before the same role for the same cause."""
    return risk.status in ACTIVE and not any(
        one.cause is EscalationCause.INDICATOR and one.to_role == UNIT_HEAD
        for one in risk.open_escalations
    )
