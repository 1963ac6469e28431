"""What a checked file would change: rows added, changed, unchanged, and known cases vanished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.extracts import sql
from data.extracts.checked_file import FULL, CheckedFile
from data.extracts.contracts import Contract
from data.extracts.engine import connect
from data.store.batches import BatchStore, Staging
from data.store.tables import Batch
from data.store.versions import LiveBatch, known_keys_sql, winners_sql

FEW = 4  # known rows are looked up, not read through, when they are so many times the file's


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file's accepted rows against the winners known before it, in counts of rows.

    `outdated` rows are older than what is known: they change nothing and count as unchanged.
    `vanished` are living cases of a full file's scope that the file does not hold.
    """

    added: int
    changed: int
    same: int
    outdated: int
    vanished: int = 0

    @property
    def unchanged(self) -> int:
        return self.same + self.outdated

    @property
    def is_news(self) -> bool:
        """Whether anything known would be different afterwards."""
        return bool(self.added or self.changed or self.vanished)

    @property
    def known(self) -> int:
        """The known cases a full file speaks for."""
        return self.changed + self.unchanged + self.vanished

    @property
    def vanished_share(self) -> float:
        """The vanished among the known, 0 to 1."""
        return self.vanished / self.known if self.known else 0.0


def compare(
    store: BatchStore, live: Sequence[LiveBatch], checked: CheckedFile, staging: Staging
) -> Comparison:
    """Compare with what the live batches know; a full file's tombstones are written to staging."""
    staging.tombstones.unlink(missing_ok=True)
    known = [batch for batch in live if store.has_rows(batch.contract, batch.id)]
    if not known:
        return Comparison(added=checked.counts.accepted, changed=0, same=0, outdated=0)
    with _rows_in_hand(checked, staging, store.root) as connection:
        fates = _fates(connection, store, live, checked)
        vanished = 0
        if checked.scope == FULL:
            vanished = _bury(connection, store, live, checked, staging.tombstones)
    return Comparison(*fates, vanished=vanished)


def is_same(store: BatchStore, batch: Batch, checked: CheckedFile, staging: Staging) -> bool:
    """Whether a batch holds just the accepted rows, whatever file they came in and in what order.

    When a row was extracted is left out, as it is when versions are compared.
    """
    if batch.rows_accepted != checked.counts.accepted:
        return False
    if not batch.rows_accepted:
        return True
    with _rows_in_hand(checked, staging, store.root) as connection:
        theirs = f"read_parquet({sql.literal(store.rows_glob(batch.contract, batch.id))})"
        known = _hashed(checked.contract, theirs)
        return not _count(connection, f"(SELECT * FROM incoming EXCEPT {known})")


@contextmanager
def _rows_in_hand(
    checked: CheckedFile, staging: Staging, *readable: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the file's rows as `incoming`: key, `_updated`, hash `_content`."""
    with connect(staging.folder, *readable) as connection:
        source = _incoming(connection, checked)
        connection.execute(f"CREATE TEMP VIEW incoming AS {_hashed(checked.contract, source)}")
        yield connection


def _incoming(connection: duckdb.DuckDBPyConnection, checked: CheckedFile) -> str:
    """The relation of accepted rows; an empty table where the file brings none."""
    if checked.counts.accepted:
        return f"read_parquet({sql.literal(str(checked.accepted / '[0-9]*' / '*.parquet'))})"
    columns = ", ".join(f'"{name}" {kind}' for name, kind in checked.contract.stored)
    connection.execute(f"CREATE TEMP TABLE nothing ({columns})")
    return "nothing"


def _hashed(contract: Contract, source: str) -> str:
    updated = f'"{contract.updated}"' if contract.updated else "NULL"
    content = sql.names(contract.content) or "0"
    key = sql.names(contract.key)
    return f"SELECT {key}, {updated} AS _updated, hash({content}) AS _content FROM {source}"


def _fates(
    connection: duckdb.DuckDBPyConnection,
    store: BatchStore,
    live: Sequence[LiveBatch],
    checked: CheckedFile,
) -> tuple[int, int, int, int]:
    """Rows added, changed, the same, and outdated."""
    contract = checked.contract
    winners = winners_sql(
        store,
        live,
        key=contract.key,
        updated=contract.updated,
        columns=[name for name, _kind in contract.stored],
        only_keys_relation="incoming" if _is_small(store, live, checked) else None,
    )
    same_key = " AND ".join(f'n."{name}" = k."{name}"' for name in contract.key)
    older = "COALESCE(n._updated < k._updated, n._updated IS NULL AND k._updated IS NOT NULL)"
    found = connection.execute(f"""
        SELECT
            COUNT(*) FILTER (WHERE k._content IS NULL),
            COUNT(*) FILTER (WHERE NOT {older} AND n._content <> k._content),
            COUNT(*) FILTER (WHERE NOT {older} AND n._content = k._content),
            COUNT(*) FILTER (WHERE k._content IS NOT NULL AND {older})
        FROM incoming AS n LEFT JOIN ({_hashed(contract, f"({winners})")}) AS k ON {same_key}
    """).fetchone()
    added, changed, same, outdated = found or (0, 0, 0, 0)
    return added, changed, same, outdated


def _is_small(store: BatchStore, live: Sequence[LiveBatch], checked: CheckedFile) -> bool:
    incoming = sum(file.stat().st_size for file in checked.accepted.glob("[0-9]*/*.parquet"))
    return incoming * FEW <= sum(store.rows_bytes(batch.contract, batch.id) for batch in live)


def _bury(
    connection: duckdb.DuckDBPyConnection,
    store: BatchStore,
    live: Sequence[LiveBatch],
    checked: CheckedFile,
    tombstones: Path,
) -> int:
    """Write the tombstones of a full file; returns how many living cases vanish.

    Keys already dead get one too, so that they stay dead when the load that buried them is
    withdrawn. A case whose winning version lies outside the scope is not the file's to bury.
    """
    contract = checked.contract
    in_scope = _scope_sql(checked)
    same_key = " AND ".join(f'n."{name}" = r."{name}"' for name in contract.key)
    absent = f"{in_scope} AND NOT EXISTS (SELECT 1 FROM ({_held(checked)}) AS n WHERE {same_key})"
    known = known_keys_sql(store, live, key=contract.key, where=absent)
    connection.execute(f"CREATE TEMP TABLE absent AS {known}")
    winners = winners_sql(
        store,
        live,
        key=contract.key,
        updated=contract.updated,
        columns=[*dict.fromkeys([*contract.key, *contract.opening])],
        only_keys_relation="absent",
    )
    connection.execute(
        f"CREATE TEMP TABLE living AS SELECT *, {in_scope} AS _inside FROM ({winners})"
    )
    elsewhere = f"SELECT {sql.names(contract.key)} FROM living WHERE NOT _inside"
    buried = f"SELECT * FROM absent EXCEPT {elsewhere}"
    if _count(connection, f"({buried})"):
        connection.execute(f"COPY ({buried}) TO {sql.literal(str(tombstones))} (FORMAT parquet)")
    return _count(connection, "living WHERE _inside")


def _held(checked: CheckedFile) -> str:
    """SELECT of the keys the file holds, those of rows not let in among them."""
    keys = sql.names(checked.contract.key)
    accepted = f"SELECT {keys} FROM incoming"
    if checked.held_back is None:
        return accepted
    held_back = sql.literal(str(checked.held_back))
    return f"{accepted} UNION ALL SELECT {keys} FROM read_parquet({held_back})"


def _scope_sql(checked: CheckedFile) -> str:
    """Whether a stored row's opening date is one the full file speaks for."""
    opening = checked.contract.opening_date_sql
    bounds = [
        f"{opening} >= DATE '{checked.scope_from:%Y-%m-%d}'" if checked.scope_from else "",
        f"{opening} <= DATE '{checked.scope_to:%Y-%m-%d}'" if checked.scope_to else "",
    ]
    return " AND ".join(bound for bound in bounds if bound) or "TRUE"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    found = connection.execute(f"SELECT COUNT(*) FROM {relation}").fetchone()
    return int(found[0]) if found else 0
