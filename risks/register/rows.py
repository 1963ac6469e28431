"""A record as rows of the tables, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlmodel import SQLModel, col, delete, select

from data.codec import build, plain
from data.store import tables
from data.workspace import Change, Reader
from risks.register.record import Risk

# The parts of a risk and the tables in which they live, in the order in which they came.
PARTS: dict[str, tuple[type[SQLModel], str]] = {
    "assessments": (tables.RiskAssessment, "assessed_at"),
    "treatments": (tables.RiskTreatment, "created_at"),
    "controls": (tables.RiskControlLink, "linked_at"),
    "indicators": (tables.RiskIndicatorLink, "linked_at"),
    "reviews": (tables.RiskReview, "reviewed_at"),
    "acceptances": (tables.RiskAcceptance, "requested_at"),
    "escalations": (tables.RiskEscalation, "raised_at"),
    "comments": (tables.RiskComment, "written_at"),
}
LINKS: dict[str, tuple[Any, str]] = {
    "objectives": (tables.RiskObjective, "objective_code"),
    "kpis": (tables.RiskKpi, "kpi_code"),
}
OWN = tuple(one.name for one in fields(Risk) if one.name not in {*PARTS, *LINKS})


def read_rows(reader: Reader, risk_id: str) -> Risk:
    """The record that the rows of one risk make up; none is NotFound."""
    said: dict[str, Any] = reader.get(tables.Risk, risk_id).model_dump()
    for name, (table, at) in PARTS.items():
        made: Any = table
        statement = select(made).where(made.risk_id == risk_id)
        rows = reader.all(statement.order_by(col(getattr(made, at)), col(made.id)))
        said[name] = [row.model_dump() for row in rows]
    for name, (table, column) in LINKS.items():
        rows = reader.all(select(table).where(table.risk_id == risk_id))
        said[name] = sorted(getattr(row, column) for row in rows)
    return build(Risk, said)


def write_rows(change: Change, before: Risk | None, after: Risk) -> None:
    """Bring the rows from one record to the next: new parts are added, changed ones changed."""
    _write(change, tables.Risk, {name: getattr(after, name) for name in OWN}, is_new=before is None)
    for name, (table, _at) in PARTS.items():
        known = {one.id: one for one in getattr(before, name, ())}
        for part in getattr(after, name):
            if known.get(part.id) != part:
                said = {each.name: getattr(part, each.name) for each in fields(part)}
                is_new = part.id not in known
                _write(change, table, said | {"risk_id": after.id}, is_new=is_new)
    for name, (table, column) in LINKS.items():
        _link(change, table, column, after.id, getattr(before, name, ()), getattr(after, name))


def _write(change: Change, table: Any, said: Mapping[str, Any], *, is_new: bool) -> None:
    values = {name: _kept(value) for name, value in said.items() if name != "row_version"}
    if is_new:
        change.add(table(**values))
        return
    row = change.get(table, said["id"])
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    change.add(row)


def _kept(value: Any) -> Any:
    """Days and moments are columns of their own; whatever is put together is a document."""
    is_composed = isinstance(value, Mapping | tuple) or hasattr(value, "__dataclass_fields__")
    if is_composed or hasattr(value, "value"):
        return plain(value)
    return value


def _link(
    change: Change, table: Any, column: str, risk_id: str, before: Sequence[str], after: Any
) -> None:
    gone = set(before) - set(after)
    if gone:
        where = col(getattr(table, column)).in_(sorted(gone))
        change.execute(delete(table).where(table.risk_id == risk_id, where))
    for code in sorted(set(after) - set(before)):
        change.add(table(risk_id=risk_id, **{column: code}))
