"""The risk register: criteria, appetite, risks and all that is said and done about one.

Every part carries an id of its own and is never deleted. Assessments, reviews and comments are
append-only; so are criteria once they are in force (the database refuses to change them).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Named, Versioned, document, moment


class RiskCriteria(SQLModel, table=True):
    """How likelihood and impact are measured and what their combinations mean, by version."""

    __tablename__ = "risk_criteria"

    version: int = Field(primary_key=True)
    content: dict[str, Any] = document()  # risks.criteria.Criteria
    content_hash: str
    state: str  # risks.criteria.CriteriaState
    reason: str
    author: str
    created_at: datetime = moment()
    decided_by: str | None = None
    decided_at: datetime | None = moment(default=None)
    replaced_at: datetime | None = moment(default=None)


class RiskCategory(Named, Versioned, table=True):
    __tablename__ = "risk_category"

    code: str = Field(primary_key=True)
    position: int = 0
    source: str


class AppetiteStatement(Versioned, table=True):
    """How much risk of a category is sought and borne, from a day on; new ones replace old ones."""

    __tablename__ = "appetite_statement"

    id: str = Field(primary_key=True)
    category_code: str = Field(foreign_key="risk_category.code", index=True)
    statement: str
    optimal_level: str
    tolerable_level: str
    tolerance: list[list[float]] = document()  # chance in a year, loss in EUR
    valid_from: date
    valid_to: date | None = None
    assumption: bool = False
    state: str  # risks.appetite.AppetiteState
    proposed_by: str
    proposed_at: datetime = moment()
    decided_by: str | None = None
    decided_at: datetime | None = moment(default=None)
    replaced_at: datetime | None = moment(default=None)


class Risk(Versioned, table=True):
    """A risk as it stands; its parts are rows of their own, its past is in `record_version`."""

    __tablename__ = "risk"

    id: str = Field(primary_key=True)
    number: int = Field(unique=True)
    code: str = Field(unique=True, index=True)
    title: str
    cause: str
    event: str
    consequence: str
    category_code: str | None = Field(default=None, foreign_key="risk_category.code", index=True)
    unit_code: str = Field(foreign_key="org_unit.code", index=True)
    owner: str = Field(foreign_key="person.email", index=True)
    author: str
    status: str  # risks.register.states.Status
    status_before: str | None = None  # to which a refused request returns
    response: str | None = None  # risks.register.record.Response
    next_review: date | None = None
    reassess: str | None = None  # why it is to be assessed anew: a message key
    opened_on: date | None = None
    closed_on: date | None = None
    close_reason: str | None = None
    close_evidence: str | None = None
    source_gone: bool = False
    reopened_because: str | None = None
    demo: bool = False
    created_by: str
    created_at: datetime = moment()
    updated_by: str
    updated_at: datetime = moment()


class RiskObjective(SQLModel, table=True):
    """A risk threatens an objective."""

    __tablename__ = "risk_objective"

    risk_id: str = Field(primary_key=True, foreign_key="risk.id")
    objective_code: str = Field(primary_key=True, foreign_key="objective.code", index=True)


class RiskKpi(SQLModel, table=True):
    """A risk would show in a KPI."""

    __tablename__ = "risk_kpi"

    risk_id: str = Field(primary_key=True, foreign_key="risk.id")
    kpi_code: str = Field(primary_key=True, foreign_key="kpi_definition.code", index=True)


class RiskAssessment(SQLModel, table=True):
    """How large a risk was judged to be. Append-only."""

    __tablename__ = "risk_assessment"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    kind: str  # inherent | current | target
    criteria_version: int = Field(foreign_key="risk_criteria.version")
    likelihood: int | None = None
    impacts: dict[str, int] = document()  # of the dimensions that were judged
    impact: int | None = None  # the largest of them
    level: str | None = None
    confidence: str
    rationale: str
    exception: str | None = None  # why it is above the inherent one, or a target above the current
    quantity: dict[str, Any] | None = document(default=None, nullable=True)
    assessed_by: str
    assessed_at: datetime = moment()


class RiskTreatment(Versioned, table=True):
    """What is done about a risk."""

    __tablename__ = "risk_treatment"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    text: str
    owner: str = Field(foreign_key="person.email", index=True)
    start: date | None = None
    due: date
    original_due: date
    state: str  # risks.register.record.TreatmentState
    done_on: date | None = None
    evidence: str = ""
    cost: float | None = None  # EUR
    expected: dict[str, Any] | None = document(default=None, nullable=True)  # the quantity after
    due_changes: list[dict[str, Any]] = document()  # old, new, reason, by, at
    created_by: str
    created_at: datetime = moment()


class RiskControlLink(SQLModel, table=True):
    """A control works on the causes or on the consequences of a risk."""

    __tablename__ = "risk_control_link"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    control_id: str = Field(foreign_key="risk_control.id", index=True)
    side: str  # cause | consequence
    linked_by: str
    linked_at: datetime = moment()
    ended_by: str | None = None
    ended_at: datetime | None = moment(default=None)


class RiskIndicatorLink(SQLModel, table=True):
    """An indicator warns of a risk; red, it has an effect on it."""

    __tablename__ = "risk_indicator_link"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    indicator_id: str = Field(foreign_key="risk_indicator.id", index=True)
    effect: str  # review | escalate | reopen
    linked_by: str
    linked_at: datetime = moment()
    ended_by: str | None = None
    ended_at: datetime | None = moment(default=None)


class RiskReview(SQLModel, table=True):
    """A look at a risk at its time. Append-only."""

    __tablename__ = "risk_review"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    due: date | None = None
    outcome: str  # confirm | rescore | escalate | propose_close
    note: str
    reviewed_by: str
    reviewed_at: datetime = moment()


class RiskAcceptance(SQLModel, table=True):
    """A risk borne knowingly, for a time; what was accepted is frozen with it."""

    __tablename__ = "risk_acceptance"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    assessment_id: str = Field(foreign_key="risk_assessment.id")
    criteria_version: int
    level: str
    rationale: str
    requested_by: str
    requested_at: datetime = moment()
    valid_until: date
    state: str  # risks.register.record.AcceptanceState
    decided_by: str | None = None
    decided_at: datetime | None = moment(default=None)
    decision_note: str = ""
    ended_at: datetime | None = moment(default=None)
    ended_because: str | None = None


class RiskEscalation(SQLModel, table=True):
    """A risk laid before somebody above, who owes an answer."""

    __tablename__ = "risk_escalation"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    to_role: str
    cause: str  # risks.register.record.EscalationCause
    reason: str
    raised_by: str
    raised_at: datetime = moment()
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = moment(default=None)


class RiskComment(SQLModel, table=True):
    """A note on a risk. Append-only."""

    __tablename__ = "risk_comment"

    id: str = Field(primary_key=True)
    risk_id: str = Field(foreign_key="risk.id", index=True)
    text: str
    author: str
    written_at: datetime = moment()
