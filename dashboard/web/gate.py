"""The gate: whatever is not public is answered only to somebody signed in.

Pages check again on every run, and the door behind them once more. The gate keeps strangers
from the page's frame, from uploads and from files made for somebody else.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.cookies import session_token
from dashboard.house import the_workspace
from data.signing_in import actor_of

PUBLIC = frozenset(
    {
        "/sign-in",
        "/sign-out",
        "/healthz",
        "/favicon.png",
        "/_stcore/health",  # asked by the page before it opens its socket
        "/_stcore/host-config",
    }
)
PUBLIC_FOLDERS = ("/static/", "/front/")
OWN_KEYS = "/api"  # asks for a token itself; there the cookie of the pages opens nothing
INNER_FOLDERS = ("/_stcore/", "/media/", "/component/")  # never an address a person types
ACTOR = "cra.actor"  # where the routes behind the gate find who it is


class Gate:
    """Lets signed-in people through, sends others to the sign-in page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The socket of a page is let through: its page says what to do when a session has ended.
        if scope["type"] != "http" or _is_public(scope["path"]):
            await self._app(scope, receive, send)
            return
        workspace = the_workspace()
        token = session_token(HTTPConnection(scope).cookies, workspace.settings)
        actor = await run_in_threadpool(actor_of, workspace, token)
        if actor is None:
            await _turned_away(scope)(scope, receive, send)
            return
        scope[ACTOR] = actor
        await self._app(scope, receive, send)


def _is_public(path: str) -> bool:
    own = path == OWN_KEYS or path.startswith(f"{OWN_KEYS}/")
    return own or path in PUBLIC or path.startswith(PUBLIC_FOLDERS)


def _turned_away(scope: Scope) -> Response:
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    if scope["method"] not in {"GET", "HEAD"} or path.startswith(INNER_FOLDERS):
        return PlainTextResponse("Not signed in", status_code=401)
    back = urlencode({"next": f"{path}?{query}" if query else path})
    return RedirectResponse("/sign-in" if path == "/" and not query else f"/sign-in?{back}", 303)
