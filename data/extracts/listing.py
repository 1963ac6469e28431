"""The lists a person works through: rows not let in, and rows worth a look, by row and column."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from data.extracts.duplicates import DROPPED
from data.extracts.query import Query
from data.extracts.reasons import Reason
from data.extracts.sql import listed, literal
from data.extracts.troubled import ACCEPTED, DUPLICATE, FINDINGS, QUARANTINED


def add_dropped(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Add the rows that duplicates took out; nothing else is said of them."""
    key = query.contract.key[0]
    connection.execute(f"DELETE FROM {FINDINGS} WHERE row IN (SELECT row FROM {DROPPED})")
    connection.execute(
        f"INSERT INTO {FINDINGS} "
        f"SELECT row, {literal(key)}, {literal(query.header(key))}, 'key', NULL, reason, "
        f"CASE reason WHEN {literal(Reason.CONFLICTING_DUPLICATE)} "
        f"THEN {literal(QUARANTINED)} ELSE {literal(DUPLICATE)} END FROM {DROPPED}"
    )


def save(
    connection: duckdb.DuckDBPyConnection, folder: Path, file_name: str
) -> tuple[Path | None, Path | None]:
    """Write the rows not let in, and the rows worth a look; None where there are none."""
    return (
        _save(connection, folder / "quarantine.parquet", file_name, [QUARANTINED]),
        _save(connection, folder / "noted.parquet", file_name, [ACCEPTED, DUPLICATE]),
    )


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Reason to number of rows not let in, the commonest first."""
    found = connection.execute(
        f"SELECT reason, count(DISTINCT row) AS n FROM {FINDINGS} "
        f"WHERE fate = {literal(QUARANTINED)} GROUP BY reason ORDER BY n DESC, reason"
    )
    return {reason: int(rows) for reason, rows in found.fetchall()}


def by_column(connection: duckdb.DuckDBPyConnection, reason: Reason) -> dict[str, int]:
    """Column to number of rows with this finding."""
    found = connection.execute(
        f'SELECT "column", count(*) FROM {FINDINGS} WHERE reason = {literal(reason)} '
        "GROUP BY ALL ORDER BY ALL"
    )
    return dict(found.fetchall())


def _save(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, fates: Iterable[str]
) -> Path | None:
    """In the order of the file."""
    chosen = f"FROM {FINDINGS} WHERE fate IN ({listed(fates)})"
    row = connection.execute(f"SELECT count(*) {chosen}").fetchone()
    if not row or not row[0]:
        return None
    connection.execute(
        f"COPY (SELECT {literal(file_name)} AS file, * {chosen} "
        f'ORDER BY row, "column", reason) TO {literal(str(path))} (FORMAT parquet)'
    )
    return path
