"""A small inhabited house for tests: the agency, two offices, people with roles."""

from __future__ import annotations

from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.audit.tags import AuditTag
from data.people import add_first_administrator, add_person
from data.signing_in import actor_by_email
from data.store.tables import OrgUnit
from data.workspace import Workspace
from tests.begun import begun

PASSWORD = "correct horse battery"
ADMIN = "admin@example.org"
OFFICES = {"O01": "Prishtinë", "O02": "Prizren"}


def inhabit(workspace: Workspace, *, demo: bool = False) -> Actor:
    """Found the agency with two offices and its first administrator, who is returned."""
    begun(workspace, f"inhabited, {demo=}", lambda: _move_in(workspace, demo=demo))
    return actor(workspace, ADMIN)


def _move_in(workspace: Workspace, *, demo: bool) -> None:
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM, demo=demo)
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        for code, name in OFFICES.items():
            unit = OrgUnit(
                code=code,
                parent_code=WHOLE_AGENCY,
                kind="office",
                name_sq=name,
                name_sr=name,
                name_en=name,
            )
            change.add(unit)
        change.record(AuditTag.REFERENCE_CHANGED, noun="org_unit", noun_id="offices")
    add_first_administrator(
        workspace, email=ADMIN, name="Arta Administratore", language="en", password=PASSWORD
    )


def join(
    workspace: Workspace, email: str, role: Role, unit: str = WHOLE_AGENCY, language: str = "en"
) -> Actor:
    """Let another person in, by the administrator."""
    add_person(
        workspace,
        by=actor(workspace, ADMIN),
        email=email,
        name=email.partition("@")[0].title(),
        language=language,
        password=PASSWORD,
        role=role,
        unit_code=unit,
    )
    return actor(workspace, email)


def actor(workspace: Workspace, email: str) -> Actor:
    found = actor_by_email(workspace, email)
    assert found is not None
    return found


def version_of(workspace: Workspace, email: str) -> tuple[int, int]:
    """The person's id and current row version."""
    from data.people import list_people

    person = next(one for one in list_people(workspace, by=SYSTEM) if one.email == email)
    return person.id, person.row_version
