"""Districts and municipalities as they stand, or stood."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.recalling import recalled
from data.store.tables import District, Municipality
from data.workspace import Workspace


def read_municipalities(workspace: Workspace, *, by: Actor) -> tuple[Municipality, ...]:
    """Every municipality by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return tuple(sorted(recalled(reader, Municipality), key=lambda row: row.code))


def read_districts(workspace: Workspace, *, by: Actor) -> tuple[District, ...]:
    """Every district by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return tuple(sorted(recalled(reader, District), key=lambda row: row.code))
