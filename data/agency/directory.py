"""The agency's own reference data, read: whose house it is, its offices and services."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.store.tables import Agency, Office, OrgUnit, Service
from data.workspace import Workspace


def the_agency(workspace: Workspace, *, by: Actor) -> Agency | None:
    """The agency, or None in a house that was not founded yet."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.find(Agency, 1)


def offices(workspace: Workspace, *, by: Actor) -> Sequence[Office]:
    """Every office that was ever open, by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.all(select(Office).order_by(col(Office.code)))


def services(workspace: Workspace, *, by: Actor) -> Sequence[Service]:
    """The services in use, in the order in which they are listed everywhere."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        in_use = select(Service).where(col(Service.active).is_(True))
        return reader.all(in_use.order_by(col(Service.position), col(Service.code)))


def units(workspace: Workspace, *, by: Actor) -> Sequence[OrgUnit]:
    """Every unit of the organisation, by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.all(select(OrgUnit).order_by(col(OrgUnit.code)))
