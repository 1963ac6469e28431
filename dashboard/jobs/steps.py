"""The steps of long work, each with the rights of the person who asked for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from data.access.actor import Actor
from data.workspace import Workspace

Progress = Callable[[float], None]  # 0 to 1 within the step


@dataclass(frozen=True, slots=True)
class Work:
    """What a step is given: for whom, what was asked for, and what earlier steps gave."""

    workspace: Workspace
    by: Actor
    payload: dict[str, Any]
    results: dict[str, Any]
    progress: Progress


Step = Callable[[Work], dict[str, Any]]


def load_extract(work: Work) -> dict[str, Any]:
    """Load the uploaded file; loading the same file twice changes nothing."""
    from data.extracts.actions import load_extract as load

    asked = work.payload
    work.progress(0.0)
    loaded = load(
        work.workspace,
        by=work.by,
        path=Path(asked["path"]),
        **{name: value for name, value in asked.items() if name != "path"},
    )
    return summary(loaded)


def refresh_readings(work: Work) -> dict[str, Any]:
    """Publish what the loaded extracts changed."""
    from kpis.readings import refresh

    codes = work.payload.get("codes")
    return summary(refresh(work.workspace, by=work.by, codes=codes, progress=work.progress))


def leave_as_is(_workspace: Workspace, _payload: dict[str, Any]) -> None:
    """Nothing to tidy up."""


def discard_upload(workspace: Workspace, payload: dict[str, Any]) -> None:
    """Remove the uploaded copy once the work is over, however it ended: it holds personal data."""
    path = Path(payload.get("path", "")).resolve()
    if path.is_relative_to(workspace.settings.home / "uploads"):
        path.unlink(missing_ok=True)


def summary(outcome: Any) -> dict[str, Any]:
    """What an action gave back, as the queue can keep it."""
    if is_dataclass(outcome) and not isinstance(outcome, type):
        outcome = asdict(outcome)
    plain: Any = json.loads(json.dumps(outcome, default=str))
    return plain if isinstance(plain, dict) else {"value": plain}
