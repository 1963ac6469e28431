"""A real server with its own data and a real browser that reaches nothing but this machine.

    def test_...(server, browser_page): ...

Any attempt to reach another host is blocked, and fails the test that made it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from data.language.compile import compile_catalogues
from data.settings import Settings
from data.workspace import Workspace
from tests.house import PASSWORD, inhabit
from tests.requirements import required

ROOT = Path(__file__).resolve().parents[2]
THIS_MACHINE = {"localhost", "127.0.0.1"}
PATIENCE = 90.0  # seconds for a server to come up on a busy machine
expect.set_options(timeout=PATIENCE * 1000)  # a busy machine draws late; it may not draw wrongly


@dataclass(frozen=True)
class Server:
    """A running server and the house it serves."""

    url: str
    workspace: Workspace
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product, served for the tests of a module, with an administrator and two offices."""
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """`streamlit run streamlit_app.py` on a free port with data of its own, until the end."""
    workspace = Workspace.open(_settings(home))
    inhabit(workspace, demo=True)
    with served(workspace) as running:
        yield running


@contextmanager
def served(workspace: Workspace, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The same for a house that is there already; `more` goes into the server's environment."""
    compile_catalogues()
    home, port = workspace.settings.home, _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    environment = {**os.environ, "CRA_HOME": str(home), "PYTHONPATH": str(ROOT), **(more or {})}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process, home / "server.log")
        yield Server(f"http://127.0.0.1:{port}", workspace, process)
    finally:
        process.terminate()
        process.wait(timeout=30)
        workspace.database.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, unable to find any other machine."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        named = (shutil.which(name) for name in ("chromium", "google-chrome", "chromium-browser"))
        found = next(filter(None, named), str(own) if own.exists() else None)
        browser = playwright.chromium.launch(
            executable_path=required("a Chromium (chromium, google-chrome or Playwright's)", found),
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browsers with cookies of their own; whatever they reach for outside fails the test."""
    with watched(chromium) as make:
        yield make


@contextmanager
def watched(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """The same for as long as this lasts."""
    outside: list[str] = []

    def note(reached_for: Request | WebSocket) -> None:
        address = urlsplit(reached_for.url)
        if address.hostname not in THIS_MACHINE and address.scheme not in {"data", "blob"}:
            outside.append(reached_for.url)

    with ExitStack() as open_contexts:

        def make(**options: object) -> BrowserContext:
            context = chromium.new_context(**{"locale": "en-GB", **options})  # type: ignore[arg-type]
            open_contexts.callback(context.close)
            context.set_default_timeout(PATIENCE * 1000)
            context.on("request", note)
            context.on("page", lambda page: page.on("websocket", note))
            return context

        yield make
    assert not outside, f"reached for other machines: {outside}"


@pytest.fixture
def browser_page(new_context: Callable[..., BrowserContext]) -> Page:
    """One page in a browser of its own."""
    return new_context().new_page()


def come_in(
    page: Page, server: Server, email: str, path: str = "/", password: str = PASSWORD
) -> None:
    """Open an address as a stranger, sign in, and wait until the page is drawn."""
    page.goto(f"{server.url}{path}")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_selector(".st-key-top-line h1")
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until nothing is being drawn any more."""
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def _settings(home: Path) -> Settings:
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'cra.db'}",
        zone=ZoneInfo("Europe/Belgrade"),
        demo=True,
        language="en",
        secure_cookies=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  (our own server)
                return
        except urllib.error.HTTPError as refused:
            refused.close()  # up, but its worker is not yet
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"no server after {PATIENCE} s: {log.read_text(errors='replace')}")


def until(found: Callable[[], bool]) -> bool:
    """Whether it comes true while somebody would wait for it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.1)
    return False
