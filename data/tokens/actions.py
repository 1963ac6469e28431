"""Every write to tokens: making one, which is shown once, and taking one's own back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import col, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid, NotFound
from data.store.tables import ApiToken, Person
from data.tokens.keys import ENDING, hash_of, live, new_key
from data.workspace import Change, Workspace

LIFETIMES = (30, 90, 180, 365)  # days; every token ends
MOST_TOKENS = 10  # open at a time
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NewToken:
    """A fresh token: `key` is shown to its maker now and kept nowhere."""

    id: int
    key: str = field(repr=False)
    expires_at: datetime


def create_token(workspace: Workspace, *, by: Actor, name: str, days: int) -> NewToken:
    """A token of one's own with a name to know it by, good for so many days."""
    name, key, now = _checked_name(name), new_key(), datetime.now(UTC)
    if days not in LIFETIMES:
        raise Invalid("tokens.refused.days", days=days, known=LIFETIMES)
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        person = change.get(Person, by.person_id)
        _require_room(change, person, now)
        token = ApiToken(
            person_id=person.id or 0,
            name=name,
            token_hash=hash_of(key),
            ending=key[-ENDING:],
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        change.add(token)
        change.record(AuditTag.TOKEN_CREATED, token, new=_told(person, token))
        return NewToken(token.id or 0, key, token.expires_at)


def revoke_token(workspace: Workspace, *, by: Actor, token_id: int) -> None:
    """Take a token of one's own back: it opens nothing from now on."""
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        token = change.find(ApiToken, token_id)
        if token is None or token.person_id != by.person_id or token.revoked_at is not None:
            raise NotFound("tokens.refused.none", id=str(token_id))
        token.revoked_at = datetime.now(UTC)
        change.add(token)
        person = change.get(Person, token.person_id)
        change.record(AuditTag.TOKEN_REVOKED, token, old=_told(person, token))


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("tokens.refused.name", longest=LONGEST_NAME)
    return name


def _require_room(change: Change, person: Person, now: datetime) -> None:
    own = select(func.count()).select_from(ApiToken).where(col(ApiToken.person_id) == person.id)
    if (change.first(own.where(*live(now))) or 0) >= MOST_TOKENS:
        raise Invalid("tokens.refused.too_many", most=MOST_TOKENS)


def _told(person: Person, token: ApiToken) -> dict[str, str]:
    return {
        "person": person.email,
        "token": token.name,
        "ending": token.ending,
        "expires_at": token.expires_at.isoformat(timespec="seconds"),
    }
