"""A measured house behind the real routes, and programs that ask it with tokens of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette

from dashboard.web import front_door
from dashboard.web.api import admission
from dashboard.web.api.failures import Failures
from data.access.roles import Role
from data.people import add_first_administrator
from data.tokens import create_token, list_tokens, revoke_token
from data.workspace import Workspace
from tests.dashboard.browser import Answer, Browser, serving
from tests.dashboard.pages.measured import MANAGER, STEWARD, VIEWER, measured
from tests.house import ADMIN, PASSWORD, actor, join
from tests.kpis.conftest import founded, open_offices

ROOT = "/api/v1"
NEWCOMER = "besa@example.org"


@dataclass
class Program:
    """A program that reads the data interface with a token."""

    browser: Browser
    key: str

    def ask(
        self, path: str, headers: Mapping[str, str] | None = None, /, **query: object
    ) -> Answer:
        """The answer at a place below the root; parameters whose name is a keyword end in _."""
        asked = {name.rstrip("_"): str(value) for name, value in query.items()}
        said = {"Authorization": f"Bearer {self.key}"} | dict(headers or {})
        return self.browser.get(f"{ROOT}{path}", said, asked)

    def read(self, path: str, **query: object) -> Any:
        """The document there."""
        answer = self.ask(path, **query)
        assert answer.status == 200, answer.text
        return answer.json()

    def every(self, path: str, **query: object) -> list[dict[str, Any]]:
        """The items of all pages, by following the links as they are given."""
        page = self.read(path, **query)
        items = list(page["items"])
        while page["next"]:
            page = self.follow(page["next"]).json()
            items += page["items"]
        return items

    def follow(self, link: str) -> Answer:
        return self.browser.get(link, {"Authorization": f"Bearer {self.key}"})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return measured(tmp_path_factory)


@pytest.fixture(scope="module")
def browser(house: Workspace) -> Iterator[Browser]:
    """On the plain routes, with the middleware that stands before them in the product."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(house.settings.home))
        app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
        with serving(app) as browser:
            yield browser


@pytest.fixture(autouse=True)
def nobody_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins as if no token had been refused yet."""
    monkeypatch.setattr(admission, "failures", Failures())


def program_of(house: Workspace, browser: Browser, email: str) -> Iterator[Program]:
    """A program of this person; the house is shared, so its token is taken back at the end."""
    by = actor(house, email)
    yield Program(browser, create_token(house, by=by, name="test", days=30).key)
    for token in list_tokens(house, by=by):
        revoke_token(house, by=by, token_id=token.id)


@pytest.fixture(scope="module")
def manager(house: Workspace, browser: Browser) -> Iterator[Program]:
    yield from program_of(house, browser, MANAGER)


@pytest.fixture(scope="module")
def viewer(house: Workspace, browser: Browser) -> Iterator[Program]:
    yield from program_of(house, browser, VIEWER)


@pytest.fixture(scope="module")
def steward(house: Workspace, browser: Browser) -> Iterator[Program]:
    yield from program_of(house, browser, STEWARD)


@pytest.fixture
def own(workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A house of the test's own, to be changed: KPIs and targets, and nothing loaded."""
    founded(workspace)
    open_offices(workspace, ["O01", "O02"])
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
    return workspace


@pytest.fixture
def newcomer(own: Workspace, browser: Browser) -> Program:
    """A program of the head of one office in that house."""
    join(own, NEWCOMER, Role.UNIT_HEAD, "O01")
    key = create_token(own, by=actor(own, NEWCOMER), name="test", days=30).key
    return Program(browser, key)
