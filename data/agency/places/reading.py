"""Districts and municipalities as they stand."""

from __future__ import annotations

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.store.tables import District, Municipality
from data.workspace import Workspace


def read_municipalities(workspace: Workspace, *, by: Actor) -> tuple[Municipality, ...]:
    """Every municipality by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return tuple(reader.all(select(Municipality).order_by(col(Municipality.code))))


def read_districts(workspace: Workspace, *, by: Actor) -> tuple[District, ...]:
    """Every district by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return tuple(reader.all(select(District).order_by(col(District.code))))
