"""Checks a file before anything of it is loaded: what may come in, what may not, and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data.errors import ExtractRejected
from data.extracts import control_totals, coverage, duplicates, facts, listing, sorting
from data.extracts.checked_file import CheckedFile, Counts, Declared, Note
from data.extracts.control_totals import ROWS
from data.extracts.duplicates import Settled
from data.extracts.engine import connect
from data.extracts.facts import Facts
from data.extracts.profile import Profile
from data.extracts.query import Query, make_query
from data.extracts.reading.containers import sha256
from data.extracts.reading.table import TextTable, open_table
from data.extracts.reasons import Reason
from data.extracts.sorting import Sorted

__all__ = ["CheckedFile", "Counts", "Declared", "Note", "check_file"]

Progress = Callable[[str, float], None]


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
        self, path: Path, file_name: str, accepted: Path, progress: Progress | None
    ) -> CheckedFile:
        query, connection = self._query, self._connection
        rows = sorting.sort_rows(connection, query, self._scratch, accepted, progress)
        self._refuse_empty_or_cut(query.table, rows)
        settled = duplicates.settle(connection, query, rows, self._scratch)
        found = facts.gather(connection, query, accepted, self._zone)
        quarantine, noted = self._lists(file_name, rows, settled, found)
        reasons = listing.counts(connection, listing.QUARANTINED)
        counts = _counts(rows, settled, found)
        self._refuse_too_bad(counts, reasons, found, quarantine)
        compared, notes = control_totals.compare(connection, query, rows, self._declared)
        spoken_for = coverage.settle(query.profile, self._declared, found, file_name, self._zone)
        return CheckedFile(
            contract=query.contract,
            profile=query.profile,
            file_name=file_name,
            file_bytes=path.stat().st_size,
            sha256=sha256(path),
            encoding=query.table.encoding,
            accepted=accepted,
            quarantine=quarantine,
            noted=noted,
            counts=counts,
            quarantine_reasons=reasons,
            notes=(*self._notes(settled, found, spoken_for), *notes),
            cut_at=spoken_for.cut_at,
            coverage_from=spoken_for.day_from,
            coverage_to=spoken_for.day_to,
            scope=spoken_for.scope,
            scope_from=spoken_for.scope_from,
            scope_to=spoken_for.scope_to,
            control_totals=compared,
        )

    def _refuse_empty_or_cut(self, table: TextTable, rows: Sorted) -> None:
        if rows.read == rows.totals:
            raise ExtractRejected("extracts.refused.no_rows")
        if self._declared.control_totals.get(ROWS) != rows.read - rows.totals:
            table.refuse_full_sheet(rows.read)

    def _lists(
        self, file_name: str, rows: Sorted, settled: Settled, found: Facts
    ) -> tuple[Path | None, Path | None]:
        """Go through the file again, for its troubled rows, only where there are any."""
        connection, query = self._connection, self._query
        listing.create(connection)
        if rows.bad or rows.noted or found.out_of_order:
            listing.write_findings(connection, query)
        if settled.keys:
            listing.write_dropped(connection, query)
        left, accepted = self._staging / "quarantine.parquet", self._staging / "noted.parquet"
        listed = [listing.ACCEPTED, listing.DUPLICATE]
        return (
            listing.save(connection, left, file_name, [listing.QUARANTINED]),
            listing.save(connection, accepted, file_name, listed),
        )

    def _refuse_too_bad(
        self, counts: Counts, reasons: Mapping[str, int], found: Facts, quarantine: Path | None
    ) -> None:
        rows = counts.read - counts.excluded_total
        for key, bad in (
            ("extracts.refused.too_many_bad_rows", counts.quarantined),
            ("extracts.refused.too_many_out_of_order", found.out_of_order),
        ):
            if bad > self._limit * rows:
                named = reasons if bad == counts.quarantined else _orders(found)
                raise ExtractRejected(
                    key,
                    count=bad,
                    rows=rows,
                    percent=round(100 * bad / rows, 1),
                    limit=round(100 * self._limit, 1),
                    reasons=dict(named),
                    quarantine=quarantine,
                )

    def _notes(self, settled: Settled, found: Facts, spoken_for: coverage.Coverage) -> list[Note]:
        profile, table = self._query.profile, self._query.table
        sentinels = listing.by_column(self._connection, Reason.SENTINEL_DATE)
        late = coverage.after_cut_off(profile, spoken_for, found, self._zone)
        outside = coverage.outside(spoken_for, found)
        closes = bool(profile.contract.closing)
        untested = profile.contract.test and profile.contract.test not in self._query.parsings
        candidates = [
            ("unknown_columns", {"headers": table.headers.unknown}, table.headers.unknown),
            ("repeated_rows", {"count": settled.repeated}, settled.repeated),
            ("superseded_rows", {"count": settled.superseded}, settled.superseded),
            ("sentinel_dates", {"columns": sentinels}, sentinels),
            (
                "wrong_order",
                {"pairs": _orders(found), "count": found.out_of_order},
                found.out_of_order,
            ),
            ("ambiguous_hours", {"columns": dict(found.clock_changes)}, found.clock_changes),
            ("after_cut_off", {"columns": tuple(late), "cut_at": spoken_for.cut_at}, late),
            (
                "outside_coverage",
                {"first": found.first_opening, "last": found.last_opening},
                outside,
            ),
            ("no_open_rows", {}, closes and profile.open_rows and not found.open),
            ("closed_only", {}, closes and not profile.open_rows),
            ("no_test_flag", {"column": profile.contract.test}, untested),
        ]
        noticed = [Note(key, values) for key, values in table.noticed]
        return noticed + [
            Note(f"extracts.note.{key}", values) for key, values, holds in candidates if holds
        ]


def _counts(rows: Sorted, settled: Settled, found: Facts) -> Counts:
    return Counts(
        read=rows.read,
        accepted=found.rows,
        duplicate=settled.duplicate,
        excluded_total=rows.totals,
        quarantined=rows.bad + settled.conflicting,
        excluded_test=found.tests,
    )


def _orders(found: Facts) -> dict[str, int]:
    """ "decided_at < submitted_at" to the number of rows."""
    return {f"{later} < {earlier}": n for (earlier, later), n in found.wrong_order.items()}
