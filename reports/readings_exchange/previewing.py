"""What a workbook that comes back would change, cell by cell; or why it cannot be taken in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isfinite

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid, Refusal
from data.period import Period
from data.workspace import Reader, Workspace
from kpis.entering import Implausible, Line, Written
from kpis.entering.checks import faults_of, require_plausible
from kpis.entering.waiting import Expected, entered_kpis, read_expected
from kpis.entries.reading import Slot
from reports.readings_exchange.columns import ReadingField
from reports.readings_exchange.opening import Found, open_workbook
from reports.readings_exchange.writing import stand_of

LONGEST = 500
Said = str | float | None
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that says something new."""

    slot: Slot
    cell: str
    field: ReadingField
    old: Said
    new: Said


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell because of which the workbook cannot be taken in, or that is only unusual."""

    cell: str
    why: Refusal


@dataclass(slots=True)
class Preview:
    """Everything a workbook would do; with a fault it does nothing."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unusual: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def can_be_taken(self) -> bool:
        return bool(self.lines) and not self.faults


def preview_readings(workspace: Workspace, *, by: Actor, content: bytes) -> Preview:
    """Read the workbook and hold every row against what is known; nothing is changed."""
    opened = open_workbook(content)
    with workspace.read(by, Permission.READING_ENTER) as reader:
        known = {_key(row.slot): row for row in read_expected(reader)}
        preview, seen = Preview(), set[_Key]()
        for found in opened.rows:
            _read_row(reader, preview, known, found, seen)
    return preview


def _read_row(
    reader: Reader,
    preview: Preview,
    known: Mapping[_Key, Expected],
    found: Found,
    seen: set[_Key],
) -> None:
    key = _named(found)
    row = known.get(key)
    if row is None:
        return _fault(preview, found, ReadingField.KPI, "entering.refused.row_unknown")
    if key in seen:
        return _fault(preview, found, ReadingField.KPI, "entering.refused.row_twice")
    seen.add(key)
    if _text(found, ReadingField.STAND) != stand_of(row):
        return _fault(preview, found, ReadingField.STAND, "entering.refused.row_changed")
    try:
        said = _said(found)
    except _Unreadable as unreadable:
        return _fault(preview, found, unreadable.field, unreadable.key)
    old = _known(row)
    changed = [one for one in said if said[one] != old[one]]
    if not changed or said[ReadingField.FIRST] is None:
        if changed:
            _fault(preview, found, ReadingField.FIRST, "entering.refused.no_number")
        return None
    addresses = found.addresses
    preview.changes += [
        Change(row.slot, addresses[one], one, old[one], said[one]) for one in changed
    ]
    _add_line(reader, preview, found, row, said)
    return None


def _add_line(
    reader: Reader,
    preview: Preview,
    found: Found,
    row: Expected,
    said: Mapping[ReadingField, Said],
) -> None:
    """The line the row stands for, with what is wrong with it."""
    first, second = said[ReadingField.FIRST], said[ReadingField.SECOND]
    written = Written(float(first or 0.0), None if second is None else float(second))
    note, reason = str(said[ReadingField.EVIDENCE] or ""), str(said[ReadingField.REASON] or "")
    entered = row.definition.formula.entered
    faults = [] if entered is None else list(faults_of(row.definition, entered, written))
    if not note and not (row.on_its_way and row.on_its_way.evidence):
        faults.append(Invalid("entering.refused.no_evidence"))
    if row.approved and not reason:
        faults.append(Invalid("entering.refused.no_reason"))
    cell = found.addresses[ReadingField.FIRST]
    preview.faults += [Fault(cell, fault) for fault in faults]
    if not faults:
        kpi = entered_kpis(reader, [row.slot.code])[row.slot.code]
        try:
            require_plausible(reader, kpi, row.slot, written)
        except Implausible as unusual:
            preview.unusual.append(Fault(cell, unusual))
    version = row.on_its_way.row_version if row.on_its_way else None
    old_note = _known(row)[ReadingField.EVIDENCE]
    new_note = note if note != old_note else ""
    preview.lines.append(Line(row.slot, written, reason, new_note, version))


class _Unreadable(Exception):
    """A cell that holds what it cannot hold."""

    def __init__(self, where: ReadingField, key: str) -> None:
        super().__init__(where, key)
        self.field, self.key = where, key


def _said(found: Found) -> dict[ReadingField, Said]:
    """The input cells in their types."""
    numbers = (ReadingField.FIRST, ReadingField.SECOND)
    texts = (ReadingField.EVIDENCE, ReadingField.REASON)
    said: dict[ReadingField, Said] = {one: _number(found, one) for one in numbers}
    return said | {one: _text(found, one) for one in texts}


def _known(row: Expected) -> dict[ReadingField, Said]:
    """What the input cells held when the workbook was written."""
    entry = row.on_its_way
    shown = entry or row.approved
    notes = [item.note for item in entry.evidence if item.note] if entry else []
    return {
        ReadingField.FIRST: shown.numerator if shown else None,
        ReadingField.SECOND: shown.denominator if shown else None,
        ReadingField.EVIDENCE: notes[-1] if notes else "",
        ReadingField.REASON: entry.reason if entry else "",
    }


def _number(found: Found, where: ReadingField) -> float | None:
    value = found.values[where]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _Unreadable(where, "entering.refused.no_number")
    return float(value)


def _text(found: Found, where: ReadingField) -> str:
    value = found.values[where]
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise _Unreadable(where, "entering.refused.no_text")
    return " ".join(value.split())


def _named(found: Found) -> _Key:
    fields: Collection[ReadingField] = (ReadingField.KPI, ReadingField.PERIOD, ReadingField.OFFICE)
    code, period, office = (str(found.values[one] or "").strip() for one in fields)
    try:
        return code, Period.parse(period).code, office
    except Invalid:
        return code, period, office


def _key(slot: Slot) -> _Key:
    return slot.code, slot.period.code, slot.office or ""


def _fault(preview: Preview, found: Found, where: ReadingField, key: str) -> None:
    preview.faults.append(Fault(found.addresses[where], Invalid(key)))
