"""The demo agency, small: installed as on a first start."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.demo.spec import DemoSpec
from data.workspace import Workspace
from tests.benchmarks.houses import demo_house, opened
from tests.built_once import copy_of

SMALL_DEMO = DemoSpec(months=7, scale=0.005, register=False)


def small_demo(factory: pytest.TempPathFactory) -> Workspace:
    """A house of one's own with seven months of it."""
    return opened(copy_of(factory, "small-demo", _install), demo=True)


def _install(folder: Path) -> None:
    demo_house(folder, SMALL_DEMO).database.dispose()
