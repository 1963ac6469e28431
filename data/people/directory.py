"""Who is who: people with the roles they hold, as those see them who look after people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, func, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.recalling import later_entries
from data.store.tables import OrgUnit, Person, RoleGrant, SignInSession
from data.workspace import Reader, Workspace, noun_of

_SHUT_OUT = frozenset({AuditTag.PERSON_DISABLED.value, AuditTag.PERSON_ENABLED.value})


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role a person holds now, in a unit and all below it."""

    grant_id: int
    role: Role
    unit: OrgUnit
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as those see him who look after people."""

    id: int
    email: str
    name: str
    language: str
    active: bool
    demo: bool
    locked_until: datetime | None
    last_seen_at: datetime | None
    row_version: int
    roles: tuple[HeldRole, ...]


def list_people(workspace: Workspace, *, by: Actor) -> tuple[PersonView, ...]:
    """Everybody the actor may see, by name; rights in some units show who holds roles there.

    At an earlier time: who was there, with which roles; when he was last seen is not told.
    """
    with workspace.read(by, Permission.PEOPLE_VIEW) as reader:
        roles = _held_roles(reader)
        seen = {} if reader.then else _last_seen(reader)
        people = _there(reader)
        views = [_view(one, roles.get(one.id or 0, ()), seen.get(one.id or 0)) for one in people]
        return tuple(
            view
            for view in views
            if reader.units is None or any(reader.scope(held.unit.code) for held in view.roles)
        )


def nobody_lives_here(workspace: Workspace) -> bool:
    """Whether the first person has still to be added; asked before anybody can be signed in."""
    with workspace.database.reading() as session:
        return session.exec(select(Person.id).limit(1)).first() is None


def list_units(workspace: Workspace, *, by: Actor) -> Sequence[OrgUnit]:
    """The units in which the actor may give roles, the agency first."""
    with workspace.read(by, Permission.PEOPLE_VIEW) as reader:
        units = reader.all(select(OrgUnit).order_by(col(OrgUnit.code)))
        reach = by.units_for(Permission.PEOPLE_MANAGE)
        reached = [unit for unit in units if reach is None or unit.code in reach]
        return sorted(reached, key=lambda unit: (unit.code != WHOLE_AGENCY, unit.code))


def _there(reader: Reader) -> list[Person]:
    """Everybody by name; at an earlier time who was let in by then, shut out or not as he was."""
    people = reader.all(select(Person).order_by(col(Person.name), col(Person.email)))
    if reader.then is None:
        return list(people)
    until = reader.then.until
    was = [Person.model_validate(one.model_dump()) for one in people if one.created_at < until]
    by_id = {str(one.id): one for one in was}
    for entry in later_entries(reader, noun_of(Person)):
        if entry.tag in _SHUT_OUT and entry.noun_id in by_id:
            by_id[entry.noun_id].active = entry.tag == AuditTag.PERSON_DISABLED.value
    for one in was:
        one.locked_until = None
    return was


def _held_roles(reader: Reader) -> dict[int, list[HeldRole]]:
    units = {unit.code: unit for unit in reader.all(select(OrgUnit))}
    ended, live = col(RoleGrant.ended_at), select(RoleGrant).order_by(col(RoleGrant.id))
    if reader.then is None:
        live = live.where(ended.is_(None))
    else:
        until = reader.then.until
        live = live.where(col(RoleGrant.granted_at) < until, or_(ended.is_(None), ended >= until))
    held: dict[int, list[HeldRole]] = {}
    for grant in reader.all(live):
        role = HeldRole(
            grant.id or 0,
            Role(grant.role),
            units[grant.unit_code],
            grant.granted_by,
            grant.granted_at,
        )
        held.setdefault(grant.person_id, []).append(role)
    return held


def _last_seen(reader: Reader) -> dict[int, datetime]:
    newest: Any = select(SignInSession.person_id, func.max(SignInSession.last_seen_at)).group_by(
        col(SignInSession.person_id)
    )
    rows: Sequence[Any] = reader.all(newest)
    return dict(rows)


def _view(person: Person, roles: Sequence[HeldRole], seen: datetime | None) -> PersonView:
    return PersonView(
        id=person.id or 0,
        email=person.email,
        name=person.name,
        language=person.language,
        active=person.active,
        demo=person.demo,
        locked_until=person.locked_until,
        last_seen_at=seen,
        row_version=person.row_version,
        roles=tuple(roles),
    )
