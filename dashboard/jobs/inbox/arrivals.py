"""One file from the inbox, from where it was dropped to where it is kept.

In an order that bears a kill at any moment: what is told comes before the file is moved, and a
file found again is recognised by its content.
"""

from __future__ import annotations

import logging
import secrets
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard.jobs.inbox.looking import LOADED, REFUSED, Arrived
from dashboard.jobs.inbox.reasons import PERSONAL, reasons, what_to_do
from dashboard.jobs.inbox.shelves import discard, place_for, put_away, write_reasons
from dashboard.jobs.inbox.sidecar import Sidecar, read_sidecar
from data.access.actor import Actor
from data.errors import Invalid, PermissionDenied, Refusal
from data.extracts.actions import load_extract
from data.extracts.loading import LoadRefused, LoadReport
from data.notices import NewNotice, NoticeKind, write_notices
from data.workspace import Workspace

Progress = Callable[[str, float], None]
Outcome = dict[str, Any]  # as the job keeps it
CAUSE = "inbox"  # why the system loaded something, where nobody says more
log = logging.getLogger("cra.inbox")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are taken in, and in whose name."""

    workspace: Workspace
    by: Actor
    progress: Progress

    @property
    def inbox(self) -> Path:
        return self.workspace.settings.inbox

    @property
    def today(self) -> date:
        return datetime.now(self.workspace.settings.zone).date()


def take_in(desk: Desk, arrived: Arrived) -> Outcome:
    """Load the file and put it away; of a refusal tell why, beside the file and to people.

    What is nobody's fault but the product's leaves the file where it is, for the next time.
    """
    with tempfile.TemporaryDirectory(prefix="cra-inbox-") as scratch:
        rows = Path(scratch) / "rows.csv"
        try:
            report = _load(desk, arrived, rows)
        except PermissionDenied:
            raise
        except Refusal as refused:
            return _refused(desk, arrived, refused, rows)
        except Exception as error:  # noqa: BLE001  (logged; the other files go on)
            return _failed(desk, arrived, error)
    return _loaded(desk, arrived, report)


def _load(desk: Desk, arrived: Arrived, rows: Path) -> LoadReport:
    if not arrived.is_plain or not stat.S_ISREG(arrived.path.lstat().st_mode):
        raise Invalid("tick.refused.not_plain", file=arrived.name)
    if arrived.name != arrived.path.name:
        raise Invalid("tick.refused.odd_name", file=arrived.name)
    said = read_sidecar(arrived.sidecar, desk.workspace.settings.zone).arguments()
    return load_extract(
        desk.workspace,
        by=desk.by,
        path=arrived.path,
        file_name=arrived.name,
        list_refused_at=rows,
        progress=desk.progress,
        **said | {"reason": said["reason"] or ("" if said["history"] else CAUSE)},
    )


def _loaded(desk: Desk, arrived: Arrived, report: LoadReport) -> Outcome:
    place = place_for(desk.inbox, LOADED, desk.today, arrived.path.name)
    put_away(arrived, place)
    return {
        "file": arrived.name,
        "outcome": "nothing_new" if report.nothing_new else "loaded",
        "contract": report.contract,
        "event": report.event,
        "batch": report.batch,
        "rows": report.rows.as_dict() if report.rows else None,
        "notes": [{"key": note.key, "values": dict(note.values)} for note in report.notes],
        "kept": place.told(desk.inbox),
    }


def _refused(desk: Desk, arrived: Arrived, refused: Refusal, rows: Path) -> Outcome:
    """Told first, then listed, then moved: whatever is cut short is done again."""
    report = refused.report if isinstance(refused, LoadRefused) else None
    write_notices(desk.workspace, [_notice(desk, arrived, refused, report)])
    place = place_for(desk.inbox, REFUSED, desk.today, arrived.path.name)
    listed = reasons(
        desk.workspace.settings,
        name=arrived.name,
        refused=refused,
        report=report,
        rows=rows,
        now=datetime.now(UTC),
    )
    write_reasons(place, listed)
    deleted = refused.key in PERSONAL
    if deleted:
        discard(arrived)  # like an upload: what may name people is not kept
    else:
        put_away(arrived, place)
    return {
        "file": arrived.name,
        "outcome": "refused",
        "contract": report.contract if report else None,
        "reason": {"key": refused.key, "values": refused.values},
        "todo": what_to_do(refused),
        "kept": None if deleted else place.told(desk.inbox),
    }


def _notice(desk: Desk, arrived: Arrived, refused: Refusal, report: LoadReport | None) -> NewNotice:
    span = (report.coverage_from, report.coverage_to) if report else (None, None)
    return NewNotice(
        NoticeKind.FILE_REFUSED,
        arrived.name,
        refused.key,
        refused.values,
        contract=report.contract if report else None,
        span=span if all(span) else _declared_span(desk, arrived),
    )


def _declared_span(desk: Desk, arrived: Arrived) -> tuple[Any, Any]:
    """The days the sender says the file covers, where that can be read."""
    try:
        said = read_sidecar(arrived.sidecar, desk.workspace.settings.zone)
    except Refusal:
        said = Sidecar()
    return said.declared.coverage_from, said.declared.coverage_to


def _failed(desk: Desk, arrived: Arrived, error: Exception) -> Outcome:
    reference = secrets.token_hex(4).upper()
    log.error("a file in the inbox failed, reference %s", reference, exc_info=error)
    told = NewNotice(NoticeKind.FILE_REFUSED, arrived.name, "tick.file_failed")
    write_notices(desk.workspace, [told])
    return {
        "file": arrived.name,
        "outcome": "failed",
        "reason": {"key": "tick.file_failed", "values": {}},
        "reference": reference,
        "kept": None,
    }
