"""Who comes with a token: the person it is of, with the roles held at this very request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from data.access.actor import Actor
from data.audit import trail
from data.audit.tags import AuditTag
from data.signing_in import NOBODY, actor_for
from data.store.tables import ApiToken, Person
from data.tokens.keys import hash_of, is_key, live
from data.workspace import Workspace

USED_EVERY = timedelta(minutes=1)  # how exact "last used" is, so that reading rarely writes


def holder_of(workspace: Workspace, key: str) -> Actor | None:
    """Who holds this token now; None when nobody, no longer, or no longer allowed in."""
    if not is_key(key):
        return None
    now = datetime.now(UTC)
    statement = select(ApiToken, Person).join(Person, col(Person.id) == col(ApiToken.person_id))
    mine = statement.where(ApiToken.token_hash == hash_of(key), *live(now))
    with workspace.database.reading() as session:
        found = session.exec(mine.where(col(Person.active).is_(True))).first()
        if found is None:
            return None
        token, person = found
        actor = actor_for(session, person)
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        _mark_used(workspace, token.id or 0, now)
    return actor


def note_refused(workspace: Workspace, key: str, *, address: str) -> None:
    """Put on record that a token was refused: from where, and whose it was if anybody's."""
    statement = select(ApiToken, Person).join(Person, col(Person.id) == col(ApiToken.person_id))
    with workspace.database.writing() as session:
        found = session.exec(statement.where(ApiToken.token_hash == hash_of(key))).first()
        # What was sent is not kept: it may be a password in the wrong place.
        trail.append(
            session,
            actor=found[1].email if found else NOBODY,
            tag=AuditTag.TOKEN_REFUSED,
            noun="address",
            noun_id=address,
            new={"token": found[0].name, "ending": found[0].ending} if found else None,
        )


def _mark_used(workspace: Workspace, token_id: int, now: datetime) -> None:
    with workspace.database.writing() as session:
        token = session.get(ApiToken, token_id)
        if token is not None:
            token.last_used_at = now
