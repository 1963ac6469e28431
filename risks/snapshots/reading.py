"""Which snapshots of the register were taken, and what is in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.access.permissions import Permission
from data.errors import NotFound, PermissionDenied
from data.store.tables import RegisterSnapshot
from data.workspace import Reader
from risks.snapshots.content import unpacked


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole register as of a moment, by its digest; `published`: for everybody to see."""

    id: str
    label: str
    as_of: datetime
    published: bool
    risks: int
    sha256: str
    taken_by: str
    taken_at: datetime


NAMES = ("id", "label", "as_of", "published", "risks", "sha256", "taken_by", "taken_at")


def list_snapshots(reader: Reader) -> tuple[Snapshot, ...]:
    """The snapshots up to the reader's time, the latest first; who sees only what is published sees
    the published ones.
    """
    table: Any = RegisterSnapshot
    statement = select(*(getattr(table, name) for name in NAMES))
    if reader.then is not None:
        statement = statement.where(table.taken_at < reader.then.until)
    if not reader.by.may(Permission.RISK_VIEW):
        statement = statement.where(col(table.published).is_(True))
    found: Any = reader.all(statement.order_by(col(table.taken_at).desc(), col(table.id)))
    return tuple(Snapshot(*row) for row in found)


def read_snapshot(reader: Reader, snapshot_id: str) -> Snapshot:
    """The snapshot of this id; none, or one the actor may not see, is NotFound."""
    for one in list_snapshots(reader):
        if one.id == snapshot_id:
            return one
    raise NotFound("risks.snapshots.refused.no_snapshot")


def read_content(reader: Reader, snapshot_id: str) -> bytes:
    """The whole register as it was kept, as canonical JSON; for those who may see every risk."""
    by = reader.by
    if not by.may(Permission.RISK_VIEW) or by.units_for(Permission.RISK_VIEW) is not None:
        raise PermissionDenied("door.denied", permission=Permission.RISK_VIEW.value)
    kept = stored(reader, snapshot_id)
    if kept is None:
        raise NotFound("risks.snapshots.refused.unreadable")
    return kept


def stored(reader: Reader, snapshot_id: str) -> bytes | None:
    """The bytes as they are kept, whoever asks; None where they cannot be read any more."""
    read_snapshot(reader, snapshot_id)
    return unpacked(reader.get(RegisterSnapshot, snapshot_id).content)
