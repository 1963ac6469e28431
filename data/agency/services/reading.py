"""Services as they stand, retired ones among them."""

from __future__ import annotations

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.store.tables import Service
from data.workspace import Reader, Workspace


def read_services(workspace: Workspace, *, by: Actor) -> tuple[Service, ...]:
    """Every service there ever was, in the order in which they are listed everywhere."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return services_in_order(reader)


def services_in_order(reader: Reader) -> tuple[Service, ...]:
    """The same within a look or a change that is under way."""
    ordered = select(Service).order_by(col(Service.position), col(Service.code))
    return tuple(reader.all(ordered))
