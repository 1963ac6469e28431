"""Every write to what the agency delivers. No reading rests on a name, an order or a retirement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.agency.services.codes import checked_service_code, refuse_taken
from data.agency.services.reading import services_in_order
from data.agency.stating import Grounds, checked_names
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.store.tables import Service
from data.workspace import Change, Workspace, snapshot


def add_service(
    workspace: Workspace, *, by: Actor, code: str, names: Mapping[str, str], grounds: Grounds
) -> None:
    """A new service, last in the list; files may name it from the next load on.

    A code that is in use, by a retired service too, or that looks like one in use is Invalid.
    """
    grounds, code = grounds.checked(), checked_service_code(code)
    named = _named(checked_names(names))
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        change.require_unit(WHOLE_AGENCY)
        known = services_in_order(change)
        refuse_taken(code, (row.code for row in known))
        last = max((row.position for row in known), default=-1)
        row = Service(code=code, position=last + 1, **named)
        change.add(row)
        _record(change, row, None, grounds)


def rename_service(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    names: Mapping[str, str],
    grounds: Grounds,
) -> None:
    """Call a service otherwise, in all periods; the audit trail keeps its former name."""
    grounds, named = grounds.checked(), _named(checked_names(names))
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, code, version)
        if all(old[name] == text for name, text in named.items()):
            raise Invalid("reference.refused.service_same_name", code=code)
        for name, text in named.items():
            setattr(row, name, text)
        _record(change, row, old, grounds)


def move_service(
    workspace: Workspace, *, by: Actor, code: str, version: int, place: int, grounds: Grounds
) -> None:
    """Let a service be listed at a place, counted from one; those after it move along."""
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, code, version)
        listed = services_in_order(change)
        before = [one.code for one in listed]
        after = _order_with(before, code, place)
        for one in listed:
            one.position = after.index(one.code)
        change.add(*listed)
        _record(change, row, {**old, "order": before}, grounds, order=after)


def retire_service(
    workspace: Workspace, *, by: Actor, code: str, version: int, grounds: Grounds
) -> None:
    """Offer a service no longer; its readings, and the rows of its history, stay."""
    _set_active(workspace, by, code, version, grounds, active=False)


def reinstate_service(
    workspace: Workspace, *, by: Actor, code: str, version: int, grounds: Grounds
) -> None:
    """Offer a service that was retired again."""
    _set_active(workspace, by, code, version, grounds, active=True)


def _set_active(
    workspace: Workspace, by: Actor, code: str, version: int, grounds: Grounds, *, active: bool
) -> None:
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row, old = _seen(change, code, version)
        if row.active == active:
            state = "in_use" if active else "retired"
            raise Invalid(f"reference.refused.service_{state}", code=code)
        row.active = active
        _record(change, row, old, grounds)


def _order_with(before: list[str], code: str, place: int) -> list[str]:
    """The order once a code stands at a place; no such place, or its own, is Invalid."""
    if not 1 <= place <= len(before):
        raise Invalid("reference.refused.out_of_bounds", least=1, most=len(before))
    if before[place - 1] == code:
        raise Invalid("reference.refused.service_same_place", code=code, place=place)
    after = [one for one in before if one != code]
    after.insert(place - 1, code)
    return after


def _seen(change: Change, code: str, version: int) -> tuple[Service, dict[str, Any]]:
    """The service, unless somebody changed it meanwhile, and what it was."""
    change.require_unit(WHOLE_AGENCY)  # a service is delivered everywhere
    row = change.get_version(Service, code, version)
    return row, snapshot(row)


def _record(
    change: Change, row: Service, old: dict[str, Any] | None, grounds: Grounds, **more: Any
) -> None:
    """Keep what became of a service, with its source and reason."""
    change.add(row)
    told = {**snapshot(row), **more, "source": grounds.source, "reason": grounds.reason}
    change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)


def _named(names: Mapping[str, str]) -> dict[str, Any]:
    return {f"name_{language}": text for language, text in names.items()}
