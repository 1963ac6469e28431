"""The Data quality page: the answer, what is missing, what was refused, and what it touches."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line.main import app
from dashboard.components.data_quality import words
from dashboard.components.data_quality.extracts_table import sheet
from dashboard.components.kpis.completeness import in_few_words, in_words
from dashboard.context import Link, PageContext
from data.access.actor import SYSTEM
from data.access.roles import Role
from data.extracts import quality
from data.extracts.checked_file import Declared
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from kpis.completeness import Completeness, Lack
from kpis.defining.actions import define_catalogue
from kpis.quality import judged_loads
from kpis.readings import refresh
from kpis.sources import Coverage
from tests.dashboard.pages.measured import MANAGER, STEWARD, Tab
from tests.data.extracts.loads import load
from tests.house import actor, inhabit, join
from tests.kpis.conftest import settings_in

MP = pytest.MonkeyPatch
MARCH, APRIL = Period.parse("2025-03"), Period.parse("2025-04")
VIEWER, AUDITOR = "viewer@example.org", "auditor@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A year of applications; April is cut off, and two of its rows cannot be let in."""
    folder = tmp_path_factory.mktemp("quality-page")
    workspace = Workspace.open(settings_in(folder / "home"))
    inhabit(workspace)
    define_catalogue(workspace, by=SYSTEM)
    for email, role in (
        (STEWARD, Role.DATA_STEWARD),
        (MANAGER, Role.MANAGER),
        (VIEWER, Role.VIEWER),
        (AUDITOR, Role.INTERNAL_AUDITOR),
    ):
        join(workspace, email, role)
    april = rows()["submitted_at"] >= "2025-04-01"
    bring(workspace, folder / "until-march.csv", rows()[~april], "2024-04-01", "2025-03-31")
    bring(workspace, folder / "april.csv", rows()[april], "2025-04-01", "2025-04-12")
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    yield workspace
    workspace.database.dispose()


def rows() -> pd.DataFrame:
    """Two applications a day until 12 April; every third states no channel."""
    opened = pd.date_range("2024-04-01 09:00", "2025-04-12 16:00", freq="12h")
    frame = pd.DataFrame({"submitted_at": opened})
    frame["application_id"] = [f"A-{n:04}" for n in range(len(frame))]
    frame["service_code"] = ["PASSPORT" if n != len(frame) - 1 else "FISHING" for n in frame.index]
    frame["channel"] = ["" if n % 3 == 0 else "counter" for n in frame.index]
    frame["municipality_code"] = "01"
    frame["decision"], frame["returned_count"] = "approved", 0
    frame["decided_at"] = frame["ready_at"] = frame["submitted_at"] + pd.Timedelta(hours=1)
    frame["updated_at"] = frame["decided_at"].astype(str)
    frame["decided_at"] = frame["decided_at"].astype(str)
    frame.loc[len(frame) - 2, "decided_at"] = "soon"
    return frame


def bring(workspace: Workspace, path: Path, part: pd.DataFrame, first: str, last: str) -> None:
    part.to_csv(path, index=False)
    days = date.fromisoformat(first), date.fromisoformat(last)
    cut = datetime.combine(days[1], datetime.max.time(), workspace.settings.zone)
    declared = Declared(cut_at=cut, coverage_from=days[0], coverage_to=days[1])
    load(workspace, path, declared=declared, threshold=0.5)


def tab(house: Workspace, monkeypatch: MP, email: str = STEWARD, **link: str) -> Tab:
    return Tab(house, monkeypatch, "data-quality", email=email, **link)


def test_the_answer_names_what_is_missing_and_who_brought_it(
    house: Workspace, monkeypatch: MP
) -> None:
    said = tab(house, monkeypatch, period="2025-04").said
    assert "April 2025: extracts that are complete: 0 of 1." in said
    part = rows()["submitted_at"] >= "2025-04-01"
    share = words.share(Texts(Language.EN), 2, int(part.sum()))
    assert f"this period: 2 of {part.sum()} ({share})" in said
    mend = said.split("To be mended")[1]
    assert "Applications: days missing: 18 of 30 (13–30 Apr 2025)" in mend
    assert "steward@example.org" in mend


def test_a_whole_month_is_said_to_be_whole(house: Workspace, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, period="2025-03")
    assert "March 2025: all 1 extracts in use know the whole period" in page.said
    (line,) = page.table.to_numpy().tolist()
    assert line[0] == "Applications"
    assert line[1].endswith("Complete")
    assert f"read: {len(rows()[rows()['submitted_at'] < '2025-04-01'])}" in line[3]
    assert "Never loaded: " in page.said


def test_an_empty_column_names_the_kpis_it_touches(house: Workspace, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, period="2025-03", part="applications")
    frame = rows()[rows()["submitted_at"] < "2025-04-01"]
    share = 100 * frame["channel"].eq("").mean()
    columns = _sheet(page, "Column")
    line = columns.set_index("Column").loc["channel"]
    assert line["Not stated"] == f"{share:.1f}%"
    assert line["Rows without"] == str(frame["channel"].eq("").sum())
    assert line["KPIs that count by it"] == "CS-01"
    assert "SD-01 (Channel)" in line["KPIs broken down by it"]
    touching = columns[(columns.iloc[:, -2:] != "–").any(axis=1)]
    worst = touching.iloc[0]
    assert f"leans on: {worst['Column']}, not stated in {worst['Not stated']} of rows" in page.said


def _sheet(page: Tab, head: str) -> pd.DataFrame:
    """The table whose columns hold this one."""
    return next(one.value for one in page.page.dataframe if head in one.value.columns)


def test_reasons_lead_to_the_rows_for_those_who_may_see_them(
    house: Workspace, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, period="2025-04")
    reasons = _sheet(page, "Reason").set_index("Reason")
    assert list(reasons["Rows"]) == ["1", "1"]
    assert list(reasons["Together with those above"]) == ["50.0%", "100.0%"]
    assert {"decided_at: 1", "service_code: 1"} == set(reasons["Columns"])
    assert "Rows in quarantine of event 2" in page.said
    manager = tab(house, monkeypatch, MANAGER, period="2025-04")
    assert set(_sheet(manager, "Reason")["Columns"]) == {"–"}
    assert "Rows in quarantine of event" not in manager.said


def test_the_way_to_the_rows_opens_that_load(house: Workspace, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, period="2025-04")
    (key,) = [str(one.key) for one in page.page.button if "quality.open." in str(one.key)]
    page.page.button(key=key).click().run()
    assert page.page.title[0].value == "Extracts"
    assert page.page.session_state["extracts.batch"] == key.removeprefix("quality.open.")
    assert "april.csv" in page.said
    assert "Rows in quarantine" in page.said


def test_nothing_is_shown_to_those_who_may_not_see_extracts(
    house: Workspace, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, VIEWER, period="2025-03")
    assert "extracts in use" not in page.said
    assert page.page.warning


def test_before_any_load_the_page_says_what_will_be_here(
    workspace: Workspace, monkeypatch: MP
) -> None:
    inhabit(workspace)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    said = tab(workspace, monkeypatch).said
    assert "Nothing can be said about data quality yet" in said


@pytest.mark.parametrize("language", list(Language))
def test_the_file_holds_the_table_as_it_is_seen(house: Workspace, language: Language) -> None:
    steward, texts = actor(house, STEWARD), Texts(language)
    context = PageContext(house, steward, texts, Link(), APRIL)
    found = quality.qualities(house, by=steward, period=APRIL, today=date(2025, 5, 20))
    in_use = [one for one in found if one.loads]
    charts = {one.contract: judged_loads(one.loads) for one in in_use}
    table = sheet(context, in_use, charts, {})
    (line,) = table.rows
    by_header = dict(zip(table.headers, line, strict=True))
    assert by_header[texts.text("data_quality.file.quarantined")] == "2"
    assert by_header[texts.text("data_quality.file.known_until")] == "2025-04-12"
    assert by_header[texts.text("data_quality.file.stale")] == texts.value(True)
    assert texts.day_short(date(2025, 4, 30)) in by_header[texts.text("data_quality.file.lacks")]


def test_the_command_line_says_the_same(house: Workspace, monkeypatch: MP) -> None:
    monkeypatch.setenv("CRA_HOME", str(house.settings.home))
    asked = ["extract", "quality", "applications", "--period", "2025-04", "--as", STEWARD]
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)[0]
    assert told["missing"] == [{"from": "2025-04-13", "to": "2025-04-30"}]
    assert told["reasons"] == {"not_a_date": 1, "unknown_code": 1}
    gaps = {gap["column"]: gap["unstated"] for gap in told["columns"]}
    frame = rows()[:-2]
    year = frame[frame["submitted_at"] >= "2024-05-01"]
    assert gaps["channel"] == year["channel"].eq("").sum()
    printed = CliRunner().invoke(app, asked)
    assert "days missing: 18 of 30" in printed.stdout
    refused = CliRunner().invoke(app, ["extract", "quality", "stars", "--as", STEWARD])
    assert refused.exit_code == 1
    viewer = CliRunner().invoke(app, ["extract", "quality", "--as", VIEWER])
    assert viewer.exit_code == 1


def test_values_in_a_file_name_what_was_incomplete(house: Workspace, monkeypatch: MP) -> None:
    monkeypatch.setenv("CRA_HOME", str(house.settings.home))
    asked = ["kpi", "values", "SD-06", "--from", "2025-03", "--to", "2025-04", "--as", STEWARD]
    printed = CliRunner().invoke(app, [*asked, "--format", "csv"]).stdout
    lines = {line["period"]: line for line in csv.DictReader(io.StringIO(printed))}
    assert lines["2025-03"]["incomplete"] == ""
    assert lines["2025-04"]["incomplete"] == "applications:2025-04-13..2025-04-30"
    table = CliRunner().invoke(app, asked).stdout
    assert "preliminary: Applications (known until 12 Apr 2025)" in table


def test_the_kpi_page_and_the_scorecard_say_which_extract(
    house: Workspace, monkeypatch: MP
) -> None:
    kpi = Tab(house, monkeypatch, "kpi", kpi="SD-06", period="2025-04")
    assert "Incomplete extracts: Applications (known until 12 Apr 2025)" in kpi.said
    card = Tab(house, monkeypatch, "scorecard", period="2025-04").table
    line = next(row for row in card.to_numpy().tolist() if "SD-06" in row[0])
    assert "preliminary: Applications (known until 12 Apr 2025)" in line[0]
    assert line[1].endswith("preliminary")


def test_what_is_lacking_is_said_shortly_or_in_full() -> None:
    texts, day = Texts(Language.EN), date(2025, 3, 12)
    gap = Lack("payments", date(2025, 4, 30), ((date(2025, 3, 3), date(2025, 3, 9)),))
    end = Lack("applications", day, ((date(2025, 3, 13), date(2025, 3, 31)),))
    never = Lack("sms", None, ((date(2025, 3, 1), date(2025, 3, 31)),))
    found = Completeness(Coverage.PARTIAL, (end, gap, never))
    assert in_words(texts, found) == (
        "preliminary: Applications (known until 12 Mar 2025), "
        "Payments (missing: 3–9 Mar 2025), SMS reminders (never loaded)"
    )
    assert in_few_words(texts, found) == "preliminary: 3 extracts incomplete"
    assert in_words(texts, Completeness()) == in_few_words(texts, Completeness()) == ""
    assert in_words(texts, Completeness(Coverage.PARTIAL)) == "preliminary"
