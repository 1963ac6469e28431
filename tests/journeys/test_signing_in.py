"""Coming in, staying in, going out: in a real browser."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from data.access.roles import Role
from data.people import disable_person
from data.signing_in import actor_of
from tests.house import ADMIN, PASSWORD, actor, join, version_of
from tests.journeys.conftest import PATIENCE, Server, come_in, serving

pytestmark = pytest.mark.journey
NewContext = Callable[..., BrowserContext]
PRIVATE = ("Arta Administratore", ADMIN, "Civil Registration Agency · ", "Demo data")


def title(page: Page) -> str:
    return page.inner_text(".st-key-top-line h1")


def test_somebody_comes_in_stays_over_a_reload_and_goes_out(
    server: Server, browser_page: Page
) -> None:
    page = browser_page
    come_in(page, server, ADMIN, "/audit?period=2025-03")
    assert title(page) == "Audit"
    assert "period=2025-03" in page.url
    page.reload()
    page.wait_for_selector(".st-key-top-line h1")
    assert title(page) == "Audit"
    page.get_by_text("Arta Administratore").first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?left=1")
    assert page.get_by_role("status").inner_text() == "You have signed out."
    page.goto(f"{server.url}/audit")
    page.wait_for_selector("#password")


def test_a_wrong_password_is_said_and_five_lock_the_account(
    server: Server, browser_page: Page
) -> None:
    join(server.workspace, "locked@example.org", Role.MANAGER)
    page = browser_page
    page.goto(f"{server.url}/sign-in")
    for attempt in range(5):
        if attempt == 0:
            page.fill("#email", "locked@example.org")
        page.fill("#password", "a wrong guess")
        page.click("button[type=submit]")
        alert = page.get_by_role("alert")
        assert "do not match" in alert.inner_text()
        assert page.input_value("#email") == "locked@example.org"
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    assert "locked for 15 minutes" in page.get_by_role("alert").inner_text()
    assert not any(cookie["name"] == "cra_session" for cookie in page.context.cookies())


def test_signing_out_everywhere_ends_the_other_browser_too(
    server: Server, new_context: NewContext
) -> None:
    join(server.workspace, "twice@example.org", Role.INTERNAL_AUDITOR)
    here, there = new_context().new_page(), new_context().new_page()
    come_in(here, server, "twice@example.org", "/account")
    come_in(there, server, "twice@example.org")
    here.get_by_role("button", name="Sign out everywhere").click()
    here.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    here.get_by_text("You are not signed in").wait_for()
    there.get_by_role("link", name="My account").first.click()
    there.get_by_text("You are not signed in").wait_for()
    there.get_by_role("link", name="Sign in").click()
    there.wait_for_selector("#password")


def test_somebody_shut_out_is_thrown_out_at_the_next_click(
    server: Server, browser_page: Page
) -> None:
    join(server.workspace, "out@example.org", Role.INTERNAL_AUDITOR)
    come_in(browser_page, server, "out@example.org", "/audit")
    admin = actor(server.workspace, ADMIN)
    person, version = version_of(server.workspace, "out@example.org")
    disable_person(server.workspace, by=admin, person_id=person, version=version)
    browser_page.get_by_role("link", name="My account").first.click()
    browser_page.get_by_text("You are not signed in").wait_for()
    expect(browser_page.locator("[data-testid=stDataFrame]")).to_have_count(0)
    assert "out@example.org" not in browser_page.inner_text("body")


def test_a_role_without_the_right_cannot_open_a_page_by_link(
    server: Server, browser_page: Page
) -> None:
    join(server.workspace, "vera@example.org", Role.VIEWER, "O01")
    come_in(browser_page, server, "vera@example.org", "/audit")
    browser_page.get_by_text("Your roles do not allow this").wait_for()
    assert browser_page.locator("[data-testid=stDataFrame]").count() == 0
    assert browser_page.get_by_role("link", name="Audit").count() == 0


@pytest.mark.parametrize("path", ["/", "/people", "/audit", "/no/such/page"])
def test_somebody_not_signed_in_sees_the_sign_in_page_alone(
    server: Server, browser_page: Page, path: str
) -> None:
    browser_page.goto(f"{server.url}{path}")
    browser_page.wait_for_selector("#password")
    shown = browser_page.content()
    assert not any(word in shown for word in PRIVATE)


@pytest.mark.parametrize("path", ["", "people", "audit", "account"])
def test_a_stranger_on_the_socket_is_told_the_way_in_and_nothing_else(
    server: Server, path: str
) -> None:
    said = "".join(str(message) for message in socket_talk(server, path))
    assert "/sign-in?next=" in said
    assert not any(word in said for word in (*PRIVATE, "top-line", "arrow_data_frame"))


def socket_talk(server: Server, path: str) -> list[ForwardMsg]:
    """What the server sends to a socket without a cookie that asks for a page by its hash."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    ask.rerun_script.page_script_hash = calc_hash(path) if path else ""
    heard: list[ForwardMsg] = []
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    with connect(
        address, origin=Origin(server.url), subprotocols=[Subprotocol("streamlit")]
    ) as socket:
        socket.send(ask.SerializeToString())
        while not (heard and heard[-1].WhichOneof("type") == "script_finished"):
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=PATIENCE, decode=False))
            heard.append(message)
    return heard


def test_a_socket_opened_by_another_site_is_refused(server: Server) -> None:
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    elsewhere = Origin("https://evil.example")
    with pytest.raises(InvalidStatus), connect(address, origin=elsewhere):
        pytest.fail("the socket opened")


def test_the_language_of_the_top_line_is_kept(server: Server, browser_page: Page) -> None:
    join(server.workspace, "shqip@example.org", Role.INTERNAL_AUDITOR)
    page = browser_page
    come_in(page, server, "shqip@example.org", "/audit")
    page.locator(".st-key-top-language input").click()
    page.get_by_role("option", name="Shqip").click()
    expect(page.locator(".st-key-top-line h1")).to_have_text("Auditimi")
    page.reload()
    expect(page.locator(".st-key-top-line h1")).to_have_text("Auditimi")
    assert page.get_attribute("html", "lang") == "sq"


def test_the_very_first_visitor_may_come_by_a_deep_link(tmp_path: Path, browser_page: Page) -> None:
    with serving(tmp_path) as fresh:
        come_in(browser_page, fresh, ADMIN, "/audit")
        assert title(browser_page) == "Audit"
        browser_page.wait_for_selector("[data-testid=stDataFrame]")


def test_a_page_arrives_compressed(server: Server, browser_page: Page) -> None:
    page, received = browser_page, 0
    devices = page.context.new_cdp_session(page)
    devices.send("Network.enable")

    def add(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    devices.on("Network.loadingFinished", add)
    come_in(page, server, ADMIN, "/audit")
    page.wait_for_selector("[data-testid=stDataFrame]")
    assert 200_000 < received < 3_000_000


def test_the_worker_comes_back_when_it_is_killed(server: Server) -> None:
    first = worker_of(server)
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + PATIENCE
    while (second := worker_of(server)) in {0, first}:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert second != first


def worker_of(server: Server) -> int:
    """The process id of the server's worker, 0 while there is none."""
    children = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    for child in " ".join(file.read_text() for file in children).split():
        command = Path(f"/proc/{child}/cmdline")
        if command.exists() and b"dashboard.jobs.worker" in command.read_bytes():
            return int(child)
    return 0


def test_a_session_belongs_to_the_person_who_signed_in(server: Server, browser_page: Page) -> None:
    come_in(browser_page, server, ADMIN)
    cookie = next(c for c in browser_page.context.cookies() if c["name"] == "cra_session")
    holder = actor_of(server.workspace, cookie["value"])
    assert holder is not None
    assert holder.email == ADMIN
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert not re.search(re.escape(cookie["value"]), browser_page.content())
