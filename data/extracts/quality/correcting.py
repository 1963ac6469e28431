"""Late corrections: what each load changed of what was known, and how far back that reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import duckdb

from data.access.actor import Actor
from data.access.permissions import Permission
from data.extracts import sql
from data.extracts.contracts import Contract, contract
from data.extracts.history import Load
from data.extracts.quality.rows import engine, fetched
from data.store.batches import BatchStore
from data.store.versions import LiveBatch, live_batches, winners_sql
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Correction:
    """A load that changed known cases: how many, and how old the cases were at its cut-off."""

    load: Load
    oldest: date | None  # the opening day of the oldest case changed
    median_days: float | None  # from opening to cut-off, of the cases changed
    longest_days: int | None

    @property
    def changed(self) -> int:
        return self.load.batch.rows_changed

    @property
    def vanished(self) -> int:
        return self.load.batch.rows_vanished


def corrections(
    workspace: Workspace, *, by: Actor, loads: Sequence[Load]
) -> tuple[Correction, ...]:
    """What each of these loads of one extract corrected, in their order."""
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        known = {
            load.event.number: live_batches(reader, load.batch.contract, load.event.number - 1)
            for load in loads
            if load.batch.rows_changed
        }
    if not known:
        return tuple(Correction(load, None, None, None) for load in loads)
    store, zone = BatchStore(workspace.settings.extracts), workspace.settings.zone
    with engine(workspace.settings) as connection:
        return tuple(
            _correction(connection, store, load, known.get(load.event.number, ()), zone)
            for load in loads
        )


def _correction(
    connection: duckdb.DuckDBPyConnection,
    store: BatchStore,
    load: Load,
    before: Sequence[LiveBatch],
    zone: ZoneInfo,
) -> Correction:
    if not before or not store.has_rows(load.batch.contract, load.batch.id):
        return Correction(load, None, None, None)
    found, cut = contract(load.batch.contract), load.batch.cut_at.astimezone(zone).date()
    rows = f"read_parquet({sql.literal(store.rows_glob(found.name, load.batch.id))})"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW brought AS {_hashed(found, rows)}")
    oldest, median = fetched(connection, _reach_sql(store, found, before, cut))[0]
    longest = (cut - oldest).days if oldest else None
    return Correction(load, oldest, None if median is None else float(median), longest)


def _reach_sql(store: BatchStore, found: Contract, before: Sequence[LiveBatch], cut: date) -> str:
    """Of the rows brought that replace another content of a known case: oldest, and median age."""
    winners = winners_sql(
        store,
        before,
        key=found.key,
        updated=found.updated,
        columns=[name for name, _kind in found.stored],
        only_keys_relation="brought",
    )
    same = " AND ".join(f"n.{sql.name(key)} = k.{sql.name(key)}" for key in found.key)
    older = "COALESCE(n._updated < k._updated, n._updated IS NULL AND k._updated IS NOT NULL)"
    age = f"date_diff('day', n._opened, DATE '{cut}')"
    return (
        f"SELECT min(n._opened), median({age}) FROM brought AS n "
        f"JOIN ({_hashed(found, f'({winners})')}) AS k ON {same} "
        f"WHERE NOT {older} AND n._content <> k._content"
    )


def _hashed(found: Contract, source: str) -> str:
    updated = sql.name(found.updated) if found.updated else "NULL"
    content = sql.names(found.content) or "0"
    return (
        f"SELECT {sql.names(found.key)}, {updated} AS _updated, hash({content}) AS _content, "
        f"{found.opening_date_sql} AS _opened FROM {source} AS _rows"
    )
