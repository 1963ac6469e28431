"""Every reading of the catalogue's KPIs against plain pandas, now and as of every event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.figure import Missing
from data.period import Frequency, Period
from data.store.tables import StoredReading
from kpis.lineage import explain
from kpis.readings import Ask, as_of
from tests.kpis.catalogue.conftest import CUTS, LINES, Story
from tests.kpis.catalogue.in_pandas import Place, Value
from tests.kpis.catalogue.lines import Lines, lines
from tests.kpis.catalogue.second_lines import SECOND_LINES
from tests.kpis.conftest import FIRST

Breakdown = tuple[str, ...]
BREAKDOWNS = {
    "CS-01": ["service", "municipality", "community"],
    "CS-02": ["office", "service"],
    "CS-03": ["office", "booking_type", "hour"],
    "CS-04": ["office", "service"],
    "CS-07": ["office", "service", "fee_code"],
    "CS-08": ["office", "service", "channel", "language"],
    "CR-01": ["municipality", "source", "sex", "community"],
    "CR-02": ["municipality", "source", "community"],
    "CR-04": ["municipality", "source"],
    "DQ-04": ["consumer", "exchange_service"],
    "IT-01": ["it_service"],
    "IT-02": ["it_service", "priority"],
    "IT-03": ["system"],
}
EXTRACTS = {
    "CS-01": ["applications"],
    "CS-02": ["appointments"],
    "CS-03": ["appointments"],
    "CS-04": ["appointments"],
    "CS-07": ["payments", "applications"],
    "CS-08": ["satisfaction"],
    "CR-01": ["civil_events"],
    "CR-02": ["civil_events"],
    "CR-04": ["civil_events"],
    "DQ-04": ["register_exchange"],
    "IT-01": ["it_availability"],
    "IT-02": ["it_incidents"],
    "IT-03": ["backup_tests"],
}
PAIR = ("office", "service")
COUNTS = {"open_at_end"}
SMALL_CELL = 10
# Their denominator is an amount or a number of minutes or calls, not of rows.
WEIGHTED = {("CS-07", "by_amount"), ("DQ-04", "value"), ("IT-01", "value")}
NO_VALUE = {"CR-04"}  # the deadline is not settled
# Lines that are recomputed in test_second_lines.
BESIDE = {
    code: {
        (code, line, frequency, *(*by, "", "")[:2])
        for frequency, breakdowns in told.items()
        for by in breakdowns
    }
    for (code, line), told in SECOND_LINES.items()
}
NAMED_BY = ["kpi_code", "measure", "frequency", "dimension", "dimension2"]
Stored = dict[tuple[str, ...], list[StoredReading]]


def breakdowns(code: str, line: str, frequency: Frequency) -> Iterator[Breakdown]:
    """What is published: of weeks only offices and services, both together of headlines."""
    names = BREAKDOWNS[code]
    weekly = frequency is Frequency.WEEK
    yield ()
    yield from ((name,) for name in names if name in PAIR or not weekly)
    if set(PAIR) <= set(names) and (line == "value" or not weekly):
        yield PAIR


PUBLISHED = [
    pytest.param(code, line, frequency, by, id="-".join([code, line, frequency.value, *by]))
    for code, measures in LINES.items()
    for line in measures
    for frequency in Frequency
    for by in breakdowns(code, line, frequency)
]


@pytest.fixture(scope="module")
def recomputed(story: Story) -> Lines:
    return lines(story.at(story.last))


@pytest.fixture(scope="module")
def stored(story: Story) -> Stored:
    """Every current reading, by KPI, line, frequency and breakdown."""
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = reader.all(select(StoredReading).where(col(StoredReading.replaced_in).is_(None)))
    found: Stored = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, name) for name in NAMED_BY), []).append(row)
    return found


@pytest.mark.parametrize(("code", "line", "frequency", "by"), PUBLISHED)
def test_every_reading_is_what_plain_pandas_makes_of_the_rows(
    recomputed: Lines, stored: Stored, code: str, line: str, frequency: Frequency, by: Breakdown
) -> None:
    expected = recomputed[code, line].values(frequency.value, by)
    fewest = recomputed[code, line].fewest
    rows = stored.get((code, line, frequency.value, *(*by, "", "")[:2]), [])
    found = {(row.period_start, (row.member, row.member2)[: len(by)]): row for row in rows}
    assert set(expected) <= set(found)
    assert bool(expected) is (code not in NO_VALUE)
    for place, row in found.items():
        value, missing, cases = wanted(expected, place, line, by, fewest)
        if "community" in by and row.missing == Missing.SUPPRESSED:  # more are hidden than small
            value, missing = None, Missing.SUPPRESSED
        assert (row.value, row.missing) == (value, missing), place
        if (code, line) not in WEIGHTED:
            assert row.cases == cases, place


def wanted(
    expected: dict[Place, Value], place: Place, line: str, by: Breakdown, fewest: int
) -> tuple[float | None, Missing | None, int]:
    value, cases = expected.get(place, (None, 0))
    if line in COUNTS:
        return float(value or 0), None, cases
    if value is None:
        return None, Missing.NO_DATA, 0
    if "community" in by and cases < SMALL_CELL:
        return None, Missing.SUPPRESSED, cases
    if cases < fewest:
        return None, Missing.TOO_FEW, cases
    return float(value), None, cases


def test_the_story_has_every_kind_of_gap(stored: Stored) -> None:
    missing = {row.missing for rows in stored.values() for row in rows}
    assert {Missing.NO_DATA, Missing.TOO_FEW, Missing.SUPPRESSED} <= missing


@pytest.mark.parametrize("code", list(LINES))
def test_no_line_or_breakdown_is_published_that_was_not_recomputed(
    stored: Stored, code: str
) -> None:
    ours = BESIDE.get(code, set()) | {
        (code, line, frequency.value, *(*by, "", "")[:2])
        for line in LINES[code]
        for frequency in Frequency
        for by in breakdowns(code, line, frequency)
    }
    assert {key for key in stored if key[0] == code} <= ours


def asked(code: str) -> list[Breakdown]:
    """The whole, the first breakdown, and each service in each office."""
    pair = [PAIR] if set(PAIR) <= set(BREAKDOWNS[code]) else []
    return [(), (BREAKDOWNS[code][0],), *pair]


@pytest.mark.parametrize("code", list(LINES))
def test_a_headline_as_of_every_event(story: Story, code: str) -> None:
    first, last = (Period.covering(day, Frequency.MONTH) for day in (FIRST, CUTS[-1]))
    events = sorted(each.event for name in EXTRACTS[code] for each in story.known[name])
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for event in events:
            known = story.at(event)
            if EXTRACTS[code][0] not in known:
                continue
            line = lines(known)[code, "value"]
            for by in asked(code):
                seen = {
                    (each.period.start, tuple(each.cell.members[name] for name in by)): each.figure
                    for each in as_of(reader, event, Ask(code, first, last, by=by))
                }
                assert {
                    place: figure.value
                    for place, figure in seen.items()
                    if figure.value is not None
                } == {
                    place: float(value)
                    for place, (value, cases) in line.values("month", by).items()
                    if cases >= line.fewest
                }, (event, by)


def test_an_event_of_another_extract_changes_nothing(story: Story) -> None:
    month = Period.parse("2024-05")
    before, after = story.known["payments"][0].event, story.known["satisfaction"][0].event
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        readings: list[Any] = [
            as_of(reader, event, Ask("CS-07", month, month, by=("fee_code",)))
            for event in (before, after)
        ]
    assert readings[0] == readings[1]


@pytest.mark.parametrize("code", list(LINES))
def test_rows_left_out_are_counted_by_reason(story: Story, recomputed: Lines, code: str) -> None:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, code, Period.parse("2024"))
    line = recomputed[code, "value"]
    assert dict(found.excluded) == line.excluded(2024)
    assert found.counted == int((line.counted["_day"].dt.year == 2024).sum())
