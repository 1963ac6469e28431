"""Evidence as it is told, and handed out to whoever may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select

from data.access.actor import WHOLE_AGENCY
from data.errors import NotFound, PermissionDenied
from data.store.tables import EnteredReading, Evidence, Office
from data.workspace import Reader
from kpis.evidence.files import EvidenceFile, content_of


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One thing that proves a value: a file or a reference, who added it and when."""

    id: int
    note: str
    file_name: str | None
    sha256: str | None
    file_bytes: int | None
    added_by: str
    added_at: datetime


def read_evidence(
    reader: Reader, reading_ids: Collection[int]
) -> dict[int, tuple[EvidenceItem, ...]]:
    """What proves each of these readings, in the order in which it was added."""
    statement = select(Evidence).where(
        col(Evidence.reading_id).in_(list(reading_ids)), *_there(reader)
    )
    rows: Iterable[Evidence] = reader.all(statement.order_by(col(Evidence.id)))
    found: dict[int, list[EvidenceItem]] = {number: [] for number in reading_ids}
    for row in rows:
        found[row.reading_id].append(_item(row))
    return {number: tuple(items) for number, items in found.items()}


def _there(reader: Reader) -> list[Any]:
    """Not taken off; at the time looked at: added by then, and not taken off yet."""
    removed = col(Evidence.removed_at)
    if reader.then is None:
        return [removed.is_(None)]
    until = reader.then.until
    return [col(Evidence.added_at) <= until, or_(removed.is_(None), removed > until)]


def read_evidence_file(reader: Reader, evidence_id: int) -> EvidenceFile:
    """A file of evidence of a reading in the actor's units; PermissionDenied of any other."""
    row = reader.get(Evidence, evidence_id)
    there = reader.first(select(Evidence).where(Evidence.id == evidence_id, *_there(reader)))
    if row.sha256 is None or there is None:
        raise NotFound("entering.refused.no_file")
    office = reader.get(EnteredReading, row.reading_id).office_code
    unit = reader.get(Office, office).unit_code if office else WHOLE_AGENCY
    if not reader.scope(unit):
        raise PermissionDenied("entering.refused.other_unit", unit=unit)
    content = content_of(reader.settings.home, row.sha256)
    return EvidenceFile(row.file_name or "file", row.media_type or "", content)


def _item(row: Evidence) -> EvidenceItem:
    return EvidenceItem(
        id=row.id or 0,
        note=row.note,
        file_name=row.file_name,
        sha256=row.sha256,
        file_bytes=row.file_bytes,
        added_by=row.added_by,
        added_at=row.added_at,
    )
