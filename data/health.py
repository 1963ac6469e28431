"""Whether the house stands: database within reach, schema up to date, somebody at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.workspace import Workspace

SILENT_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Health:
    """What an operator's monitor asks for."""

    database: bool
    migrations: bool
    worker: bool

    @property
    def is_well(self) -> bool:
        return self.database and self.migrations and self.worker


def health(workspace: Workspace) -> Health:
    """Look at the house now; a database that cannot be opened raises the driver's own error."""
    current = workspace.database.is_current()
    return Health(database=True, migrations=current, worker=_worker_is_alive(workspace))


def sign_of_life(workspace: Workspace) -> None:
    """Called by the worker again and again, whether or not it has anything to do."""
    file = _worker_file(workspace)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def _worker_is_alive(workspace: Workspace) -> bool:
    file = _worker_file(workspace)
    if not file.exists():
        return False
    seen = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return datetime.now(UTC) - seen < SILENT_AFTER


def _worker_file(workspace: Workspace) -> Path:
    return workspace.settings.home / "worker.alive"
