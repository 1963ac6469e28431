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
SMALL_BESIDE = 4  # a batch so many times the rest is large; measured, it only decides speed


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
    """The batches loaded and not withdrawn as of an event (None: now), in load order."""
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

    `only_keys_relation` (a table or view with the key columns) limits it to those keys. Versions
    are ranked for the few contested keys alone; all others are taken straight. Without any rows
    in any batch the result is empty and its columns have no type.
    """
    filled = [batch for batch in batches if store.has_rows(batch.contract, batch.id)]
    if not filled:
        return _nothing(columns)
    versions = _Versions(store, filled, key, updated, _tombstones(store, batches, key))
    if only_keys_relation is not None:
        return _best_of_few(versions, columns, only_keys_relation)
    if len(filled) == 1:
        return versions.alive(columns)
    return _without_losers(versions, columns)


def known_keys_sql(
    store: BatchStore, batches: Sequence[LiveBatch], *, key: Sequence[str], where: str = "1 = 1"
) -> str:
    """One SELECT of every key, once, held by any version `r` in the batches that meets `where`."""
    filled = [batch for batch in batches if store.has_rows(batch.contract, batch.id)]
    if not filled:
        return _nothing(key)
    names = _names(key)
    parts = (f"SELECT {names} FROM {_rows(store, batch)} AS r WHERE {where}" for batch in filled)
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


def values_of_keys_sql(
    store: BatchStore,
    batches: Sequence[LiveBatch],
    *,
    key: Sequence[str],
    columns: Sequence[str],
    only: str,
) -> str:
    """One SELECT of what any version of the keys in a relation holds in the columns, each once."""
    filled = [batch for batch in batches if store.has_rows(batch.contract, batch.id)]
    if not filled:
        return _nothing(columns)
    names, keys = _names(columns), _names(key)
    parts = (
        f"SELECT {names} FROM {_rows(store, batch)} WHERE ({keys}) IN (SELECT {keys} FROM {only})"
        for batch in filled
    )
    return f"SELECT DISTINCT {names} FROM ({' UNION ALL '.join(parts)}) AS held"


@dataclass(frozen=True, slots=True)
class _Versions:
    """All versions in some batches, as SQL that is written out wherever it is needed.

    A common table expression used twice would be materialised, with every row and column.
    """

    store: BatchStore
    batches: Sequence[LiveBatch]
    key: Sequence[str]
    updated: str | None
    buried: str | None

    def all(self, columns: Sequence[str], batches: Sequence[LiveBatch] | None = None) -> str:
        """SELECT of the columns and `_batch` of every version."""
        names = _names(columns)
        return " UNION ALL ".join(
            f"SELECT {names}, {batch.number} AS _batch FROM {_rows(self.store, batch)}"
            for batch in batches or self.batches
        )

    def alive(self, columns: Sequence[str], where: str = "1 = 1") -> str:
        """The same without versions older than their key's latest tombstone; `v` is the version."""
        wanted = self.all([*dict.fromkeys([*self.key, *columns])])
        names = ", ".join(f'v."{name}"' for name in columns)
        sql = f"SELECT {names}, v._batch FROM ({wanted}) AS v WHERE {where}"
        if self.buried is None:
            return sql
        same = f"{_same('t', 'v', self.key)} AND t._grave > v._batch"
        return f"{sql} AND NOT EXISTS (SELECT 1 FROM ({self.buried}) AS t WHERE {same})"

    def ranked(self, columns: Sequence[str], contested: str) -> str:
        """The living versions of the keys in a relation with their `_rank`, 1 for the winner."""
        age = [self.updated] if self.updated else []
        wanted = [*dict.fromkeys([*columns, *self.key, *age])]
        order = ", ".join([*(f'"{name}" DESC NULLS LAST' for name in age), "_batch DESC"])
        where = f"EXISTS (SELECT 1 FROM {contested} AS c WHERE {_same('c', 'v', self.key)})"
        return (
            f"SELECT {_names(wanted)}, _batch,"
            f" ROW_NUMBER() OVER (PARTITION BY {_names(self.key)} ORDER BY {order}) AS _rank"
            f" FROM ({self.alive(wanted, where)}) AS w"
        )

    def contested(self) -> str:
        """SELECT of keys among which are all those with more than one version.

        Beside one large batch, whatever the small ones touch is the quickest to find; batches of
        like size have to be counted through.
        """
        sizes = {batch: self.store.rows_bytes(batch.contract, batch.id) for batch in self.batches}
        largest = max(sizes, key=lambda batch: sizes[batch])
        rest = [batch for batch in self.batches if batch != largest]
        names = _names(self.key)
        if sum(sizes[batch] for batch in rest) * SMALL_BESIDE <= sizes[largest]:
            return f"SELECT DISTINCT {names} FROM ({self.all(self.key, rest)}) AS s"
        everything = self.all(self.key)
        return f"SELECT {names} FROM ({everything}) AS s GROUP BY {names} HAVING COUNT(*) > 1"


def _best_of_few(versions: _Versions, columns: Sequence[str], few: str) -> str:
    ranked = versions.ranked(columns, few)
    return f"SELECT {_names(columns)}, _batch FROM ({ranked}) AS r WHERE _rank = 1"


def _without_losers(versions: _Versions, columns: Sequence[str]) -> str:
    key = versions.key
    lost = f"SELECT 1 FROM losers AS l WHERE {_same('l', 'v', key)} AND l._batch = v._batch"
    ranked = versions.ranked([], "contested")
    return f"""
WITH contested AS ({versions.contested()}),
losers AS (SELECT {_names(key)}, _batch FROM ({ranked}) AS r WHERE _rank > 1)
{versions.alive(columns, f"NOT EXISTS ({lost})")}
"""


def _tombstones(store: BatchStore, batches: Sequence[LiveBatch], key: Sequence[str]) -> str | None:
    """SELECT of each buried key with the number of its latest tombstone; None without any."""
    names = _names(key)
    parts = [
        f"SELECT {names}, {batch.number} AS _grave FROM {_graves(store, batch)}"
        for batch in batches
        if store.tombstones_path(batch.contract, batch.id).exists()
    ]
    if not parts:
        return None
    union = " UNION ALL ".join(parts)
    return f"SELECT {names}, MAX(_grave) AS _grave FROM ({union}) AS g GROUP BY {names}"


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
