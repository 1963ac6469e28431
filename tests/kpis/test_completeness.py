"""Which days an extract lacks: told for a value, and equal to counting the days one by one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.catalogue import catalogue
from kpis.completeness import (
    Completeness,
    Needs,
    completeness_of,
    completeness_of_all,
    unknown_days,
)
from kpis.measures import Measure
from kpis.readings import Ask, refresh, values
from kpis.register import read_kpi
from kpis.scorecard import scorecard
from kpis.sources import Clock, Coverage, current_clocks
from tests.kpis.conftest import Loads, applications, production

DAY = timedelta(days=1)
CODES = ["SD-01", "SD-08"]
FIRST = date(2025, 1, 1)
MARCH, APRIL = Period.parse("2025-03"), Period.parse("2025-04")
days = st.integers(0, 90).map(lambda n: FIRST + n * DAY)


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """Any clock: spans in order and apart, cut off at any second."""
    edges = sorted(draw(st.sets(st.integers(0, 45), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = tuple((FIRST + 2 * a * DAY, FIRST + (2 * b - 1) * DAY) for a, b in pairs)
    at = draw(st.sampled_from([time(), time(12), time(23, 59, 59)]))
    return Clock(datetime.combine(draw(days), at), spans)


@given(clocks(), days, st.integers(0, 60))
def test_the_stretches_are_the_days_that_are_not_known(
    clock: Clock, first: date, length: int
) -> None:
    last = first + length * DAY
    told = {
        start + n * DAY
        for start, end in unknown_days(clock, first, last)
        for n in range((end - start).days + 1)
    }
    assert told == {
        day for day in (first + n * DAY for n in range(length + 1)) if not _knows(clock, day)
    }


def _knows(clock: Clock, day: date) -> bool:
    assert clock.cut_at is not None
    over = clock.cut_at + timedelta(seconds=1) >= datetime.combine(day + DAY, time())
    return over and (not clock.spans or any(a <= day <= b for a, b in clock.spans))


@given(clocks())
def test_a_whole_month_is_one_that_lacks_no_day(clock: Clock) -> None:
    for period in (Period.parse("2025-02"), MARCH):
        lacks = [*unknown_days(clock, period.start, period.last_day)]
        assert (clock.coverage(period) is Coverage.FULL) is not bool(lacks)


def test_an_extract_never_loaded_lacks_everything() -> None:
    assert [*unknown_days(Clock(), MARCH.start, MARCH.last_day)] == [(MARCH.start, MARCH.last_day)]


def test_every_kpi_needs_what_its_headline_counts() -> None:
    for entry in catalogue():
        formula = entry.definition.formula
        needs = Needs.of(formula, formula.headline)
        assert formula.contract in needs.extracts
        assert set(needs.extracts) <= formula.contracts
        first, last = needs.span(MARCH)
        assert (first <= MARCH.start, last) == (True, MARCH.last_day)
        assert (first < MARCH.start) is bool(_window_days(formula.headline))


def _window_days(headline: Measure) -> int:
    return headline.window_days or 31 * max(0, headline.window_months - 1)


def test_values_of_an_incomplete_month_name_the_extract_and_its_days(loads: Loads) -> None:
    rows = applications(300, seed=3)
    loads.load("applications", rows, cut_off=date(2025, 4, 20))
    loads.load("production", production(rows, seed=4), cut_off=date(2025, 4, 12))
    refresh(loads.workspace, by=SYSTEM, codes=CODES)
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        card = scorecard(reader, period=APRIL)
        reprints, turnaround = card.row("SD-08").completeness, card.row("SD-01").completeness
        whole = scorecard(reader, period=MARCH).row("SD-08").completeness
    assert reprints.coverage is Coverage.PARTIAL
    assert [(lack.extract, lack.known_until, lack.missing) for lack in reprints.lacks] == [
        ("applications", date(2025, 4, 20), ((date(2025, 4, 21), APRIL.last_day),)),
        ("production", date(2025, 4, 12), ((date(2025, 4, 13), APRIL.last_day),)),
    ]
    assert [lack.extract for lack in turnaround.lacks] == ["applications"]
    assert (whole.coverage, whole.lacks) == (Coverage.FULL, ())


def test_as_of_an_earlier_event_tells_what_was_missing_then(loads: Loads) -> None:
    rows = applications(300, seed=3)
    loads.load("applications", rows, cut_off=date(2025, 3, 10))
    loads.load("applications", rows, cut_off=date(2025, 4, 20))
    refresh(loads.workspace, by=SYSTEM, codes=CODES)
    then, now = (told(loads.workspace, event) for event in (1, None))
    assert (then.coverage, then.lacks[0].missing) == (
        Coverage.PARTIAL,
        ((date(2025, 3, 11), MARCH.last_day),),
    )
    assert (now.coverage, now.lacks) == (Coverage.FULL, ())


def told(workspace: Workspace, event: int | None) -> Completeness:
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, "SD-01")
        readings = values(reader, Ask("SD-01", MARCH, MARCH, as_of=event))
        (found,) = completeness_of_all(reader, kpi, readings, event)
    return found


def test_what_is_not_loaded_is_told_as_such(loads: Loads) -> None:
    loads.load("applications", applications(50, seed=3), cut_off=date(2025, 2, 28))
    refresh(loads.workspace, by=SYSTEM, codes=CODES)
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        row = scorecard(reader, period=MARCH).row("SD-01")
        again = completeness_of(row.needs, row.reading, current_clocks(reader))
    assert row.completeness.coverage is Coverage.NONE
    assert again == row.completeness
