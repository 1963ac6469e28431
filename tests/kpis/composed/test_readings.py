"""Every reading of the composed KPIs against plain pandas, now and as of every event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.figure import Missing, round_half_up
from data.period import Frequency, Period
from data.store.tables import StoredReading
from kpis.catalogue import catalogue
from kpis.lineage import explain
from kpis.readings import Ask, as_of, refresh
from tests.kpis.composed.conftest import LINES
from tests.kpis.composed.in_pandas import NOTHING, Found, Over, Share
from tests.kpis.composed.lines import Lines, lines
from tests.kpis.composed.story import CUTS, EXTRACTS, Known, Story, first_day
from tests.kpis.in_pandas import PANDAS_FREQUENCY

Breakdown = tuple[str, ...]
BREAKDOWNS = {
    "CS-05": ["document_type", "municipality", "language"],
    "CS-06": ["document_type", "municipality", "reminded"],
    "CS-09": ["office", "service", "category"],
    "CR-03": ["municipality"],
    "CR-05": ["district"],
    "CR-06": ["municipality", "ngo", "need"],
    "DQ-01": ["municipality", "district", "register"],
    "DQ-02": ["register", "quality_dimension", "rule_code", "municipality"],
    "DQ-03": ["municipality", "district", "register", "field_group", "cause"],
    "IT-04": ["it_service"],
    "MG-01": ["office", "district"],
    "MG-02": ["office"],
    "MG-03": ["office", "fee_code"],
    "MG-04": ["objective", "owner"],
}
# The KPI's own extract first, then those on the other side.
SOURCES = {
    "CS-05": ["expiring_documents", "sms"],
    "CS-06": ["expiring_documents", "sms"],
    "CS-09": ["complaints", "applications"],
    "CR-03": ["civil_events", "population_reference"],
    "CR-05": ["civil_events"],
    "CR-06": ["outreach"],
    "DQ-01": ["address_matches"],
    "DQ-02": ["dq_checks"],
    "DQ-03": ["corrections", "register_snapshot"],
    "IT-04": ["it_incidents"],
    "MG-01": ["applications", "staff_cost"],
    "MG-02": ["staff_cost", "applications"],
    "MG-03": ["payments", "staff_cost", "applications"],
    "MG-04": ["strategy_actions"],
}
MONTHLY, QUARTERLY, YEARLY = list(Frequency)[1:], list(Frequency)[2:], list(Frequency)[3:]
# Composed lines have values at the KPI's own frequency and at longer ones; all others at any.
COMPOSED = {
    ("CS-09", "value"): MONTHLY,
    ("CS-09", "upheld"): MONTHLY,
    ("CR-03", "value"): YEARLY,
    ("CR-05", "value"): QUARTERLY,
    ("CR-05", "unknown_share"): QUARTERLY,
    ("CR-06", "value"): QUARTERLY,
    ("DQ-01", "value"): MONTHLY,
    ("DQ-01", "probable"): MONTHLY,
    ("DQ-02", "value"): MONTHLY,
    ("DQ-03", "value"): QUARTERLY,
    ("MG-01", "value"): MONTHLY,
    ("MG-02", "value"): QUARTERLY,
    ("MG-03", "value"): MONTHLY,
    ("MG-03", "unreconciled"): MONTHLY,
}
# Sums of amounts and means of month ends are no whole numbers: equal to the last digit shown.
NOT_WHOLE = {("DQ-03", "value"), ("MG-01", "value"), ("MG-02", "value"), ("MG-03", "value")}
# Their cases are rows of reference data, not what anybody would call a case.
NO_CASES = {("CR-03", "value"), ("MG-03", "unreconciled"), *NOT_WHOLE} - {("MG-02", "value")}
UPPER_ONLY = {("MG-03", "unreconciled"): {"fee_code"}}  # breakdowns a second line does not have
PAIR = ("office", "service")
UNPUBLISHED = {
    "CS-05": ("document_type", "language"),
    "CS-06": ("municipality", "reminded"),
    "CS-09": ("office", "category"),
    "CR-06": ("ngo", "need"),
    "DQ-01": ("municipality", "register"),
    "DQ-02": ("register", "municipality"),
    "DQ-03": ("register", "cause"),
    "MG-03": ("office", "fee_code"),
    "MG-04": ("objective", "owner"),
}
NAMED_BY = ["kpi_code", "measure", "frequency", "dimension", "dimension2"]
DECIMALS = {
    (entry.definition.code, measure.name): measure.decimals
    for entry in catalogue()
    for measure in entry.definition.formula.measures
}
Stored = dict[tuple[str, ...], list[StoredReading]]


def frequencies(code: str, line: str) -> list[Frequency]:
    return COMPOSED.get((code, line), list(Frequency))


def breakdowns(code: str, line: str, frequency: Frequency) -> Iterator[Breakdown]:
    """What is published: of weeks only offices and services, both together of headlines."""
    without = UPPER_ONLY.get((code, line), set())
    names = [name for name in BREAKDOWNS[code] if name not in without]
    weekly = frequency is Frequency.WEEK
    yield ()
    yield from ((name,) for name in names if name in PAIR or not weekly)
    if set(PAIR) <= set(names) and (line == "value" or not weekly):
        yield PAIR


PUBLISHED = [
    (code, line, frequency, by)
    for code, measures in LINES.items()
    for line in measures
    for frequency in frequencies(code, line)
    for by in breakdowns(code, line, frequency)
]
NAMED = [
    pytest.param(*each, id="-".join([each[0], each[1], each[2].value, *each[3]]))
    for each in PUBLISHED
]
ALL_LINES = [(code, line) for code, measures in LINES.items() for line in measures]


@pytest.fixture(scope="module")
def recomputed(story: Story) -> Lines:
    return lines(story.at(story.last), story.districts)


@pytest.fixture(scope="module")
def stored(story: Story) -> Stored:
    """Every current reading, by KPI, line, frequency and breakdown."""
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = reader.all(select(StoredReading).where(col(StoredReading.replaced_in).is_(None)))
    found: Stored = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, name) for name in NAMED_BY), []).append(row)
    return found


@pytest.mark.parametrize(("code", "line", "frequency", "by"), NAMED)
def test_every_reading_is_what_plain_pandas_makes_of_the_rows(
    recomputed: Lines, stored: Stored, code: str, line: str, frequency: Frequency, by: Breakdown
) -> None:
    expected = recomputed[code, line].values(frequency.value, by)
    rows = stored.get((code, line, frequency.value, *(*by, "", "")[:2]), [])
    found = {(row.period_start, (row.member, row.member2)[: len(by)]): row for row in rows}
    assert {place for place, one in expected.items() if one != NOTHING} <= set(found)
    assert any(one.value is not None for one in expected.values())
    wrong = {
        place: (expected.get(place, NOTHING), row.value, row.missing, row.cases)
        for place, row in found.items()
        if not agree(row, expected.get(place, NOTHING), code, line)
    }
    assert wrong == {}


def agree(row: StoredReading, wanted: Found, code: str, line: str) -> bool:
    if wanted.value is None:
        return (row.value, row.missing) == (None, wanted.missing)
    if row.value is None or not equal(row.value, wanted.value, code, line):
        return False
    return (code, line) in NO_CASES or row.cases == wanted.cases


def equal(value: float, wanted: Fraction, code: str, line: str) -> bool:
    """The float nearest to the fraction; of what is not whole, all digits anybody sees."""
    if (code, line) not in NOT_WHOLE:
        return value == float(wanted)
    shown = DECIMALS[code, line]
    close = value == pytest.approx(float(wanted), rel=1e-12)
    return close and round_half_up(value, shown) == round_half_up(float(wanted), shown)


def test_the_story_has_every_kind_of_gap(stored: Stored) -> None:
    missing = {row.missing for rows in stored.values() for row in rows}
    assert missing == {
        None,
        Missing.NO_DATA,
        Missing.TOO_FEW,
        Missing.CONFLICTING,
        Missing.TOO_MUCH_UNKNOWN,
    }


@pytest.mark.parametrize("code", list(LINES))
def test_no_line_or_breakdown_is_published_that_was_not_recomputed(
    stored: Stored, code: str
) -> None:
    ours = {
        (code, line, frequency.value, *(*by, "", "")[:2])
        for each, line, frequency, by in PUBLISHED
        if each == code
    }
    assert {key for key in stored if key[0] == code} == ours


@pytest.mark.parametrize(("code", "line"), ALL_LINES)
def test_a_value_is_final_once_every_extract_knows_the_period(
    story: Story, stored: Stored, code: str, line: str
) -> None:
    known = story.at(story.last)
    for frequency in frequencies(code, line):
        rows = stored[code, line, frequency.value, "", ""]
        found = {row.period_start: row.partial for row in rows}
        assert found == dict(wanted_periods(known, code, line, frequency))


def wanted_periods(
    known: dict[str, Known], code: str, line: str, frequency: Frequency
) -> Iterator[tuple[date, bool]]:
    """The periods the KPI's own extract knows any day of, and whether they may still change."""
    own = known[SOURCES[code][0]]
    for period in periods_known(own, code, frequency):
        whole = all(known[name].whole(first_day(name), period) for name in SOURCES[code])
        whole &= reached_back(period, code) >= first_day(SOURCES[code][0])
        if code == "CR-03":  # births of a year may be registered for twelve months more
            whole &= own.cut_off >= date(period.year + 1, 12, 31)
        yield period.start_time.date(), not whole


def reached_back(period: pd.Period, code: str) -> date:
    """The first day a value leans on: a year before its end, and 180 days of each case before."""
    after = period.end_time.normalize() + pd.Timedelta(days=1)
    if code == "CR-05":
        return (after - pd.DateOffset(months=12)).date()
    if code == "CR-06":
        return (after - pd.Timedelta(days=365 + 180)).date()
    return period.start_time.date()


def periods_known(own: Known, code: str, frequency: Frequency) -> pd.PeriodIndex:
    until = min(own.cut_off, own.covered_to)
    first = first_day(SOURCES[code][0])
    return pd.period_range(first, until, freq=PANDAS_FREQUENCY[frequency.value])


def test_of_a_year_that_is_not_final_the_value_is_partial(stored: Stored) -> None:
    rows = stored["CR-03", "value", "year", "", ""]
    assert {row.period_start.year: row.partial for row in rows} == {
        2024: False,
        2025: True,
        2026: True,
    }


def asked(code: str) -> list[Breakdown]:
    """The whole, the first breakdown, and two of them together that nobody publishes."""
    pair = [UNPUBLISHED[code]] if code in UNPUBLISHED else []
    return [(), (BREAKDOWNS[code][0],), *pair]


@pytest.mark.parametrize("code", list(LINES))
def test_a_headline_as_of_every_event(story: Story, code: str) -> None:
    finest = frequencies(code, "value")[0]
    finest = Frequency.MONTH if finest is Frequency.WEEK else finest
    first, last = (Period.covering(day, finest) for day in (date(2023, 1, 1), CUTS[-1]))
    names = SOURCES[code]
    for event in sorted(each.event for name in names for each in story.known[name]):
        known = {name: one for name, one in story.at(event).items() if name in names}
        if names[0] not in known:
            continue
        line = lines(known, story.districts)[code, "value"]
        periods = {one.start_time.date() for one in periods_known(known[names[0]], code, finest)}
        for by in asked(code):
            seen = seen_as_of(story, event, Ask(code, first, last, by=by))
            wanted = {
                place: one.value
                for place, one in line.values(finest.value, by).items()
                if one.value is not None and place[0] in periods
            }
            assert set(seen) == set(wanted), (event, by)
            assert all(equal(seen[place], wanted[place], code, "value") for place in seen), event


def seen_as_of(story: Story, event: int, ask: Ask) -> dict[tuple[date, Breakdown], float]:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return {
            (
                each.period.start,
                tuple(each.cell.members[name] for name in ask.by),
            ): each.figure.value
            for each in as_of(reader, event, ask)
            if each.figure.value is not None
        }


def test_every_extract_was_loaded_and_taken_back(story: Story) -> None:
    assert all(len(states) == len(CUTS) + 1 for states in story.known.values())
    assert {name for names in SOURCES.values() for name in names} == set(EXTRACTS)


@pytest.mark.parametrize("code", list(LINES))
def test_a_member_by_itself_is_what_it_is_among_the_others(story: Story, code: str) -> None:
    """Asked of an event that nobody published, so that both are computed."""
    finest = frequencies(code, "value")[-1]
    first, last = Period.parse("2024"), Period.parse("2025")
    event = max(each.event for states in story.known.values() for each in states) - 1
    assert finest is Frequency.YEAR
    for name in BREAKDOWNS[code]:
        together = seen_as_of(story, event, Ask(code, first, last, by=(name,)))
        member = max(members for _, members in together)[0]
        with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
            alone = as_of(reader, event, Ask(code, first, last, where={name: member}))
        found = {
            (each.period.start, (member,)): each.figure.value
            for each in alone
            if each.figure.value is not None
        }
        assert found == {place: v for place, v in together.items() if place[1] == (member,)}


@pytest.mark.parametrize("code", ["CS-05", "CS-06", "CS-09", "DQ-03", "IT-04", "MG-01", "MG-03"])
def test_rows_left_out_are_counted_by_reason(story: Story, recomputed: Lines, code: str) -> None:
    line = recomputed[code, "value"]
    assert isinstance(line, Over | Share)
    rows = line.top.rows if isinstance(line, Over) else line.line.rows
    inside = reasons_in_2025(rows)
    counted = reasons_in_2025(line.matched()[0]) if isinstance(line, Over) else inside
    unmatched = int((inside == "").sum()) - int((counted == "").sum())
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, code, Period.parse("2025"))
    excluded = dict(inside[inside != ""].value_counts())
    assert dict(found.excluded) == excluded | ({"unmatched": unmatched} if unmatched else {})
    assert found.counted == int((counted == "").sum())


def reasons_in_2025(rows: pd.DataFrame) -> pd.Series:
    """Why rows of the year were left out, "" for those that count."""
    reasons: pd.Series = rows.loc[rows["_day"].dt.year == 2025, "_reason"]
    return reasons


def test_counting_everything_anew_changes_no_reading(story: Story) -> None:
    again = refresh(story.workspace, by=SYSTEM, codes=list(LINES), rebuild=True)
    assert again.written == {}
