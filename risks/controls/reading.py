"""Which controls there are or were, what their tests found, and which risks lean on each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from data.codec import build
from data.errors import NotFound
from data.records import contents, history, standing
from data.store import tables
from data.store.tables import RecordVersion
from data.workspace import Reader
from risks.controls.record import Control
from risks.register.kinds import Side
from risks.register.nouns import Noun
from risks.register.record import Risk
from risks.register.tested import Verdict, last_tests, working_controls

__all__ = [
    "Leaning",
    "Verdict",
    "controls_past",
    "last_tests",
    "leaning",
    "overdue",
    "read_control",
    "read_controls",
    "working_controls",
]


@dataclass(frozen=True, slots=True)
class Leaning:
    """A risk that leans on a control, on one side of its event."""

    risk: Risk
    side: Side
    link_id: str


def read_controls(reader: Reader) -> tuple[Control, ...]:
    """Every control by its code, retired ones too, now or at the reader's time."""
    ids = [number for number, _said in standing(reader, Noun.CONTROL)]
    found = (build(Control, content) for _said, content in contents(reader, ids))
    return tuple(sorted(found, key=lambda one: (len(one.code), one.code)))


def read_control(reader: Reader, code: str) -> Control:
    """The control of this code; none is NotFound."""
    for one in read_controls(reader):
        if one.code == code:
            return one
    raise NotFound("risks.controls.refused.no_control", code=code)


def controls_past(reader: Reader, control: Control) -> list[RecordVersion]:
    """Every change of a control up to the reader's time, oldest first."""
    return history(reader, Noun.CONTROL, control.id)


def overdue(controls: Iterable[Control], today: date) -> tuple[Control, ...]:
    """Those of which a test is overdue, the longest first."""
    late = [one for one in controls if one.days_overdue(today)]
    return tuple(sorted(late, key=lambda one: (-one.days_overdue(today), one.code)))


def leaning(risks: Iterable[Risk]) -> dict[str, tuple[Leaning, ...]]:
    """By the id of each control the risks that lean on it now, in the order given."""
    found: dict[str, tuple[Leaning, ...]] = {}
    for risk in risks:
        for link in risk.control_links:
            one = Leaning(risk, link.side, link.id)
            found[link.control_id] = (*found.get(link.control_id, ()), one)
    return found


def read_rows(reader: Reader, control_id: str) -> Control:
    """The record that the rows of one control make up; none is NotFound."""
    said = reader.get(tables.RiskControl, control_id).model_dump()
    table = tables.RiskControlTest
    statement = select(table).where(table.control_id == control_id)
    rows = reader.all(statement.order_by(col(table.tested_at), col(table.id)))
    return build(Control, said | {"tests": [row.model_dump() for row in rows]})
