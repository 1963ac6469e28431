"""Signing in and out: who vouches for a person, and the session his browser holds.

Whoever vouches (a password today, an OIDC provider later), what counts is the person in our
database: role and active flag are read anew for every request.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from data.access.actor import WHOLE_AGENCY, Actor, Grant
from data.access.passwords import verify_password
from data.access.roles import Role
from data.audit import trail
from data.audit.tags import AuditTag
from data.errors import PermissionDenied
from data.store.tables import OrgUnit, Person, RoleGrant, SignInSession
from data.workspace import Workspace

LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=2)
FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)
NOBODY = "UNKNOWN"
SEEN_EVERY = timedelta(minutes=1)  # how exact "last seen" is, so that reading rarely writes


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the token belongs in the browser's cookie and is kept nowhere else."""

    token: str
    expires_at: datetime


def sign_in(workspace: Workspace, *, email: str, password: str) -> SignedIn:
    """Open a session for the person with this password, or refuse without saying why.

    After five failures in a row the account is locked for a quarter of an hour.
    """
    email = email.strip().lower()
    person = _person(workspace, email)
    # The slow hash is checked before the write lock is taken: nobody may hold up all writers.
    matches = verify_password(password, person.password_hash if person else None)
    with workspace.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == email)).first()
        admitted = person is not None and _admit(session, person, matches=matches)
        signed_in = _open_session(session, person) if person and admitted else None
        if person is None:
            # What was typed is not kept: it may be a password in the wrong field.
            _note(session, NOBODY, AuditTag.SIGN_IN_FAILED)
    if signed_in is None:
        raise PermissionDenied("access.sign_in_refused", minutes=int(LOCK.total_seconds() // 60))
    return signed_in


def sign_in_vouched(workspace: Workspace, *, email: str) -> SignedIn:
    """Open a session for a person somebody trusted has already identified."""
    with workspace.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
        signed_in = _open_session(session, person) if person and person.active else None
    if signed_in is None:
        raise PermissionDenied("access.unknown_person")
    return signed_in


def actor_of(workspace: Workspace, token: str | None) -> Actor | None:
    """Who holds this cookie now; None when nobody, no longer, or no longer allowed in."""
    if not token:
        return None
    now = datetime.now(UTC)
    with workspace.database.reading() as session:
        found = session.exec(
            select(SignInSession, Person)
            .join(Person, col(Person.id) == col(SignInSession.person_id))
            .where(SignInSession.token_hash == _hash(token))
        ).first()
        if found is None or not _is_live(found[0], now) or not found[1].active:
            return None
        signed_in, person = found
        actor = actor_for(session, person)
    if now - signed_in.last_seen_at > SEEN_EVERY:
        _mark_seen(workspace, signed_in.token_hash, now)
    return actor


def actor_by_email(workspace: Workspace, email: str) -> Actor | None:
    """The person with this address if active; for the command line, where the machine vouches."""
    with workspace.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
        return actor_for(session, person) if person and person.active else None


def sign_out(workspace: Workspace, token: str | None) -> None:
    """End this session; unknown tokens are ignored."""
    with workspace.database.writing() as session:
        found = session.exec(
            select(SignInSession).where(SignInSession.token_hash == _hash(token or ""))
        ).first()
        if found is not None and found.ended_at is None:
            found.ended_at = datetime.now(UTC)
            person = session.get(Person, found.person_id)
            _note(session, person.email if person else "", AuditTag.SIGNED_OUT)


def sign_out_everywhere(workspace: Workspace, actor: Actor) -> int:
    """End every session of this person; returns how many there were."""
    with workspace.database.writing() as session:
        ended = end_sessions(session, actor.person_id or 0)
        _note(session, actor.email, AuditTag.SIGNED_OUT_EVERYWHERE)
    return ended


def end_sessions(session: Session, person_id: int) -> int:
    """End every live session of a person within a running transaction."""
    now = datetime.now(UTC)
    live = [
        one
        for one in session.exec(select(SignInSession).where(SignInSession.person_id == person_id))
        if _is_live(one, now)
    ]
    for one in live:
        one.ended_at = now
    return len(live)


def _person(workspace: Workspace, email: str) -> Person | None:
    with workspace.database.reading() as session:
        return session.exec(select(Person).where(Person.email == email)).first()


def _admit(session: Session, person: Person, *, matches: bool) -> bool:
    now = datetime.now(UTC)
    if person.locked_until and person.locked_until > now:
        _note(session, person.email, AuditTag.SIGN_IN_FAILED)
        return False
    if matches and person.active:
        person.failed_sign_ins, person.locked_until = 0, None
        return True
    person.failed_sign_ins += 1
    _note(session, person.email, AuditTag.SIGN_IN_FAILED)
    if person.failed_sign_ins >= FAILURES_BEFORE_LOCK:
        person.failed_sign_ins, person.locked_until = 0, now + LOCK
        _note(session, person.email, AuditTag.LOCKED_OUT)
    return False


def _open_session(session: Session, person: Person) -> SignedIn:
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.add(
        SignInSession(
            token_hash=_hash(token),
            person_id=person.id or 0,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LIFETIME,
        )
    )
    _note(session, person.email, AuditTag.SIGNED_IN)
    return SignedIn(token, now + LIFETIME)


def actor_for(session: Session, person: Person) -> Actor:
    """The person with the roles held now, read within a running session."""
    live = select(RoleGrant).where(
        RoleGrant.person_id == person.id, col(RoleGrant.ended_at).is_(None)
    )
    children = _children(session)
    return Actor(
        email=person.email,
        name=person.name,
        language=person.language,
        person_id=person.id,
        grants=tuple(
            Grant(Role(one.role), one.unit_code, _units_below(children, one.unit_code))
            for one in session.exec(live)
        ),
    )


def _children(session: Session) -> dict[str | None, list[str]]:
    children: dict[str | None, list[str]] = {}
    for code, parent in session.exec(select(OrgUnit.code, OrgUnit.parent_code)):
        children.setdefault(parent, []).append(code)
    return children


def _units_below(children: dict[str | None, list[str]], unit_code: str) -> frozenset[str] | None:
    if unit_code == WHOLE_AGENCY:
        return None
    units, waiting = set(), [unit_code]
    while waiting:
        unit = waiting.pop()
        if unit not in units:
            units.add(unit)
            waiting.extend(children.get(unit, []))
    return frozenset(units)


def _is_live(one: SignInSession, now: datetime) -> bool:
    return one.ended_at is None and now < one.expires_at and now - one.last_seen_at < IDLE


def _mark_seen(workspace: Workspace, token_hash: str, now: datetime) -> None:
    with workspace.database.writing() as session:
        found = session.exec(
            select(SignInSession).where(SignInSession.token_hash == token_hash)
        ).first()
        if found is not None:
            found.last_seen_at = now


def _note(session: Session, email: str, tag: AuditTag) -> None:
    trail.append(session, actor=email, tag=tag, noun="person", noun_id=email)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
