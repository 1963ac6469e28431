"""A house in which one KPI is published and a few people live, to say and do something about."""

from __future__ import annotations

from datetime import date

import pytest

from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.roles import Role
from data.people import add_first_administrator
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.readings import refresh
from kpis.targets.actions import set_target
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in

CUT = date(2025, 4, 30)
CODE = "SD-06"
MANAGER, OWNER, VIEWER = "manager@example.org", "owner@example.org", "viewer@example.org"
HEAD, OTHER = "head@example.org", "other@example.org"  # of units O01 and O02
WORKER, GUEST = "worker@example.org", "guest@example.org"  # who are given what a page shows; none
PEOPLE = {
    MANAGER: (Role.MANAGER, WHOLE_AGENCY),
    OWNER: (Role.KPI_OWNER, WHOLE_AGENCY),
    VIEWER: (Role.VIEWER, WHOLE_AGENCY),
    WORKER: (Role.VIEWER, WHOLE_AGENCY),
    GUEST: (Role.VIEWER, WHOLE_AGENCY),
    HEAD: (Role.UNIT_HEAD, "O01"),
    OTHER: (Role.UNIT_HEAD, "O02"),
}


def commented(factory: pytest.TempPathFactory) -> Workspace:
    """Sixteen months of applications in three offices, behind a target out of reach.

    Built once a run; everybody who asks shares it.
    """
    home = factory.getbasetemp() / "commented"
    ready = home / "ready"
    workspace = Workspace.open(settings_in(home))
    if not ready.exists():
        _build(workspace)
        ready.touch()
    return workspace


def _build(workspace: Workspace) -> None:
    founded(workspace)
    open_offices(workspace, ["O01", "O02", "O03"])
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    for email, (role, unit) in PEOPLE.items():
        join(workspace, email, role, unit)
    Loads(workspace).load("applications", applications(600, seed=5), cut_off=CUT)
    set_target(
        workspace,
        by=SYSTEM,
        code=CODE,
        target=Target(low=99.9, source="Agreed"),
        valid_from=date(2024, 1, 1),
        reason="out of reach",
    )
    refresh(workspace, by=SYSTEM, codes=[CODE, "SD-07"])
