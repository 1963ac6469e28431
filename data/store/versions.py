"""Which version of a case counts: the batches live as of an event, and SQL that picks the winners.

Among the live batches in load order, a version loaded before the latest tombstone of its key is
dead. Of the others the newest `updated` wins (none is oldest), a tie goes to the later load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session, col, select

from data.store.batches import BatchStore
from data.store.tables import ExtractEvent

LOAD = "load"
WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class LiveBatch:
    """A batch that counts; `number` is the event that loaded it."""

    id: str
    contract: str
    number: int


class Asks(Protocol):
    """Whoever can answer a select: the door's reader or change."""

    def all(self, statement: Any) -> Sequence[Any]: ...


def live_batches(
    source: Session | Asks, contract: str, as_of: int | None = None
) -> tuple[LiveBatch, ...]:
    """The batches of a contract loaded and not withdrawn as of an event (None: now), in load order."""
    statement = select(ExtractEvent).where(ExtractEvent.contract == contract)
    if as_of is not None:
        statement = statement.where(ExtractEvent.number <= as_of)
    statement = statement.order_by(col(ExtractEvent.number))
    found = source.exec(statement) if isinstance(source, Session) else source.all(statement)
    live: dict[str, LiveBatch] = {}
    for event in found:
        if event.kind == LOAD:
            live[event.batch_id] = LiveBatch(event.batch_id, contract, event.number)
        else:
            live.pop(event.batch_id, None)
    return tuple(live.values())


def winners_sql(
    store: BatchStore,
    batches: Sequence[LiveBatch],
    *,
    key: Sequence[str],
    updated: str | None,
    columns: Sequence[str],
    only_keys_relation: str | None = None,
) -> str:
    """One SELECT giving `columns` and `_batch` (the load event's number) of each key's winner.

    `only_keys_relation` (a table or view with the key columns) limits it to those keys. Keys found
    in one batch only, nearly all of them, are taken straight: versions are ranked for the rest.
    Without any rows in any batch the result is empty and its columns have no type.
    """
    filled = [batch for batch in batches if store.has_rows(batch.contract, batch.id)]
    if not filled:
        return _nothing(columns)
    versions = _Versions(store, filled, key=key, updated=updated, only=only_keys_relation)
    buried = _tombstones(store, batches, key)
    straight = versions.select(columns)
    if len(filled) == 1:
        return _alive(straight, buried, key)
    return _resolved(versions, columns, buried)


def known_keys_sql(
    store: BatchStore, batches: Sequence[LiveBatch], *, key: Sequence[str], where: str = "1 = 1"
) -> str:
    """One SELECT of every key, once, that any version meeting `where` in the batches holds."""
    filled = [batch for batch in batches if store.has_rows(batch.contract, batch.id)]
    if not filled:
        return _nothing(key)
    names = _names(key)
    parts = (f"SELECT {names} FROM {_rows(store, batch)} WHERE {where}" for batch in filled)
    return f"SELECT DISTINCT {names} FROM ({' UNION ALL '.join(parts)}) AS known"


def touched_keys_sql(store: BatchStore, batch: LiveBatch, *, key: Sequence[str]) -> str:
    """One SELECT of every key, once, that loading or withdrawing the batch can change."""
    names, parts = _names(key), []
    if store.has_rows(batch.contract, batch.id):
        parts.append(f"SELECT {names} FROM {_rows(store, batch)}")
    if store.tombstones_path(batch.contract, batch.id).exists():
        parts.append(f"SELECT {names} FROM {_graves(store, batch)}")
    if not parts:
        return _nothing(key)
    return f"SELECT DISTINCT {names} FROM ({' UNION ALL '.join(parts)}) AS touched"


class _Versions:
    """All versions in some batches, as SQL that is written out where it is needed.

    A common table expression used twice would be materialised with all its columns.
    """

    def __init__(
        self,
        store: BatchStore,
        batches: Sequence[LiveBatch],
        *,
        key: Sequence[str],
        updated: str | None,
        only: str | None,
    ) -> None:
        self.store, self.batches, self.key, self.updated, self.only = store, batches, key, updated, only

    def select(self, columns: Sequence[str]) -> str:
        """SELECT of the columns and `_batch` over all versions."""
        return " UNION ALL ".join(self._one(batch, columns) for batch in self.batches)

    def _one(self, batch: LiveBatch, columns: Sequence[str]) -> str:
        names = ", ".join(f'r."{name}"' for name in columns)
        sql = f"SELECT {names}, {batch.number} AS _batch FROM {_rows(self.store, batch)} AS r"
        if self.only is None:
            return sql
        return f"{sql} WHERE EXISTS (SELECT 1 FROM {self.only} AS o WHERE {_same('o', 'r', self.key)})"


def _resolved(versions: _Versions, columns: Sequence[str], buried: str | None) -> str:
    key, names = versions.key, _names(columns)
    rank = [f'"{versions.updated}" DESC NULLS LAST'] if versions.updated else []
    order = ", ".join([*rank, "_batch DESC"])
    wanted = list(dict.fromkeys([*key, *([versions.updated] if versions.updated else [])]))
    repeated = f"SELECT 1 FROM repeated AS q WHERE {_same('q', 'v', key)}"
    of_repeated = f"SELECT * FROM ({versions.select(wanted)}) AS v WHERE EXISTS ({repeated})"
    ranked = (
        f"SELECT {_names(key)}, _batch,"
        f" ROW_NUMBER() OVER (PARTITION BY {_names(key)} ORDER BY {order}) AS _rank"
        f" FROM ({_alive(of_repeated, buried, key)}) AS ranked"
    )
    once = f"SELECT * FROM ({versions.select(columns)}) AS v WHERE NOT EXISTS ({repeated})"
    return f"""
WITH repeated AS (
    SELECT {_names(key)} FROM ({versions.select(key)}) AS v GROUP BY {_names(key)} HAVING COUNT(*) > 1
), best AS (
    SELECT {_names(key)}, _batch FROM ({ranked}) AS r WHERE _rank = 1
)
SELECT {names}, _batch FROM ({_alive(once, buried, key)}) AS straight
UNION ALL
SELECT {names}, _batch FROM ({versions.select(columns)}) AS v
WHERE EXISTS (SELECT 1 FROM best AS b WHERE {_same('b', 'v', key)} AND b._batch = v._batch)
"""


def _alive(versions: str, buried: str | None, key: Sequence[str]) -> str:
    """The versions without those loaded before their key's latest tombstone."""
    if buried is None:
        return versions
    grave = f"SELECT 1 FROM ({buried}) AS t WHERE {_same('t', 'w', key)} AND t._grave > w._batch"
    return f"SELECT * FROM ({versions}) AS w WHERE NOT EXISTS ({grave})"


def _tombstones(store: BatchStore, batches: Sequence[LiveBatch], key: Sequence[str]) -> str | None:
    """SELECT of each buried key with the number of its latest tombstone; None when there is none."""
    names = _names(key)
    parts = [
        f"SELECT {names}, {batch.number} AS _grave FROM {_graves(store, batch)}"
        for batch in batches
        if store.tombstones_path(batch.contract, batch.id).exists()
    ]
    if not parts:
        return None
    return f"SELECT {names}, MAX(_grave) AS _grave FROM ({' UNION ALL '.join(parts)}) AS g GROUP BY {names}"


def _rows(store: BatchStore, batch: LiveBatch) -> str:
    return f"read_parquet({_quoted(store.rows_glob(batch.contract, batch.id))})"


def _graves(store: BatchStore, batch: LiveBatch) -> str:
    return f"read_parquet({_quoted(str(store.tombstones_path(batch.contract, batch.id)))})"


def _nothing(columns: Sequence[str]) -> str:
    names = ", ".join(f'NULL AS "{name}"' for name in columns)
    return f"SELECT {names}, 0 AS _batch WHERE 1 = 0"


def _same(one: str, other: str, key: Sequence[str]) -> str:
    return " AND ".join(f'{one}."{name}" = {other}."{name}"' for name in key)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
