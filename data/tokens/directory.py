"""The tokens a person holds, as he may see them: never the tokens themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.store.tables import ApiToken
from data.tokens.keys import live
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token by its name and its last four characters."""

    id: int
    name: str
    ending: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def list_tokens(workspace: Workspace, *, by: Actor) -> tuple[TokenView, ...]:
    """One's own tokens that open something now, the newest first."""
    own = select(ApiToken).where(col(ApiToken.person_id) == by.person_id)
    with workspace.read(by, Permission.SELF_CHANGE) as reader:
        newest = own.where(*live(datetime.now(UTC))).order_by(col(ApiToken.id).desc())
        return tuple(_view(one) for one in reader.all(newest))


def _view(token: ApiToken) -> TokenView:
    return TokenView(
        id=token.id or 0,
        name=token.name,
        ending=token.ending,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
