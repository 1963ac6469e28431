"""Services as they stand, or stood, retired ones among them."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.recalling import recalled
from data.store.tables import Service
from data.workspace import Reader, Workspace


def read_services(workspace: Workspace, *, by: Actor) -> tuple[Service, ...]:
    """Every service there ever was, in the order in which they are listed everywhere."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return services_in_order(reader)


def services_in_order(reader: Reader) -> tuple[Service, ...]:
    """The same within a look or a change that is under way."""
    return tuple(sorted(recalled(reader, Service), key=lambda row: (row.position, row.code)))
