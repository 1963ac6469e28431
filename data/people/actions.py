"""Every write to people and their roles: letting in, shutting out, one's own choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import col, func, select, update

from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.passwords import hash_password, verify_password
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Invalid, PermissionDenied
from data.people.charges import Charge, charges_of, out_of_reach
from data.store.tables import ApiToken, OrgUnit, Person, RoleGrant, SignInSession
from data.workspace import Change, Reader, Workspace

LANGUAGES = frozenset({"sq", "sr", "en"})
LONGEST = 254  # an address may not be longer (RFC 5321), a name need not be
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_first_administrator(
    workspace: Workspace, *, email: str, name: str, language: str, password: str
) -> int:
    """Let the first administrator into a house nobody lives in yet; otherwise refuse."""
    with workspace.change(SYSTEM, Permission.PEOPLE_MANAGE) as change:
        if change.first(select(func.count()).select_from(Person)):
            raise Invalid("access.not_the_first")
        person = _new_person(change, email, name, language, password)
        _grant(change, person, Role.ADMINISTRATOR, WHOLE_AGENCY)
        return person.id or 0


def add_person(
    workspace: Workspace,
    *,
    by: Actor,
    email: str,
    name: str,
    language: str,
    password: str,
    role: Role,
    unit_code: str,
    demo: bool = False,
) -> int:
    """Add a person with a first role in a unit the actor may manage; returns the person's id."""
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        change.require_unit(unit_code)
        person = _new_person(change, email, name, language, password, demo=demo)
        _grant(change, person, role, unit_code)
        return person.id or 0


def disable_person(workspace: Workspace, *, by: Actor, person_id: int, version: int) -> None:
    """Shut a person out at once: every session and token ends, roles stay on record.

    Whoever still answers for anything in the risk register is named with it, and stays.
    """
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        person = _someone_else(change, person_id, version)
        if charges := charges_of(change, person.email):
            raise Invalid("access.still_in_charge", person=person.name, charges=charges)
        person.active = False
        change.add(person)
        _require_an_administrator(change)
        ended = _end_sessions(change, person_id)
        tokens = _revoke_tokens(change, person_id)
        told = {**_who(person), "sessions": ended, "tokens": tokens}
        change.record(AuditTag.PERSON_DISABLED, person, new=told)


def enable_person(workspace: Workspace, *, by: Actor, person_id: int, version: int) -> None:
    """Let a person in again, with the roles he had; a lock after failed sign-ins is lifted too."""
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        person = _someone_else(change, person_id, version)
        person.active, person.locked_until, person.failed_sign_ins = True, None, 0
        change.add(person)
        change.record(AuditTag.PERSON_ENABLED, person, new=_who(person))


def grant_role(
    workspace: Workspace, *, by: Actor, person_id: int, role: Role, unit_code: str
) -> None:
    """Give somebody else a role in a unit the actor may manage."""
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        change.require_unit(unit_code)
        person = change.get(Person, person_id)
        if person.id == by.person_id:
            raise PermissionDenied("access.not_for_oneself")
        if any(one.role == role and one.unit_code == unit_code for one in _grants(change, person)):
            raise Invalid("access.role_already_held", person=person.name, role=role, unit=unit_code)
        _grant(change, person, role, unit_code)


def end_role(workspace: Workspace, *, by: Actor, grant_id: int) -> None:
    """Take a role away; it stays on record that it was held, and until when.

    The last one by which somebody works on risks he owns stays until they are somebody else's.
    """
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        grant = change.get(RoleGrant, grant_id)
        change.require_unit(grant.unit_code)
        if grant.ended_at is not None:
            raise Invalid("access.role_already_ended")
        person = change.get(Person, grant.person_id)
        grant.ended_at, grant.ended_by = datetime.now(UTC), by.email
        change.add(grant)
        _require_an_administrator(change)
        if codes := out_of_reach(change, person):
            charges = Charge("access.charge.risks", {"codes": codes})
            raise Invalid("access.still_in_charge", person=person.name, charges=[charges])
        change.record(
            AuditTag.ROLE_ENDED,
            grant,
            old={**_who(person), "role": grant.role, "unit": grant.unit_code},
        )


def reset_password(
    workspace: Workspace, *, by: Actor, person_id: int, version: int, new: str
) -> None:
    """Give somebody else a new password and lift his lock; all his sessions and tokens end."""
    hashed = hash_password(new)
    with workspace.change(by, Permission.PEOPLE_MANAGE) as change:
        person = _someone_else(change, person_id, version)
        _revoke_tokens(change, person_id)
        _set_password(change, person, hashed)


def change_password(workspace: Workspace, *, by: Actor, current: str, new: str) -> None:
    """Change one's own password, knowing the old one; every session of the person ends."""
    hashed = hash_password(new)
    with workspace.read(by, Permission.SELF_CHANGE) as reader:
        stored = reader.get(Person, by.person_id).password_hash
    # The slow hash is checked before the write lock is taken: nobody may hold up all writers.
    if not verify_password(current, stored):
        raise PermissionDenied("access.wrong_password")
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        _set_password(change, change.get(Person, by.person_id), hashed)


def set_language(workspace: Workspace, *, by: Actor, language: str) -> None:
    """Choose the language in which the product speaks to oneself."""
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        person = change.get(Person, by.person_id)
        old, person.language = person.language, _known_language(language)
        change.add(person)
        change.record(
            AuditTag.LANGUAGE_CHANGED, person, old={"language": old}, new={"language": language}
        )


def _new_person(
    change: Change, email: str, name: str, language: str, password: str, *, demo: bool = False
) -> Person:
    email, name = email.strip().lower(), name.strip()
    if not _EMAIL.fullmatch(email) or len(email) > LONGEST:
        raise Invalid("access.email_unreadable", email=email[:LONGEST])
    if not name or len(name) > LONGEST:
        raise Invalid("access.name_missing")
    if change.first(select(Person).where(Person.email == email)):
        raise Invalid("access.email_taken", email=email)
    person = Person(
        email=email,
        name=name,
        language=_known_language(language),
        password_hash=hash_password(password),
        demo=demo,
        created_at=datetime.now(UTC),
    )
    change.add(person)
    change.record(AuditTag.PERSON_ADDED, person, new=_who(person))
    return person


def _known_language(language: str) -> str:
    if language not in LANGUAGES:
        raise Invalid("access.unknown_language", language=language)
    return language


def _grant(change: Change, person: Person, role: Role, unit_code: str) -> None:
    change.get(OrgUnit, unit_code)
    grant = RoleGrant(
        person_id=person.id or 0,
        role=role.value,
        unit_code=unit_code,
        granted_by=change.by.email,
        granted_at=datetime.now(UTC),
    )
    change.add(grant)
    change.record(
        AuditTag.ROLE_GRANTED, grant, new={**_who(person), "role": role.value, "unit": unit_code}
    )


def _someone_else(change: Change, person_id: int, version: int) -> Person:
    """A person other than the actor, all of whose roles lie where the actor may manage."""
    person = change.get_version(Person, person_id, version)
    if person.id == change.by.person_id:
        raise PermissionDenied("access.not_for_oneself")
    for grant in _grants(change, person):
        change.require_unit(grant.unit_code)
    return person


def _grants(reader: Reader, person: Person) -> Sequence[RoleGrant]:
    return reader.all(
        select(RoleGrant).where(RoleGrant.person_id == person.id, col(RoleGrant.ended_at).is_(None))
    )


def _require_an_administrator(change: Change) -> None:
    """Nobody may lock the house with the key inside."""
    left = change.first(
        select(func.count())
        .select_from(RoleGrant)
        .join(Person, col(Person.id) == col(RoleGrant.person_id))
        .where(
            RoleGrant.role == Role.ADMINISTRATOR.value,
            RoleGrant.unit_code == WHOLE_AGENCY,
            col(RoleGrant.ended_at).is_(None),
            col(Person.active).is_(True),
        )
    )
    if not left:
        raise Invalid("access.last_administrator")


def _set_password(change: Change, person: Person, hashed: str) -> None:
    person.password_hash, person.locked_until, person.failed_sign_ins = hashed, None, 0
    change.add(person)
    ended = _end_sessions(change, person.id or 0)
    change.record(AuditTag.PASSWORD_CHANGED, person, new={**_who(person), "sessions": ended})


def _end_sessions(change: Change, person_id: int) -> int:
    now = datetime.now(UTC)
    return change.execute(
        update(SignInSession)
        .where(
            col(SignInSession.person_id) == person_id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.expires_at) > now,
        )
        .values(ended_at=now)
    )


def _revoke_tokens(change: Change, person_id: int) -> int:
    return change.execute(
        update(ApiToken)
        .where(col(ApiToken.person_id) == person_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


def _who(person: Person) -> dict[str, str]:
    return {"person": person.email, "name": person.name}
