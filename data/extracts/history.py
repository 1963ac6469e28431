"""What was loaded and what became of it: loads, events, and the rows that were not let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from sqlmodel import col, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import NotFound
from data.extracts.quarantine import as_csv
from data.store.batches import BatchStore
from data.store.tables import Batch, ExtractEvent
from data.store.versions import LOAD, WITHDRAWAL
from data.workspace import Reader, Workspace


@dataclass(frozen=True, slots=True)
class Load:
    """A load and its fate; `withdrawal` is the event that took it back, if one did."""

    event: ExtractEvent
    batch: Batch
    withdrawal: ExtractEvent | None = None

    @property
    def is_live(self) -> bool:
        return self.withdrawal is None


def loads(workspace: Workspace, *, by: Actor, contract: str | None = None) -> tuple[Load, ...]:
    """Every load, the newest first; of one contract or of all."""
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        return tuple(reversed(_found_loads(reader, contract)))


def load_of(workspace: Workspace, *, by: Actor, batch_id: str) -> Load:
    """The load of a batch; NotFound when there is none of that id."""
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        batch = reader.get(Batch, batch_id)
        for load in _found_loads(reader, batch.contract):
            if load.batch.id == batch_id:
                return load
    raise NotFound("door.not_found", noun="batch", id=batch_id)  # it was loaded later


def events(
    workspace: Workspace, *, by: Actor, contract: str | None = None
) -> tuple[ExtractEvent, ...]:
    """Every load and withdrawal in the order of their numbers; of one contract or of all."""
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        return tuple(_events(reader, contract))


def known_until(workspace: Workspace, *, by: Actor) -> datetime | None:
    """The latest moment of which any load that was not withdrawn knows; None without one."""
    withdrawn = select(ExtractEvent.batch_id).where(ExtractEvent.kind == WITHDRAWAL)
    statement = select(func.max(Batch.cut_at))
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        if reader.then is not None:
            loaded = select(ExtractEvent.batch_id).where(ExtractEvent.number <= reader.then.event)
            statement = statement.where(col(Batch.id).in_(loaded))
            withdrawn = withdrawn.where(ExtractEvent.number <= reader.then.event)
        return reader.first(statement.where(col(Batch.id).not_in(withdrawn)))


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Some of the rows a load did not let in; never the values themselves."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int


def quarantine(
    workspace: Workspace, *, by: Actor, batch_id: str, limit: int = 100, offset: int = 0
) -> QuarantinePage:
    """The quarantine of a load: file, row, column, kind of value, reason."""
    path = _quarantine_path(workspace, by, batch_id)
    if path is None:
        return QuarantinePage((), (), 0)
    with duckdb.connect() as connection:
        source = connection.read_parquet(str(path))
        page = source.limit(limit, offset)
        return QuarantinePage(tuple(source.columns), tuple(page.fetchall()), len(source))


def quarantine_csv(workspace: Workspace, *, by: Actor, batch_id: str, to: Path) -> None:
    """Write the quarantine of a load as CSV for download; NotFound when the load has none."""
    path = _quarantine_path(workspace, by, batch_id)
    if path is None:
        raise NotFound("loading.no_quarantine", batch=batch_id)
    as_csv(path, to)


def refused_csv(workspace: Workspace, *, by: Actor, sha256: str) -> Path:
    """The quarantine kept of a refused file, as CSV; NotFound when there is none."""
    with workspace.read(by, Permission.QUARANTINE_VIEW):
        path = refused_path(workspace, sha256)
    if not path.is_file():
        raise NotFound("loading.no_refused_file", sha256=sha256)
    return path


def refused_path(workspace: Workspace, sha256: str) -> Path:
    """Where the quarantine of a refused file is kept; anything but a hash is NotFound."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise NotFound("loading.no_refused_file", sha256=sha256)
    return workspace.settings.home / "refused" / f"{sha256}.csv"


def _quarantine_path(workspace: Workspace, by: Actor, batch_id: str) -> Path | None:
    with workspace.read(by, Permission.QUARANTINE_VIEW) as reader:
        batch = reader.get(Batch, batch_id)
    path = BatchStore(workspace.settings.extracts).quarantine_path(batch.contract, batch.id)
    return path if path.exists() else None


def _events(reader: Reader, contract: str | None) -> Sequence[ExtractEvent]:
    statement = select(ExtractEvent).order_by(col(ExtractEvent.number))
    if contract is not None:
        statement = statement.where(ExtractEvent.contract == contract)
    if reader.then is not None:
        statement = statement.where(ExtractEvent.number <= reader.then.event)
    return reader.all(statement)


def _found_loads(reader: Reader, contract: str | None) -> list[Load]:
    statement = select(Batch)
    if contract is not None:
        statement = statement.where(Batch.contract == contract)
    batches = {batch.id: batch for batch in reader.all(statement)}
    found = _events(reader, contract)
    withdrawn = {event.batch_id: event for event in found if event.kind == WITHDRAWAL}
    return [
        Load(event, batches[event.batch_id], withdrawn.get(event.batch_id))
        for event in found
        if event.kind == LOAD
    ]
