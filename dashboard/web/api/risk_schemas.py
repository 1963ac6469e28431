"""What the answers about risks look like, in JSON Schema; what is not told outside is null."""

from __future__ import annotations

from dashboard.web.api.schemas import (
    DAY,
    MOMENT,
    TEXT,
    TEXT_BY_NAME,
    TEXTS,
    WHOLE,
    YES_NO,
    Node,
    maybe,
    one_of,
    one_or_none,
    perhaps,
    record,
    see,
)
from data.figure import Unit
from data.period import Frequency
from risks.appetite.above import Bound
from risks.exposure import FrequencyKind, SeverityKind
from risks.indicators.thresholds import DangerSide, IndicatorState, Signal
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
from risks.register.states import Status

NUMBER: Node = {"type": "number"}
MAYBE_TEXT, MAYBE_WHOLE, MAYBE_NUMBER = maybe("string"), maybe("integer"), maybe("number")
MAYBE_DAY = maybe("string", format="date")
MAYBE_MOMENT = maybe("string", format="date-time")


def many(node: Node) -> Node:
    return {"type": "array", "items": node}


def or_nothing(node: Node) -> Node:
    return {"oneOf": [node, {"type": "null"}]}


CALLED = record(code=TEXT, name=TEXT)
LINKED: dict[str, Node] = {"code": MAYBE_TEXT, "title": MAYBE_TEXT}
SCORE: dict[str, Node] = {
    "likelihood": MAYBE_WHOLE,
    "impact": MAYBE_WHOLE,
    "level": MAYBE_TEXT,
    "level_name": MAYBE_TEXT,
    "criteria_version": WHOLE,
    "assessed_at": MOMENT,
}
QUANTITY = record(
    frequency=one_of(FrequencyKind),
    rate=NUMBER,
    severity=one_of(SeverityKind),
    low=NUMBER,
    high=NUMBER,
    mode=MAYBE_NUMBER,
)
DUE_CHANGE = record(old=DAY, new=DAY, reason=MAYBE_TEXT, by=MAYBE_TEXT, at=MOMENT)
RISK: dict[str, Node] = {
    "code": TEXT,
    "title": TEXT,
    "category": or_nothing(CALLED),
    "unit": CALLED,
    "owner": MAYBE_TEXT,
    "status": one_of(Status),
    "response": one_or_none(Response),
    **{kind.value: or_nothing(see("RiskScore")) for kind in Kind},
    "above_appetite": one_or_none(Bound),
    "reassess": MAYBE_TEXT,
    "escalated": YES_NO,
    "open_treatments": WHOLE,
    "late_treatments": WHOLE,
    "next_review": MAYBE_DAY,
    "review_days_late": WHOLE,
    "accepted_until": MAYBE_DAY,
    "opened_on": MAYBE_DAY,
    "closed_on": MAYBE_DAY,
    "objectives": TEXTS,
    "kpis": TEXTS,
    "demo": YES_NO,
    "version": WHOLE,
    "updated_at": MOMENT,
    "links": TEXT_BY_NAME,
}
HEAD: dict[str, Node] = {"today": DAY, "published_as_of": MAYBE_MOMENT}
ASSESSMENT = record(
    kind=one_of(Kind),
    **SCORE,
    impacts={"type": "object", "additionalProperties": WHOLE},
    confidence=one_of(Confidence),
    rationale=MAYBE_TEXT,
    exception=MAYBE_TEXT,
    quantity=or_nothing(QUANTITY),
    assessed_by=MAYBE_TEXT,
)
TREATMENT = record(
    id=TEXT,
    text=TEXT,
    owner=MAYBE_TEXT,
    state=one_of(TreatmentState),
    start=MAYBE_DAY,
    due=DAY,
    original_due=DAY,
    slipped_days=WHOLE,
    days_late=WHOLE,
    done_on=MAYBE_DAY,
    evidence=MAYBE_TEXT,
    cost=MAYBE_NUMBER,
    expected=or_nothing(QUANTITY),
    due_changes=many(DUE_CHANGE),
)
REVIEW = record(
    due=MAYBE_DAY,
    outcome=one_of(Outcome),
    note=MAYBE_TEXT,
    reviewed_by=MAYBE_TEXT,
    reviewed_at=MOMENT,
)
ACCEPTANCE = record(
    level=TEXT,
    level_name=TEXT,
    criteria_version=WHOLE,
    rationale=TEXT,
    state=one_of(AcceptanceState),
    valid_until=DAY,
    requested_by=TEXT,
    requested_at=MOMENT,
    decided_by=MAYBE_TEXT,
    decided_at=MAYBE_MOMENT,
    decision_note=MAYBE_TEXT,
    ended_at=MAYBE_MOMENT,
    ended_because=MAYBE_TEXT,
)
ESCALATION = record(
    to_role=TEXT,
    cause=one_of(EscalationCause),
    reason=TEXT,
    raised_by=TEXT,
    raised_at=MOMENT,
    answer=MAYBE_TEXT,
    answered_by=MAYBE_TEXT,
    answered_at=MAYBE_MOMENT,
)
INDICATOR: dict[str, Node] = {
    **dict.fromkeys(("code", "title", "kpi", "measure"), TEXT),
    "office": MAYBE_TEXT,
    "service": MAYBE_TEXT,
    "frequency": one_of(Frequency),
    "unit": one_or_none(Unit),
    "decimals": MAYBE_WHOLE,
    "dangerous": one_of(DangerSide),
    "amber": NUMBER,
    "red": NUMBER,
    **dict.fromkeys(("periods", "min_cases", "stale_after_days"), WHOLE),
    "state": one_of(IndicatorState),
    "red_since": MAYBE_TEXT,
    "newest": perhaps("RiskIndicatorReading"),
    "evaluated_at": MAYBE_MOMENT,
    "risks": many(record(code=TEXT, title=TEXT, effect=one_of(Effect))),
    "author": MAYBE_TEXT,
    "retired": YES_NO,
    "demo": YES_NO,
    "version": WHOLE,
    "links": TEXT_BY_NAME,
}
RISK_SCHEMAS: dict[str, Node] = {
    "RiskScore": record(**SCORE),
    "Risk": record(**RISK),
    "RiskInFull": record(
        **RISK,
        **HEAD,
        cause=TEXT,
        event=TEXT,
        consequence=TEXT,
        author=MAYBE_TEXT,
        created_at=MOMENT,
        close_reason=MAYBE_TEXT,
        close_evidence=MAYBE_TEXT,
        reopened_because=MAYBE_TEXT,
        assessments=many(ASSESSMENT),
        treatments=many(TREATMENT),
        controls=many(record(**LINKED, side=one_of(Side))),
        indicators=many(
            record(
                **LINKED,
                state=one_or_none(IndicatorState),
                effect=one_of(Effect),
                linked_at=MOMENT,
            )
        ),
        reviews=many(REVIEW),
        acceptances=many(ACCEPTANCE),
        escalations=many(ESCALATION),
        comments=many(record(text=TEXT, author=TEXT, written_at=MOMENT)),
    ),
    "RiskIndicator": record(**INDICATOR),
    "RiskIndicatorInFull": record(
        **INDICATOR, today=DAY, readings=many(see("RiskIndicatorReading"))
    ),
    "RiskIndicatorReading": record(
        period=TEXT,
        period_start=DAY,
        period_end=DAY,
        value=MAYBE_NUMBER,
        shown=MAYBE_TEXT,
        text=MAYBE_TEXT,
        missing=MAYBE_TEXT,
        signal=one_of(Signal),
        state=one_of(IndicatorState),
        event=MAYBE_WHOLE,
        evaluated_at=MOMENT,
    ),
}
RISK_HEADS: dict[str, Node] = {
    "risks": record(**HEAD),
    "risk_indicators": record(today=DAY),
}
