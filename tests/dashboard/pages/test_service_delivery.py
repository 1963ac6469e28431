"""Service delivery: what came in, went out and waits; how long it takes, and where."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from dashboard.charts.tile_layout import TILES
from dashboard.components.delivery_table import DeliveryBy
from data.access.roles import Role
from data.language.languages import Language
from data.workspace import Workspace
from tests.dashboard.pages.measured import MANAGER, Tab, measured, rounded
from tests.dashboard.pages.recounted import (
    Recount,
    by_member,
    charts,
    files_of,
    in_month,
    no_tests,
    recount,
    words_in,
)
from tests.house import inhabit, join

MP = pytest.MonkeyPatch
MARCH = date(2025, 3, 1)
SERVICES = {"PASSPORT": "Passport", "ID_CARD": "Identity card"}
SHARES = {"Overdue share": "SD-05", "Within deadline": "SD-03", "Rejection": "SD-07"}
TIMES = {"Median turnaround": "SD-01"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = measured(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(scope="module")
def counted(told: Workspace) -> Recount:
    return recount(told)


def opened(told: Workspace, monkeypatch: MP, **more: str) -> Tab:
    return Tab(told, monkeypatch, "service-delivery", **{"period": "2025-03", **more})


def submitted(month: str) -> pd.DataFrame:
    rows = no_tests()
    return pd.DataFrame(rows[rows["submitted_at"].dt.to_period("M") == pd.Period(month)])


def test_the_whole_is_told_in_a_sentence(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    backlog, _ = in_month(counted["SD-04", "value"], MARCH)
    overdue, _ = in_month(counted["SD-05", "value"], MARCH)
    assert f"Whole agency, March 2025: came in {len(submitted('2025-03'))}" in tab.said
    assert f"waiting at the end {backlog:.0f}, overdue of these {rounded(overdue)}%" in tab.said


def test_each_figure_leads_to_its_kpi_and_keeps_the_period(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, office="O01")
    assert "kpi?kpi=SD-05&period=2025-03&office=O01" in tab.addresses


def test_every_service_has_the_figures_of_plain_pandas(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    table = opened(told, monkeypatch).table.set_index("Service")
    intake = submitted("2025-03").groupby("service_code").size()
    for code, name in SERVICES.items():
        row = table.loc[name]
        assert row["Intake"] == str(intake[code])
        for header, kpi in SHARES.items():
            value, _ = by_member(counted[kpi, "value"], "service", MARCH)[code]
            assert row[header] == f"{rounded(value)}%"
        for header, kpi in TIMES.items():
            value, _ = by_member(counted[kpi, "value"], "service", MARCH)[code]
            assert row[header] == rounded(value)
        bands = [int(str(row[name])) for name in ("Aged 0–15", "16–30", "31–60", "Over 60")]
        assert sum(bands) == int(str(row["Backlog"]))


def test_the_table_is_told_by_office_and_by_both_and_sorted(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    tab.page.button_group(key="delivery.by").set_value(DeliveryBy.OFFICE).run()
    offices = by_member(counted["SD-04", "value"], "office", MARCH)
    table = tab.table.set_index("Office")
    for code in ("O01", "O02", "O03"):
        assert table.loc[code]["Backlog"] == f"{offices[code][0]:.0f}"
    tab.choose("delivery.order", "backlog")
    parts = tab.table["Backlog"].tolist()[1:]
    assert [int(cell) for cell in parts] == sorted(map(int, parts), reverse=True)
    tab.page.button_group(key="delivery.by").set_value(DeliveryBy.BOTH).run()
    assert "O01 · Passport" in tab.table.iloc[:, 0].tolist()


def test_the_file_says_what_the_table_says(told: Workspace, monkeypatch: MP) -> None:
    files = files_of(monkeypatch)
    tab = opened(told, monkeypatch)
    content = files["service-delivery-2025-03.csv"]().decode("utf-8-sig")
    written = list(csv.DictReader(io.StringIO(content)))
    assert [row["Intake"] for row in written] == tab.table["Intake"].tolist()
    assert [row["Rejection (%)"] for row in written] == [
        cell.removesuffix("%") for cell in tab.table["Rejection"]
    ]


def test_turnaround_is_drawn_whole_and_late_cases_apart(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    whole = charts(opened(told, monkeypatch))["delivery.turnaround"]
    _, cases = in_month(counted["SD-01", "value"], MARCH)
    assert sum(whole["data"][0]["y"]) == cases
    assert not whole["layout"].get("shapes")
    tab = opened(told, monkeypatch, service="PASSPORT")
    chart = charts(tab)["delivery.turnaround"]
    deadline = chart["layout"]["shapes"][0]["x0"]
    assert deadline == 15.5  # fifteen working days: the line stands after the fifteenth
    assert "Deadline: 15 working days" in words_in(chart)
    bars = chart["data"][0]
    colours = set(zip(bars["marker"]["color"], (x > deadline for x in bars["x"]), strict=True))
    assert len(colours) == 2  # one colour for what is late, one for what is not


def test_the_cohort_by_due_date_is_the_judged_series(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    chart = charts(tab)["delivery.deadline"]
    value, _ = in_month(counted["SD-03", "value"], MARCH)
    months = len(pd.period_range("2024-01", "2025-03", freq="M"))
    drawn = next(trace for trace in chart["data"] if len(trace["x"]) == months)
    assert drawn["y"][-1] == pytest.approx(value)
    assert "cases still open past their due date stay in as failures" in tab.said


def test_the_backlog_is_stacked_by_age_and_adds_up(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    chart = charts(opened(told, monkeypatch))["delivery.backlog"]
    backlog, _ = in_month(counted["SD-04", "value"], MARCH)
    assert sum(band["y"][-1] for band in chart["data"]) == backlog
    for band, line in zip(
        chart["data"], ("up_to_15", "up_to_30", "up_to_60", "over_60"), strict=True
    ):
        assert band["y"][-1] == in_month(counted["SD-05", line], MARCH)[0]


def test_the_map_has_every_municipality_and_its_value(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, office="O01")
    tab.choose("delivery.measure", "SD-07")
    chart = charts(tab)["delivery.map"]
    assert sorted(chart["data"][0]["customdata"]) == sorted(TILES)
    said = words_in(chart)
    for code, (value, _) in by_member(counted["SD-07", "value"], "municipality", MARCH).items():
        if code in TILES:
            assert f"{code}<br>{TILES[code].sq}<br><b>{rounded(value)}%</b>" in said
    assert "Prishtina (no data)" in tab.said  # no case of this municipality
    assert "whichever office is chosen" in tab.said


def test_offices_are_compared_in_their_usual_ranges(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, service="PASSPORT")
    tab.choose("delivery.measure", "SD-03")
    _, dots = charts(tab)["delivery.offices"]["data"]
    values = counted["SD-03", "value"]("month", ("office", "service"), MARCH, date(2025, 4, 20))
    expected = [
        float(value)
        for (start, key), (value, _) in values.items()
        if start == MARCH and key[1] == "PASSPORT"
    ]
    assert dots["x"] == pytest.approx(sorted(expected, reverse=True))


def test_of_one_service_in_one_office_there_is_one_row(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, office="O01", service="PASSPORT")
    values = counted["SD-04", "value"]("month", ("office", "service"), MARCH, date(2025, 4, 20))
    assert tab.table["Backlog"].tolist() == [str(values[MARCH, ("O01", "PASSPORT")][1])]


def test_a_period_that_is_not_loaded_leads_to_the_newest(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, period="2026-01")
    assert "Nothing is loaded for this period" in tab.said
    assert not tab.page.get("plotly_chart")
    tab.page.button(key="delivery.newest").click().run()
    assert tab.page.query_params["period"] == "2025-03"
    assert tab.page.get("plotly_chart")


def test_an_empty_house_says_what_will_be_here(workspace: Workspace, monkeypatch: MP) -> None:
    inhabit(workspace)
    join(workspace, MANAGER, Role.MANAGER)
    tab = opened(workspace, monkeypatch)
    assert "Service delivery is not measured yet" in tab.said


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("period", ["2025-03", "2025-W12", "2025-Q1", "2024"])
def test_it_speaks_every_language_at_every_length_of_period(
    told: Workspace, monkeypatch: MP, language: Language, period: str
) -> None:
    tab = opened(told, monkeypatch, period=period, language=language.value)
    assert len(tab.page.get("plotly_chart")) == 5
    assert all(chart["alt"] for chart in charts(tab).values())
    assert not [word for word in ("delivery.", "kpi_page.", "{") if word in tab.said]
