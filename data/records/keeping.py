"""Records that are their versions and nothing beside: begun, taken in hand, amended, read.

The record is a frozen dataclass; what stands is its last version. So every time that ever was can
be looked at, and there is no second copy of the truth in rows that could say otherwise.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import uuid4

from sqlmodel import col, func, select

from data.audit.tags import AuditTag
from data.codec import build, canonical, digest, plain
from data.errors import Conflict, NotFound
from data.records.versions import history, keep, step_past
from data.store.tables import FrozenDocument, RecordVersion
from data.workspace import Change, Reader

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Kept(Generic[Record]):
    """A record as a change left it: which version it is, whose change it was, and when."""

    id: str
    value: Record
    version: int
    by: str
    at: datetime
    tag: str = ""
    cause: Mapping[str, Any] | None = None


def new_id() -> str:
    return uuid4().hex


def next_code(change: Change, noun: str, prefix: str, digits: int = 3) -> str:
    """The code of the next record of a kind, never given twice: prefix and a number."""
    table = RecordVersion
    statement = select(func.count(func.distinct(col(table.noun_id))))
    count = change.first(statement.where(table.noun == str(noun))) or 0
    return f"{prefix}{count + 1:0{digits}}"


def read_all(reader: Reader, noun: str, kind: type[Record]) -> tuple[Kept[Record], ...]:
    """Every record of a kind as it stands or stood at the time looked at, in the order of ids."""
    table = RecordVersion
    statement = select(table).where(table.noun == str(noun))
    if reader.then is None:
        statement = statement.where(col(table.replaced_at).is_(None))
    else:
        until = reader.then.until
        still = col(table.replaced_at).is_(None) | (col(table.replaced_at) >= until)
        statement = statement.where(table.at < until, still)
    rows = reader.all(statement.order_by(table.noun_id))
    return tuple(_kept(row, kind) for row in rows)


def read_one(reader: Reader, noun: str, noun_id: str, kind: type[Record]) -> Kept[Record]:
    """The record of this id as it stands, or stood at the reader's time; none is NotFound."""
    past = history(reader, noun, noun_id)
    if not past:
        raise NotFound("door.not_found", noun=str(noun), id=noun_id)
    return _kept(past[-1], kind)


def read_past(
    reader: Reader, noun: str, noun_id: str, kind: type[Record]
) -> tuple[Kept[Record], ...]:
    """Every version of a record up to the reader's time, oldest first."""
    return tuple(_kept(row, kind) for row in history(reader, noun, noun_id))


def take(
    change: Change, noun: str, noun_id: str, kind: type[Record], version: int | None
) -> Kept[Record]:
    """The record to be changed; from here on it is later than all that was kept of it.

    A version seen that is no longer current is a Conflict that carries what stands now (`current`,
    a plain document) and who changed it (`by`); None is for the system, which saw what it changes.
    """
    kept = read_one(change, noun, noun_id, kind)
    step_past(change, noun, noun_id)
    if version is not None and kept.version != version:
        raise Conflict(
            "records.refused.conflict", code=noun_id, by=kept.by, current=plain(kept.value)
        )
    return kept


def begin(
    change: Change,
    noun: str,
    noun_id: str,
    value: Any,
    tag: AuditTag,
    cause: Mapping[str, Any] | None = None,
) -> None:
    """Keep the first version of a record, with its audit entry; an id that is taken: Conflict."""
    if history(change, noun, noun_id):
        raise Conflict("records.refused.taken", code=noun_id)
    keep(change, noun, noun_id, plain(value), tag, cause)


def amend(
    change: Change,
    noun: str,
    noun_id: str,
    value: Any,
    tag: AuditTag,
    cause: Mapping[str, Any] | None = None,
) -> None:
    """Keep the next version of a record that was taken, with its audit entry."""
    keep(change, noun, noun_id, plain(value), tag, cause)


def freeze(change: Change, noun: str, noun_id: str, document: Any) -> str:
    """Keep a document byte for byte for ever; returns the SHA-256 of its canonical bytes."""
    content = canonical(document)
    sha256 = digest(document)
    if change.find(FrozenDocument, sha256) is None:
        row = FrozenDocument(
            sha256=sha256,
            noun=str(noun),
            noun_id=noun_id,
            content=zlib.compress(content, 6),
            kept_by=change.by.email,
            kept_at=change.now,
        )
        change.add(row)
    return sha256


def read_frozen(reader: Reader, sha256: str) -> bytes:
    """The canonical bytes that were frozen under this hash; none is NotFound."""
    return zlib.decompress(reader.get(FrozenDocument, sha256).content)


def _kept(row: RecordVersion, kind: type[Record]) -> Kept[Record]:
    value = build(kind, row.content)
    return Kept(row.noun_id, value, row.version, row.actor, row.at, row.tag, row.cause)
