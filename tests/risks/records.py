"""Risks as records made by hand, for tests of what is pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from risks.criteria.reading import default_criteria
from risks.exposure import FrequencyKind, SeverityKind
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
from risks.register.record import (
    Acceptance,
    Assessment,
    Comment,
    ControlLink,
    DueChange,
    Escalation,
    IndicatorLink,
    Quantity,
    Review,
    Risk,
    Treatment,
)
from risks.register.states import Status

CRITERIA = default_criteria()
AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
OWNER = "owner@example.org"
UNSAID = (
    *("status_before", "response", "next_review", "reassess", "opened_on", "closed_on"),
    *("close_reason", "close_evidence", "reopened_because"),
)


def made(number: int, likelihood: int | None = None, impact: int = 1, **said: Any) -> Risk:
    """A risk of this number, judged where a likelihood is given."""
    fields: dict[str, Any] = dict.fromkeys(UNSAID) | {
        "title": f"Risk {number}",
        "cause": "",
        "event": "",
        "consequence": "",
        "category_code": "OPERATIONS",
        "unit_code": "O01",
        "owner": OWNER,
        "author": OWNER,
        "status": Status.OPEN,
        "source_gone": False,
        "demo": False,
        "created_by": OWNER,
        "created_at": AT,
        "updated_by": OWNER,
        "updated_at": AT + timedelta(days=number),
        "assessments": () if likelihood is None else (assessed(likelihood, impact),),
    }
    return Risk(id=f"id-{number}", number=number, code=f"R-{number:04}", **(fields | said))


def assessed(likelihood: int, impact: int, kind: Kind = Kind.CURRENT, **said: Any) -> Assessment:
    """An assessment by the criteria the product brings along."""
    fields: dict[str, Any] = {
        "id": f"a-{kind.value}",
        "confidence": Confidence.MEDIUM,
        "rationale": "As seen",
        "exception": None,
        "quantity": None,
        "assessed_by": OWNER,
        "assessed_at": AT,
    }
    return Assessment(
        kind=kind,
        criteria_version=1,
        likelihood=likelihood,
        impacts={"service": impact},
        impact=impact,
        level=CRITERIA.matrix[likelihood - 1][impact - 1],
        **(fields | said),
    )


def full(number: int = 1, mark: str = "inside", **said: Any) -> Risk:
    """A risk with one of everything; what is not to be told outside bears the mark."""
    quantity = Quantity(FrequencyKind.BERNOULLI, 0.1, SeverityKind.LOGNORMAL, 1e4, 9e4)
    judged = [
        assessed(*cell, kind, rationale=f"{mark} rationale", exception=mark, quantity=quantity)
        for kind, cell in {
            Kind.INHERENT: (5, 4),
            Kind.CURRENT: (4, 3),
            Kind.TARGET: (2, 3),
        }.items()
    ]
    parts: dict[str, Any] = {
        "title": "Blanks run out",
        "cause": "Late deliveries",
        "event": "No blanks are left",
        "consequence": "Passports come late",
        "response": Response.TREAT,
        "status": Status.CLOSE_REQUESTED,
        "status_before": Status.IN_TREATMENT,
        "next_review": date(2025, 6, 1),
        "opened_on": date(2025, 1, 20),
        "close_reason": f"{mark} close",
        "close_evidence": f"{mark} proof",
        "reopened_because": f"{mark} again",
        "objectives": ("3.1",),
        "kpis": ("SD-01",),
        "assessments": tuple(judged),
        "treatments": (_treatment(mark, quantity),),
        "controls": (ControlLink("l1", "control-1", Side.CAUSE, OWNER, AT),),
        "indicators": (IndicatorLink("i1", "indicator-1", Effect.ESCALATE, OWNER, AT),),
        "reviews": (
            Review("v1", date(2025, 3, 1), Outcome.CONFIRM, f"{mark} note", OWNER, AT),
            Review("v2", None, Outcome.ESCALATE, f"{mark} note", OWNER, AT),
        ),
        "acceptances": (_acceptance(mark),),
        "escalations": (
            Escalation("e1", "manager", EscalationCause.BY_HAND, f"{mark} why", OWNER, AT),
        ),
        "comments": (Comment("c1", f"{mark} comment", OWNER, AT),),
    }
    return made(number, **(parts | said))


def _treatment(mark: str, quantity: Quantity) -> Treatment:
    moved = DueChange(date(2025, 4, 1), date(2025, 5, 1), f"{mark} reason", OWNER, AT)
    return Treatment(
        id="t1",
        text="Hold three months of stock",
        owner=OWNER,
        start=date(2025, 2, 1),
        due=date(2025, 5, 1),
        original_due=date(2025, 4, 1),
        state=TreatmentState.UNDER_WAY,
        done_on=None,
        evidence=f"{mark} evidence",
        cost=12_000.0,
        expected=quantity,
        due_changes=(moved,),
        created_by=OWNER,
        created_at=AT,
    )


def _acceptance(mark: str) -> Acceptance:
    return Acceptance(
        id="b1",
        assessment_id="a-current",
        criteria_version=1,
        level="high",
        rationale=f"{mark} rationale",
        requested_by=OWNER,
        requested_at=AT,
        valid_until=date(2025, 9, 1),
        state=AcceptanceState.REFUSED,
        decided_by="director@example.org",
        decided_at=AT,
        decision_note=f"{mark} note",
    )
