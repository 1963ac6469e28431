"""What the web application is made of, besides the pages: routes, what surrounds them, its life."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from dashboard.house import the_workspace
from dashboard.jobs.supervisor import worker_at_work
from dashboard.navigation import PATHS, landing
from dashboard.web import sign_in
from dashboard.web.api.routes import ROUTES as DATA_INTERFACE
from dashboard.web.gate import ACTOR, Gate
from dashboard.web.headers import SecurityHeaders
from dashboard.web.streamlit_files import TYPING, CompressedAssets, font_file, index_in
from data.access.actor import Actor
from data.health import health
from data.language.languages import Language
from data.language.texts import Texts

ICON = Path(__file__).parent / "icon.png"
TYPING_SCRIPT = Path(__file__).parent / "typing.js"
A_DAY = {"Cache-Control": "max-age=86400"}


async def page(request: Request) -> Response:
    """GET of any page: Streamlit's frame, in the language of whoever asks. Behind the gate."""
    actor: Actor = request.scope[ACTOR]
    if request.url.path == f"/{landing(actor).path}":
        return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", 303)
    asked = request.query_params.get("language", "")
    language = Language(asked if asked in set(Language) else actor.language)
    return HTMLResponse(index_in(language, Texts(language).text("shell.product")))


async def healthz(_request: Request) -> Response:
    """GET /healthz: 200 when all is well, 503 when something is not, each named."""
    found = await run_in_threadpool(health, the_workspace())
    said = {"database": found.database, "migrations": found.migrations, "worker": found.worker}
    return JSONResponse({"well": found.is_well} | said, 200 if found.is_well else 503)


async def icon(_request: Request) -> Response:
    return FileResponse(ICON, media_type="image/png", headers=A_DAY)


async def typing(_request: Request) -> Response:
    return FileResponse(TYPING_SCRIPT, media_type="text/javascript", headers=A_DAY)


async def font(_request: Request) -> Response:
    file = font_file()
    if file is None:
        return Response(status_code=404)
    return FileResponse(file, media_type="font/woff2", headers=A_DAY)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Bring the schema up to date, keep a worker at work, stop it with the server."""
    # Else Streamlit takes the folder dashboard/pages for its own kind of pages, and the first
    # visitor of a process who comes by a deep link gets an empty one.
    PagesManager.uses_pages_directory = False
    await run_in_threadpool(the_workspace().database.upgrade)
    async with worker_at_work():
        yield


ROUTES = [
    Route("/sign-in", sign_in.show, methods=["GET"]),
    Route("/sign-in", sign_in.sign_in_posted, methods=["POST"]),
    Route("/sign-out", sign_in.sign_out_posted, methods=["POST"]),
    Route("/healthz", healthz),
    Route("/front/sign-in.css", sign_in.style),
    Route("/front/icon.png", icon),
    Route(TYPING, typing),
    Route("/front/source-sans.woff2", font),
    *DATA_INTERFACE,
    *(Route(f"/{path}", page) for path in sorted(PATHS | {""})),
]
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(CompressedAssets), Middleware(Gate)]
