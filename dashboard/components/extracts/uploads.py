"""Files people bring: kept aside under names of our own until their load is over.

<home>/uploads/<random>/file              the bytes as they came
<home>/uploads/<random>/quarantine.csv    what a check would not let in
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from dashboard.jobs.extract_check import QUARANTINE
from data.access.actor import Actor
from data.access.permissions import Permission
from data.workspace import Workspace

FOLDER, FILE = "uploads", "file"
PIECE = 1 << 20  # bytes copied at once
FORGOTTEN = timedelta(days=2)  # after this, nobody comes back to a file he never loaded


def keep(workspace: Workspace, *, by: Actor, content: BinaryIO) -> Path:
    """Lay the bytes aside, readable by nobody else on the machine; returns where they lie."""
    with workspace.read(by, Permission.EXTRACT_LOAD):
        uploads = workspace.settings.home / FOLDER
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(uploads)
    path = uploads / uuid.uuid4().hex / FILE
    path.parent.mkdir(mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        content.seek(0)
        shutil.copyfileobj(content, target, PIECE)
    return path


def is_kept(workspace: Workspace, path: str) -> bool:
    """Whether the file is still there."""
    return _is_ours(workspace, Path(path)) and Path(path).is_file()


def discard(workspace: Workspace, *, by: Actor, path: str) -> None:
    """Remove a file that is not to be loaded, and what was made of it."""
    with workspace.read(by, Permission.EXTRACT_LOAD):
        if _is_ours(workspace, Path(path)):
            shutil.rmtree(Path(path).parent, ignore_errors=True)


def quarantine_of(workspace: Workspace, *, by: Actor, path: str) -> Path | None:
    """The rows a check would not let in, as CSV; None when there are none."""
    with workspace.read(by, Permission.QUARANTINE_VIEW):
        rows = Path(path).with_name(QUARANTINE)
        return rows if _is_ours(workspace, rows) and rows.is_file() else None


def _is_ours(workspace: Workspace, path: Path) -> bool:
    uploads = (workspace.settings.home / FOLDER).resolve()
    return path.resolve().parent.parent == uploads


def _sweep(uploads: Path) -> None:
    """Remove what was left behind: these files may hold personal data."""
    oldest = time.time() - FORGOTTEN.total_seconds()
    for folder in uploads.iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
