"""Houses that take long to fill are filled once for all processes that run the tests."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def copy_of(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder of one's own with what `build` put into it, whoever was the first to ask."""
    base = factory.getbasetemp()
    together = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built, done = together / f"built-{name}", together / f"built-{name}.done"
    with (together / f"built-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(built, ignore_errors=True)
            built.mkdir()
            build(built)
            done.touch()
    own = factory.mktemp(name)
    shutil.copytree(built, own, dirs_exist_ok=True)
    return own
