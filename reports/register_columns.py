"""The columns of the two sheets that come back: what stands in each, and which may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.language.languages import Language
from data.language.texts import Texts
from risks.register.record import Risk


class RiskColumn(StrEnum):
    """Of the sheet of risks, in its order."""

    CODE = "code"
    TITLE = "title"
    CAUSE = "cause"
    EVENT = "event"
    CONSEQUENCE = "consequence"
    CATEGORY = "category"
    CATEGORY_NAME = "category_name"
    UNIT = "unit"
    OWNER = "owner"
    STATUS = "status"
    RESPONSE = "response"
    INHERENT_LIKELIHOOD = "inherent_likelihood"
    INHERENT_IMPACT = "inherent_impact"
    INHERENT_LEVEL = "inherent_level"
    CURRENT_LIKELIHOOD = "current_likelihood"
    CURRENT_IMPACT = "current_impact"
    CURRENT_LEVEL = "current_level"
    TARGET_LIKELIHOOD = "target_likelihood"
    TARGET_IMPACT = "target_impact"
    TARGET_LEVEL = "target_level"
    APPETITE = "appetite"
    ESCALATED = "escalated"
    OBJECTIVES = "objectives"
    KPIS = "kpis"
    OPEN_TREATMENTS = "open_treatments"
    LATE_TREATMENTS = "late_treatments"
    NEXT_REVIEW = "next_review"
    REVIEW_LATE = "review_late"
    ACCEPTED_UNTIL = "accepted_until"
    OPENED_ON = "opened_on"
    CLOSED_ON = "closed_on"
    CHANGED_BY = "changed_by"
    CHANGED_AT = "changed_at"
    VERSION = "version"


class TreatmentColumn(StrEnum):
    """Of the sheet of treatments, in its order."""

    RISK = "risk"
    RISK_TITLE = "risk_title"
    TEXT = "text"
    STATE = "state"
    OWNER = "owner"
    START = "start"
    DUE = "due"
    ORIGINAL_DUE = "original_due"
    SLIPPED = "slipped"
    LATE = "late"
    DONE_ON = "done_on"
    COST = "cost"
    EXPECTED_RATE = "expected_rate"
    EXPECTED_LOW = "expected_low"
    EXPECTED_HIGH = "expected_high"
    EVIDENCE = "evidence"
    CHANGES = "changes"
    ID = "id"
    VERSION = "version"


AnyColumn = RiskColumn | TreatmentColumn


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide a column is, and whether what stands in it may be changed and brought back."""

    width: int
    is_input: bool = False


RISK_COLUMNS: dict[RiskColumn, Shape] = {
    RiskColumn.CODE: Shape(9),
    RiskColumn.TITLE: Shape(28, is_input=True),
    RiskColumn.CAUSE: Shape(34, is_input=True),
    RiskColumn.EVENT: Shape(34, is_input=True),
    RiskColumn.CONSEQUENCE: Shape(34, is_input=True),
    RiskColumn.CATEGORY: Shape(15, is_input=True),
    RiskColumn.CATEGORY_NAME: Shape(17),
    RiskColumn.UNIT: Shape(26),
    RiskColumn.OWNER: Shape(28),
    RiskColumn.STATUS: Shape(14),
    RiskColumn.RESPONSE: Shape(11),
    RiskColumn.INHERENT_LIKELIHOOD: Shape(11),
    RiskColumn.INHERENT_IMPACT: Shape(10),
    RiskColumn.INHERENT_LEVEL: Shape(12),
    RiskColumn.CURRENT_LIKELIHOOD: Shape(11),
    RiskColumn.CURRENT_IMPACT: Shape(10),
    RiskColumn.CURRENT_LEVEL: Shape(12),
    RiskColumn.TARGET_LIKELIHOOD: Shape(11),
    RiskColumn.TARGET_IMPACT: Shape(10),
    RiskColumn.TARGET_LEVEL: Shape(12),
    RiskColumn.APPETITE: Shape(14),
    RiskColumn.ESCALATED: Shape(11),
    RiskColumn.OBJECTIVES: Shape(14, is_input=True),
    RiskColumn.KPIS: Shape(14, is_input=True),
    RiskColumn.OPEN_TREATMENTS: Shape(12),
    RiskColumn.LATE_TREATMENTS: Shape(12),
    RiskColumn.NEXT_REVIEW: Shape(12),
    RiskColumn.REVIEW_LATE: Shape(12),
    RiskColumn.ACCEPTED_UNTIL: Shape(12),
    RiskColumn.OPENED_ON: Shape(12),
    RiskColumn.CLOSED_ON: Shape(12),
    RiskColumn.CHANGED_BY: Shape(28),
    RiskColumn.CHANGED_AT: Shape(16),
    RiskColumn.VERSION: Shape(10),
}
TREATMENT_COLUMNS: dict[TreatmentColumn, Shape] = {
    TreatmentColumn.RISK: Shape(9),
    TreatmentColumn.RISK_TITLE: Shape(26),
    TreatmentColumn.TEXT: Shape(40),
    TreatmentColumn.STATE: Shape(12),
    TreatmentColumn.OWNER: Shape(28),
    TreatmentColumn.START: Shape(12),
    TreatmentColumn.DUE: Shape(12, is_input=True),
    TreatmentColumn.ORIGINAL_DUE: Shape(12),
    TreatmentColumn.SLIPPED: Shape(10),
    TreatmentColumn.LATE: Shape(10),
    TreatmentColumn.DONE_ON: Shape(12),
    TreatmentColumn.COST: Shape(11),
    TreatmentColumn.EXPECTED_RATE: Shape(13),
    TreatmentColumn.EXPECTED_LOW: Shape(13),
    TreatmentColumn.EXPECTED_HIGH: Shape(13),
    TreatmentColumn.EVIDENCE: Shape(30),
    TreatmentColumn.CHANGES: Shape(40),
    TreatmentColumn.ID: Shape(35),
    TreatmentColumn.VERSION: Shape(10),
}
RISK_INPUTS = tuple(one for one, shape in RISK_COLUMNS.items() if shape.is_input)
RISK_NEEDED = (RiskColumn.CODE, *RISK_INPUTS, RiskColumn.VERSION)
# By which a sheet is known, whatever else is missing from it.
RISK_MARKS = frozenset({RiskColumn.CODE, RiskColumn.CONSEQUENCE})
TREATMENT_MARKS = frozenset({TreatmentColumn.RISK, TreatmentColumn.ID})
TREATMENT_NEEDED = (
    TreatmentColumn.RISK,
    TreatmentColumn.DUE,
    TreatmentColumn.ID,
    TreatmentColumn.VERSION,
)


def folded(text: str) -> str:
    """A header as it is compared: spaces and capitals do not matter."""
    return " ".join(text.split()).casefold()


def by_header(columns: type[RiskColumn] | type[TreatmentColumn]) -> dict[str, AnyColumn]:
    """Every header of a sheet in every language."""
    return {folded(Texts(language).word(one)): one for language in Language for one in columns}


BETWEEN = "; "  # of several codes in one cell


def inputs_of(risk: Risk) -> dict[RiskColumn, str]:
    """The text of each cell that may be changed; codes with semicolons between."""
    return {
        RiskColumn.TITLE: risk.title,
        RiskColumn.CAUSE: risk.cause,
        RiskColumn.EVENT: risk.event,
        RiskColumn.CONSEQUENCE: risk.consequence,
        RiskColumn.CATEGORY: risk.category_code or "",
        RiskColumn.OBJECTIVES: BETWEEN.join(risk.objectives),
        RiskColumn.KPIS: BETWEEN.join(risk.kpis),
    }
