"""Rows of one key: identical ones are dropped, differing ones settled by the profile's rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.extracts.contracts import Contract
from data.extracts.facts import Facts
from data.extracts.profile import Duplicates
from data.extracts.query import Query
from data.extracts.reasons import Reason
from data.extracts.sorting import PARQUET, Sorted
from data.extracts.sql import literal, name, names
from data.extracts.troubled import TABLE, Troubled

DROPPED = "dropped_rows"  # row, reason: what duplicates took out, for the lists
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of rows whose key occurs more than once."""

    repeated: int = 0  # identical to a row that is kept
    superseded: int = 0  # an older word on the same key
    conflicting: int = 0  # nobody can say which holds; none is let in
    keys: int = 0

    @property
    def duplicate(self) -> int:
        return self.repeated + self.superseded


def settle(
    connection: duckdb.DuckDBPyConnection, query: Query, sorted_rows: Sorted, found: Facts
) -> Settled:
    """Leave one row per key among the accepted ones; the others' rows are in table DROPPED."""
    connection.execute(f"CREATE TEMP TABLE {DROPPED} (row BIGINT, reason VARCHAR)")
    if not found.keys_repeat:
        return Settled()
    files, keys = literal(sorted_rows.files), names(query.contract.key)
    connection.execute(
        f"CREATE TEMP TABLE twice AS SELECT {keys} FROM read_parquet({files}) "
        "GROUP BY ALL HAVING count(*) > 1"
    )
    _collect(connection, query)
    _judge(connection, query.contract, query.profile.duplicates)
    _rewrite(connection, query, sorted_rows)
    return _count(connection)


def save_keys_held_back(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    trouble: Troubled,
    settled: Settled,
    path: Path,
) -> Path | None:
    """Write the keys of the rows not let in: their cases did not vanish from the file."""
    keys, sources = names(contract.key), []
    if trouble.bad:
        sources.append(f"SELECT {keys} FROM {TABLE} WHERE _bad AND NOT _total")
    if settled.conflicting:
        sources.append(f"SELECT {keys} FROM ranked WHERE _conflict")
    if not sources:
        return None
    readable = " AND ".join(f"{name(column)} IS NOT NULL" for column in contract.key)
    held = f"SELECT DISTINCT {keys} FROM ({' UNION ALL '.join(sources)}) WHERE {readable}"
    connection.execute(f"COPY ({held}) TO {literal(str(path))} (FORMAT parquet)")
    return path


def _collect(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """The rows of repeated keys with their numbers, read again from the file."""
    contract = query.contract
    judged = query.judged(query.table.numbered_sql, keep="row")
    stored = ", ".join(f"{value} AS {name(column)}" for column, value in query.stored())
    content = [one for one, _type in contract.stored if one != contract.extracted]
    connection.execute(
        f"CREATE TEMP TABLE candidates AS SELECT *, hash({names(content)}) AS _content, "
        f"year({contract.opening_date_sql}) AS _year "
        f"FROM (SELECT row, {stored} FROM ({judged}) WHERE NOT _total AND NOT _bad) "
        f"SEMI JOIN twice USING ({names(contract.key)})"
    )


def _judge(connection: duckdb.DuckDBPyConnection, contract: Contract, rule: Duplicates) -> None:
    """Name the rows that go, and why. The first row of a key by the rule's order stays."""
    keys = names(contract.key)
    updated = name(contract.updated) if contract.updated else "CAST(NULL AS TIMESTAMP)"
    newest = "_updated DESC NULLS LAST, " if rule is Duplicates.NEWEST_UPDATED else ""
    connection.execute(
        f"CREATE TEMP TABLE ranked AS SELECT *, "
        f"row_number() OVER (PARTITION BY {keys} ORDER BY {newest}row DESC) = 1 AS _first, "
        f"row_number() OVER (PARTITION BY {keys}, _content ORDER BY row DESC) = 1 AS _fresh, "
        f"count(DISTINCT CASE WHEN {_RIVALS[rule]} THEN _content END) "
        f"OVER (PARTITION BY {keys}) > 1 AS _conflict "
        f"FROM (SELECT row, {keys}, _content, _year, {updated} AS _updated, "
        f"max({updated}) OVER (PARTITION BY {keys}) AS _newest FROM candidates)"
    )
    connection.execute(
        f"INSERT INTO {DROPPED} SELECT row, "
        f"CASE WHEN _conflict THEN '{Reason.CONFLICTING_DUPLICATE}' "
        f"WHEN _fresh THEN '{Reason.SUPERSEDED}' ELSE '{Reason.REPEATED}' END "
        "FROM ranked WHERE _conflict OR NOT _first"
    )


# Rows of one key between which the rule cannot choose, when their content differs.
_RIVALS = {
    Duplicates.LATER_ROW_WINS: "false",
    Duplicates.REJECT: "true",
    Duplicates.NEWEST_UPDATED: "_updated IS NOT DISTINCT FROM _newest",
}


def _rewrite(connection: duckdb.DuckDBPyConnection, query: Query, sorted_rows: Sorted) -> None:
    """Take the repeated keys out of the files that hold them, then write the kept rows."""
    keys, files = names(query.contract.key), literal(sorted_rows.files)
    touched = connection.execute(
        f"SELECT DISTINCT filename FROM read_parquet({files}, filename=true) "
        f"SEMI JOIN twice USING ({keys})"
    ).fetchall()
    for (file,) in touched:
        _without_twice(connection, Path(file), keys)
    columns = names(one for one, _type in query.contract.stored)
    years = connection.execute(
        f"SELECT DISTINCT _year FROM ranked WHERE row NOT IN (SELECT row FROM {DROPPED})"
    ).fetchall()
    for (year,) in years:
        target = literal(str(sorted_rows.accepted / str(year) / f"{KEPT}-0.parquet"))
        connection.execute(
            f"COPY (SELECT {columns} FROM candidates WHERE _year = {int(year)} "
            f"AND row NOT IN (SELECT row FROM {DROPPED})) TO {target} ({PARQUET})"
        )


def _without_twice(connection: duckdb.DuckDBPyConnection, file: Path, keys: str) -> None:
    fresh = file.with_suffix(".new")
    source = f"(SELECT * FROM read_parquet({literal(str(file))}))"
    left = connection.execute(
        f"COPY (SELECT * FROM {source} ANTI JOIN twice USING ({keys})) "
        f"TO {literal(str(fresh))} ({PARQUET})"
    ).fetchone()
    file.unlink()
    if left and left[0]:
        fresh.rename(file)
    else:
        fresh.unlink(missing_ok=True)


def _count(connection: duckdb.DuckDBPyConnection) -> Settled:
    found = connection.execute(f"SELECT reason, count(*) FROM {DROPPED} GROUP BY reason")
    rows = dict(found.fetchall())
    keys = connection.execute("SELECT count(*) FROM twice").fetchone()
    return Settled(
        repeated=rows.get(Reason.REPEATED, 0),
        superseded=rows.get(Reason.SUPERSEDED, 0),
        conflicting=rows.get(Reason.CONFLICTING_DUPLICATE, 0),
        keys=keys[0] if keys else 0,
    )
