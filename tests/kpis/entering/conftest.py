"""The house in which values are entered, settled once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.workspace import Workspace
from tests.kpis.conftest import settings_in
from tests.kpis.entering.house import settled


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a house in which nothing is entered."""
    home = tmp_path_factory.mktemp("entering") / "home"
    settled(home).database.dispose()
    return home


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    workspace = moved_in(template, tmp_path / "home")
    yield workspace
    workspace.database.dispose()


def moved_in(template: Path, home: Path) -> Workspace:
    """A house of one's own like the template."""
    shutil.copytree(template, home)
    return Workspace.open(settings_in(home))
