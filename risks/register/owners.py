"""Who can own a risk, who can be given work, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.people.reach import units_of, upwards
from data.store.tables import Person, RoleGrant
from data.workspace import Reader

WORKING_ROLES = tuple(role for role in Role if Permission.RISK_WORK in PERMISSIONS[role])


@dataclass(frozen=True, slots=True)
class Someone:
    """A person by his address and his name."""

    email: str
    name: str


def require_person(reader: Reader, email: str) -> Person:
    """Somebody who can be given work: active."""
    person = reader.first(select(Person).where(Person.email == email))
    if person is None or not person.active:
        raise NotFound("risks.refused.no_person", person=email)
    return person


def require_owner(reader: Reader, email: str, unit: str) -> None:
    """An owner is somebody active with a role over the unit by which one works on risks."""
    person = require_person(reader, email)
    works_in = units_of(reader, person, Permission.RISK_WORK)
    if works_in.isdisjoint(upwards(reader, unit)):
        raise Invalid("risks.refused.no_owner", person=email, unit=unit)


def possible_owners(reader: Reader, unit: str) -> tuple[Someone, ...]:
    """Who can own a risk of a unit, by name; for those who may see risks."""
    _require_sight(reader)
    held = (
        select(Person)
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .where(
            col(Person.active).is_(True),
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([role.value for role in WORKING_ROLES]),
            col(RoleGrant.unit_code).in_(list(upwards(reader, unit))),
        )
    )
    return _by_name({person.email: person for person in reader.all(held)}.values())


def possible_doers(reader: Reader) -> tuple[Someone, ...]:
    """To whom a treatment can be given, by name: everybody active."""
    _require_sight(reader)
    return _by_name(reader.all(select(Person).where(col(Person.active).is_(True))))


def _by_name(people: Iterable[Person]) -> tuple[Someone, ...]:
    found = (Someone(one.email, one.name) for one in people)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.email)))


def _require_sight(reader: Reader) -> None:
    """Those who see only the published register are told of no person."""
    if not reader.by.may(Permission.RISK_VIEW):
        raise PermissionDenied("door.denied", permission=Permission.RISK_VIEW.value)
