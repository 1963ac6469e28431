"""How a place answers: who asks, in which language, what exactly; then a document or a problem."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from functools import cache

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard.context import language_spoken
from dashboard.house import the_workspace
from dashboard.web.api.admission import TurnedAway, admit
from dashboard.web.api.answers import Listing, answer, paged
from dashboard.web.api.endpoints import ROOT, Endpoint
from dashboard.web.api.index import EVERY
from dashboard.web.api.problems import problem, refused
from dashboard.web.api.question import Question, read_parameters
from data.access.actor import Actor
from data.errors import Invalid, NotFound, Refusal
from data.language.languages import Language
from data.language.texts import Texts

AT_ONCE = 4  # answers made at a time: programs ask fast, and people on the pages come first
READING = ("GET", "HEAD")
ALLOWED = "GET, HEAD, OPTIONS"
log = logging.getLogger("cra")


@dataclass(frozen=True, slots=True)
class Served:
    """A place as the web application calls it; None is every address where there is none.

    All methods come here, so that what is refused is refused as a problem. Nothing is said to
    pages of other sites: no answer carries a header that would let their scripts read it.
    """

    endpoint: Endpoint | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answered(Request(scope, receive))
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        texts = _texts(request)
        try:
            actor = await admit(request)
            texts = _texts(request, actor)
            return await self._let_in(request, actor, texts)
        except TurnedAway as away:
            said = texts.text(away.key, minutes=away.minutes)
            return problem(texts, away.status, away.key, said, away.headers)
        except Refusal as refusal:
            return refused(texts, refusal)
        except Exception:  # the last net: a number to quote, never a trace
            reference = secrets.token_hex(4).upper()
            log.exception("reference %s", reference)
            said = texts.text("shell.error", reference=reference)
            return problem(texts, 500, "shell.error", said)

    async def _let_in(self, request: Request, actor: Actor, texts: Texts) -> Response:
        if self.endpoint is None:
            raise NotFound("api.refused.no_place")
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ALLOWED})
        if request.method not in READING:
            said = texts.text("api.refused.method", method=request.method)
            return problem(texts, 405, "api.refused.method", said, {"Allow": ALLOWED})
        question = _question(request, self.endpoint, actor, texts)
        known = request.headers.get("if-none-match")
        return await to_thread.run_sync(_made, self.endpoint, question, known, limiter=_limiter())


def _made(endpoint: Endpoint, question: Question, known: str | None) -> Response:
    found = endpoint.answer(question)
    document = paged(found, question) if isinstance(found, Listing) else found
    return answer(document, question, known)


def _question(request: Request, endpoint: Endpoint, actor: Actor, texts: Texts) -> Question:
    asked = read_parameters(request.query_params, endpoint.parameters)
    if asked.get("language", Language.EN) not in set(Language):
        raise Invalid("api.unreadable.choice", parameter="language", known=tuple(Language))
    workspace = the_workspace()
    return Question(workspace, actor, texts, request.url.path, request.path_params, asked)


def _texts(request: Request, actor: Actor | None = None) -> Texts:
    """In the language asked for, else the program's, else the person's or the installation's."""
    settings = the_workspace().settings
    asked = request.query_params.get("language")
    accepted = asked if asked in set(Language) else request.headers.get("accept-language")
    default = actor.language if actor else settings.language
    return Texts(language_spoken(accepted, default), settings.zone)


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


ROUTES = [
    *(Route(f"{ROOT}{endpoint.path}", Served(endpoint)) for endpoint in EVERY),
    # Whatever else begins so: else it would be taken for a page, to which a token opens nothing.
    Route("/api", Served(None)),
    Route("/api/{rest:path}", Served(None)),
]
