"""One risk of a file against what it was made from and what stands: pure, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.opening import is_day, is_empty
from reports.register_columns import (
    RISK_INPUTS,
    AnyColumn,
    RiskColumn,
    TreatmentColumn,
    inputs_of,
)
from reports.register_exchange.opening import Found, Row
from reports.register_exchange.preview import CellChange
from reports.register_exchange.values import (
    LISTS,
    Misread,
    codes_in,
    is_same,
    text_in,
    worded,
)
from risks.register.record import Risk, Treatment
from risks.register.wording import Wording


@dataclass(frozen=True, slots=True)
class Ground:
    """What a risk of the file is compared with: as it stands, and as it was at each version."""

    risk: Risk | None
    past: Mapping[int, Risk]
    lists: Mapping[AnyColumn, frozenset[str]]  # the codes that a cell may name


@dataclass(slots=True)
class Compared:
    """Which cells differ from what the file was made from, and what they say together."""

    changes: tuple[CellChange, ...] = ()
    misread: tuple[Misread, ...] = ()
    wording: Wording | None = None
    dues: dict[str, date] = field(default_factory=dict)
    is_old: bool = False  # somebody changed the risk since the file was made


def compared(ground: Ground, row: Row | None, treatments: Sequence[Row]) -> Compared:
    """Everything the rows of one risk say anew."""
    found, changes, misread = Compared(), list[CellChange](), list[Misread]()
    for part in (row,) if row else ():
        try:
            said = _wording_cells(ground, part, found, misread)
            changes += said
        except Misread as one:
            misread.append(one)
    for part in treatments:
        try:
            changes += _due_cells(ground, part, found)
        except Misread as one:
            misread.append(one)
    found.changes, found.misread = tuple(changes), tuple(misread)
    return found


def _wording_cells(
    ground: Ground, row: Row, found: Compared, misread: list[Misread]
) -> list[CellChange]:
    risk = _standing(ground)
    base = _base(ground, row[RiskColumn.VERSION], RiskColumn.VERSION, found)
    was, now = inputs_of(base), inputs_of(risk)
    said: dict[RiskColumn, str] = {}
    changes = []
    for column in RISK_INPUTS:
        cell = row[column]
        try:
            text = text_in(cell, column)
            if is_same(column, text, was[column]):
                continue
            _require_known(ground, cell, column, text)
        except Misread as one:
            misread.append(one)
            continue
        said[column] = text
        changes.append(_change(cell, column, was[column], text, now[column]))
    found.wording = worded(risk, said) if said else None
    return changes


def _due_cells(ground: Ground, row: Row, found: Compared) -> Iterator[CellChange]:
    risk = _standing(ground)
    base = _base(ground, row[TreatmentColumn.VERSION], TreatmentColumn.VERSION, found)
    name = text_in(row[TreatmentColumn.ID], TreatmentColumn.ID)
    was, now = _treatment(base, name), _treatment(risk, name)
    if was is None or now is None:
        raise Misread(
            row[TreatmentColumn.ID], TreatmentColumn.ID, "risks.refused.no_such_treatment"
        )
    cell = row[TreatmentColumn.DUE]
    due = _day(cell)
    if due != was.due:
        found.dues[name] = due
        yield _change(cell, TreatmentColumn.DUE, was.due, due, now.due)


def _standing(ground: Ground) -> Risk:
    if ground.risk is None:
        raise ValueError("a risk that is not there is compared with nothing")
    return ground.risk


def _base(ground: Ground, cell: Found, column: AnyColumn, found: Compared) -> Risk:
    """The risk as it was when the row was made from it."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        key = "register_import.refused.version_unreadable"
        raise Misread(cell, column, key, value=str(value)[:60])
    base = ground.past.get(int(value))
    if base is None:
        key = "register_import.refused.version_unknown"
        raise Misread(cell, column, key, value=str(int(value)))
    found.is_old = found.is_old or base.row_version != _standing(ground).row_version
    return base


def _treatment(risk: Risk, name: str) -> Treatment | None:
    return next((one for one in risk.treatments if one.id == name), None)


def _day(cell: Found) -> date:
    if is_empty(cell.value):
        raise Misread(cell, TreatmentColumn.DUE, "register_import.refused.due_missing")
    if not is_day(cell.value) or not isinstance(cell.value, date):
        raise Misread(
            cell, TreatmentColumn.DUE, "targets.refused.not_a_day", value=str(cell.value)[:60]
        )
    return cell.value


def _require_known(ground: Ground, cell: Found, column: RiskColumn, text: str) -> None:
    """Codes have to be exactly those that are known."""
    if column not in ground.lists:
        return
    codes = codes_in(text) if column in LISTS else tuple(one for one in (text,) if one)
    for code in codes:
        if code not in ground.lists[column]:
            raise Misread(cell, column, "targets.refused.code_unknown", code=code[:60])


def _change(
    cell: Found, column: AnyColumn, old: str | date, new: str | date, standing: str | date
) -> CellChange:
    shown = None if standing == old else standing
    return CellChange(cell.sheet, cell.row, cell.column, column, old, new, shown)
