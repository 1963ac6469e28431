"""A house with an inbox, and what is dropped there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from dashboard.jobs import JobStatus
from dashboard.jobs.tick_now import tick_now
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.notices import NoticeKind, open_notices
from data.settings import Settings
from data.store.tables import Notice
from data.workspace import Workspace
from risks.criteria.actions import found_register
from tests.begun import with_schema
from tests.data.extracts.loads import application, founded, written

AT_ONCE = timedelta(0)  # files count as arrived when they are seen


def settings_of(home: Path, **more: str) -> Settings:
    """Settings as an installation without demo data has them."""
    return Settings.from_environment(environment(home, **more))


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"CRA_HOME": str(home), "CRA_DEMO": "0", **more}


def opened(settings: Settings) -> Workspace:
    """The least a house needs in which files are loaded and risks are watched over."""
    house = founded(with_schema(Workspace.open(settings)))
    found_register(house, by=SYSTEM)
    return house


def drop(workspace: Workspace, name: str, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Drop a file into the inbox."""
    inbox = workspace.settings.inbox
    inbox.mkdir(parents=True, exist_ok=True)
    return written(inbox / name, rows)


def march(first: int = 1, last: int = 20, **more: Any) -> list[Mapping[str, Any]]:
    """Applications opened in March 2025."""
    return [application(number, **more) for number in range(first, last + 1)]


def declare(file: Path, text: str) -> Path:
    """Lay a declaration beside a file."""
    sidecar = file.with_name(f"{file.name}.toml")
    sidecar.write_text(text, encoding="utf-8")
    return sidecar


def ticked(workspace: Workspace) -> JobStatus:
    """One tick in this process."""
    (ended,) = tick_now(workspace)
    return ended


def outcomes(ended: JobStatus) -> dict[str, str]:
    """File -> what became of it."""
    return {one["file"]: one["outcome"] for one in ended.result["inbox"]["files"]}


def notices(workspace: Workspace, kind: NoticeKind) -> list[Notice]:
    """The open notices of a kind, the newest first."""
    with workspace.read(SYSTEM, Permission.EXTRACT_VIEW) as reader:
        return list(open_notices(reader, [kind]))


def refused(workspace: Workspace) -> list[Notice]:
    """The refused files nobody has seen to."""
    return notices(workspace, NoticeKind.FILE_REFUSED)


def lying(workspace: Workspace, shelf: str = "") -> list[str]:
    """The names of the files in the inbox, or of those on one of its shelves."""
    folder = workspace.settings.inbox / shelf
    found = folder.glob("*/*" if shelf else "*")
    return sorted(path.name for path in found if path.is_symlink() or not path.is_dir())
