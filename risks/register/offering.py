"""What somebody may do with a risk as it stands: asked by pages, decided again by the use cases.

Rights and states only. What an act needs besides (a target, a finished treatment) is refused by
its own rule, which can say what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from risks.criteria.scale import Criteria
from risks.register.hands import Hand, holds
from risks.register.kinds import AcceptanceState, EscalationCause
from risks.register.record import Risk, Treatment
from risks.register.states import ACTIVE, EDITABLE, TRANSITIONS, Act, Status

ANSWERS = tuple(role for role in Role if Permission.RISK_ANSWER in PERMISSIONS[role])


class Offer(StrEnum):
    """One thing to do with a risk: a use case, and a form of its page."""

    ANSWER = "answer"
    DECIDE_PROPOSAL = "decide_proposal"
    DECIDE_ACCEPTANCE = "decide_acceptance"
    DECIDE_CLOSE = "decide_close"
    PROPOSE = "propose"
    WORD = "word"
    ASSESS = "assess"
    REVIEW = "review"
    PLAN = "plan"  # a treatment
    PROGRESS = "progress"  # of a treatment
    MOVE_DUE = "move_due"  # of a treatment
    TREAT = "treat"
    REQUEST_ACCEPTANCE = "request_acceptance"
    ESCALATE = "escalate"
    REQUEST_CLOSE = "request_close"
    REOPEN = "reopen"
    CONTROLS = "controls"  # link and unlink
    INDICATORS = "indicators"  # link and unlink
    ASSIGN = "assign"
    COMMENT = "comment"


def offered(risk: Risk, hand: Hand, criteria: Criteria) -> tuple[Offer, ...]:
    """What the actor may do now; what others wait for stands first."""
    return tuple(one for one in Offer if _RULES[one](risk, hand, criteria))


def may_tell(hand: Hand, treatment: Treatment) -> bool:
    """Whether the actor may say how a treatment goes: it was given to him, or he works on it."""
    return treatment.is_open and (_works(hand) or _has(hand, treatment))


def open_roles(risk: Risk) -> tuple[Role, ...]:
    """The roles before which somebody may lay a risk: those that do not owe an answer already."""
    waiting = {one.to_role for one in risk.open_escalations if one.cause is EscalationCause.BY_HAND}
    return tuple(role for role in ANSWERS if role.value not in waiting)


def _works(hand: Hand) -> bool:
    """Owner, deputy or coordinator."""
    return hand.by.may(Permission.RISK_WORK) and (hand.is_owner or hand.coordinates)


def _has(hand: Hand, treatment: Treatment) -> bool:
    return treatment.owner == hand.by.email and hand.by.may(Permission.RISK_WORK)


def _asks(hand: Hand) -> bool:
    """What is the owner's to ask."""
    return hand.by.may(Permission.RISK_WORK) and hand.is_owner


def _decides(permission: Permission, act: Act) -> Rule:
    """Somebody with the right over the unit who neither owns nor wrote it."""

    def rule(risk: Risk, hand: Hand, _criteria: Criteria) -> bool:
        is_other = not (hand.is_owner or hand.is_author)
        return _leads(risk, act) and is_other and hand.by.may_in(permission, risk.unit_code)

    return rule


def _leads(risk: Risk, act: Act) -> bool:
    return (risk.status, act) in TRANSITIONS


def _answers(risk: Risk, hand: Hand, _criteria: Criteria) -> bool:
    return any(holds(hand.by, one.to_role, risk.unit_code) for one in risk.open_escalations)


def _accepts(risk: Risk, hand: Hand, criteria: Criteria) -> bool:
    """The role that the criteria name for the level asked for, and not whoever asks."""
    asked = risk.acceptance
    if asked is None or asked.state is not AcceptanceState.REQUESTED:
        return False
    role = criteria.level_of(asked.level).accepted_by
    is_other = asked.requested_by != hand.by.email
    return is_other and role is not None and holds(hand.by, role, risk.unit_code)


def _reopens(risk: Risk, hand: Hand, _criteria: Criteria) -> bool:
    closes = hand.by.may_in(Permission.RISK_CLOSE, risk.unit_code)
    return _leads(risk, Act.REOPEN) and (closes or _asks(hand))


def _proposes(risk: Risk, hand: Hand, _criteria: Criteria) -> bool:
    is_own = hand.is_owner or hand.is_author
    return _leads(risk, Act.PROPOSE) and is_own and hand.by.may(Permission.RISK_DRAFT)


def _is_watched(risk: Risk) -> bool:
    """Whether an indicator can be linked or unlinked: one may re-open what is closed."""
    return risk.status in EDITABLE | {Status.CLOSED} or bool(risk.indicator_links)


Rule = Callable[[Risk, Hand, Criteria], bool]
_RULES: Mapping[Offer, Rule] = {
    Offer.ANSWER: _answers,
    Offer.DECIDE_PROPOSAL: _decides(Permission.RISK_DECIDE, Act.APPROVE),
    Offer.DECIDE_ACCEPTANCE: _accepts,
    Offer.DECIDE_CLOSE: _decides(Permission.RISK_CLOSE, Act.CLOSE),
    Offer.PROPOSE: _proposes,
    Offer.WORD: lambda risk, hand, _: risk.status in EDITABLE and _works(hand),
    Offer.ASSESS: lambda risk, hand, _: risk.status in EDITABLE and _works(hand),
    Offer.REVIEW: lambda risk, hand, _: risk.status in ACTIVE and _works(hand),
    Offer.PLAN: lambda risk, hand, _: risk.status in EDITABLE and _works(hand),
    Offer.PROGRESS: lambda risk, hand, _: any(may_tell(hand, one) for one in risk.treatments),
    Offer.MOVE_DUE: lambda risk, hand, _: bool(risk.open_treatments) and _works(hand),
    Offer.TREAT: lambda risk, hand, _: _leads(risk, Act.TREAT) and _works(hand),
    Offer.REQUEST_ACCEPTANCE: lambda risk, hand, _: (
        _leads(risk, Act.REQUEST_ACCEPTANCE) and _asks(hand)
    ),
    Offer.ESCALATE: lambda risk, hand, _: (
        risk.status in ACTIVE and bool(open_roles(risk)) and _works(hand)
    ),
    Offer.REQUEST_CLOSE: lambda risk, hand, _: _leads(risk, Act.REQUEST_CLOSE) and _asks(hand),
    Offer.REOPEN: _reopens,
    Offer.CONTROLS: lambda risk, hand, _: risk.status in EDITABLE and _works(hand),
    Offer.INDICATORS: lambda risk, hand, _: _is_watched(risk) and _works(hand),
    Offer.ASSIGN: lambda _risk, hand, _: hand.coordinates,
    Offer.COMMENT: lambda _risk, hand, _: hand.by.may(Permission.RISK_COMMENT),
}
