"""What every house needs before anybody works in it: schema, reference data, KPI definitions, and
the criteria by which risks are assessed.
"""

from __future__ import annotations

from datetime import timedelta

from data.access.actor import SYSTEM
from data.agency.actions import found_agency
from data.agency.directory import the_agency
from data.workspace import Workspace
from kpis.defining.actions import define_catalogue
from risks.criteria.actions import found_register, has_register

# A demo agency has had its risk criteria for as long as its register tells of.
DEMO_REGISTER = timedelta(days=4 * 366)


def prepare(workspace: Workspace, *, demo: bool = False) -> None:
    """Bring a house up to this version of the product; an empty one is founded, as demo or not."""
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM, demo=demo)
    define_catalogue(workspace, by=SYSTEM)
    since = workspace.clock() - (DEMO_REGISTER if demo else timedelta())
    found_register(workspace.by_clock(lambda: since), by=SYSTEM)


def is_prepared(workspace: Workspace) -> bool:
    """Whether the schema is this version's, the house was founded and knows how to judge risks."""
    return (
        workspace.database.is_current()
        and the_agency(workspace, by=SYSTEM) is not None
        and has_register(workspace, by=SYSTEM)
    )
