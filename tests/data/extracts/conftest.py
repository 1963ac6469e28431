"""A desk at which small files are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.extracts.checks import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
