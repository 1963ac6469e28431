"""Records kept whole: what every change of one left behind, and which change it was.

A version holds the whole record; the audit entry of the same change holds what changed in it, and
the digest of the whole. So the trail, folded up to any moment, gives the bytes of the version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, func, select

from data.audit.tags import AuditTag
from data.codec import canonical, digest, plain
from data.store.tables import RecordVersion, RegisterSnapshot
from data.workspace import Change, Reader

Document = dict[str, Any]
AT_ONCE = 500
TICK = timedelta(microseconds=1)
RECORD = "record"  # under which an audit entry holds the fields that changed


def keep(
    change: Change,
    noun: str,
    noun_id: str,
    content: Mapping[str, Any],
    tag: AuditTag,
    cause: Mapping[str, Any] | None = None,
) -> None:
    """End the version that stood, begin the next one, and record what is different."""
    document: Document = plain(content)
    last = _standing(change, noun, noun_id)
    # Later than all that was kept of it, and never within a snapshot that was taken already.
    change.now = max(change.now, last.at + TICK if last else change.now, _sealed(change))
    before: Document = {}
    if last is not None:
        before, last.replaced_at = last.content, change.now
        change.add(last)
    said = digest(document)
    row = RecordVersion(
        noun=str(noun),
        noun_id=noun_id,
        version=last.version + 1 if last else 1,
        at=change.now,
        actor=change.by.email,
        tag=tag.value,
        cause=plain(cause) if cause else None,
        content=document,
        sha256=said,
    )
    change.add(row)
    old, new = differences(before, document)
    told: Document = {"kind": document.get("code", noun_id), "sha256": said, RECORD: new}
    if cause:
        told["because"] = plain(cause)
    change.record(
        tag, noun=str(noun), noun_id=noun_id, old={RECORD: old} if old else None, new=told
    )


def step_past(change: Change, noun: str, noun_id: str) -> None:
    """Let what is done from here on be later than all that was kept of this."""
    last = _standing(change, noun, noun_id)
    if last is not None:
        change.now = max(change.now, last.at + TICK)


def last_hand(reader: Reader, noun: str, noun_id: str) -> str:
    """Who changed it last."""
    last = _standing(reader, noun, noun_id)
    return last.actor if last else ""


def differences(before: Document, after: Document) -> tuple[Document, Document]:
    """The fields that differ, as they were and as they are."""
    names = [name for name in after if name not in before or differ(before[name], after[name])]
    return {name: before[name] for name in names if name in before}, {
        name: after[name] for name in names
    }


def differ(one: Any, other: Any) -> bool:
    """Whether two values are written differently: 1 and 1.0 are equal, and yet not the same."""
    return canonical(one) != canonical(other)


def folded(entries: list[tuple[Document | None, Document | None]]) -> Document:
    """The record that the entries of the trail about it add up to."""
    record: Document = {}
    for _old, new in entries:
        record |= (new or {}).get(RECORD, {})
    return record


def standing(reader: Reader, noun: str, until: datetime | None = None) -> list[tuple[int, str]]:
    """The versions that stand now, or stood until a moment or the reader's time: id and digest."""
    table: Any = RecordVersion
    statement = select(table.id, table.sha256).where(table.noun == str(noun))
    moment = until or (reader.then.until if reader.then else None)
    return [(number, said) for number, said in reader.all(_at(moment, statement))]


def contents(reader: Reader, ids: Collection[int]) -> Iterator[tuple[str, Document]]:
    """Digest and content of versions, some hundred at a time."""
    table: Any = RecordVersion
    ordered = sorted(ids)
    for begin in range(0, len(ordered), AT_ONCE):
        some = ordered[begin : begin + AT_ONCE]
        found: Any = reader.all(select(table.sha256, table.content).where(col(table.id).in_(some)))
        yield from ((said, content) for said, content in found)


def _at(until: datetime | None, statement: Any) -> Any:
    """Only what stands, or stood until a moment."""
    table = RecordVersion
    if until is None:
        return statement.where(col(table.replaced_at).is_(None))
    still = or_(col(table.replaced_at).is_(None), col(table.replaced_at) >= until)
    return statement.where(table.at < until, still)


def history(reader: Reader, noun: str, noun_id: str) -> list[RecordVersion]:
    """Every version of one thing up to the reader's time, oldest first."""
    table = RecordVersion
    statement = select(table).where(table.noun == str(noun), table.noun_id == noun_id)
    if reader.then is not None:
        statement = statement.where(table.at < reader.then.until)
    return list(reader.all(statement.order_by(col(table.version))))


def _sealed(change: Change) -> datetime:
    """Up to when the register was kept byte for byte."""
    latest: datetime | None = change.first(select(func.max(col(RegisterSnapshot.as_of))))
    return latest or change.now


def _standing(reader: Reader, noun: str, noun_id: str) -> RecordVersion | None:
    table = RecordVersion
    return reader.first(
        select(table)
        .where(table.noun == str(noun), table.noun_id == noun_id)
        .order_by(col(table.version).desc())
        .limit(1)
    )
