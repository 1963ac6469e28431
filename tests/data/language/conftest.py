"""The catalogues as the product reads them."""

from __future__ import annotations

import pytest

from data.language.compile import compile_catalogues


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    compile_catalogues()
