"""Who can own a risk, and which risks wait for another owner before somebody leaves."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col, select

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from data.errors import Invalid, NotFound
from data.store.tables import OrgUnit, Person, RoleGrant
from data.workspace import Reader


def require_owner(reader: Reader, email: str, unit: str) -> None:
    """An owner is somebody active with a role over the unit by which one works on risks."""
    person = reader.first(select(Person).where(Person.email == email))
    if person is None or not person.active:
        raise NotFound("risks.refused.no_person", person=email)
    if not set(_working_units(reader, person)) & set(_upwards(reader, unit)):
        raise Invalid("risks.refused.no_owner", person=email, unit=unit)


def _working_units(reader: Reader, person: Person) -> Iterator[str]:
    held = select(RoleGrant).where(
        RoleGrant.person_id == person.id, col(RoleGrant.ended_at).is_(None)
    )
    for grant in reader.all(held):
        if Permission.RISK_WORK in PERMISSIONS[Role(grant.role)]:
            yield grant.unit_code


def _upwards(reader: Reader, unit: str) -> Iterator[str]:
    """A unit and all above it."""
    code: str | None = unit
    while code is not None:
        yield code
        code = reader.get(OrgUnit, code).parent_code
