"""Rows that keep only their newest state, as they were known earlier: by undoing what came since.

The audit trail holds what a change found. Undone one after the other, the newest first, the changes
lead from what stands now back to what stood then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlmodel import SQLModel, col, select

from data.store.tables import AuditEntry, Objective, OfficeEvent, OnlineService, StandardMinutes
from data.workspace import Reader, identity_of, noun_of, snapshot

Row = TypeVar("Row", bound=SQLModel)
Rows = dict[str, dict[str, Any]]  # by their key as the trail writes it
FOUNDING, DEMO, OFFICE = "agency", "demo", "office"
# What the demo agency brought in with one entry for all of it.
OF_THE_DEMO = frozenset(
    {OFFICE, noun_of(OnlineService), noun_of(StandardMinutes), noun_of(Objective)}
)


def recalled(reader: Reader, table: type[Row]) -> Sequence[Row]:
    """Every row of a table of reference data as it was known to the reader, in no order."""
    found: Sequence[Row] = reader.all(select(table))
    noun = noun_of(table)
    changes = OFFICE if table is OfficeEvent else noun
    entries = later_entries(reader, changes, FOUNDING, DEMO)
    if not entries:
        return found
    rows = as_rows(found)
    for entry in entries:
        if _founds(entry, changes):
            rows.clear()
        elif table is OfficeEvent:
            _undo_event(rows, entry)
        elif entry.noun == noun:
            _undo(rows, table, entry)
    return [table.model_validate(values) for values in rows.values()]


def later_entries(reader: Reader, *nouns: str) -> Sequence[AuditEntry]:
    """What the trail says was done with these since the time looked at, the newest first."""
    if reader.then is None:
        return ()
    statement = select(AuditEntry).where(
        col(AuditEntry.noun).in_(nouns), col(AuditEntry.at) > reader.then.until
    )
    return reader.all(statement.order_by(col(AuditEntry.number).desc()))


def as_rows(found: Iterable[SQLModel]) -> Rows:
    """Rows by their keys, as plain values."""
    return {identity_of(row): snapshot(row) for row in found}


def put_back(rows: Rows, key: str, old: Mapping[str, Any] | None) -> None:
    """Let a row be what it was; None: it was not there."""
    if old is None:
        rows.pop(key, None)
    else:
        rows[key] = {**rows.get(key, {}), **old}


def _founds(entry: AuditEntry, noun: str) -> bool:
    """Whether nothing of the kind was known before it."""
    said = entry.new or {}
    if entry.noun == DEMO:
        return noun in OF_THE_DEMO and said.get("step") == 1
    return entry.noun == FOUNDING and bool(said.get("founded"))


def _undo(rows: Rows, table: type[SQLModel], entry: AuditEntry) -> None:
    """A row is what the entry found; what it ended, let hold on or moved along is so too."""
    old, said = entry.old, entry.new or {}
    if "days" in said:
        _forget_years(rows, frozenset(map(str, said.get("years", ()))))
        return
    found = _key(table, old) if old else None
    put_back(rows, entry.noun_id, old if found == entry.noun_id else None)
    others = [old] if old and found != entry.noun_id else []
    others += [said["let_hold_on"]] if said.get("let_hold_on") else []
    for other in others:
        put_back(rows, _key(table, other), other)
    for place, code in enumerate((old or {}).get("order", ())):
        put_back(rows, code, {"position": place})


def _key(table: type[SQLModel], values: Mapping[str, Any]) -> str:
    return "/".join(str(values[column.name]) for column in inspect(table).primary_key)


def _forget_years(rows: Rows, years: frozenset[str]) -> None:
    """The calendar before it was extended by these years."""
    for day in [day for day in rows if day[:4] in years]:
        del rows[day]


def _undo_event(rows: Rows, entry: AuditEntry) -> None:
    """What happened to an office was not known yet, or was not taken back yet."""
    said: Mapping[str, Any] = entry.new or {}
    if "happened" in said:
        put_back(rows, str(said.get("event")), None)
    elif "withdrawn" in said:
        put_back(rows, str(said.get("event")), {"withdrawn": False})
