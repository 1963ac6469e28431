"""A filled-in workbook becomes targets: compared with what stands, then all of it or nothing."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.errors import Invalid, Refusal
from data.store.tables import Office
from data.workspace import Reader, Workspace
from kpis.register import Kpi, read_kpis
from kpis.targets import TargetEntry
from kpis.targets.actions import set_targets
from kpis.targets.path import doubts
from kpis.targets.reading import Targets, read_targets, targets_by_id
from kpis.targets.wishes import Wish, checked
from reports.exchange_faults import Fault, Reason, RowFate
from reports.targets_exchange.cells import Given, Misread, code_in, read_inputs, target_of
from reports.targets_exchange.columns import (
    INPUTS,
    TargetField,
    values_of,
    values_of_entry,
)
from reports.targets_exchange.opening import RowFound, SheetFound, open_workbook
from reports.targets_exchange.preview import CellChange, Preview, RowPreview


def preview_import(workspace: Workspace, *, by: Actor, content: bytes, file_name: str) -> Preview:
    """What taking a file in would change; a file that cannot be read at all is Invalid."""
    with workspace.read(by, Permission.TARGET_SET) as reader:
        sheet = open_workbook(content)
        known = _records(sheet)
        house = _House.of(reader, known)
        rows = tuple(_without_twins(sheet, [house.row(sheet.name, row) for row in sheet.rows]))
    digest = hashlib.sha256(content).hexdigest()
    return Preview(file_name, digest, sheet.name, rows, frozenset(known))


def import_targets(
    workspace: Workspace, *, by: Actor, content: bytes, file_name: str, reason: str
) -> Preview:
    """Take a file in, all of it or nothing; refused rows and conflicts are Invalid."""
    found = preview_import(workspace, by=by, content=content, file_name=file_name)
    if found.faults:
        raise Invalid("targets.refused.import_faulty", count=len(found.faults))
    if not found.wishes:
        raise Invalid("targets.refused.import_empty")
    origin = {"file": file_name[:200], "sha256": found.sha256}
    set_targets(
        workspace, by=by, wishes=found.wishes, reason=reason, origin=origin, known=found.known
    )
    return found


def _records(sheet: SheetFound) -> set[int]:
    """The numbers of the targets the file was made from."""
    texts = [str(row.cell(TargetField.RECORD).value or "").strip() for row in sheet.rows]
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10}


@dataclass(frozen=True, slots=True)
class _House:
    """What stands, to compare a file with."""

    reader: Reader
    kpis: Mapping[str, Kpi]
    offices: Mapping[str, str]  # code -> unit
    targets: Targets
    by_id: Mapping[int, TargetEntry]

    @classmethod
    def of(cls, reader: Reader, known: set[int]) -> _House:
        kpis = read_kpis(reader)
        offices = {office.code: office.unit_code for office in reader.all(select(Office))}
        targets = read_targets(reader, list(kpis))
        return cls(reader, kpis, offices, targets, targets_by_id(reader, known))

    def row(self, sheet: str, row: RowFound) -> RowPreview:
        """What becomes of a row."""
        given = read_inputs(row)
        try:
            return self._compared(row, given)
        except Misread as misread:
            found = (misread, *(one for one in given.misread if one is not misread))
            faults = tuple(_fault(sheet, row, one) for one in found)
            code, office = _shown(row, TargetField.KPI), _shown(row, TargetField.OFFICE)
            return RowPreview(row.number, code, office or None, RowFate.REFUSED, faults=faults)
        except _Clash as clash:
            fault = _fault(sheet, row, clash.misread)
            return replace(clash.preview, fate=RowFate.CONFLICT, faults=(fault,), wish=None)

    def _compared(self, row: RowFound, given: Given) -> RowPreview:
        kpi, office = self._kpi(row), self._office(row)
        made_from = self._made_from(row, kpi.code, office)
        same = RowPreview(row.number, kpi.code, office, RowFate.SAME)
        if given.misread:
            raise given.misread[0]
        if given.values == values_of_entry(made_from):
            return same if made_from is None else replace(same, notes=_replaced(made_from))
        wish = self._wish(kpi, office, given)
        old = values_of_entry(made_from)
        new = values_of(wish.valid_from, wish.target, wish.path)
        changes = tuple(CellChange(f, old[f], new[f]) for f in INPUTS if old[f] != new[f])
        if not changes:  # said otherwise, such as 2026-03 for 2026-Q1
            return same
        follows = made_from is not None and made_from.valid_from == wish.valid_from
        fate = RowFate.CHANGED if follows else RowFate.NEW
        found = replace(same, fate=fate, changes=changes, notes=_doubts(kpi, wish), wish=wish)
        self._require_untouched(found, made_from, wish)
        return found

    def _kpi(self, row: RowFound) -> Kpi:
        code = code_in(row, TargetField.KPI)
        _refuse_lookalike(TargetField.KPI, code, self.kpis)
        return self.kpis[code]

    def _office(self, row: RowFound) -> str | None:
        code = code_in(row, TargetField.OFFICE)
        if not code:
            return None
        _refuse_lookalike(TargetField.OFFICE, code, self.offices)
        return code

    def _made_from(self, row: RowFound, code: str, office: str | None) -> TargetEntry | None:
        """The target that stood in this row when the file was made."""
        text = code_in(row, TargetField.RECORD)
        if not text:
            return None
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        entry = self.by_id.get(int(text)) if is_number else None
        if entry is None:
            raise Misread(TargetField.RECORD, "targets.refused.record_unknown", value=text[:60])
        if (entry.code, entry.office) != (code, office):
            raise Misread(TargetField.RECORD, "targets.refused.record_of_other", value=text)
        return entry

    def _wish(self, kpi: Kpi, office: str | None, given: Given) -> Wish:
        valid_from, target, path = target_of(given, kpi.definition.direction)
        unit = self.offices[office] if office else WHOLE_AGENCY
        if not self.reader.scope(unit):
            raise Misread(TargetField.OFFICE, "targets.refused.not_your_unit")
        try:
            return checked(self.reader, Wish(kpi.code, valid_from, target, path, office))
        except Refusal as refusal:
            where = _place_of(refusal.key)
            raise Misread(where, refusal.key, **refusal.values) from refusal

    def _require_untouched(
        self, found: RowPreview, made_from: TargetEntry | None, wish: Wish
    ) -> None:
        """Nobody else may have changed since what this row would change or follow."""
        if made_from is not None and made_from.replaced_at is not None:
            who = {"by": made_from.replaced_by or "", "at": made_from.replaced_at}
            raise _Clash(found, Misread(TargetField.RECORD, "targets.refused.replaced", **who))
        standing = self.targets.own_on(wish.code, wish.valid_from, wish.office)
        taken = standing is not None and standing.valid_from == wish.valid_from
        if standing is not None and taken and standing != made_from:
            who = {"by": standing.author, "at": standing.created_at}
            where = TargetField.VALID_FROM
            raise _Clash(found, Misread(where, "targets.refused.set_meanwhile", **who))


class _Clash(Exception):
    """A row whose ground has moved."""

    def __init__(self, preview: RowPreview, misread: Misread) -> None:
        super().__init__(preview, misread)
        self.preview = preview
        self.misread = misread


def _without_twins(sheet: SheetFound, rows: list[RowPreview]) -> list[RowPreview]:
    """Of two rows that set the same KPI, unit and day, the later one is refused."""
    first: dict[tuple[str, str | None, object], int] = {}
    found = []
    for source, row in zip(sheet.rows, rows, strict=True):
        wish = row.wish
        key = (wish.code, wish.office, wish.valid_from) if wish else None
        if key is not None and key in first:
            twin = Misread(TargetField.KPI, "targets.refused.row_twice", row=str(first[key]))
            faults = (_fault(sheet.name, source, twin),)
            found.append(replace(row, fate=RowFate.REFUSED, faults=faults, wish=None))
            continue
        if key is not None:
            first[key] = row.number
        found.append(row)
    return found


def _refuse_lookalike(where: TargetField, code: str, known: Mapping[str, object]) -> None:
    """A code has to be exactly one that is known; one that only looks like it is named."""
    if code in known:
        return
    alike = {_skeleton(one): one for one in known}.get(_skeleton(code)) if code else None
    if alike is not None:
        raise Misread(where, "targets.refused.code_lookalike", code=code[:60], known=alike)
    raise Misread(where, "targets.refused.code_unknown", code=code[:60])


# Letters of other scripts that look like those of the codes.
_ALIKE = str.maketrans("АВЕІЈКМНОРСТХЅԁΑΒΕΙΚΜΝΟΡΤΧ–—−‐", "ABEIJKMHOPCTXSDABEIKMNOPTX----")


def _skeleton(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code).upper().translate(_ALIKE)
    return "".join(sign for sign in plain if sign.isalnum() or sign == "-").replace("O", "0")


def _fault(sheet: str, row: RowFound, misread: Misread) -> Fault:
    column = row.cell(misread.where).column
    why = Reason(misread.why.key, misread.why.values)
    return Fault(sheet, row.number, column, misread.where, why)


def _shown(row: RowFound, field: TargetField) -> str:
    value = row.cell(field).value
    return "" if value is None else str(value)[:60]


def _replaced(entry: TargetEntry) -> tuple[Reason, ...]:
    """That a row left as it was has been changed by somebody since: his change stays."""
    if entry.replaced_at is None:
        return ()
    values = {"by": entry.replaced_by or "", "at": entry.replaced_at}
    return (Reason("targets.import.changed_since", values),)


def _doubts(kpi: Kpi, wish: Wish) -> tuple[Reason, ...]:
    if wish.target is None:
        return ()
    found = doubts(wish.path, wish.target, kpi.definition.direction)
    return tuple(Reason(one.key, one.values) for one in found)


def _place_of(key: str) -> TargetField:
    """The cell a refused target is to be mended at."""
    return {
        "kpis.refused.target_unexplained": TargetField.SOURCE,
        "targets.refused.baseline_unexplained": TargetField.BASELINE_SOURCE,
        "targets.refused.day_unlikely": TargetField.VALID_FROM,
        "targets.refused.due_before": TargetField.DUE,
        "targets.refused.not_by_office": TargetField.OFFICE,
    }.get(key, TargetField.COURSE)
