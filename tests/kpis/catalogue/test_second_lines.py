"""Births by their own day, response rates and distinct callers, once more in plain pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, cast

import pandas as pd
import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Invalid
from data.figure import Missing
from data.period import Period
from data.store.tables import StoredReading
from kpis.readings import Ask, values
from tests.kpis.catalogue.conftest import CUTS, Story
from tests.kpis.catalogue.second_lines import SECOND_LINES
from tests.kpis.in_pandas import PANDAS_FREQUENCY

SMALL_CELL = 10
Cells = dict[tuple[date, tuple[str, ...]], Fraction | None]
TOLD = [
    pytest.param(code, line, frequency, by, id="-".join([code, line, frequency, *by]))
    for (code, line), told in SECOND_LINES.items()
    for frequency, breakdowns in told.items()
    for by in breakdowns
]
COLUMNS = {
    "municipality": "mother_municipality_code",
    "source": "source",
    "sex": "sex",
    "community": "community",
    "office": "office_code",
    "service": "service_code",
    "exchange_service": "exchange_service",
}


def parts(
    rows: pd.DataFrame, day: pd.Series, frequency: str, by: tuple[str, ...]
) -> Iterator[tuple[tuple[date, tuple[str, ...]], pd.DataFrame]]:
    """The rows of each period and combination of members."""
    keys = [day.dt.to_period(PANDAS_FREQUENCY[frequency]).rename("_period")]
    keys += [rows[COLUMNS[name]].astype(object).fillna("not_stated").rename(name) for name in by]
    for key, part in rows.groupby(keys):
        period, *members = cast(tuple[Any, ...], key)
        yield (period.start_time.date(), tuple(map(str, members))), part


def births(story: Story, frequency: str, by: tuple[str, ...]) -> Cells:
    rows = story.at(story.last)["civil_events"].rows
    delay = (rows["registered_at"].dt.normalize() - rows["event_date"]).dt.days
    counts = (rows["event_type"] == "birth") & rows["is_test"].map(lambda test: test is not True)
    counts &= rows["occurred_abroad"].map(lambda place: place is False) & ~(delay < 0)
    counts &= rows["event_date"] + pd.Timedelta(days=30) <= pd.Timestamp(CUTS[-1])
    counts &= rows["event_date"] >= pd.Timestamp(2008, 1, 1)  # the deadline is known since then
    born = rows[counts].assign(timely=delay.between(0, 30))
    found: Cells = {}
    for place, part in parts(born, born["event_date"], frequency, by):
        hidden = "community" in by and len(part) < SMALL_CELL
        found[place] = None if hidden else Fraction(100 * int(part["timely"].sum()), len(part))
    return found


def responses(story: Story, frequency: str, by: tuple[str, ...]) -> Cells:
    known = story.at(story.last)
    answers, visits = known["satisfaction"].rows, known["appointments"].rows
    came = (visits["status"] == "attended") & visits["called_at"].notna()
    came &= visits["is_test"].map(lambda test: test is not True)
    visits = visits[came]
    given = {
        place: len(part) for place, part in parts(answers, answers["answered_at"], frequency, by)
    }
    return {
        place: Fraction(100 * given.get(place, 0), len(part))
        for place, part in parts(visits, visits["called_at"], frequency, by)
    }


def callers(story: Story, frequency: str, by: tuple[str, ...]) -> Cells:
    rows = story.at(story.last)["register_exchange"].rows
    called = rows[rows["calls"] > 0]
    return {
        place: Fraction(part["consumer_code"].nunique())
        for place, part in parts(called, called["day"], frequency, by)
    }


RECOMPUTED: dict[str, Callable[[Story, str, tuple[str, ...]], Cells]] = {
    "by_event": births,
    "response_rate": responses,
    "consumers": callers,
}


@pytest.mark.parametrize(("code", "line", "frequency", "by"), TOLD)
def test_a_second_line_is_what_plain_pandas_makes_of_the_rows(
    story: Story, code: str, line: str, frequency: str, by: tuple[str, ...]
) -> None:
    expected = RECOMPUTED[line](story, frequency, by)
    names = (*by, "", "")[:2]
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = reader.all(
            select(StoredReading).where(
                StoredReading.kpi_code == code,
                StoredReading.measure == line,
                StoredReading.frequency == frequency,
                StoredReading.dimension == names[0],
                StoredReading.dimension2 == names[1],
                col(StoredReading.replaced_in).is_(None),
            )
        )
    first = min(row.period_start for row in rows)
    assert {place for place in expected if place[0] >= first} <= {_place(row, by) for row in rows}
    for row in rows:
        value = expected.get(_place(row, by))
        if "community" in by and row.missing == Missing.SUPPRESSED:  # more are hidden than small
            assert row.value is None
        elif value is not None:
            assert (row.value, row.missing) == (float(value), None), _place(row, by)
        elif line == "consumers":
            assert row.value == 0
        else:
            hidden = _place(row, by) in expected
            assert row.missing == (Missing.SUPPRESSED if hidden else Missing.NO_DATA)


def _place(row: StoredReading, by: tuple[str, ...]) -> tuple[date, tuple[str, ...]]:
    return row.period_start, (row.member, row.member2)[: len(by)]


@pytest.mark.parametrize(
    ("by", "period", "lines"),
    [
        (("office",), "2024-Q3", {"value", "response_rate"}),
        (("channel",), "2024-Q3", {"value"}),  # visits do not say the channel of an answer
        ((), "2024-08", {"value"}),  # the rate is told of quarters
    ],
)
def test_of_all_lines_those_come_that_can_be_told(
    story: Story, by: tuple[str, ...], period: str, lines: set[str]
) -> None:
    wanted = Period.parse(period)
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask("CS-08", wanted, wanted, by, measures=None))
        assert {each.measure for each in found} == lines
        if by == ("channel",):
            with pytest.raises(Invalid, match="no_dimension"):
                values(reader, Ask("CS-08", wanted, wanted, by, measures=("response_rate",)))
