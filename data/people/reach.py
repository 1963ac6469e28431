"""Where somebody holds a right through his roles, and which units lie above one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col, select

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from data.store.tables import OrgUnit, Person, RoleGrant
from data.workspace import Reader


def units_of(reader: Reader, person: Person, permission: Permission) -> frozenset[str]:
    """The units over which somebody holds a role that allows it; it reaches all below them."""
    held = select(RoleGrant).where(
        RoleGrant.person_id == person.id, col(RoleGrant.ended_at).is_(None)
    )
    return frozenset(
        grant.unit_code for grant in reader.all(held) if permission in PERMISSIONS[Role(grant.role)]
    )


def upwards(reader: Reader, unit: str) -> Iterator[str]:
    """A unit and all above it."""
    code: str | None = unit
    while code is not None:
        yield code
        code = reader.get(OrgUnit, code).parent_code
