"""Programs some tests need beside Python: said loudly when missing, an error where CI says so."""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

Found = TypeVar("Found")
DEMAND_ALL = "CRA_REQUIRE_ALL"


def required(what: str, found: Found | None) -> Found:
    """What was found; else the test fails (CRA_REQUIRE_ALL=1) or says what it did not run."""
    if found is not None:
        return found
    message = f"NOT RUN: {what} was not found on this machine"
    if os.environ.get(DEMAND_ALL):
        pytest.fail(message)
    pytest.skip(message)
