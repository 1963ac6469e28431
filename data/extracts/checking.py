"""Checks a file before anything of it is loaded: what may come in, what may not, and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data.errors import ExtractRejected
from data.extracts import (
    control_totals,
    coverage,
    duplicates,
    facts,
    listing,
    noticing,
    sorting,
    troubled,
)
from data.extracts.checked_file import CheckedFile, Counts, Declared, Note
from data.extracts.control_totals import ROWS
from data.extracts.duplicates import Settled
from data.extracts.engine import connect
from data.extracts.facts import Facts
from data.extracts.profile import Profile
from data.extracts.query import Query, make_query
from data.extracts.reading.table import TextTable, open_table
from data.extracts.reasons import Reason
from data.extracts.sorting import Sorted
from data.extracts.troubled import Disorder, Troubled

__all__ = ["CheckedFile", "Counts", "Declared", "Note", "check_file"]

Progress = Callable[[str, float], None]
_Lists = tuple[Path | None, Path | None]  # rows not let in; rows worth a look


def check_file(
    path: Path,
    *,
    file_name: str,
    profile: Profile,
    staging: Path,
    zone: ZoneInfo,
    codes: Mapping[str, frozenset[str]],
    declared: Declared,
    threshold: float,
    progress: Progress | None = None,
) -> CheckedFile:
    """Read a file once and account for every row of it.

    Accepted rows are left in `staging`/accepted by year of opening. `codes` are the reference
    lists by name ("office", "municipality", "service"); a list not given is not checked. A file
    with a larger share of bad rows than `threshold` (the profile's own limit comes first), or
    with personal data, or that cannot be read to its end, is ExtractRejected; the lists stay.
    """
    scratch = staging / "scratch"
    scratch.mkdir(parents=True)
    try:
        table = open_table(path, profile, scratch)
        query = make_query(table, profile, zone.key, codes)
        with connect(staging, table.path.parent) as connection:
            check = _Check(connection, query, staging, scratch, zone, declared, threshold)
            return check.run(path, file_name, progress)
    finally:
        shutil.rmtree(scratch)


class _Check:
    """One check at work; the steps in their order."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        query: Query,
        staging: Path,
        scratch: Path,
        zone: ZoneInfo,
        declared: Declared,
        threshold: float,
    ) -> None:
        limit = query.profile.bad_row_limit
        self._connection = connection
        self._query = query
        self._staging = staging
        self._scratch = scratch
        self._zone = zone
        self._declared = declared
        self._limit = threshold if limit is None else limit

    def run(self, path: Path, file_name: str, progress: Progress | None) -> CheckedFile:
        accepted = self._staging / "accepted"
        accepted.mkdir(exist_ok=True)
        try:
            return self._run(path, file_name, accepted, progress)
        except ExtractRejected:
            shutil.rmtree(accepted)
            raise

    def _run(
        self,
        path: Path,
        file_name: str,
        accepted: Path,
        progress: Progress | None,
    ) -> CheckedFile:
        query, connection, declared = self._query, self._connection, self._declared
        rows = sorting.sort_rows(connection, query, self._scratch, accepted, progress)
        trouble = troubled.look_again(connection, query, rows)
        self._refuse_empty_or_cut(query.table, rows, trouble)
        sums = control_totals.gather(connection, query, rows, trouble, declared)
        found = facts.gather(connection, query, accepted, self._zone)
        settled = duplicates.settle(connection, query, rows, found)
        if settled.keys:
            found = facts.gather(connection, query, accepted, self._zone)
        held_back = duplicates.save_keys_held_back(
            connection, query.contract, trouble, settled, self._staging / "held_back.parquet"
        )
        listing.add_dropped(connection, query)
        lists = listing.save(connection, self._staging, file_name)
        reasons = listing.counts(connection)
        disorder = troubled.count_disorder(connection, query, rows, duplicates.DROPPED)
        counts = _counts(rows, trouble, settled, found)
        self._refuse_too_bad(counts, reasons, disorder, lists)
        read = rows.read - trouble.totals
        compared, notes = control_totals.compare(connection, query, read, sums, declared)
        spoken_for = coverage.settle(query.profile, declared, found, file_name, self._zone)
        sentinels = listing.by_column(connection, Reason.SENTINEL_DATE)
        return CheckedFile(
            contract=query.contract,
            profile=query.profile,
            file_name=file_name,
            file_bytes=path.stat().st_size,
            encoding=query.table.encoding,
            accepted=accepted,
            quarantine=lists[0],
            held_back=held_back,
            noted=lists[1],
            counts=counts,
            quarantine_reasons=reasons,
            notes=(
                *noticing.notes(query, settled, disorder, found, spoken_for, sentinels, self._zone),
                *notes,
            ),
            cut_at=spoken_for.cut_at,
            coverage_from=spoken_for.day_from,
            coverage_to=spoken_for.day_to,
            scope=spoken_for.scope,
            scope_from=spoken_for.scope_from,
            scope_to=spoken_for.scope_to,
            control_totals=compared,
        )

    def _refuse_empty_or_cut(self, table: TextTable, rows: Sorted, trouble: Troubled) -> None:
        if rows.read == trouble.totals:
            raise ExtractRejected("extracts.refused.no_rows")
        if self._declared.control_totals.get(ROWS) != rows.read - trouble.totals:
            table.refuse_full_sheet(rows.read)

    def _refuse_too_bad(
        self, counts: Counts, reasons: Mapping[str, int], disorder: Disorder, lists: _Lists
    ) -> None:
        rows = counts.read - counts.excluded_total
        if counts.quarantined > self._limit * rows:
            raise ExtractRejected(
                "extracts.refused.too_many_bad_rows",
                **self._share(counts.quarantined, rows),
                reasons=reasons,
                quarantine=lists[0],
                fates=counts,
            )
        if disorder.rows > self._limit * rows:
            raise ExtractRejected(
                "extracts.refused.too_many_out_of_order",
                **self._share(disorder.rows, rows),
                pairs=tuple(disorder.named),
                reasons={Reason.WRONG_ORDER.value: disorder.rows},
                quarantine=lists[1],
                fates=counts,
            )

    def _share(self, bad: int, rows: int) -> dict[str, float]:
        return {
            "count": bad,
            "rows": rows,
            "percent": round(100 * bad / rows, 1),
            "limit": round(100 * self._limit, 1),
        }


def _counts(rows: Sorted, trouble: Troubled, settled: Settled, found: Facts) -> Counts:
    return Counts(
        read=rows.read,
        accepted=found.rows,
        duplicate=settled.duplicate,
        excluded_total=trouble.totals,
        quarantined=trouble.bad + settled.conflicting,
        excluded_test=found.tests,
    )
