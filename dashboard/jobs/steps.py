"""The steps of long work, each with the rights of the person who asked for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.access.actor import SYSTEM, Actor
from data.extracts.actions import load_extract as load
from data.extracts.checked_file import Declared
from data.workspace import Workspace
from kpis.readings import refresh

Progress = Callable[[str, float], None]  # a message key, and how much of the step is done: 0 to 1


@dataclass(frozen=True, slots=True)
class Work:
    """What a step is given: for whom, what was asked for, and what earlier steps gave."""

    workspace: Workspace
    by: Actor
    payload: Mapping[str, Any]
    results: Mapping[str, Any]
    progress: Progress


Step = Callable[[Work], dict[str, Any]]


def extract_payload(
    path: Path,
    *,
    file_name: str,
    profile_id: str | None = None,
    declared: Declared | None = None,
    threshold: float | None = None,
    accept_vanished: bool = False,
    history: bool = False,
    reason: str = "",
    demo: bool = False,
) -> dict[str, Any]:
    """What to queue with a 'load_extract': the arguments of `load_extract`, as JSON keeps them.

    A file under <CRA_HOME>/uploads is removed once the work is over.
    """
    said = asdict(declared) if declared else {}
    return plain(
        {
            "path": path.resolve(),
            "file_name": file_name,
            "profile_id": profile_id,
            "declared": {name: value for name, value in said.items() if value},
            "threshold": threshold,
            "accept_vanished": accept_vanished,
            "history": history,
            "reason": reason,
            "demo": demo,
        }
    )


def load_extract(work: Work) -> dict[str, Any]:
    """Load the file; loading the same one twice changes nothing."""
    asked = dict(work.payload)
    path, said = Path(asked.pop("path")), declared(asked.pop("declared", {}))
    report = load(
        work.workspace, by=work.by, path=path, declared=said, progress=work.progress, **asked
    )
    return plain(
        {
            "event": report.event,
            "batch": report.batch,
            "contract": report.contract,
            "nothing_new": report.nothing_new,
            "rows": report.rows.as_dict() if report.rows else None,
            "quarantine_reasons": dict(report.quarantine_reasons),
            "notes": [{"key": note.key, "values": dict(note.values)} for note in report.notes],
        }
    )


def refresh_readings(work: Work) -> dict[str, Any]:
    """Publish what the loaded extracts changed; up-to-date KPIs are left alone."""

    def progress(done: float) -> None:
        work.progress("job_step.refresh", done)

    done = refresh(work.workspace, by=work.by, codes=work.payload.get("codes"), progress=progress)
    return {"event": done.event, "written": dict(done.written)}


def measure_anew(work: Work) -> dict[str, Any]:
    """The same after an edit of reference data: who may edit it need not be one who publishes."""
    return refresh_readings(replace(work, by=SYSTEM))


def leave_as_is(_workspace: Workspace, _payload: Mapping[str, Any]) -> None:
    """Nothing to tidy up."""


@contextmanager
def no_lock(_workspace: Workspace) -> Iterator[None]:
    """Any number of such jobs may be done at once."""
    yield


def discard_upload(workspace: Workspace, payload: Mapping[str, Any]) -> None:
    """Remove the uploaded copy once the work is over, however it ended: it holds personal data.

    A folder of its own goes with all that a check laid beside the file.
    """
    path, uploads = Path(payload.get("path", "")).resolve(), workspace.settings.home / "uploads"
    if path.is_relative_to(uploads):
        path.unlink(missing_ok=True)
        if path.parent != uploads:
            shutil.rmtree(path.parent, ignore_errors=True)


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """The document as JSON gives it back."""
    kept: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return kept


def declared(said: Mapping[str, Any]) -> Declared:
    """What `extract_payload` wrote of it, read back."""
    day = {
        name: date.fromisoformat(said[name])
        for name in ("coverage_from", "coverage_to")
        if name in said
    }
    totals = said.get("control_totals", {})
    return Declared(
        cut_at=datetime.fromisoformat(said["cut_at"]) if "cut_at" in said else None,
        scope=said.get("scope"),
        control_totals={name: _total(value) for name, value in totals.items()},
        **day,
    )


def _total(value: Any) -> int | Decimal:
    return value if isinstance(value, int) else Decimal(str(value))
