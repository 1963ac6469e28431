"""The agency's own reference data, read: whose house it is, its offices and services."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.offices.reading import offices_in_order, read_offices
from data.agency.services.reading import read_services
from data.store.tables import Agency, Office, OrgUnit, Service
from data.workspace import Workspace


def the_agency(workspace: Workspace, *, by: Actor) -> Agency | None:
    """The agency, or None in a house that was not founded yet."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.find(Agency, 1)


def offices(workspace: Workspace, *, by: Actor) -> Sequence[Office]:
    """Every office that was ever open, by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return offices_in_order(reader)


def offices_today(workspace: Workspace, *, by: Actor) -> Sequence[Office]:
    """Those of which something is told apart: all but the ones merged into another."""
    gone = {view.code for view in read_offices(workspace, by=by) if view.successor}
    return [office for office in offices(workspace, by=by) if office.code not in gone]


def unit_of_office(workspace: Workspace, *, by: Actor, office: str) -> str:
    """The unit an office belongs to, in which rights are held; an office unknown is NotFound."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.get(Office, office).unit_code


def services(workspace: Workspace, *, by: Actor) -> Sequence[Service]:
    """The services in use, in the order in which they are listed everywhere."""
    return [service for service in read_services(workspace, by=by) if service.active]


def units(workspace: Workspace, *, by: Actor) -> Sequence[OrgUnit]:
    """Every unit of the organisation, by its code."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        return reader.all(select(OrgUnit).order_by(col(OrgUnit.code)))
