"""Readings against the same numbers recomputed from raw rows, now and as of every event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from sqlalchemy.dialects import sqlite
from sqlmodel import col, select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.figure import Missing
from data.period import Frequency, Period
from data.store.tables import CalendarDay, Municipality, Publication, ServiceRule, StoredReading
from data.workspace import Workspace
from kpis.readings import Ask, as_of, current, refresh, values
from kpis.stored_readings import Cell, Selection
from tests.kpis import in_pandas
from tests.kpis.conftest import FIRST, Loads, applications, founded, production, settings_in

CUTS = [date(2024, 8, 31), date(2024, 12, 15), date(2025, 4, 20)]
LINES = [
    ("SD-01", "value"),
    ("SD-02", "value"),
    ("SD-03", "value"),
    ("SD-03", "original_due_date"),
    ("SD-04", "value"),
    ("SD-04", "approved_not_ready"),
    ("SD-05", "value"),
    ("SD-05", "age_median"),
    ("SD-05", "age_maximum"),
    ("SD-05", "up_to_15"),
    ("SD-05", "up_to_30"),
    ("SD-05", "up_to_60"),
    ("SD-05", "over_60"),
    ("SD-06", "value"),
    ("SD-07", "value"),
    ("SD-08", "value"),
]
COUNTS = {"approved_not_ready", "up_to_15", "up_to_30", "up_to_60", "over_60"}
SINGLES = ["service", "office", "municipality", "district", "channel", "speed"]
FEWEST = {"SD-02": 10}
NAMED_BY = ["kpi_code", "measure", "frequency", "dimension", "dimension2"]
NAMED_BY += ["period_start", "member", "member2"]
EIGHT = [f"SD-0{n}" for n in range(1, 9)]
Stored = dict[tuple[Any, ...], StoredReading]


def known_at(rows: pd.DataFrame, cut_off: date) -> pd.DataFrame:
    """The rows as an extract of that day would hold them: nothing later has happened yet."""
    end = pd.Timestamp(cut_off) + pd.Timedelta(days=1)
    found = rows[rows["submitted_at"] < end].copy()
    for column in ("complete_at", "decided_at", "ready_at", "issued_at"):
        found[column] = found[column].where(found[column] < end)
    undecided = found["decided_at"].isna() & rows["decided_at"].notna()
    found.loc[undecided, "decision"] = None
    happened = found[["submitted_at", "complete_at", "decided_at", "ready_at", "issued_at"]]
    return found.assign(updated_at=happened.max(axis=1))


@dataclass
class Story:
    """What was loaded and withdrawn, and by event what an honest analyst would know."""

    workspace: Workspace
    known: dict[int, tuple[pd.DataFrame, pd.DataFrame, date]]  # applications, production, cut-off

    @property
    def last(self) -> int:
        return max(self.known)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Snapshot, changes, late corrections with a burial, a withdrawal; production in two parts."""

    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("story"))))
    yield _told(Loads(workspace))
    workspace.database.dispose()


def _told(loads: Loads) -> Story:
    truth = applications(2200, seed=7)
    made = production(known_at(truth, CUTS[2]), seed=8)
    first = known_at(truth, CUTS[0])
    second = known_at(truth, CUTS[1])
    second = second[second["updated_at"] > first["updated_at"].max() - pd.Timedelta(days=40)]
    third = known_at(truth, CUTS[2]).sample(frac=0.7, random_state=1)
    third.loc[third.index[:200], "updated_at"] = pd.NaT  # of unknown age: older than any other
    buried = list(first["application_id"].iloc[:60])
    third = third[~third["application_id"].isin(buried)]
    early, late = made.iloc[: len(made) // 2], made.iloc[len(made) // 3 :].copy()
    late.loc[late.index[:80], "quality_result"] = "fail"
    known: dict[int, tuple[pd.DataFrame, pd.DataFrame, date]] = {}
    nothing = made.iloc[:0]

    def apps(*versions: pd.DataFrame) -> pd.DataFrame:
        return in_pandas.latest(versions, "application_id", "updated_at")

    def products(*versions: pd.DataFrame) -> pd.DataFrame:
        return in_pandas.latest(versions, "production_id", None)

    one = loads.load("applications", first, cut_off=CUTS[0])
    known[one] = (first, nothing, CUTS[0])
    two = loads.load("production", early, cut_off=CUTS[2])
    known[two] = (first, early, CUTS[0])
    refresh(loads.workspace, by=SYSTEM)
    three = loads.load("applications", second, cut_off=CUTS[1])
    known[three] = (apps(first, second), early, CUTS[1])
    four = loads.load("applications", third, cut_off=CUTS[2], buried=buried)
    unburied = [rows[~rows["application_id"].isin(buried)] for rows in (first, second)]
    known[four] = (apps(*unburied, third), early, CUTS[2])
    refresh(loads.workspace, by=SYSTEM)
    five = loads.load("production", late, cut_off=CUTS[2])
    known[five] = (apps(*unburied, third), products(early, late), CUTS[2])
    six = loads.withdraw(three)
    known[six] = (apps(unburied[0], third), products(early, late), CUTS[2])
    refresh(loads.workspace, by=SYSTEM)
    return Story(loads.workspace, known)


@pytest.fixture(scope="module")
def world(story: Story) -> in_pandas.World:
    with story.workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        days = reader.all(select(CalendarDay).where(CalendarDay.kind == "holiday"))
        rules = reader.all(select(ServiceRule))
        places = reader.all(select(Municipality))
        return in_pandas.World(
            holidays=[row.day for row in days],
            deadlines={(row.service_code, row.speed): row.deadline_days for row in rules},
            districts={row.code: row.district_code for row in places},
        )


@pytest.fixture(scope="module")
def stored(story: Story) -> Stored:
    """Every current reading, by all that names it."""
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = reader.all(select(StoredReading).where(col(StoredReading.replaced_in).is_(None)))
    return {tuple(getattr(row, name) for name in NAMED_BY): row for row in rows}


def shown(value: Fraction, decimals: int) -> Decimal:
    """The exact value as it is printed: half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(("code", "line"), LINES)
@pytest.mark.parametrize("frequency", list(Frequency))
def test_every_reading_is_what_plain_pandas_makes_of_the_rows(
    story: Story,
    world: in_pandas.World,
    stored: Stored,
    code: str,
    line: str,
    frequency: Frequency,
) -> None:
    apps, made, cut_off = story.known[story.last]
    recomputed = in_pandas.kpis(apps, made, world, cut_off)[code, line]
    compared = 0
    for by in groupings(code, line, frequency):
        expected = recomputed(frequency.value, by, FIRST, cut_off)
        names = (*by, "", "")[:2]
        found = {
            (key[5], (key[6], key[7])): row
            for key, row in stored.items()
            if key[:5] == (code, line, frequency.value, *names)
        }
        assert set(expected) <= set(found)
        for cell, row in found.items():
            compare(row, expected.get(cell), code, line)
            compared += row.value is not None
    assert compared


def groupings(code: str, line: str, frequency: Frequency) -> list[tuple[str, ...]]:
    pair: list[tuple[str, ...]] = [("office", "service")]
    if code == "SD-08":
        return [(), ("office",), ("service",), *pair]
    if frequency is Frequency.WEEK:
        return [(), ("office",), ("service",), *(pair if line == "value" else [])]
    return [(), *((name,) for name in SINGLES), *pair]


def compare(row: StoredReading, expected: in_pandas.Value | None, code: str, line: str) -> None:
    value, cases = expected or (None, 0)
    is_count = line in COUNTS or (code, line) == ("SD-04", "value")
    if is_count:
        assert (row.value, row.missing) == (float(value or 0), None)
    elif value is None:
        assert (row.value, row.missing) == (None, Missing.NO_DATA)
    elif cases < FEWEST.get(code, 0):
        assert (row.value, row.missing) == (None, Missing.TOO_FEW)
    else:
        assert row.value == float(value)
        assert row.missing is None
    assert row.cases == cases


@pytest.mark.parametrize(
    ("code", "dimension"), [("SD-07", "rejection_reason"), ("SD-08", "defect_code")]
)
def test_parts_of_the_numerator_keep_the_denominator_of_the_whole(
    story: Story,
    world: in_pandas.World,
    stored: Stored,
    code: str,
    dimension: str,
) -> None:
    apps, made, cut_off = story.known[story.last]
    expected = in_pandas.kpis(apps, made, world, cut_off)[code, dimension](
        "month", (), FIRST, cut_off
    )
    found = {
        (key[5], (key[6], key[7])): row.value
        for key, row in stored.items()
        if key[:5] == (code, "value", "month", dimension, "")
    }
    assert {cell: float(value) for cell, (value, _) in expected.items()} == {
        cell: value for cell, value in found.items() if value is not None
    }


@pytest.mark.parametrize("event", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("by", [(), ("office",), ("office", "service")])
def test_readings_as_of_every_event(
    story: Story, world: in_pandas.World, event: int, by: tuple[str, ...]
) -> None:
    apps, made, cut_off = story.known[event]
    recomputed = in_pandas.kpis(apps, made, world, cut_off)
    first, last = Period.covering(FIRST, Frequency.MONTH), Period.covering(cut_off, Frequency.MONTH)
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for code in EIGHT:
            readings = as_of(reader, event, Ask(code, first, last, by=by))
            if code == "SD-08" and event == 1:
                assert {each.figure.missing for each in readings} <= {Missing.NOT_LOADED}
                continue
            expected = recomputed[code, "value"]("month", by, FIRST, cut_off)
            seen = {
                (each.period.start, (each.cell.member, each.cell.member2)): each.figure
                for each in readings
                if each.figure.value is not None
                and (each.figure.value or code != "SD-04")  # a backlog of 0 has no rows to find
            }
            assert {cell: figure.value for cell, figure in seen.items()} == {
                cell: float(value)
                for cell, (value, cases) in expected.items()
                if cell[0] <= cut_off and cases >= FEWEST.get(code, 0)
            }
            for cell, figure in seen.items():
                assert figure.shown == shown(expected[cell][0], figure.decimals)


def test_a_stored_publication_and_the_engine_agree_as_of_its_event(story: Story) -> None:
    first, last = Period.parse("2024-01"), Period.parse("2025-04")
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        published = as_of(reader, 4, Ask("SD-05", first, last, by=("office",), measures=None))
        ahead = Ask("SD-05", first, last, by=("office",), where={"channel": "online"})
        computed = as_of(reader, 4, ahead)
        online = as_of(reader, 4, Ask("SD-05", first, last, by=("channel",)))
    assert len({each.measure for each in published}) == 7
    assert {each.cell.members["channel"] for each in computed} == {"online"}
    cases: dict[Period, int] = {}
    for each in computed:
        cases[each.period] = cases.get(each.period, 0) + each.cases
    for each in online:
        if each.cell.member == "online":
            assert cases[each.period] == each.cases


def test_periods_know_whether_they_are_whole(story: Story) -> None:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        months = current(reader, "SD-04", Period.parse("2023-12"), Period.parse("2025-06"))
    flags = {each.period.code: (each.figure.missing, each.partial) for each in months}
    assert flags["2023-12"] == (Missing.NOT_LOADED, False)
    assert flags["2024-01"] == (None, False)
    assert flags["2025-03"] == (None, False)
    assert flags["2025-04"] == (None, True)  # cut off on the 20th
    assert flags["2025-05"] == (Missing.NOT_LOADED, False)


def test_a_rebuild_leaves_every_table_as_it_was(story: Story) -> None:
    before = dump(story.workspace)
    done = refresh(story.workspace, by=SYSTEM, rebuild=True)
    assert done.written == {}
    assert dump(story.workspace) == before


def dump(workspace: Workspace) -> list[object]:
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        readings = reader.all(select(StoredReading).order_by(col(StoredReading.id)))
        publications = reader.all(select(Publication).order_by(col(Publication.id)))
        return [row.model_dump() for row in (*readings, *publications)]


def test_only_differences_are_written(story: Story) -> None:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = reader.all(select(StoredReading).where(StoredReading.kpi_code == "SD-06"))
        publications = reader.all(select(Publication).where(Publication.kpi_code == "SD-06"))
    written = [row.readings_written for row in publications]
    assert len(written) == 3
    assert sum(written) == len(rows)
    keys = [
        (r.measure, r.frequency, r.period_start, r.dimension, r.member, r.dimension2, r.member2)
        for r in rows
        if r.replaced_in is None
    ]
    assert len(keys) == len(set(keys))


def test_a_source_without_open_cases_gives_no_backlog(loads: Loads) -> None:
    rows = applications(300, seed=3)
    closed = rows[rows[["decided_at", "ready_at", "issued_at"]].notna().any(axis=1)]
    loads.load("applications", closed, cut_off=date(2026, 6, 30), last=date(2026, 6, 30))
    refresh(loads.workspace, by=SYSTEM, codes=["SD-03", "SD-04", "SD-05", "SD-06"])
    period = Period.parse("2024-06")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for code in ("SD-03", "SD-04", "SD-05"):
            for each in values(reader, Ask(code, period, period, by=("office",), measures=None)):
                assert each.figure.missing is Missing.NO_OPEN_ROWS
        (right,) = current(reader, "SD-06", period, period)
    assert right.figure.value is not None


def test_an_office_without_open_cases_is_a_true_zero(loads: Loads) -> None:
    rows = applications(400, seed=4)
    rows = rows[(rows["office_code"] != "O02") | rows["issued_at"].notna()]
    loads.load("applications", rows, cut_off=date(2026, 6, 30))
    refresh(loads.workspace, by=SYSTEM, codes=["SD-04"])
    period = Period.parse("2026-06")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (empty,) = current(reader, "SD-04", period, period, office="O02")
        (other,) = current(reader, "SD-04", period, period, office="O01")
        (unheard_of,) = current(reader, "SD-04", period, period, office="O99")
    assert empty.figure.value == 0.0
    assert other.figure.value
    assert unheard_of.figure.value == 0.0


def test_a_gap_in_coverage_makes_periods_partial(loads: Loads) -> None:
    rows = applications(200, seed=5)
    loads.load("applications", rows, cut_off=date(2024, 3, 31), last=date(2024, 3, 10))
    loads.load("applications", rows, cut_off=date(2024, 6, 30), first=date(2024, 5, 1))
    refresh(loads.workspace, by=SYSTEM, codes=["IN-01"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        months = current(reader, "IN-01", Period.parse("2024-01"), Period.parse("2024-06"))
    assert [each.partial for each in months] == [False, False, True, False, False, False]
    assert months[3].figure.missing is Missing.NOT_LOADED  # April lies in no batch


def test_what_cannot_be_told_is_refused(loads: Loads) -> None:
    loads.load("applications", applications(50, seed=6), cut_off=date(2024, 6, 30))
    period = Period.parse("2024-03")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        with pytest.raises(NotFound, match="not_published"):
            values(reader, Ask("SD-01", period, period))
        with pytest.raises(NotFound, match="no_kpi"):
            values(reader, Ask("XX-99", period, period))
    refresh(loads.workspace, by=SYSTEM, codes=["SD-01"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        with pytest.raises(Invalid, match="no_dimension"):
            values(reader, Ask("SD-01", period, period, by=("defect_code",)))
        with pytest.raises(Invalid, match="too_many_dimensions"):
            values(reader, Ask("SD-01", period, period, by=("office", "service", "channel")))


def test_only_those_who_may_publish_refresh(house: Workspace) -> None:
    viewer = Actor("v@example.org", "V", "en", (Grant(Role.VIEWER, "CRA", None),))
    with pytest.raises(PermissionDenied):
        refresh(house, by=viewer)


def test_progress_rises_to_the_end(loads: Loads) -> None:
    loads.load("applications", applications(50, seed=6), cut_off=date(2024, 6, 30))
    seen: list[float] = []
    refresh(loads.workspace, by=SYSTEM, codes=["SD-01", "SD-06"], progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_series_of_any_frequency_has_no_holes_and_loses_nobody(loads: Loads) -> None:
    loads.load("applications", applications(300, seed=9), cut_off=date(2024, 9, 30))
    refresh(loads.workspace, by=SYSTEM, codes=["IN-01"])
    totals = set()
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for frequency in (Frequency.MONTH, Frequency.QUARTER):
            first = Period.covering(FIRST, frequency)
            last = Period.covering(date(2024, 12, 31), frequency)
            series = current(reader, "IN-01", first, last)
            assert [each.period for each in series] == list(first.until(last))
            totals.add(sum(each.cases for each in series))
    assert len(totals) == 1


@pytest.mark.parametrize("members", [{}, {"office": "O01"}, {"office": "O01", "service": "OTHER"}])
def test_a_series_is_found_by_index(story: Story, members: dict[str, str]) -> None:
    first = Period.parse("2024-01")
    wanted = Selection.of_cell(
        Cell.of(members),
        codes=["SD-01", "SD-03"],
        frequency=Frequency.MONTH,
        starts=[period.start for period in first.until(Period.parse("2025-04"))],
    )
    standing = col(StoredReading.replaced_in).is_(None)
    statement = select(StoredReading).where(*wanted.conditions(), standing)
    compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with story.workspace.database.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    assert [row[3].split(" (")[0].rsplit(" ", 1)[0] for row in plan] == [
        "SEARCH reading USING INDEX"
    ]


def test_broken_down_within_one_member_it_is_that_member_alone(story: Story) -> None:
    period = Period.parse("2025-02")
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        every = values(reader, Ask("SD-06", period, period, by=("office",)))
        chosen = every[-1].cell.member
        ask = Ask("SD-06", period, period, by=("office",), where={"office": chosen})
        one = values(reader, ask)
    assert len(every) > 1
    assert one == every[-1:]
