"""Who asks: the holder of the token in the Authorization header, or why nobody is let in.

The cookie of the pages opens nothing here: a page of another site could make a browser send it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from dashboard.house import the_workspace
from dashboard.web.api.failures import Failures
from data.access.actor import Actor
from data.tokens import holder_of, note_refused

SCHEME = "bearer"
LONGEST = 200  # characters of the header looked at; a token has 47
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="cra"'}
INVALID = {"WWW-Authenticate": 'Bearer realm="cra", error="invalid_token"'}

failures = Failures()  # of this process; the pages and this interface are served by one


class TurnedAway(Exception):
    """No token, a token that opens nothing, or too many of those."""

    def __init__(self, status: int, *, text_key: str, headers: dict[str, str], minutes: int = 0):
        super().__init__(text_key)
        self.status, self.key, self.headers = status, text_key, headers
        self.minutes = minutes


async def admit(request: Request) -> Actor:
    """The holder of the token, with today's roles; else TurnedAway."""
    address, now = request.client.host if request.client else "", datetime.now(UTC)
    wait = failures.wait(address, now)
    if wait is not None:
        seconds = ceil(wait.total_seconds())
        raise TurnedAway(
            429,
            text_key="api.refused.too_many_tokens",
            headers={"Retry-After": str(seconds)},
            minutes=ceil(seconds / 60),
        )
    key = _token(request)
    actor = await run_in_threadpool(holder_of, the_workspace(), key)
    if actor is None:
        if failures.add(address, key, now):
            await run_in_threadpool(note_refused, the_workspace(), key, address=address)
        raise TurnedAway(401, text_key="api.refused.token", headers=INVALID)
    return actor


def _token(request: Request) -> str:
    given = request.headers.getlist("authorization")
    scheme, _, key = given[0].strip().partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != SCHEME or not key.strip():
        raise TurnedAway(401, text_key="api.refused.no_token", headers=CHALLENGE)
    return key.strip()[:LONGEST]
