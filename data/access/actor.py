"""Who acts: a person with roles in units, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role

WHOLE_AGENCY = "CRA"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a unit; `units` are that unit and all below it, None the whole agency."""

    role: Role
    unit_code: str
    units: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the door sees him, made anew from the database for every request."""

    email: str
    name: str
    language: str
    grants: tuple[Grant, ...] = ()
    person_id: int | None = None
    is_system: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether any role allows it anywhere."""
        return self.is_system or any(permission in PERMISSIONS[g.role] for g in self.grants)

    def units_for(self, permission: Permission) -> frozenset[str] | None:
        """The units in which it is allowed; None means all, an empty set none."""
        if self.is_system:
            return None
        units: set[str] = set()
        for grant in self.grants:
            if permission in PERMISSIONS[grant.role]:
                if grant.units is None:
                    return None
                units |= grant.units
        return frozenset(units)

    def may_in(self, permission: Permission, unit_code: str) -> bool:
        """Whether it is allowed in this unit."""
        units = self.units_for(permission)
        return units is None or unit_code in units


SYSTEM = Actor(email="SYSTEM", name="SYSTEM", language="en", is_system=True)
