"""What the answers look like, in JSON Schema: every property is always there, null where empty."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from data.extracts.completeness import MonthState
from data.figure import Missing, Unit
from data.period import Frequency
from kpis.assessment import StatusKind
from kpis.direction import Direction
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
    "partial": YES_NO,
}
TARGET: dict[str, Node] = {
    "low": maybe("number"),
    "high": maybe("number"),
    "source": TEXT,
    "assumption": YES_NO,
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
}
VERSION = record(version=WHOLE, valid_from=DAY)
FORMULA = record(role=TEXT, text=TEXT, reason=maybe("string"))
MONTH = record(
    period=TEXT,
    state=one_of(MonthState),
    days_covered=WHOLE,
    days=WHOLE,
    cut_at=maybe("string", format="date-time"),
)
COUNTS_BY_REASON: Node = maybe("object", additionalProperties=WHOLE)

SCHEMAS: dict[str, Node] = {
    "Index": record(title=TEXT, links=TEXT_BY_NAME),
    "Description": {"type": "object"},
    "Page": record(total=WHOLE, limit=WHOLE, offset=WHOLE, snapshot=TEXT, next=maybe("string")),
    "Problem": record(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT, key=TEXT),
    "Figure": record(**FIGURE),
    "Reading": record(**READING),
    "Target": record(**TARGET),
    "TargetEntry": record(
        office=maybe("string"),
        valid_from=DAY,
        **TARGET,
        author=TEXT,
        reason=TEXT,
        created_at=MOMENT,
        replaced_at=maybe("string", format="date-time"),
    ),
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
        names={"type": "object", "additionalProperties": TEXT_BY_NAME},
    ),
    "targets": record(code=TEXT, unit=one_of(Unit)),
    "scorecard": record(period=TEXT, where=TEXT_BY_NAME, without=TEXTS),
}
