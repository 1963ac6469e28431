"""Every write to what holds on spans of days. Rows are ended and followed, never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, delete, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.spans.kinds import KEYS, TABLES, SpanKind, SpanRow, check_said, has_end
from data.agency.stating import Grounds
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.store import reference
from data.store.tables import AuditEntry, Parameter, Service
from data.workspace import Change, Workspace, noun_of, snapshot

DAY = timedelta(days=1)


def begin_span(
    workspace: Workspace,
    *,
    by: Actor,
    kind: SpanKind,
    said: Mapping[str, Any],
    valid_from: date,
    grounds: Grounds,
    valid_to: date | None = None,
    assumption: bool = False,
) -> None:
    """Say what holds from a day on; what held until then ends the day before.

    Where something is known to begin on the day or later it would overlap, which is Invalid.
    """
    grounds = grounds.checked()
    check_said(kind, said)
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        _require_known(change, kind, said)
        _check_span(kind, valid_from, valid_to)
        before = _end_before(change, kind, said, valid_from, valid_to)
        more: dict[str, Any] = {"valid_to": valid_to} if has_end(kind) else {}
        row = TABLES[kind](
            **said, **more, valid_from=valid_from, source=grounds.source, assumption=assumption
        )
        change.add(row)
        told = {**snapshot(row), "reason": grounds.reason}
        change.record(AuditTag.REFERENCE_CHANGED, row, old=before, new=told)


def end_span(
    workspace: Workspace,
    *,
    by: Actor,
    kind: SpanKind,
    row_id: int,
    version: int,
    last_day: date,
    reason: str,
) -> None:
    """Say on which day what holds, holds last."""
    reason = Grounds("-", reason).checked().reason
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row = change.get_version(TABLES[kind], row_id, version)
        if isinstance(row, Parameter):
            raise Invalid("reference.refused.no_end")
        _check_span(kind, row.valid_from, last_day)
        if row.valid_to is not None and last_day > row.valid_to:
            raise Invalid("reference.refused.ended", day=row.valid_to)
        old = snapshot(row)
        row.valid_to = last_day
        change.add(row)
        told = {**snapshot(row), "reason": reason}
        change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)


def remove_span(
    workspace: Workspace, *, by: Actor, kind: SpanKind, row_id: int, version: int, reason: str
) -> None:
    """Take back what was entered by mistake; what it had ended holds on. The trail keeps it."""
    reason = Grounds("-", reason).checked().reason
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row = change.get_version(TABLES[kind], row_id, version)
        old = snapshot(row)
        told = {"removed": True, "reason": reason, "let_hold_on": _let_hold_on(change, kind, row)}
        table: Any = TABLES[kind]
        change.execute(delete(table).where(table.id == row_id))
        change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)


def _let_hold_on(change: Change, kind: SpanKind, row: SpanRow) -> dict[str, Any] | None:
    """What a row had ended holds as long as before, at most until something else begins.

    Returns what that was while it was ended; None where the row had ended nothing.
    """
    ended = _ended_by(change, row)
    said = {name: getattr(row, name) for name in KEYS[kind]}
    others = [one for one in _of_the_same(change, kind, said) if one.id != row.id]
    for one in others:
        if ended and one.id == ended["id"] and not isinstance(one, Parameter):
            held, found = ended["valid_to"], snapshot(one)
            last = date.fromisoformat(held) if held else None
            later = [two.valid_from - DAY for two in others if two.valid_from > one.valid_from]
            one.valid_to = min([day for day in (last, *later) if day], default=None)
            change.add(one)
            return found
    return None


def _ended_by(change: Change, row: SpanRow) -> dict[str, Any] | None:
    """What the row had ended when it was entered, as the trail kept it; None if nothing."""
    statement = select(AuditEntry).where(
        AuditEntry.noun == noun_of(type(row)), AuditEntry.noun_id == str(row.id)
    )
    entries: Iterable[AuditEntry] = change.all(statement.order_by(col(AuditEntry.number).desc()))
    for entry in entries:
        if entry.old is None or (entry.new or {}).get("removed"):
            return None  # it ended nothing, or is of an earlier row of the same number
        if entry.old.get("id") != row.id:
            return entry.old
    return None


def _require_known(change: Change, kind: SpanKind, said: Mapping[str, Any]) -> None:
    """A service of the register, or a number the product knows by name."""
    if kind is not SpanKind.PARAMETER:
        change.get(Service, said["service_code"])
    elif said["name"] not in {row.name for row in reference.parameters()}:
        raise Invalid("reference.refused.unknown_parameter", name=str(said["name"])[:100])


def _check_span(kind: SpanKind, valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and (valid_to < valid_from or not has_end(kind)):
        raise Invalid("reference.refused.backwards", first=valid_from, last=valid_to)


def _end_before(
    change: Change,
    kind: SpanKind,
    said: Mapping[str, Any],
    valid_from: date,
    valid_to: date | None,
) -> dict[str, Any] | None:
    """End what holds on the day; what it was, None where nothing did."""
    before: dict[str, Any] | None = None
    for one in _of_the_same(change, kind, said):
        last = getattr(one, "valid_to", None)
        if one.valid_from >= valid_from and (valid_to is None or one.valid_from <= valid_to):
            raise Invalid("reference.refused.overlap", day=one.valid_from)
        if one.valid_from < valid_from and (last is None or last >= valid_from):
            before = snapshot(one)
            if valid_to is not None and (last is None or last > valid_to):
                raise Invalid("reference.refused.within", first=one.valid_from)
            if not isinstance(one, Parameter):
                one.valid_to = valid_from - DAY
                change.add(one)
    return before


def _of_the_same(change: Change, kind: SpanKind, said: Mapping[str, Any]) -> list[SpanRow]:
    table: Any = TABLES[kind]
    same = [getattr(table, name) == said[name] for name in KEYS[kind]]
    rows: Iterable[SpanRow] = change.all(select(table).where(*same))
    return list(rows)
