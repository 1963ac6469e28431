"""The words of the register: what each part of a risk can be."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What is written of a risk, as a refusal names it."""

    TITLE = "title"
    DESCRIPTION = "description"
    CAUSE = "cause"
    EVENT = "event"
    CONSEQUENCE = "consequence"
    CATEGORY = "category_code"
    LIKELIHOOD = "likelihood"
    RATIONALE = "rationale"
    TREATMENT = "treatment"
    REASON = "reason"
    EVIDENCE = "evidence"
    ANSWER = "answer"
    NOTE = "note"
    COMMENT = "comment"


class Kind(StrEnum):
    """Of an assessment: without controls, as it is, as it is meant to become."""

    INHERENT = "inherent"
    CURRENT = "current"
    TARGET = "target"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Response(StrEnum):
    """What is done about a risk (Orange Book: the risk responses)."""

    TREAT = "treat"
    TRANSFER = "transfer"
    TERMINATE = "terminate"
    TOLERATE = "tolerate"


class TreatmentState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class AcceptanceState(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # it ran out, or what was accepted is no longer so


class EscalationCause(StrEnum):
    BY_HAND = "by_hand"
    ABOVE_TOLERABLE = "above_tolerable"
    LATE_REVIEW = "late_review"
    LATE_TREATMENT = "late_treatment"
    INDICATOR = "indicator"


class Outcome(StrEnum):
    """Of a review."""

    CONFIRM = "confirm"
    RESCORE = "rescore"
    ESCALATE = "escalate"
    PROPOSE_CLOSE = "propose_close"


class Side(StrEnum):
    """Of the bow-tie: a control stands before the event or after it."""

    CAUSE = "cause"
    CONSEQUENCE = "consequence"


class Effect(StrEnum):
    """Of an indicator that turned red."""

    REVIEW = "review"
    ESCALATE = "escalate"
    REOPEN = "reopen"
