"""What every house needs before anybody works in it: schema, reference data, KPI definitions."""

from __future__ import annotations

from data.access.actor import SYSTEM
from data.agency.actions import found_agency
from data.agency.directory import the_agency
from data.workspace import Workspace
from kpis.defining.actions import define_catalogue


def prepare(workspace: Workspace, *, demo: bool = False) -> None:
    """Bring a house up to this version of the product; an empty one is founded, as demo or not."""
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM, demo=demo)
    define_catalogue(workspace, by=SYSTEM)


def is_prepared(workspace: Workspace) -> bool:
    """Whether the schema is this version's and the house was founded."""
    return workspace.database.is_current() and the_agency(workspace, by=SYSTEM) is not None
