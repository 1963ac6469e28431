"""What the answers look like, in JSON Schema: every property is always there, null where empty."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from data.extracts.completeness import MonthState
from data.figure import Missing, Unit
from data.period import Frequency
from kpis.assessment import StatusKind
from kpis.commentary import ActionState, Late
from kpis.direction import Direction
from kpis.sources import Coverage
from kpis.targets import Course
from kpis.variation import AssuranceIcon, VariationIcon

Node = dict[str, Any]
TEXT: Node = {"type": "string"}
WHOLE: Node = {"type": "integer"}
YES_NO: Node = {"type": "boolean"}
DAY: Node = {"type": "string", "format": "date"}
MOMENT: Node = {"type": "string", "format": "date-time"}
TEXTS: Node = {"type": "array", "items": TEXT}
TEXT_BY_NAME: Node = {"type": "object", "additionalProperties": TEXT}


def maybe(kind: str, **more: Any) -> Node:
    """A property that is null where there is nothing to say."""
    return {"type": [kind, "null"], **more}


def one_of(kind: type[StrEnum]) -> Node:
    return {"type": "string", "enum": [member.value for member in kind]}


def one_or_none(kind: type[StrEnum]) -> Node:
    return {"type": ["string", "null"], "enum": [*(member.value for member in kind), None]}


def record(**properties: Node) -> Node:
    """An object with exactly these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def see(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def perhaps(name: str) -> Node:
    return {"oneOf": [see(name), {"type": "null"}]}


FIGURE: dict[str, Node] = {
    "value": maybe("number"),
    "shown": maybe("string"),
    "text": TEXT,
    "unit": one_of(Unit),
    "decimals": WHOLE,
    "missing": one_or_none(Missing),
}
READING: dict[str, Node] = {
    "period": TEXT,
    "period_start": DAY,
    "period_end": DAY,
    "measure": TEXT,
    "cell": TEXT_BY_NAME,
    **FIGURE,
    "cases": maybe("integer"),
    "interval": perhaps("Interval"),
    "partial": YES_NO,
    "completeness": see("Completeness"),
}
TARGET: dict[str, Node] = {
    "low": maybe("number"),
    "high": maybe("number"),
    "source": TEXT,
    "assumption": YES_NO,
    "tolerance": maybe("number"),
}
STAGE = record(day=DAY, low=maybe("number"), high=maybe("number"))
TARGET_ENTRY: dict[str, Node] = {
    "id": WHOLE,
    "office": maybe("string"),
    "valid_from": DAY,
    **TARGET,
    "ended": YES_NO,
    "course": one_of(Course),
    "due": maybe("string", format="date"),
    "baseline": {
        "oneOf": [record(value={"type": "number"}, day=DAY, source=TEXT), {"type": "null"}]
    },
    "stages": {"type": "array", "items": STAGE},
    "author": TEXT,
    "reason": TEXT,
    "created_at": MOMENT,
    "replaced_at": maybe("string", format="date-time"),
    "replaced_by": maybe("string"),
    "replaced_because": maybe("string"),
}
KPI: dict[str, Node] = {
    "code": TEXT,
    "name": TEXT,
    "explanation": TEXT,
    "unit": one_of(Unit),
    "decimals": WHOLE,
    "direction": one_of(Direction),
    "frequency": one_of(Frequency),
    "challenge": WHOLE,
    "objective": {"oneOf": [record(code=TEXT, name=TEXT), {"type": "null"}]},
    "owner": maybe("string"),
    "scorecard": YES_NO,
    "dimensions": TEXTS,
    "measures": {"type": "array", "items": record(name=TEXT, unit=one_of(Unit), decimals=WHOLE)},
    "definition_version": WHOLE,
    "published": {
        "oneOf": [record(event=WHOLE, reference_version=TEXT, at=MOMENT), {"type": "null"}]
    },
    "links": TEXT_BY_NAME,
}
LOAD: dict[str, Node] = {
    "id": TEXT,
    "extract": TEXT,
    "file_name": TEXT,
    "loaded_at": MOMENT,
    "cut_at": MOMENT,
    "coverage_from": maybe("string", format="date"),
    "coverage_to": maybe("string", format="date"),
    "history": YES_NO,
}
DAYS = record(**{"from": DAY, "to": DAY})
LACK = record(
    extract=TEXT,
    known_until=maybe("string", format="date"),
    missing={"type": "array", "items": DAYS},
)
VERSION = record(version=WHOLE, valid_from=DAY)
FORMULA = record(role=TEXT, text=TEXT, reason=maybe("string"))
MONTH = record(
    period=TEXT,
    state=one_of(MonthState),
    days_covered=WHOLE,
    days=WHOLE,
    cut_at=maybe("string", format="date-time"),
)
CAUSE = record(
    event=maybe("integer"),
    **{name: maybe("string") for name in ("batch", "file_name")},
    **{name: maybe("string") for name in ("entered_by", "approved_by", "reason")},
)
COUNTS_BY_REASON: Node = maybe("object", additionalProperties=WHOLE)

SCHEMAS: dict[str, Node] = {
    "Index": record(title=TEXT, links=TEXT_BY_NAME),
    "Description": {"type": "object"},
    "Page": record(total=WHOLE, limit=WHOLE, offset=WHOLE, snapshot=TEXT, next=maybe("string")),
    "Problem": record(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT, key=TEXT),
    "Figure": record(**FIGURE),
    "Interval": record(low=see("Figure"), high=see("Figure"), confidence={"type": "number"}),
    "Completeness": record(state=one_of(Coverage), extracts={"type": "array", "items": LACK}),
    "Reading": record(**READING),
    "Target": record(**TARGET),
    "TargetEntry": record(**TARGET_ENTRY),
    "Kpi": record(**KPI),
    "KpiWithVersions": record(**KPI, versions={"type": "array", "items": VERSION}),
    "ScorecardRow": record(
        code=TEXT,
        name=TEXT,
        challenge=WHOLE,
        objective=maybe("string"),
        owner=maybe("string"),
        direction=one_of(Direction),
        **READING,
        target=perhaps("Target"),
        status=one_of(StatusKind),
        far_behind=YES_NO,
        variance=perhaps("Figure"),
        difference=perhaps("Figure"),
        variation=one_or_none(VariationIcon),
        assurance=one_or_none(AssuranceIcon),
        previous=perhaps("Reading"),
        year_ago=perhaps("Reading"),
        fresh=YES_NO,
        event=maybe("integer"),
    ),
    "Lineage": record(
        code=TEXT,
        definition_version=WHOLE,
        period=TEXT,
        where=TEXT_BY_NAME,
        values={"type": "array", "items": see("Reading")},
        formula={"type": "array", "items": FORMULA},
        rows=maybe("integer"),
        numerator=maybe("number"),
        denominator=maybe("number"),
        excluded=COUNTS_BY_REASON,
        event=WHOLE,
        reference_version=TEXT,
        batches={"type": "array", "items": record(**LOAD, rows=WHOLE)},
        gaps=TEXT_BY_NAME,
        missing_days={"type": "object", "additionalProperties": TEXTS},
    ),
    "Restatement": record(
        period=TEXT,
        first=see("Figure"),
        first_published_at=MOMENT,
        now=see("Figure"),
        restated_at=MOMENT,
        causes={"type": "array", "items": CAUSE},
    ),
    "Extract": record(
        extract=TEXT,
        cut_at=maybe("string", format="date-time"),
        loaded_at=maybe("string", format="date-time"),
        live_loads=WHOLE,
        months={"type": "array", "items": MONTH},
    ),
    "Batch": record(
        **LOAD,
        event=WHOLE,
        loaded_by=TEXT,
        rows_read=WHOLE,
        rows_accepted=WHOLE,
        rows_quarantined=WHOLE,
        live=YES_NO,
        withdrawn_in=maybe("integer"),
    ),
}

SCHEMAS |= {
    "Commentary": record(
        id=WHOLE,
        period=TEXT,
        office=maybe("string"),
        happened=TEXT,
        cause=TEXT,
        author=TEXT,
        created_at=MOMENT,
        replaced_at=maybe("string", format="date-time"),
    ),
    "Action": record(
        id=WHOLE,
        kpi=maybe("string"),
        period=maybe("string"),
        office=maybe("string"),
        what=TEXT,
        assignee=TEXT,
        due=DAY,
        first_due=DAY,
        slipped_days=WHOLE,
        state=one_of(ActionState),
        overdue=one_or_none(Late),
        last_update=DAY,
        result=maybe("string"),
        author=TEXT,
        created_at=MOMENT,
    ),
}

# What a list says of all its items, by the name of its place.
HEADS: dict[str, Node] = {
    "values": record(
        code=TEXT,
        name=TEXT,
        unit=one_of(Unit),
        frequency=one_of(Frequency),
        **{"from": TEXT, "to": TEXT, "by": TEXTS, "where": TEXT_BY_NAME},
        definition_version=WHOLE,
        event=maybe("integer"),
        reference_version=maybe("string"),
        network={
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "items": record(office=TEXT, merged_on=maybe("string", format="date")),
            },
        },
        names={"type": "object", "additionalProperties": TEXT_BY_NAME},
    ),
    "targets": record(code=TEXT, unit=one_of(Unit)),
    "commentary": record(code=TEXT),
    "actions": record(today=DAY),
    "restatements": record(
        **{"from": TEXT, "to": TEXT}, code=TEXT, where=TEXT_BY_NAME, as_of=maybe("integer")
    ),
    "scorecard": record(period=TEXT, where=TEXT_BY_NAME, as_of=maybe("integer"), without=TEXTS),
}
