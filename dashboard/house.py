"""The workspace of this process, shared by the pages and the plain routes beside them."""

from __future__ import annotations

from functools import lru_cache

from data.settings import Settings
from data.workspace import Workspace


def the_workspace() -> Workspace:
    """The house the environment names; opened once and kept."""
    return _opened(Settings.from_environment())


@lru_cache(maxsize=4)
def _opened(settings: Settings) -> Workspace:
    return Workspace.open(settings)
