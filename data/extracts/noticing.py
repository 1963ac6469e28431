"""What is noticed about a file that is let in: said with it, and kept with the batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from data.extracts import coverage
from data.extracts.checked_file import Note
from data.extracts.coverage import Coverage
from data.extracts.duplicates import Settled
from data.extracts.facts import Facts
from data.extracts.query import Query
from data.extracts.troubled import Disorder


def notes(
    query: Query,
    settled: Settled,
    disorder: Disorder,
    facts: Facts,
    spoken_for: Coverage,
    sentinels: Mapping[str, int],
    zone: ZoneInfo,
) -> tuple[Note, ...]:
    """Every note, in the order of a walk through the file."""
    return (
        *(Note(key, values) for key, values in query.table.noticed),
        *_of_columns(query),
        *_of_rows(settled, sentinels),
        *_of_times(query, disorder, facts, spoken_for, zone),
        *_of_cases(query, facts),
    )


def _of_columns(query: Query) -> Iterator[Note]:
    flag, unknown = query.contract.test, query.table.headers.unknown
    if unknown:
        yield Note("extracts.note.unknown_columns", {"headers": unknown})
    if flag and flag not in query.parsings:
        yield Note("extracts.note.no_test_flag", {"column": flag})


def _of_rows(settled: Settled, sentinels: Mapping[str, int]) -> Iterator[Note]:
    if settled.repeated:
        yield Note("extracts.note.repeated_rows", {"count": settled.repeated})
    if settled.superseded:
        yield Note("extracts.note.superseded_rows", {"count": settled.superseded})
    if sentinels:
        yield Note("extracts.note.sentinel_dates", {"columns": _counted(sentinels)})


def _of_times(
    query: Query, disorder: Disorder, facts: Facts, spoken_for: Coverage, zone: ZoneInfo
) -> Iterator[Note]:
    if disorder.rows:
        values = {"count": disorder.rows, "pairs": _counted(disorder.named)}
        yield Note("extracts.note.wrong_order", values)
    if facts.clock_changes:
        columns = _counted(facts.clock_changes)
        yield Note("extracts.note.ambiguous_hours", {"columns": columns})
    late = coverage.after_cut_off(query.contract, spoken_for, facts, zone)
    if late:
        values = {"columns": tuple(late), "cut_at": spoken_for.cut_at}
        yield Note("extracts.note.after_cut_off", values)
    if coverage.outside(spoken_for, facts):
        values = {"first": facts.first_opening, "last": facts.last_opening}
        yield Note("extracts.note.outside_coverage", values)


def _of_cases(query: Query, facts: Facts) -> Iterator[Note]:
    if not query.contract.closing:
        return
    if not query.profile.open_rows:
        yield Note("extracts.note.closed_only")
    elif not facts.any_open:
        yield Note("extracts.note.no_open_rows")


def _counted(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"{name}: {count}" for name, count in counts.items())
