"""Houses with an inbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.language.compile import compile_catalogues
from data.workspace import Workspace
from tests.dashboard.tick.houses import AT_ONCE, opened, settings_of


@pytest.fixture(scope="session", autouse=True)
def texts() -> None:
    compile_catalogues()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Workspace]:
    """A house whose inbox takes files as soon as they are seen; no KPI is defined in it."""
    workspace = opened(replace(settings_of(tmp_path / "home"), inbox_quiet=AT_ONCE))
    yield workspace
    workspace.database.dispose()
