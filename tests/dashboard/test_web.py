"""The plain routes: signing in and out, health, the gate, and what goes with every answer."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from dashboard.web import front_door
from dashboard.web.destinations import destination
from dashboard.web.headers import page_policy
from dashboard.web.streamlit_files import FOLDER, index_html
from data.access.actor import SYSTEM
from data.access.roles import Role
from data.auditing import Wanted, count
from data.health import sign_of_life
from data.people import disable_person
from data.signing_in import actor_of
from data.workspace import Workspace
from tests.dashboard.browser import Browser, serving
from tests.house import ADMIN, PASSWORD, actor, inhabit, join, version_of


@pytest.fixture
def house(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
    inhabit(workspace)
    return workspace


@pytest.fixture
def browser(house: Workspace) -> Iterator[Browser]:
    """A browser on the plain routes; what Streamlit answers itself is not there."""
    with serving(plain_routes()) as browser:
        yield browser


def plain_routes() -> Starlette:
    return Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)


def form_of(browser: Browser, **query: str) -> dict[str, str]:
    """The hidden fields of the sign-in form as it is shown."""
    page = browser.get("/sign-in", query=query)
    assert page.status == 200
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: value.replace("&amp;", "&") for name, value in fields}


def come_in(browser: Browser, email: str = ADMIN, **query: str) -> str:
    """Sign in; returns where the browser is sent."""
    fields = form_of(browser, **query) | {"email": email, "password": PASSWORD}
    answer = browser.post("/sign-in", fields)
    assert answer.status == 303
    return answer.headers["location"]


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    browser: Browser, house: Workspace
) -> None:
    fields = form_of(browser) | {"email": ADMIN, "password": PASSWORD}
    answer = browser.post("/sign-in", fields)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = next(one for one in answer.cookie_lines if one.startswith("cra_session="))
    assert {"httponly", "path=/", "samesite=lax"} <= set(cookie.lower().split("; "))
    assert "secure" not in cookie.lower()
    admin = actor_of(house, browser.cookies["cra_session"])
    assert admin is not None
    assert admin.email == ADMIN
    assert browser.get("/account").status == 200


def test_over_https_the_cookie_is_bound_to_host_and_https(
    house: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRA_SECURE_COOKIES", "1")
    with serving(plain_routes()) as browser:
        fields = form_of(browser) | {"email": ADMIN, "password": PASSWORD}
        line = browser.post("/sign-in", fields).cookie_lines[0]
        assert line.startswith("__Host-cra_session=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(line.split("; "))
        assert "domain" not in line.lower()


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "a wrong guess"},
        {"email": "nobody@example.org"},
        {"password": ""},
        {"email": "x" * 4000},
    ],
)
def test_a_wrong_password_shows_the_form_again_with_the_reason(
    browser: Browser, wrong: dict[str, str]
) -> None:
    fields = form_of(browser) | {"email": ADMIN, "password": PASSWORD} | wrong
    answer = browser.post("/sign-in", fields)
    assert answer.status == 401
    assert "Address and password do not match" in answer.text
    assert "cra_session" not in browser.cookies


def test_what_a_stranger_types_is_shown_as_text(browser: Browser) -> None:
    hostile = '"><script>alert(1)</script>'
    fields = form_of(browser) | {"email": hostile, "password": "x"}
    answer = browser.post("/sign-in", fields)
    assert hostile not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": "http://127.0.0.1.evil.example"}, {}),
        ({}, {"form": "guessed"}),
        ({}, {"form": ""}),
        ({}, {"password": "x" * 9000}),
    ],
)
def test_a_form_that_is_not_ours_opens_no_session(
    browser: Browser, house: Workspace, headers: dict[str, str], changes: dict[str, str]
) -> None:
    fields = form_of(browser) | {"email": ADMIN, "password": PASSWORD} | changes
    answer = browser.post("/sign-in", fields, headers=headers)
    assert answer.status == 403
    assert "cra_session" not in browser.cookies
    assert count(house, by=SYSTEM, wanted=Wanted(tag="access.signed_in")) == 0


def test_a_form_without_the_cookie_of_its_page_opens_no_session(browser: Browser) -> None:
    fields = form_of(browser) | {"email": ADMIN, "password": PASSWORD}
    browser.cookies.clear()
    assert browser.post("/sign-in", fields).status == 403


def test_signing_in_again_ends_the_session_before(browser: Browser, house: Workspace) -> None:
    join(house, "besa@example.org", Role.MANAGER)
    fields = form_of(browser)
    come_in(browser)
    first = browser.cookies["cra_session"]
    browser.cookies["cra_form"] = fields["form"]
    answer = browser.post("/sign-in", fields | {"email": "besa@example.org", "password": PASSWORD})
    assert answer.status == 303
    assert actor_of(house, first) is None


def test_signing_out_ends_the_session_and_takes_the_cookie_away(
    browser: Browser, house: Workspace
) -> None:
    from dashboard.cookies import sign_out_proof

    come_in(browser)
    token = browser.cookies["cra_session"]
    for forged in ({}, {"proof": "guessed"}):
        browser.post("/sign-out", forged)
        assert actor_of(house, token) is not None
    browser.post(
        "/sign-out", {"proof": sign_out_proof(token)}, headers={"Origin": "https://evil.org"}
    )
    assert actor_of(house, token) is not None
    answer = browser.post("/sign-out", {"proof": sign_out_proof(token)})
    assert answer.headers["location"] == "/sign-in?left=1"
    assert actor_of(house, token) is None
    assert "cra_session" not in browser.cookies
    assert "You have signed out" in browser.get("/sign-in?left=1").text


def test_a_deep_link_is_kept_over_signing_in(browser: Browser) -> None:
    asked = browser.get("/audit?kpi=SD-01&period=2025-03&other=x")
    assert asked.status == 303
    wanted = asked.headers["location"]
    assert wanted.startswith("/sign-in?next=%2Faudit")
    assert come_in(browser, next="/audit?kpi=SD-01&period=2025-03&other=x") == (
        "/audit?kpi=SD-01&period=2025-03"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/people",
        "//evil.example/people",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "people",
        "/no-such-page",
        "/people/../healthz",
        "/people\r\nSet-Cookie: x=1",
        "http:people",
        "",
        None,
    ],
)
def test_no_link_leads_to_another_site(wanted: str | None) -> None:
    assert destination(wanted) == "/"


def test_a_known_page_is_a_destination() -> None:
    assert destination("/people?period=2025-Q1&evil=1#x") == "/people?period=2025-Q1"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 303),
        ("GET", "/people", 303),
        ("GET", "/anything/else", 303),
        ("POST", "/people", 401),
        ("PUT", "/_stcore/upload_file/session/file", 401),
        ("GET", "/media/0123.csv", 401),
        ("GET", "/_stcore/metrics", 401),
        ("GET", "/component/x/index.html", 401),
    ],
)
def test_a_stranger_is_turned_away_whatever_he_asks_for(
    browser: Browser, method: str, path: str, status: int
) -> None:
    for cookie in (None, "made-up"):
        if cookie:
            browser.cookies["cra_session"] = cookie
        answer = browser.ask(method, path)
        assert answer.status == status
        assert "Streamlit" not in answer.text


def test_somebody_shut_out_is_a_stranger_at_once(browser: Browser, house: Workspace) -> None:
    join(house, "besa@example.org", Role.MANAGER)
    come_in(browser, "besa@example.org")
    assert browser.get("/").status == 200
    person, version = version_of(house, "besa@example.org")
    admin = actor(house, ADMIN)
    disable_person(house, by=admin, person_id=person, version=version)
    assert browser.get("/").status == 303


@pytest.mark.parametrize(("language", "tag"), [("sq", "sq"), ("sr", "sr-Latn"), ("en", "en")])
def test_the_page_names_the_language_it_is_in(
    browser: Browser, house: Workspace, language: str, tag: str
) -> None:
    shown = browser.get("/sign-in", query={"language": language}).text
    assert f'<html lang="{tag}">' in shown
    join(house, "besa@example.org", Role.MANAGER, language=language)
    come_in(browser, "besa@example.org")
    assert f'<html lang="{tag}">' in browser.get("/").text
    assert "<title>Streamlit</title>" not in browser.get("/").text


def test_the_sign_in_page_speaks_the_browsers_language(browser: Browser) -> None:
    answer = browser.get("/sign-in", {"Accept-Language": "sq-XK,sq;q=0.9"})
    assert "Fjalëkalimi" in answer.text
    assert answer.headers["content-language"] == "sq"


def test_nobody_yet_is_said_with_what_to_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
    with serving(plain_routes()) as browser:
        assert "cra user add --first-admin" in browser.get("/sign-in").text


def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    for path in ("/sign-in", "/", "/healthz", "/media/x", "/front/sign-in.css"):
        headers = browser.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert browser.get("/sign-in").headers["cache-control"] == "no-store"


def test_the_policy_allows_no_script_but_streamlits_own() -> None:
    scripts = next(part for part in page_policy().split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert scripts.count("sha256-") == len(re.findall(r"<script>", index_html()))
    assert "http" not in page_policy()


def test_streamlits_scripts_are_sent_compressed_and_may_be_kept(browser: Browser) -> None:
    script = max((FOLDER / "static" / "js").glob("*.js"), key=lambda file: file.stat().st_size)
    path = f"/static/js/{script.name}"
    for _ in range(2):
        answer = browser.get(path, {"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
        assert gzip.decompress(answer.body) == script.read_bytes()
        assert len(answer.body) < script.stat().st_size / 2


@pytest.mark.parametrize(
    "path",
    ["/static/js/../../../../secret.js", "/static/js/no-such-file.js", "/static/%2e%2e/x.js"],
)
def test_nothing_but_streamlits_own_files_is_served(browser: Browser, path: str) -> None:
    assert browser.get(path, {"Accept-Encoding": "gzip"}).status in {303, 404}


def test_health_is_well_only_when_everything_is(browser: Browser, house: Workspace) -> None:
    answer = browser.get("/healthz")
    assert answer.status == 503
    assert answer.json() == {"well": False, "database": True, "migrations": True, "worker": False}
    sign_of_life(house)
    answer = browser.get("/healthz")
    assert (answer.status, answer.json()["well"]) == (200, True)
