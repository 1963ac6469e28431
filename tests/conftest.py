"""What every test may lean on: the material kept beside the repository, and a house to test in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.settings import Settings
from data.workspace import Workspace
from tests.begun import with_schema

ROOT = Path(__file__).resolve().parents[1]
# Folders whose tests lean on one house that takes long to fill: one process does all of them.
TOGETHER = ("tests/kpis/catalogue", "tests/kpis/composed")
# What takes longest is begun first, so that no process is left alone with it in the end.
LONGEST = (
    "tests/journeys/test_numbers.py",
    "tests/journeys/test_a_year.py",
    "tests/real/test_chicago.py",
    "tests/dashboard/demo/",
    "tests/journeys/",
    *TOGETHER,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        starts = (item.nodeid.startswith(one) for one in LONGEST)
        return next((number for number, found in enumerate(starts) if found), len(LONGEST))

    items.sort(key=place)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by file, as `--dist loadfile` does, and those folders whole."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            folder = file.rpartition("/")[0]
            return folder if folder in TOGETHER else file

    return ByFileOrFolder(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of golden cases and real extracts beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        message = "NOT RUN: golden cases and real extracts are not beside this repository"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'cra.db'}",
        zone=ZoneInfo("Europe/Belgrade"),
        demo=False,
        language="en",
        secure_cookies=False,
    )


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    """An empty house with its schema in place."""
    house = with_schema(Workspace.open(settings))
    yield house
    house.database.dispose()
