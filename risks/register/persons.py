"""People as the register knows them: who is there, and where somebody works on risks."""

from __future__ import annotations

from sqlmodel import col, select

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from data.errors import NotFound
from data.store.tables import Person, RoleGrant
from data.workspace import Reader


def require_person(reader: Reader, email: str) -> Person:
    """The person of this address; nobody, or somebody shut out, is NotFound."""
    person = reader.first(select(Person).where(Person.email == email))
    if person is None or not person.active:
        raise NotFound("risks.refused.no_person", person=email)
    return person


def working_units(reader: Reader, person: Person) -> frozenset[str]:
    """The units over which somebody holds a role by which one works on risks."""
    held = select(RoleGrant).where(
        RoleGrant.person_id == person.id, col(RoleGrant.ended_at).is_(None)
    )
    return frozenset(
        grant.unit_code
        for grant in reader.all(held)
        if Permission.RISK_WORK in PERMISSIONS[Role(grant.role)]
    )
