"""Offices through time: readings as if every row had always named the office of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.offices import close_office, date_opening, merge_office
from data.agency.offices.actions import Seen
from data.agency.stating import Grounds
from data.errors import Invalid, PermissionDenied
from data.figure import Missing
from data.period import Frequency, Period
from data.store.tables import Office
from data.workspace import Workspace
from kpis.comparing import compare
from kpis.drilling import rows
from kpis.lineage import explain
from kpis.publishing import KEY, VALUES
from kpis.readings import Ask, Reading, as_of, refresh, values
from kpis.register import read_kpi
from kpis.restatements import causes_of, read_restatements
from kpis.stored_readings import stored_frame
from tests.kpis.composed.conftest import settle
from tests.kpis.composed.story import CUTS, EXTRACTS
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in

CODES = ["SD-01", "SD-04", "MG-01", "CS-09", "DQ-03"]
SENT = ["applications", "complaints", "corrections", "register_snapshot", "staff_cost"]
# A chain over two municipalities, and one in its own: O05 and O02 end in O01, O04 in O03.
MERGERS = [("O05", "O02"), ("O02", "O01"), ("O04", "O03")]
LAST = {"O05": "O01", "O02": "O01", "O04": "O03"}
GROUNDS = Grounds("Decision 12/2025", "Network of 2025")
JANUARY = Period.parse("2025-01")


@dataclass(frozen=True)
class Told:
    """One house with mergers, one whose rows name today's offices, and what was said before."""

    merged: Workspace
    mapped: Workspace
    early: int  # the last event before the mergers
    before: Mapping[str, tuple[Reading, ...]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    houses = [settled(tmp_path_factory.mktemp(name)) for name in ("merged", "mapped")]
    merged, mapped = houses
    early = load(merged, 1, {})
    refresh(merged, by=SYSTEM, codes=["SD-04", "MG-01"])
    before = {code: offices_of(merged, code) for code in ("SD-04", "MG-01")}
    for office, into in MERGERS:
        merge(merged, office, into)
    load(merged, 2, {})
    load(mapped, 1, LAST)
    load(mapped, 2, LAST)
    for workspace in houses:
        refresh(workspace, by=SYSTEM, codes=CODES)
    yield Told(merged, mapped, early, before)
    for workspace in houses:
        workspace.database.dispose()


def settled(home: Path) -> Workspace:
    workspace = founded(Workspace.open(settings_in(home)))
    settle(workspace)
    return workspace


def load(workspace: Workspace, number: int, last: Mapping[str, str]) -> int:
    """One load of each extract, offices replaced in plain pandas; the last event's number."""
    event, loads = 0, Loads(workspace)
    for name in SENT if number == 1 else SENT[:-1]:
        extract = EXTRACTS[name]
        sent = extract.version(number).copy()
        if name == "applications":
            sent = sent.assign(complete_at=sent["submitted_at"], ready_at=sent["issued_at"])
        if last and "office_code" in sent:
            sent["office_code"] = sent["office_code"].replace(dict(last))
        if name == "staff_cost":  # its rows are months of offices: those with every number add up
            sent = sent.dropna().groupby(["month", "office_code"], as_index=False).sum()
        event = loads.load(name, sent, cut_off=CUTS[number], first=extract.first)
    return event


def merge(workspace: Workspace, office: str, into: str, day: date = date(2025, 7, 1)) -> None:
    merge_office(
        workspace, by=SYSTEM, office=seen(workspace, office), into=into, day=day, grounds=GROUNDS
    )


def seen(workspace: Workspace, code: str) -> Seen:
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        return Seen(code, reader.get(Office, code).row_version)


def offices_of(workspace: Workspace, code: str, event: int | None = None) -> tuple[Reading, ...]:
    first, last = (Period.covering(day, Frequency.MONTH) for day in (date(2024, 1, 1), CUTS[1]))
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return values(reader, Ask(code, first, last, ("office",), as_of=event))


def stored(workspace: Workspace, code: str) -> pd.DataFrame:
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        frame = stored_frame(reader, code)[[*KEY, *VALUES]]
    return frame.sort_values(KEY).reset_index(drop=True)


@pytest.mark.parametrize("code", CODES)
def test_every_published_reading_is_as_if_rows_had_named_todays_offices(
    told: Told, code: str
) -> None:
    merged, mapped = stored(told.merged, code), stored(told.mapped, code)
    if code.startswith("MG"):  # rows of staff were added up beforehand: they are fewer
        merged, mapped = merged.drop(columns="cases"), mapped.drop(columns="cases")
    pd.testing.assert_frame_equal(merged, mapped)
    assert not set(merged.loc[merged["dimension"] == "office", "member"]) & set(LAST)


def test_parts_are_the_whole(told: Told) -> None:
    frame = stored(told.merged, "SD-04")
    frame = frame[(frame["measure"] == "value") & (frame["dimension2"] == "")]
    at = ["frequency", "period_start"]
    whole = frame[frame["dimension"] == ""].groupby(at)["value"].sum()
    parts = frame[frame["dimension"] == "office"].groupby(at)["value"].sum()
    pd.testing.assert_series_equal(parts, whole)
    assert len(whole) > 20


@pytest.mark.parametrize("code", ["SD-04", "MG-01"])
def test_as_of_an_earlier_event_the_old_network_is_back(told: Told, code: str) -> None:
    then = offices_of(told.merged, code, told.early)
    assert then == told.before[code]
    assert {"O02", "O04", "O05"} & {each.cell.member for each in then}
    now = {each.cell.member for each in offices_of(told.merged, code)}
    assert not now & set(LAST)


def test_a_breakdown_computed_on_the_way_is_told_on_the_same_network(told: Told) -> None:
    ask = Ask("SD-04", JANUARY, JANUARY, ("office", "channel"))
    found = []
    for workspace in (told.merged, told.mapped):
        with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
            found.append(values(reader, ask))
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.parametrize("code", ["SD-01", "SD-04", "CS-09"])
def test_the_rows_of_a_successor_are_those_of_all_it_stands_for(told: Told, code: str) -> None:
    where = {"office": "O01"}
    with told.merged.read(SYSTEM, Permission.KPI_VIEW) as reader:
        explained = explain(reader, code, JANUARY, where=where)
        drilled = rows(reader, code, JANUARY, where=where, limit=10_000)
    offices = set(pd.DataFrame(drilled.rows, columns=list(drilled.columns))["office_code"])
    assert len(drilled.rows) == drilled.total == explained.counted
    assert {"O01", "O02"} <= offices <= {"O01", "O02", "O05"}


def test_the_head_of_the_successor_alone_sees_the_rows(told: Told) -> None:
    def head(unit: str) -> Actor:
        return Actor("h@example.org", "H", "en", (Grant(Role.UNIT_HEAD, unit, frozenset({unit})),))

    with told.merged.read(head("O01"), Permission.KPI_VIEW) as reader:
        mine = rows(reader, "SD-04", JANUARY, where={"office": "O01"})
        assert mine.total > 0
    with told.merged.read(head("O02"), Permission.KPI_VIEW) as reader:
        assert rows(reader, "SD-04", JANUARY).total == 0
        with pytest.raises(PermissionDenied):
            rows(reader, "SD-04", JANUARY, where={"office": "O01"})


def test_asking_for_a_merged_office_names_the_one_it_counts_at(told: Told) -> None:
    with told.merged.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for asked in (
            lambda: values(reader, Ask("SD-04", JANUARY, JANUARY, where={"office": "O05"})),
            lambda: explain(reader, "SD-04", JANUARY, where={"office": "O05"}),
        ):
            with pytest.raises(Invalid) as refused:
                asked()
            assert refused.value.values == {"office": "O05", "into": "O01"}
        then = as_of(reader, told.early, Ask("SD-04", JANUARY, JANUARY, where={"office": "O05"}))
    assert then[0].figure.value is not None


def test_publishing_again_changes_nothing(told: Told) -> None:
    assert refresh(told.merged, by=SYSTEM, codes=CODES).written == {}
    before = {code: stored(told.merged, code) for code in ("SD-04", "DQ-03")}
    refresh(told.merged, by=SYSTEM, codes=list(before), rebuild=True)
    for code, frame in before.items():
        pd.testing.assert_frame_equal(stored(told.merged, code), frame)


def test_what_a_merger_changed_is_no_loads_doing(told: Told) -> None:
    """The first figure of an office is the one it had alone; loads are named, the merger is not."""
    with told.merged.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, "SD-04")
        series = values(reader, Ask("SD-04", JANUARY, JANUARY, where={"office": "O03"}))
        (restated,) = read_restatements(reader, kpi, series)
        causes = causes_of(reader, kpi, restated)
    alone = {each.cell.member: each for each in told.before["SD-04"] if each.period == JANUARY}
    assert restated.first.figure == alone["O03"].figure
    assert all(cause.event > told.early for cause in causes)


def test_an_office_is_told_only_of_periods_in_which_it_was_open(house: Workspace) -> None:
    """O02 closed in July 2024, O03 opened in March 2025; O01 was always open."""
    open_offices(house, ["O01", "O02", "O03"])
    rows = applications(500, seed=3)
    late, early = rows["submitted_at"] >= "2024-07-01", rows["submitted_at"] < "2025-03-01"
    rows["office_code"] = rows["office_code"].mask(rows["office_code"].eq("O02") & late, "O01")
    rows["office_code"] = rows["office_code"].mask(rows["office_code"].eq("O03") & early, "O01")
    Loads(house).load("applications", rows, cut_off=date(2025, 4, 30))
    closed, opened = date(2024, 7, 1), date(2025, 3, 1)
    close_office(house, by=SYSTEM, office=seen(house, "O02"), day=closed, grounds=GROUNDS)
    date_opening(house, by=SYSTEM, office=seen(house, "O03"), opened=opened, grounds=GROUNDS)
    refresh(house, by=SYSTEM, codes=["IN-01", "SD-07"])
    first, last = Period.parse("2024-01"), Period.parse("2025-04")
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for code in ("IN-01", "SD-07"):
            for month in first.until(last):
                found = values(reader, Ask(code, month, month, ("office",)))
                members = {each.cell.member for each in found} - {"not_stated"}
                has_cases = {each.cell.member for each in found if each.cases}
                was_open = {"O01"} | ({"O02"} if month.start < closed else set())
                was_open |= {"O03"} if month.start >= opened else set()
                assert members == (was_open | has_cases) - {"not_stated"}
                assert {one.member for one in compare(reader, code, month, "office").members} == {
                    each.cell.member for each in found
                }
        for where in ({"office": "O03"}, {"office": "O03", "channel": "online"}):
            series = values(reader, Ask("IN-01", first, last, where=where))
            for each in series:
                is_open = each.period.start >= opened
                assert (each.figure.missing is Missing.NOT_OPEN) is not is_open
                assert (each.figure.value is None) is not is_open
