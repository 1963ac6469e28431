"""Every write to the history of offices; each says its source and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.agency.offices.history import (
    OfficeEventKind,
    check_absorbed,
    check_merger,
    check_open,
    check_opening,
    check_renaming,
)
from data.agency.stating import Grounds, checked_code, checked_names
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid
from data.store.tables import Municipality, Office, OfficeEvent, OrgUnit
from data.workspace import Change, Workspace, snapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """An office as the person saw it: a later version is not overwritten unseen."""

    code: str
    version: int


def open_office(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    names: Mapping[str, str],
    municipality: str,
    opened: date,
    grounds: Grounds,
    parent: str = WHOLE_AGENCY,
) -> None:
    """A new office in a municipality, open from a day on, with a unit of its own below another."""
    grounds, code, named = grounds.checked(), checked_code(code), _named(checked_names(names))
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        change.require_unit(parent)
        change.get(Municipality, municipality)
        change.get(OrgUnit, parent)
        if _is_known(change, code):
            raise Invalid("reference.refused.known", code=code)
        change.add(OrgUnit(code=code, parent_code=parent, kind="office", **named))
        office = Office(
            code=code, unit_code=code, municipality_code=municipality, opened=opened, **named
        )
        change.add(office)
        _happened(change, office, OfficeEventKind.OPENED, opened, grounds)


def date_opening(
    workspace: Workspace, *, by: Actor, office: Seen, opened: date, grounds: Grounds
) -> None:
    """Say since when an office has been open, or correct it."""
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, office)
        check_opening(_offices(change), row, opened)
        row.opened = opened
        _happened(change, row, OfficeEventKind.OPENED, opened, grounds, old)


def close_office(
    workspace: Workspace, *, by: Actor, office: Seen, day: date, grounds: Grounds
) -> None:
    """Close an office from a day on; what it did stays its own."""
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, office)
        check_open(row, day)
        check_absorbed(_offices(change), row.code, day)
        row.closed = day
        _happened(change, row, OfficeEventKind.CLOSED, day, grounds, old)


def merge_office(
    workspace: Workspace, *, by: Actor, office: Seen, into: str, day: date, grounds: Grounds
) -> None:
    """Merge an office into another from a day on: all its cases then count there.

    Into itself, in a circle, into one that is closed or before either opened is Invalid.
    """
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, office)
        successor, offices = change.get(Office, into), _offices(change)
        check_open(row, day)
        check_absorbed(offices, row.code, day)
        check_merger(offices, row, successor, day)
        row.closed, row.merged_into = day, successor.code
        _happened(change, row, OfficeEventKind.MERGED, day, grounds, old, into_code=into)


def rename_office(
    workspace: Workspace,
    *,
    by: Actor,
    office: Seen,
    names: Mapping[str, str],
    day: date,
    grounds: Grounds,
) -> None:
    """Give an office, and its unit, another name from a day on; the former one is kept."""
    grounds, new = grounds.checked(), checked_names(names)
    today = datetime.now(workspace.settings.zone).date()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, office)
        check_renaming(_events(change, row.code), row, day, new, today)
        former = {language: getattr(row, f"name_{language}") for language in new}
        _rename(change, row, new)
        given = {"names": new, "former": former}
        _happened(change, row, OfficeEventKind.RENAMED, day, grounds, old, **given)


def withdraw_event(
    workspace: Workspace, *, by: Actor, event_id: int, version: int, reason: str
) -> None:
    """Take back what was entered by mistake: a closure, a merger, or the last renaming."""
    grounds = Grounds("-", reason).checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        event = change.get_version(OfficeEvent, event_id, version)
        if event.withdrawn:
            raise Conflict("reference.refused.withdrawn")
        office = change.get(Office, event.office_code)
        change.require_unit(office.unit_code)
        old = snapshot(office)
        if event.kind == OfficeEventKind.RENAMED:
            _rename_back(change, office, event)
        elif event.kind == OfficeEventKind.OPENED:
            raise Invalid("reference.refused.opening_stays", office=office.code)
        else:
            office.closed, office.merged_into = None, None
        event.withdrawn = True
        change.add(office, event)
        told = {**snapshot(office), "withdrawn": event.kind, "event": event.id}
        told |= {"reason": grounds.reason}
        change.record(AuditTag.REFERENCE_CHANGED, office, old=old, new=told)


def _rename_back(change: Change, office: Office, event: OfficeEvent) -> None:
    later = [one for one in _events(change, office.code) if one.day > event.day]
    if any(one.kind == OfficeEventKind.RENAMED for one in later):
        raise Invalid("reference.refused.renamed_again", office=office.code)
    _rename(change, office, event.former or {})


def _rename(change: Change, office: Office, names: Mapping[str, str]) -> None:
    for row in (office, change.get(OrgUnit, office.unit_code)):
        for name, text in _named(names).items():
            setattr(row, name, text)
        change.add(row)


def _happened(
    change: Change,
    office: Office,
    kind: OfficeEventKind,
    day: date,
    grounds: Grounds,
    old: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    """Keep what happened to an office, and record it."""
    event = OfficeEvent(
        office_code=office.code, kind=kind.value, day=day, source=grounds.source, **more
    )
    change.add(office, event)
    told = {**snapshot(office), "happened": kind.value, "day": day.isoformat()}
    told |= {"event": event.id, "source": grounds.source, "reason": grounds.reason}
    change.record(AuditTag.REFERENCE_CHANGED, office, old=old, new=told)


def _seen(change: Change, office: Seen) -> tuple[Office, dict[str, Any]]:
    """The office, unless somebody changed it meanwhile, and what it was."""
    row = change.get_version(Office, office.code, office.version)
    change.require_unit(row.unit_code)
    return row, snapshot(row)


def _is_known(change: Change, code: str) -> bool:
    return change.find(Office, code) is not None or change.find(OrgUnit, code) is not None


def _offices(change: Change) -> dict[str, Office]:
    rows: Iterable[Office] = change.all(select(Office))
    return {row.code: row for row in rows}


def _events(change: Change, code: str) -> list[OfficeEvent]:
    statement = select(OfficeEvent).where(
        OfficeEvent.office_code == code, col(OfficeEvent.withdrawn).is_(False)
    )
    return list(change.all(statement))


def _named(names: Mapping[str, str]) -> dict[str, Any]:
    return {f"name_{language}": text for language, text in names.items()}
