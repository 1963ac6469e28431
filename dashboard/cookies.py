"""The cookies: the session of a signed-in person, and the token that guards the sign-in form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.responses import Response

from data.settings import Settings
from data.signing_in import LIFETIME

SESSION = "cra_session"
FORM = "cra_form"


def session_token(cookies: Mapping[str, str], settings: Settings) -> str | None:
    """The token of the session this browser claims to have."""
    return cookies.get(cookie_name(SESSION, settings))


def cookie_name(name: str, settings: Settings) -> str:
    """Over https the name binds the cookie to this very host (__Host-), so no other can set it."""
    return f"__Host-{name}" if settings.secure_cookies else name


def set_cookie(response: Response, name: str, value: str, settings: Settings) -> None:
    """Out of reach of scripts, and not sent along with what other sites post.

    Lax and not Strict: a link in a mail must open the page it names, not the sign-in page.
    """
    response.set_cookie(
        cookie_name(name, settings),
        value,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


def forget_cookie(response: Response, name: str, settings: Settings) -> None:
    response.delete_cookie(
        cookie_name(name, settings),
        path="/",
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


def sign_out_proof(token: str) -> str:
    """What only a page shown to the holder of this session can know; the token stays unreadable."""
    return hashlib.sha256(f"sign out {token}".encode()).hexdigest()
