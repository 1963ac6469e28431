"""The house to comment in, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.workspace import Workspace
from tests.kpis.commentary.house import commented


@pytest.fixture(scope="session")
def commented_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = commented(tmp_path_factory)
    yield workspace
    workspace.database.dispose()
