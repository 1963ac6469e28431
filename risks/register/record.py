"""A risk and its parts as frozen values: the same fields as the rows of the tables.

Rules are functions from one record to the next; nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from risks.exposure import FrequencyKind, Quantified, SeverityKind
from risks.register.kinds import (
    AcceptanceState,
    Confidence,
    Effect,
    EscalationCause,
    Kind,
    Outcome,
    Response,
    Side,
    TreatmentState,
)
from risks.register.states import ACTIVE, Status

OPEN_TREATMENTS = frozenset({TreatmentState.PLANNED, TreatmentState.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Quantity:
    """How often and how costly, as an estimate: the figures `risks.exposure` simulates with."""

    frequency: FrequencyKind
    rate: float  # the chance in a year, or how often in a year
    severity: SeverityKind
    low: float  # EUR: 5 % of losses are lower; of a pert the least
    high: float  # EUR: 5 % of losses are higher; of a pert the most
    mode: float | None = None  # EUR, of a pert

    def quantified(self, number: int) -> Quantified:
        """The risk of this number as it is simulated; figures that cannot be are Invalid."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return Quantified.of(number, **said)


@dataclass(frozen=True, slots=True)
class Assessment:
    id: str
    kind: Kind
    criteria_version: int
    likelihood: int | None
    impacts: Mapping[str, int]
    impact: int | None
    level: str | None
    confidence: Confidence
    rationale: str
    exception: str | None
    quantity: Quantity | None
    assessed_by: str
    assessed_at: datetime


@dataclass(frozen=True, slots=True)
class DueChange:
    old: date
    new: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Treatment:
    id: str
    text: str
    owner: str
    start: date | None
    due: date
    original_due: date
    state: TreatmentState
    done_on: date | None
    evidence: str
    cost: float | None
    expected: Quantity | None
    due_changes: tuple[DueChange, ...]
    created_by: str
    created_at: datetime
    row_version: int = 1

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TREATMENTS

    def days_late(self, today: date) -> int:
        """How long it is overdue; 0 when it is not, or no longer open."""
        return max(0, (today - self.due).days) if self.is_open else 0

    @property
    def slippage(self) -> int:
        """Days from the day first promised to the day promised now, or on which it was done."""
        return ((self.done_on or self.due) - self.original_due).days


@dataclass(frozen=True, slots=True)
class ControlLink:
    id: str
    control_id: str
    side: Side
    linked_by: str
    linked_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLink:
    id: str
    indicator_id: str
    effect: Effect
    linked_by: str
    linked_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    id: str
    due: date | None
    outcome: Outcome
    note: str
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Acceptance:
    id: str
    assessment_id: str
    criteria_version: int
    level: str
    rationale: str
    requested_by: str
    requested_at: datetime
    valid_until: date
    state: AcceptanceState
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    ended_at: datetime | None = None
    ended_because: str | None = None  # a message key


@dataclass(frozen=True, slots=True)
class Escalation:
    id: str
    to_role: str
    cause: EscalationCause
    reason: str
    raised_by: str
    raised_at: datetime
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk with everything said and done about it, in the order in which it came."""

    id: str
    number: int
    code: str
    title: str
    cause: str
    event: str
    consequence: str
    category_code: str | None
    unit_code: str
    owner: str
    author: str
    status: Status
    status_before: Status | None
    response: Response | None
    next_review: date | None
    reassess: str | None
    opened_on: date | None
    closed_on: date | None
    close_reason: str | None
    close_evidence: str | None
    source_gone: bool
    reopened_because: str | None
    demo: bool
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    row_version: int = 1
    objectives: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    controls: tuple[ControlLink, ...] = ()
    indicators: tuple[IndicatorLink, ...] = ()
    reviews: tuple[Review, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    comments: tuple[Comment, ...] = ()

    def assessment(self, kind: Kind) -> Assessment | None:
        """The newest assessment of a kind."""
        return next((one for one in reversed(self.assessments) if one.kind is kind), None)

    @property
    def current(self) -> Assessment | None:
        return self.assessment(Kind.CURRENT)

    @property
    def level(self) -> str | None:
        """The level it has now; None where it is not assessed, or not wholly."""
        return self.current.level if self.current else None

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def is_escalated(self) -> bool:
        return any(one.is_open for one in self.escalations)

    @property
    def open_escalations(self) -> tuple[Escalation, ...]:
        return tuple(one for one in self.escalations if one.is_open)

    @property
    def acceptance(self) -> Acceptance | None:
        """The acceptance that stands or is asked for."""
        standing = (AcceptanceState.REQUESTED, AcceptanceState.ACCEPTED)
        return next((one for one in reversed(self.acceptances) if one.state in standing), None)

    @property
    def open_treatments(self) -> tuple[Treatment, ...]:
        return tuple(one for one in self.treatments if one.is_open)

    @property
    def control_links(self) -> tuple[ControlLink, ...]:
        """The controls that stand now."""
        return tuple(one for one in self.controls if one.ended_at is None)

    @property
    def indicator_links(self) -> tuple[IndicatorLink, ...]:
        return tuple(one for one in self.indicators if one.ended_at is None)
