"""The scorecard and the KPI page: what is shown agrees with readings, targets and loads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import event

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Invalid
from data.figure import Missing, Unit
from data.period import Frequency, Period
from data.workspace import Reader, Workspace
from kpis.assessment import StatusKind, Target
from kpis.catalogue import catalogue
from kpis.definitions import HEADLINE
from kpis.readings import Ask, current, refresh, values
from kpis.restatements import causes_of
from kpis.scorecard import kpi, scorecard
from kpis.service_delivery import COLUMNS, delivery, turnaround_distribution
from kpis.targets.actions import set_target
from kpis.variation import VariationIcon
from tests.kpis.conftest import (
    SERVICES,
    Loads,
    applications,
    founded,
    open_offices,
    production,
    settings_in,
)

MONTH = Period.parse("2025-03")
CUT = date(2025, 4, 20)


@pytest.fixture(scope="module")
def house_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loads]:

    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("scorecard"))))
    loads = Loads(workspace)
    rows = applications(1500, seed=11)
    loads.load("applications", rows, cut_off=CUT)
    loads.load("production", production(rows, seed=12), cut_off=CUT)
    refresh(workspace, by=SYSTEM)
    late = rows[rows["decided_at"].dt.to_period("M") == pd.Period("2025-02")].copy()
    late["returned_count"], late["updated_at"] = 1, late["updated_at"] + pd.Timedelta(days=60)
    loads.load("applications", late, cut_off=CUT)
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    yield loads
    workspace.database.dispose()


@pytest.fixture
def reader(house_told: Loads) -> Iterator[Reader]:
    with house_told.workspace.read(SYSTEM, Permission.KPI_VIEW) as found:
        yield found


def test_every_kpi_has_its_row_in_order(reader: Reader) -> None:
    found = scorecard(reader, period=MONTH)
    listed = [entry.definition for entry in catalogue() if entry.scorecard]
    told = [one.code for one in listed if one.frequency in (Frequency.WEEK, Frequency.MONTH)]
    assert set(told) <= {row.code for row in found.rows}
    assert [row.code for row in found.rows] == [
        one.code for one in listed if one.code not in found.without
    ]
    assert "CR-03" in found.without  # it is told of whole years alone
    assert found.clocks["applications"].cut_off == CUT
    row = found.row("SD-01")
    assert (row.unit, row.decimals, row.names.en) == (Unit.WORKING_DAYS, 1, "Median turnaround")


def test_a_row_shows_what_was_published(reader: Reader) -> None:
    found = scorecard(reader, period=MONTH)
    for row in found.rows:
        if not row.reading.loaded:
            assert row.series == ()
            continue
        (now,) = current(reader, row.code, MONTH, MONTH)
        (year_ago,) = current(reader, row.code, MONTH.year_ago(), MONTH.year_ago())
        assert row.reading == now
        assert row.year_ago == year_ago
        assert row.previous is not None
        assert row.previous.period == MONTH.shift(-1)
        assert row.series[-1] == now
        assert row.series[0].period == Period.parse("2024-01")


def test_only_what_is_up_to_date_gets_a_judgement(reader: Reader) -> None:
    found = scorecard(reader, period=MONTH)
    assert found.row("SD-06").fresh
    assert not found.row("SD-01").fresh  # an extract was loaded since
    assert found.row("SD-01").status.kind is StatusKind.STALE
    assert found.row("SD-04").status.kind is StatusKind.STALE
    assert found.row("SD-06").status.kind in (
        StatusKind.BEHIND_WORSENING,
        StatusKind.BEHIND_IMPROVING,
    )


def test_the_chart_judges_whole_periods_only(reader: Reader) -> None:
    found = scorecard(reader, period=Period.parse("2025-04"))
    row = found.row("SD-03")
    assert row.partial
    assert row.reading.figure.value is not None
    assert row.chart.points[-1].date == date(2025, 3, 1)
    assert row.chart.variation in set(VariationIcon)


def test_a_period_without_data_says_so(reader: Reader) -> None:
    found = scorecard(reader, period=Period.parse("2026-01"))
    assert {row.figure.missing for row in found.rows} == {Missing.NOT_LOADED}
    assert {row.status.kind for row in found.rows} == {StatusKind.NO_DATA}


def test_offices_and_services_have_scorecards_of_their_own(reader: Reader) -> None:
    office = scorecard(reader, period=MONTH, office="O01")
    both = scorecard(reader, period=MONTH, office="O01", service="PASSPORT")
    assert office.row("SD-04").figure.value is not None
    parts = [
        scorecard(reader, period=MONTH, office="O01", service=service).row("SD-04").figure.value
        for service in SERVICES
    ]
    assert sum(part or 0 for part in parts) == office.row("SD-04").figure.value
    assert both.cell.members == {"office": "O01", "service": "PASSPORT"}


def test_an_office_is_held_to_its_own_target(house_told: Loads) -> None:
    house = house_told.workspace
    open_offices(house, ["O02"])
    set_target(
        house,
        by=SYSTEM,
        code="SD-06",
        target=Target(low=1.0, source="Agreed", assumption=False),
        valid_from=date(2025, 1, 1),
        reason="start low",
        office_code="O02",
    )
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        own = scorecard(reader, period=MONTH, office="O02").row("SD-06")
        other = scorecard(reader, period=MONTH, office="O01").row("SD-06")
    assert own.target is not None
    assert own.target.low == 1.0
    assert own.status.kind is StatusKind.MET
    assert own.variance is not None
    assert other.target is not None
    assert other.target.low == 95.0


def test_the_number_of_queries_does_not_grow_with_kpis_or_periods(house_told: Loads) -> None:
    house, asked = house_told.workspace, []
    engine = house.database._reader
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        scorecard(reader, period=MONTH, office="O01")
    queries = [sql for sql in asked if sql.lstrip().upper().startswith("SELECT")]
    assert len(queries) <= 8


def test_a_kpi_is_seen_from_every_side(reader: Reader) -> None:
    view = kpi(reader, "SD-05", MONTH)
    assert set(view.lines) == {
        "age_median",
        "age_maximum",
        "up_to_15",
        "up_to_30",
        "up_to_60",
        "over_60",
    }
    assert set(view.breakdowns) == {
        "service",
        "office",
        "municipality",
        "district",
        "channel",
        "speed",
    }
    assert [version.version for version in view.versions] == [1]
    assert [each.target and each.target.high for each in view.targets] == [2.0]
    assert view.clock.cut_off == CUT
    bands = sum(view.lines[name][-1].figure.value or 0 for name in list(view.lines)[2:])
    assert bands == view.row.reading.cases


def test_breakdowns_add_up_to_the_whole(reader: Reader) -> None:
    view = kpi(reader, "SD-04", MONTH)
    for members in view.breakdowns.values():
        assert sum(each.figure.value or 0 for each in members) == view.row.figure.value
    office = kpi(reader, "SD-04", MONTH, office="O01")
    assert set(office.breakdowns) == {"service"}
    parts = office.breakdowns["service"]
    assert sum(each.figure.value or 0 for each in parts) == office.row.figure.value


def test_a_late_correction_is_a_restatement_that_names_its_file(
    reader: Reader, house_told: Loads
) -> None:
    view = kpi(reader, "SD-06", MONTH)
    (restated,) = view.restatements
    assert restated.period == Period.parse("2025-02")
    assert restated.now.figure.value == 0.0
    assert restated.first.figure.value
    (cause,) = causes_of(reader, view.kpi, restated)
    assert cause.event == 3
    assert cause.file_name == f"applications-{house_told.batches[3]}.csv"
    assert restated.restated_at > restated.first_published_at


def test_a_part_a_kpi_cannot_tell_is_refused(reader: Reader) -> None:
    with pytest.raises(Invalid):
        values(reader, Ask("SD-08", MONTH, MONTH, where={"channel": "online"}))


@pytest.mark.parametrize("by", [("service",), ("office",), ("office", "service"), ()])
def test_the_service_table_is_made_of_published_readings(
    reader: Reader, by: tuple[str, ...]
) -> None:
    table = delivery(reader, MONTH, by=by)
    assert table.columns == tuple(COLUMNS)
    for name in ("intake", "backlog", "p90", "rejection", "up_to_30"):
        code, measure = COLUMNS[name]
        ask = Ask(code, MONTH, MONTH, by=by, measures=(measure,))
        expected = {each.cell: each.figure for each in values(reader, ask)}
        found = {row.cell: row.figures[name] for row in table.rows}
        assert {cell: found[cell] for cell in expected} == expected
    for name in ("intake", "output", "backlog", "over_60"):
        parts = sum(row.figures[name].value or 0 for row in table.rows)
        assert parts == table.total.figures[name].value


def test_one_office_by_service(reader: Reader) -> None:
    table = delivery(reader, MONTH, by=("service",), office="O01")
    assert {row.office for row in table.rows} == {"O01"}
    whole = delivery(reader, MONTH, by=("office",))
    (own,) = (row for row in whole.rows if row.office == "O01")
    assert table.total.figures == own.figures


def test_weeks_leave_out_what_is_not_published_so_finely(reader: Reader) -> None:
    week = Period.parse("2025-W10")
    table = delivery(reader, week, by=("office", "service"))
    assert {COLUMNS[name][1] for name in table.columns} == {HEADLINE}
    assert set(delivery(reader, week, by=("office",)).columns) == set(COLUMNS)


def test_a_period_not_loaded_is_no_row_of_zeros(reader: Reader) -> None:
    table = delivery(reader, Period.parse("2026-01"), by=("service",))
    assert table.rows == ()
    assert {figure.missing for figure in table.total.figures.values()} == {Missing.NOT_LOADED}


def test_the_distribution_is_that_of_the_median(house_told: Loads) -> None:
    refresh(house_told.workspace, by=SYSTEM, codes=["SD-01", "SD-02"])
    with house_told.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = turnaround_distribution(reader, MONTH, service="PASSPORT")
        (median,) = current(reader, "SD-01", MONTH, MONTH, service="PASSPORT")
        (p90,) = current(reader, "SD-02", MONTH, MONTH, service="PASSPORT")
    assert found.cases == median.cases
    assert found.median == median.figure
    assert found.p90 == p90.figure
    assert {rule.service for rule in found.deadlines} == {"PASSPORT"}
    assert {rule.speed for rule in found.deadlines} == {"normal", "accelerated"}
