"""Small files of real contracts, loaded the way a data steward loads them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from sqlmodel import col, select

from data.access.actor import Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.trail import verify
from data.extracts.actions import load_extract
from data.extracts.contracts import contract
from data.extracts.loading import LoadReport
from data.store.batches import BatchStore
from data.store.reference import services
from data.store.tables import Agency, AuditEntry, Batch, ExtractEvent
from data.store.versions import live_batches, winners_sql
from data.workspace import Workspace

Values = Mapping[str, Any]
STEWARD = Actor(
    email="steward@example.org",
    name="Data Steward",
    language="en",
    grants=(Grant(Role.DATA_STEWARD, "CRA", None),),
)
VIEWER = Actor(
    email="viewer@example.org",
    name="Viewer",
    language="en",
    grants=(Grant(Role.VIEWER, "CRA", None),),
)


def founded(workspace: Workspace) -> Workspace:
    """The house with the least a load needs: its agency, and the services it delivers."""
    with workspace.database.writing() as session:
        session.add(Agency(name_sq="ARC", name_sr="ARC", name_en="CRA"))
        session.add_all(services())
    return workspace


def application(number: int, status: str = "received", *, updated: int = 1, **more: Any) -> Values:
    """One application, opened on a day of March 2025 and last updated on another of April."""
    return {
        "application_id": f"A-{number:04}",
        "service_code": "PASSPORT",
        "submitted_at": f"2025-03-{number % 28 + 1:02} 09:00:00",
        "decided_at": "",
        "ready_at": "",
        "status": status,
        "updated_at": f"2025-04-{updated:02} 12:00:00" if updated else "",
    } | more


def stock(day: int, on_hand: int, document: str = "passport") -> Values:
    """One day of blank stock: a contract with a key of two columns and no time of update."""
    return {"document_type": document, "stock_date": f"2025-03-{day:02}", "on_hand": on_hand}


def written(path: Path, rows: Iterable[Values]) -> Path:
    """The rows as a CSV file."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
    return path


def load(workspace: Workspace, path: Path, **options: Any) -> LoadReport:
    """Load as the steward, by the profile that the file's headers call for."""
    return load_extract(workspace, by=STEWARD, path=path, file_name=path.name, **options)


def winners(
    workspace: Workspace, name: str, column: str, as_of: int | None = None
) -> dict[tuple[Any, ...], Any]:
    """Key to the value of a column in the winning version, as of an event."""
    found = contract(name)
    with workspace.read(STEWARD, Permission.EXTRACT_VIEW) as reader:
        batches = live_batches(reader, name, as_of)
    sql = winners_sql(
        BatchStore(workspace.settings.extracts),
        batches,
        key=found.key,
        updated=found.updated,
        columns=[*found.key, column],
    )
    with duckdb.connect() as connection:
        rows = connection.execute(sql).fetchall()
    known = {tuple(row[: len(found.key)]): row[-2] for row in rows}
    assert len(known) == len(rows), "a case has two winners"
    return known


def statuses(workspace: Workspace, as_of: int | None = None) -> dict[str, str]:
    """Application to its status, as of an event."""
    return {
        key[0]: value for key, value in winners(workspace, "applications", "status", as_of).items()
    }


def events(workspace: Workspace) -> list[ExtractEvent]:
    with workspace.database.reading() as session:
        return list(session.exec(select(ExtractEvent).order_by(col(ExtractEvent.number))))


def batches(workspace: Workspace) -> list[Batch]:
    with workspace.database.reading() as session:
        return list(session.exec(select(Batch)))


def audit(workspace: Workspace) -> list[AuditEntry]:
    """The whole trail, which holds."""
    with workspace.database.reading() as session:
        entries = list(session.exec(select(AuditEntry).order_by(col(AuditEntry.number))))
    assert verify(entries).holds
    return entries


def on_disk(workspace: Workspace) -> set[str]:
    """The batches lying in the store, and whatever else does, gate aside."""
    root = workspace.settings.extracts
    found = {path.name for path in root.glob("*/batch-*")} | {
        path.name for path in (root / ".staging").glob("*") if path.name != "gate"
    }
    return {name.removeprefix("batch-") for name in found}
