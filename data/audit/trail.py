"""The hash chain: how an entry is written after the last one, and how the whole is verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from data.audit.tags import AuditTag
from data.store.tables import AuditEntry

GENESIS = "0" * 64
Values = dict[str, Any]


def append(
    session: Session,
    *,
    actor: str,
    tag: AuditTag,
    noun: str,
    noun_id: str,
    old: Values | None = None,
    new: Values | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Add the next entry; the caller holds the write lock, so nobody comes in between."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.number).desc()).limit(1)).first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=at or datetime.now(UTC),
        actor=actor,
        tag=tag.value,
        noun=noun,
        noun_id=noun_id,
        old=_plain(old),
        new=_plain(new),
        previous_hash=last.hash if last else GENESIS,
        hash="",
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says and the hash of the entry before it."""
    said = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.tag,
        entry.noun,
        entry.noun_id,
        entry.old,
        entry.new,
        entry.previous_hash,
    ]
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many entries hold, the head, and the first bad one if any."""

    entries: int
    head: str
    first_bad: int | None = None
    fault: str | None = None  # edited | missing | broken_link | head_not_found

    @property
    def holds(self) -> bool:
        return self.first_bad is None and self.fault is None


def verify(entries: Iterable[AuditEntry], expected_head: str | None = None) -> Verdict:
    """Walk the chain from its first entry; any edit, removal, insertion or re-ordering is named.

    Entries cut off at the end leave a whole chain behind. Only a head noted elsewhere (every
    report prints it) can tell: give it as `expected_head`.
    """
    previous, count, seen_head = GENESIS, 0, expected_head is None
    for entry in entries:
        fault = _fault(entry, count + 1, previous)
        if fault:
            return Verdict(count, previous, first_bad=count + 1, fault=fault)
        previous, count = entry.hash, count + 1
        seen_head = seen_head or entry.hash == expected_head
    if not seen_head:
        return Verdict(count, previous, first_bad=count + 1, fault="head_not_found")
    return Verdict(count, previous)


def _fault(entry: AuditEntry, expected_number: int, previous: str) -> str | None:
    if entry.number != expected_number:
        return "missing"
    if entry_hash(entry) != entry.hash:
        return "edited"
    if entry.previous_hash != previous:
        return "broken_link"
    return None


def _plain(values: Values | None) -> Values | None:
    """Values as JSON gives them back, so that the hash is the same after a round trip."""
    if values is None:
        return None
    plain: Values = json.loads(_canonical(values))
    return plain


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
