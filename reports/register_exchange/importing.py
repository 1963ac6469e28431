"""A workbook that comes back: compared with what stands, then taken in whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.access.actor import Actor
from data.access.permissions import Permission
from data.codec import build
from data.errors import Invalid, Refusal
from data.rehearsal import Rehearsal
from data.workspace import Reader, Workspace
from kpis.register import read_kpis
from reports.exchange_faults import Fault, Reason, RowFate
from reports.register_columns import AnyColumn, RiskColumn, TreatmentColumn
from reports.register_exchange.comparing import Compared, Ground, compared
from reports.register_exchange.opening import RegisterFound, Row, open_register
from reports.register_exchange.preview import CellChange, Preview, RiskPreview
from reports.register_exchange.values import Misread
from risks.importing.actions import RiskChange, import_risks
from risks.register.kinds import Part
from risks.register.naming import read_naming
from risks.register.reading import read_past, read_register
from risks.register.record import Risk

PROBE = "?"  # the reason given while an import is only tried
_PARTS: dict[object, AnyColumn] = {
    Part.TITLE: RiskColumn.TITLE,
    Part.CAUSE: RiskColumn.CAUSE,
    Part.EVENT: RiskColumn.EVENT,
    Part.CONSEQUENCE: RiskColumn.CONSEQUENCE,
}
_COLUMNS: dict[str, AnyColumn] = {
    "risks.refused.not_coordinator": RiskColumn.CATEGORY,
    "risks.refused.treatment_over": TreatmentColumn.DUE,
    "risks.refused.day_over": TreatmentColumn.DUE,
}


def preview_register(workspace: Workspace, *, by: Actor, content: bytes, file_name: str) -> Preview:
    """What taking a file in would change; a file that cannot be read at all is Invalid."""
    with workspace.read(by, Permission.RISK_IMPORT) as reader:
        found = open_register(content)
        risks = [_compared(reader, one) for one in _grouped(reader, found)]
    tried = tuple(_tried(workspace, by, one) for one in risks)
    return Preview(file_name, hashlib.sha256(content).hexdigest(), tried)


def import_register(
    workspace: Workspace, *, by: Actor, content: bytes, file_name: str, reason: str
) -> Preview:
    """Take a file in, all of it or nothing; refused cells and conflicts are Invalid."""
    found = preview_register(workspace, by=by, content=content, file_name=file_name)
    if found.faults:
        raise Invalid("targets.refused.import_faulty", count=len(found.faults))
    if not found.changes:
        raise Invalid("targets.refused.import_empty")
    origin = {"file": file_name[:200], "sha256": found.sha256}
    import_risks(workspace, by=by, changes=found.changes, reason=reason, origin=origin)
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """One risk of the file: its own row, if it has one, and the rows of its treatments."""

    ground: Ground
    row: Row | None
    treatments: tuple[Row, ...]
    misread: tuple[Misread, ...] = ()
    code: str = ""


def _grouped(reader: Reader, found: RegisterFound) -> list[_Group]:
    """The rows of the file by risk, in the order of the file."""
    known = {one.code: one for one in read_register(reader)}
    lists = _lists(reader)
    rows, groups = _by_code(found.risks, RiskColumn.CODE), []
    treatments = _by_code(found.treatments, TreatmentColumn.RISK)
    for code in dict.fromkeys([*rows, *treatments]):
        own, parts = rows.get(code, []), treatments.get(code, [])
        field = RiskColumn.CODE if own else TreatmentColumn.RISK
        first = (own or parts)[0][field]
        misread = [Misread(one[RiskColumn.CODE], RiskColumn.CODE, "register_import.refused.twice",
                           row=str(first.row)) for one in own[1:]]  # fmt: skip
        risk = known.get(code)
        if risk is None:
            key = "risks.refused.no_risk" if code else "register_import.refused.no_code"
            misread.append(Misread(first, field, key, code=code[:40]))
        ground = Ground(risk, _past(reader, risk, own, parts), lists)
        groups.append(_Group(ground, own[0] if own else None, tuple(parts), tuple(misread), code))
    return groups


def _by_code(rows: Sequence[Row], field: AnyColumn) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        value = row[field].value
        found.setdefault("" if value is None else str(value).strip(), []).append(row)
    return found


def _past(
    reader: Reader, risk: Risk | None, own: Sequence[Row], parts: Sequence[Row]
) -> Mapping[int, Risk]:
    """The risk by its version: as it stands, and as it was where a row was made from less."""
    if risk is None:
        return {}
    seen = {row[RiskColumn.VERSION].value for row in own}
    seen |= {row[TreatmentColumn.VERSION].value for row in parts}
    known = [risk]
    if seen - {risk.row_version}:
        known += [build(Risk, one.document) for one in read_past(reader, risk)]
    return {one.row_version: one for one in known}


def _lists(reader: Reader) -> dict[AnyColumn, frozenset[str]]:
    """The codes that a cell may name."""
    naming = read_naming(reader)
    return {
        RiskColumn.CATEGORY: frozenset(naming.categories),
        RiskColumn.OBJECTIVES: frozenset(naming.objectives),
        RiskColumn.KPIS: frozenset(read_kpis(reader)),
    }


def _compared(reader: Reader, group: _Group) -> RiskPreview:
    faults = [_fault(one) for one in group.misread]
    if group.ground.risk is None:
        return RiskPreview(group.code, RowFate.REFUSED, faults=tuple(faults))
    found = compared(group.ground, group.row, group.treatments)
    faults += [_fault(one) for one in found.misread]
    return _judged(group.ground.risk, found, faults)


def _judged(risk: Risk, found: Compared, faults: Sequence[Fault]) -> RiskPreview:
    """What becomes of a risk, as far as cells and versions say."""
    if faults:
        return RiskPreview(risk.code, RowFate.REFUSED, found.changes, tuple(faults))
    who = {"by": risk.updated_by, "at": risk.updated_at}
    if not found.changes:
        notes = (Reason("targets.import.changed_since", who),) if found.is_old else ()
        return RiskPreview(risk.code, RowFate.SAME, notes=notes)
    if found.is_old:
        first = found.changes[0]
        why = Reason("register_import.refused.conflict", who)
        fault = Fault(first.sheet, first.row, first.column, first.field, why)
        return RiskPreview(risk.code, RowFate.CONFLICT, found.changes, (fault,))
    change = RiskChange(risk.code, risk.row_version, found.wording, found.dues)
    return RiskPreview(risk.code, RowFate.CHANGED, found.changes, change=change)


def _tried(workspace: Workspace, by: Actor, one: RiskPreview) -> RiskPreview:
    """Whether the use case would take the change, by trying it and undoing it."""
    if one.change is None:
        return one
    changes = [one.change]

    def act(house: Workspace) -> object:
        return import_risks(house, by=by, changes=changes, reason=PROBE, origin={})

    try:
        Rehearsal(workspace).seen(act, lambda _: True)
    except Refusal as refusal:
        where = _cell_of(one, refusal)
        why = Reason(refusal.key, refusal.values)
        fault = Fault(where.sheet, where.row, where.column, where.field, why)
        return RiskPreview(one.code, RowFate.REFUSED, one.changes, (fault,))
    return one


def _cell_of(one: RiskPreview, refusal: Refusal) -> CellChange:
    """The changed cell that a refusal is about, else the first one of the risk."""
    named = _COLUMNS.get(refusal.key) or _PARTS.get(refusal.values.get("part"))
    return next((cell for cell in one.changes if cell.field is named), one.changes[0])


def _fault(misread: Misread) -> Fault:
    where = misread.where
    why = Reason(misread.why.key, misread.why.values)
    return Fault(where.sheet, where.row, where.column, misread.field, why)
