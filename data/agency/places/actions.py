"""Every write to where municipalities lie."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.stating import Grounds
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.store.tables import District, Municipality
from data.workspace import Workspace, snapshot


def move_municipality(
    workspace: Workspace, *, by: Actor, code: str, version: int, district: str, grounds: Grounds
) -> None:
    """Let a municipality belong to another district, in all periods.

    Readings keep what they were: the reference data they rested on is kept with them.
    """
    grounds = grounds.checked()
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        row = change.get_version(Municipality, code, version)
        if change.get(District, district).code == row.district_code:
            raise Invalid("reference.refused.there_already")
        old = snapshot(row)
        row.district_code = district
        change.add(row)
        told = {**snapshot(row), "source_of_district": grounds.source, "reason": grounds.reason}
        change.record(AuditTag.REFERENCE_CHANGED, row, old=old, new=told)
