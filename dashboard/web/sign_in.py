"""Signing in and out: plain pages, because only an answer to a request can set a cookie."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard import cookies
from dashboard.charts.tokens import DARK, LIGHT
from dashboard.context import language_spoken
from dashboard.cookies import FORM, SESSION
from dashboard.house import the_workspace
from dashboard.web.destinations import HOME, destination
from dashboard.web.forms import ForeignForm, is_same, read_form
from dashboard.web.headers import STRICT
from data.access.passwords import MAX_LENGTH
from data.errors import Refusal
from data.language.languages import Language
from data.language.texts import Texts
from data.people import nobody_lives_here
from data.signing_in import SignedIn, actor_of, sign_in, sign_out

# A password check takes tens of megabytes on purpose; strangers decide how many are asked for.
CHECKS_AT_ONCE = 2
LONGEST_EMAIL = 254
TEMPLATES = Path(__file__).parent / "templates"


async def show(request: Request) -> Response:
    """GET /sign-in: the form, or straight on for somebody who is signed in."""
    workspace = the_workspace()
    wanted = destination(request.query_params.get("next"))
    token = cookies.session_token(request.cookies, workspace.settings)
    if await run_in_threadpool(actor_of, workspace, token) is not None:
        return RedirectResponse(wanted, 303)
    texts = _texts(request)
    note = "access.signed_out" if "left" in request.query_params else None
    if await run_in_threadpool(nobody_lives_here, workspace):
        note = "access.nobody_yet"
    return _form(request, texts, wanted, note=texts.text(note) if note else "")


async def sign_in_posted(request: Request) -> Response:
    """POST /sign-in: a new session and its cookie, or the form again with the reason."""
    workspace, texts = the_workspace(), _texts(request)
    try:
        fields = await read_form(request)
    except ForeignForm:
        return _form(request, texts, HOME, refused=texts.text("access.form_expired"), status=403)
    wanted = destination(fields.get("next"))
    expected = request.cookies.get(cookies.cookie_name(FORM, workspace.settings))
    if not is_same(fields.get("form"), expected):
        return _form(request, texts, wanted, refused=texts.text("access.form_expired"), status=403)
    try:
        signed_in = await _check(fields)
    except Refusal as refusal:
        said = texts.said(refusal)
        return _form(
            request, texts, wanted, email=fields.get("email", ""), refused=said, status=401
        )
    old = cookies.session_token(request.cookies, workspace.settings)
    if old:
        await run_in_threadpool(sign_out, workspace, old)
    response = RedirectResponse(wanted, 303)
    cookies.set_cookie(response, SESSION, signed_in.token, workspace.settings)
    cookies.forget_cookie(response, FORM, workspace.settings)
    return response


async def sign_out_posted(request: Request) -> Response:
    """POST /sign-out: end the session and take the cookie away; a forged form does nothing."""
    workspace = the_workspace()
    token = cookies.session_token(request.cookies, workspace.settings)
    try:
        fields = await read_form(request)
    except ForeignForm:
        return RedirectResponse(HOME, 303)
    if token and not is_same(fields.get("proof"), cookies.sign_out_proof(token)):
        return RedirectResponse(HOME, 303)
    await run_in_threadpool(sign_out, workspace, token)
    response = RedirectResponse("/sign-in?left=1", 303)
    cookies.forget_cookie(response, SESSION, workspace.settings)
    return response


async def style(_request: Request) -> Response:
    """GET /front/sign-in.css: the look of the product, for its one page outside Streamlit."""
    sheet = _templates().get_template("sign_in.css").render(light=LIGHT, dark=DARK)
    return Response(sheet, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


async def _check(fields: dict[str, str]) -> SignedIn:
    def check() -> SignedIn:
        email = fields.get("email", "")[:LONGEST_EMAIL]
        return sign_in(the_workspace(), email=email, password=fields.get("password", ""))

    return await to_thread.run_sync(check, limiter=_limiter())


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(CHECKS_AT_ONCE)


def _texts(request: Request) -> Texts:
    """In the language asked for, else the browser's, else the installation's."""
    settings = the_workspace().settings
    asked = request.query_params.get("language")
    accepted = asked if asked in set(Language) else request.headers.get("accept-language")
    return Texts(language_spoken(accepted, settings.language), settings.zone)


def _form(
    request: Request, texts: Texts, wanted: str, *, status: int = 200, **said: Any
) -> Response:
    settings = the_workspace().settings
    form = request.cookies.get(cookies.cookie_name(FORM, settings)) or secrets.token_urlsafe(32)
    page = _templates().get_template("sign_in.html")
    shown = page.render(
        words=_words(texts),
        language=texts.language,
        languages=[(one, texts.word(one), _address(wanted, one)) for one in Language],
        action=_address(wanted, texts.language),
        wanted=wanted,
        form=form,
        longest=MAX_LENGTH,
        **{"email": "", "refused": "", "note": ""} | said,
    )
    headers = {"Content-Security-Policy": STRICT, "Content-Language": texts.language.tag}
    response = HTMLResponse(shown, status, headers)
    cookies.set_cookie(response, FORM, form, settings)
    return response


def _words(texts: Texts) -> dict[str, str]:
    return {
        "sign_in": texts.text("access.sign_in"),
        "product": texts.text("shell.product"),
        "agency": texts.text("access.agency"),
        "product_line": texts.text("access.product_line"),
        "email": texts.text("access.email"),
        "password": texts.text("access.password"),
        "language": texts.text("shell.language"),
    }


def _address(wanted: str, language: Language) -> str:
    """This page in a language; where the person wanted to go is kept."""
    said = {"language": language.value} | ({"next": wanted} if wanted != HOME else {})
    return f"/sign-in?{urlencode(said)}"


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
