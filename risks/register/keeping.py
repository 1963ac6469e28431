"""Taking a risk in hand for a change, and keeping what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlmodel import col, func, select

from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Conflict, NotFound
from data.records import TICK, keep
from data.store import tables
from data.workspace import Change, Reader
from risks.register.hands import Hand, hand_of, may_see
from risks.register.nouns import Noun
from risks.register.record import Risk
from risks.register.rows import read_rows, write_rows


def new_id() -> str:
    return uuid4().hex


def next_number(change: Change) -> int:
    """The number of the next risk; its code is made of it and stays its own for ever."""
    return (change.first(select(func.max(col(tables.Risk.number)))) or 0) + 1


def find(reader: Reader, code: str) -> Risk:
    """The risk of this code; none, or one the actor may not see, is NotFound."""
    risk_id = reader.first(select(tables.Risk.id).where(tables.Risk.code == code))
    risk = read_rows(reader, risk_id) if risk_id else None
    if risk is None or not may_see(reader, risk):
        raise NotFound("risks.refused.no_risk", code=code)
    return risk


def take(change: Change, code: str, version: int | None) -> tuple[Risk, Hand]:
    """The risk as it stands and what the actor is to it; from here on it is later than all of it.

    A version seen that is no longer current is a Conflict that carries what stands now; None is
    for the system, which saw what it is about to change.
    """
    risk = find(change, code)
    # No two changes are of one moment: what is said first stands first, then and for ever.
    change.now = max(change.now, risk.updated_at + TICK)
    if version is not None and risk.row_version != version:
        raise Conflict("risks.refused.conflict", code=code, by=risk.updated_by, current=plain(risk))
    return risk, hand_of(change, risk)


def because(reason: str) -> Mapping[str, Any] | None:
    """The reason somebody gave for a change, as it is kept with it."""
    return {"reason": reason.strip()} if reason.strip() else None


def settle(
    change: Change,
    before: Risk | None,
    after: Risk,
    tag: AuditTag,
    cause: Mapping[str, Any] | None = None,
) -> Risk:
    """Write the next state of a risk, with its version and its audit entry; returns it as kept."""
    touched = replace(after, updated_by=change.by.email, updated_at=change.now)
    write_rows(change, before, touched)
    kept = read_rows(change, after.id)
    keep(change, Noun.RISK, kept.id, plain(kept), tag, cause)
    return kept
