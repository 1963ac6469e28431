"""The scorecard: every KPI in one real table; chosen, sorted, taken along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pandas as pd
import pytest
from sqlmodel import select
from streamlit.navigation.page import Page

from dashboard.components.kpis.choosing import ScorecardOrder
from dashboard.components.kpis.links import kpi_in_text
from dashboard.components.kpis.table import file_headers, file_row
from dashboard.components.tables import csv_file
from dashboard.context import Link, PageContext
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.store.tables import KpiDefinitionVersion, Person
from data.workspace import Workspace
from kpis.assessment import StatusKind
from kpis.catalogue import catalogue
from kpis.commentary import read_answers
from kpis.defining.actions import assign_kpi, define_catalogue
from kpis.readings import refresh
from kpis.scorecard import scorecard
from tests.dashboard.pages.measured import (
    STEWARD,
    Tab,
    measured,
    raw_applications,
    rounded,
)
from tests.house import inhabit, join
from tests.kpis.conftest import Loads, applications

MARCH = Period.parse("2025-03")
MP = pytest.MonkeyPatch
ALL = [f"SD-{n:02}" for n in range(1, 9)]
QUARTERLY_OR_YEARLY_ALONE = {"CR-03", "CR-05", "CR-06", "DQ-03", "MG-02"}
MONTHLY = [
    entry.definition.code
    for entry in catalogue()
    if entry.scorecard and entry.definition.code not in QUARTERLY_OR_YEARLY_ALONE
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = measured(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


@pytest.fixture
def tab(told: Workspace, monkeypatch: MP) -> Tab:
    return Tab(told, monkeypatch, "scorecard", period="2025-03")


def lines(tab: Tab) -> dict[str, pd.Series]:
    """The rows of the table by the code of their KPI."""
    found = {}
    for _, row in tab.table.iterrows():
        code = row.iloc[0].split("\n")[-1].strip()[:5]
        if code.startswith("SD-"):
            found[code] = row
    return found


def test_every_kpi_is_there_with_the_figures_of_plain_pandas(tab: Tab) -> None:
    found = lines(tab)
    assert sorted(found) == ALL
    raw = raw_applications()
    raw = raw[raw["is_test"].map(lambda test: test is not True)]
    decided = raw[raw["decision"].isin(["approved", "rejected"])]
    months = decided["decided_at"].dt.to_period("M")
    for header, month in (("Actual", "2025-03"), ("Previous", "2025-02"), ("Year ago", "2024-03")):
        of_month = decided[(months == pd.Period(month)) & decided["returned_count"].notna()]
        right = 100 * of_month["returned_count"].eq(0).astype(bool).mean()
        assert found["SD-06"][header] == f"{rounded(right)}%"


def test_targets_say_when_they_are_assumptions(tab: Tab) -> None:
    found = lines(tab)
    assert found["SD-01"]["Target"].split() == ["≤", "10.0", "assumption"]
    assert found["SD-03"]["Target"].split() == ["≥", "98.5%"]
    assert found["SD-04"]["Target"] == "–"
    assert found["SD-04"]["Does it meet the target?"] == "No target"


def test_the_variance_is_positive_where_it_is_better(tab: Tab) -> None:
    row = lines(tab)["SD-03"]
    short = float(row["Actual"].removesuffix("%")) - 98.5
    assert float(row["Variance"].replace("−", "-")) == pytest.approx(short, abs=0.051)


def test_rows_stand_under_their_objectives(tab: Tab) -> None:
    cells = [cell.split("\npreliminary")[0] for cell in tab.table.iloc[:, 0]]
    first = [cell.split("\n")[-1][:5] for cell in cells]
    assert first == [
        *("3.1 R", "SD-01", "SD-02", "SD-03", "SD-04", "SD-05"),
        *("3.2 R", "SD-06", "SD-07"),
        *("Witho", "SD-08"),
    ] + [code for code in MONTHLY if code not in ALL]


def test_it_is_filtered_by_objective_owner_challenge_and_status(tab: Tab) -> None:
    tab.choose("scorecard.objective", "3.2")
    assert sorted(lines(tab)) == ["SD-06", "SD-07"]
    assert f"KPIs shown: 2 of {len(MONTHLY)}" in tab.said
    tab.choose("scorecard.objective", None)
    tab.choose("scorecard.owner", "Manager")
    assert sorted(lines(tab)) == ALL[:5]
    tab.choose("scorecard.owner", None)
    tab.choose("scorecard.challenge", 3)
    assert sorted(lines(tab)) == ALL
    others = [entry.definition.code for entry in catalogue() if entry.challenge != 3]
    assert not any(cell.split("\n")[-1][:5] in others for cell in tab.table.iloc[:, 0])
    pills = tab.page.button_group(key="scorecard.status")
    pills.set_value([StatusKind.NO_TARGET]).run()
    assert sorted(lines(tab)) == ["SD-04"]


def test_it_is_sorted_worst_first(tab: Tab) -> None:
    tab.choose("scorecard.order", ScorecardOrder.WORST)
    said = [row["Does it meet the target?"].split("\n")[0].strip() for row in lines(tab).values()]
    order = [
        "Behind target, not improving",
        "Behind target, improving",
        "Out of date",
        "No data",
        "No target",
        "Target met",
    ]
    assert [order.index(one) for one in said] == sorted(order.index(one) for one in said)
    assert len(tab.table) == len(MONTHLY)


def test_the_file_says_what_the_table_says(told: Workspace, tab: Tab) -> None:
    texts = Texts(Language.EN)
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = scorecard(reader, period=MARCH).rows
        answers = read_answers(reader, rows)
    lines_of_file = (file_row(texts, row, answers[row.code]) for row in rows)
    content = csv_file(file_headers(texts), lines_of_file)
    found = {row["Code"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    for code, shown in lines(tab).items():
        for header in ("Actual", "Previous", "Year ago", "Is it changing?"):
            assert found[code][header] == shown[header]
        assert found[code]["Variance"] == shown["Variance"].removeprefix("+")
        assert found[code]["Target"] == shown["Target"].split("\n")[0].strip()
        assert found[code]["Period"] == "2025-03"


@pytest.mark.parametrize("language", ["sq", "sr"])
def test_it_speaks_the_other_languages(told: Workspace, monkeypatch: MP, language: str) -> None:
    tab = Tab(told, monkeypatch, "scorecard", period="2025-03", language=language)
    english = Tab(told, monkeypatch, "scorecard", period="2025-03", language="en")
    assert not set(tab.table.columns) & set(english.table.columns) - {"Trend"}
    assert lines(tab)["SD-06"].iloc[1] == lines(english)["SD-06"]["Actual"].replace(
        ".", ","
    ).replace("%", "\N{NO-BREAK SPACE}%")


def test_an_office_has_its_own_figures(told: Workspace, monkeypatch: MP, tab: Tab) -> None:
    office = Tab(told, monkeypatch, "scorecard", period="2025-03", office="O01")
    whole, part = lines(tab)["SD-04"]["Actual"], lines(office)["SD-04"]["Actual"]
    assert 0 < int(part) < int(whole)


def test_links_of_the_table_keep_what_is_looked_at(told: Workspace) -> None:
    context = PageContext(
        told,
        SYSTEM,
        Texts(Language.EN),
        Link(period=MARCH, office="O01", language=Language.EN),
        MARCH,
        {"kpi": Page(lambda: None, url_path="kpi", title="KPI")},
    )
    assert kpi_in_text(context, "SD-01", "A [b](c)") == (
        r"[A \[b\]\(c\)](kpi?kpi=SD-01&period=2025-03&office=O01&language=en)"
    )


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    """One KPI measured, its owner's name hostile."""
    inhabit(workspace)
    define_catalogue(workspace, by=SYSTEM)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    with workspace.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == STEWARD)).one()
        person.name = "[x](http://bad.example) **=1** <b>"
        session.add(person)
    assign_kpi(workspace, by=SYSTEM, code="SD-07", objective_code=None, owner_email=STEWARD)
    loads = Loads(workspace)
    loads.load("applications", applications(200, seed=3), cut_off=MARCH.last_day)
    refresh(workspace, by=SYSTEM, codes=["SD-07"])
    return workspace


def test_names_are_never_read_as_markdown(small: Workspace, monkeypatch: MP) -> None:
    tab = Tab(small, monkeypatch, "scorecard", email=STEWARD, period="2025-03")
    cells = [cell for cell in tab.page.table[0].value.iloc[:, 0] if "bad" in cell]
    assert cells
    assert all(r"\[x\]\(http" in cell for cell in cells)
    assert all(r"\<b\>" in cell for cell in cells)


def test_a_kpi_not_broken_down_by_office_is_listed_with_why(
    small: Workspace, monkeypatch: MP
) -> None:
    _without_offices(small, "SD-02")
    tab = Tab(small, monkeypatch, "scorecard", email=STEWARD, period="2025-03", office="O01")
    assert "SD-02" not in lines(tab)
    assert "SD-02 90th percentile turnaround: not broken down by: Office" in tab.said


def _without_offices(house: Workspace, code: str) -> None:
    with house.database.writing() as session:
        row = session.exec(select(KpiDefinitionVersion).where(KpiDefinitionVersion.code == code))
        version = row.one()
        formula: dict[str, Any] = deepcopy(version.formula)
        for query in formula["queries"].values():
            query["dimensions"] = [d for d in query["dimensions"] if d["name"] != "office"]
        version.formula = formula
        session.add(version)


def test_a_kpi_of_longer_periods_says_so(tab: Tab) -> None:
    assert "CR-03 Birth registration completeness: not told for so short a period" in tab.said
    assert "its own is: yearly" in tab.said
