"""Houses as many tests begin with them: made once a process by the product, then copied.

Only the database is copied: nothing else is there before the first file is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url

from data.access.actor import SYSTEM
from data.agency.actions import found_agency
from data.workspace import Workspace
from kpis.defining.actions import define_catalogue

_MADE: dict[str, bytes] = {}  # the database file of each kind of house


def with_schema(workspace: Workspace) -> Workspace:
    """An empty house with its schema in place."""
    return begun(workspace, "schema", workspace.database.upgrade)


def with_kpis(workspace: Workspace, *, demo: bool = False) -> Workspace:
    """A founded agency with the KPIs of the catalogue, and nothing loaded."""

    def make() -> None:
        workspace.database.upgrade()
        found_agency(workspace, by=SYSTEM, demo=demo)
        define_catalogue(workspace, by=SYSTEM)

    return begun(workspace, f"with KPIs, {demo=}", make)


def begun(workspace: Workspace, name: str, make: Callable[[], object]) -> Workspace:
    """The house after `make`, which has to do the same to every new or empty house."""
    file = _file(workspace)
    workspace.database.dispose()  # whatever was written lies in the file itself then
    if file is None or (file.exists() and file.read_bytes() != _MADE.get("schema")):
        make()
        return workspace
    if name in _MADE:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_MADE[name])
        return workspace
    make()
    workspace.database.dispose()
    _MADE[name] = file.read_bytes()
    return workspace


def _file(workspace: Workspace) -> Path | None:
    """Where the database lies; None when it is no file."""
    database = workspace.database
    return Path(make_url(database.url).database or "") if database.is_sqlite else None
