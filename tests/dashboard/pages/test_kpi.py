"""The KPI page: the answer, its chart and tables, and everything it came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.kpi_breakdown import BreakdownForm
from dashboard.components.kpi_drawing import marks
from dashboard.components.kpi_members import members_of, with_cases
from dashboard.pages.kpi import KpiPart
from data.access.actor import SYSTEM
from data.access.roles import Role
from data.figure import Figure, Missing, Unit
from data.language.languages import Language
from data.language.texts import Texts
from data.people import add_first_administrator
from data.period import Period
from data.workspace import Workspace
from kpis.direction import Direction
from kpis.readings import refresh
from kpis.stored_readings import Cell, Reading
from tests.dashboard.pages.measured import MANAGER, VIEWER, Tab, measured, rounded
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
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in

MP = pytest.MonkeyPatch
MARCH = date(2025, 3, 1)
HEAD = "head@example.org"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = measured(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(scope="module")
def counted(told: Workspace) -> Recount:
    return recount(told)


def opened(told: Workspace, monkeypatch: MP, code: str = "SD-06", **more: str) -> Tab:
    return Tab(told, monkeypatch, "kpi", **{"kpi": code, "period": "2025-03", **more})


def show(tab: Tab, part: KpiPart) -> None:
    tab.page.button_group(key="kpi.part").set_value(part).run()
    assert not tab.page.exception


def opened_table(tab: Tab, name: str) -> pd.DataFrame:
    """The table behind a chart, after a click."""
    tab.page.session_state[f"{name}.table"] = True
    tab.run()
    frames = {frame.proto.id: frame.value for frame in tab.page.dataframe}
    return next(iter(frames.values()))


# The answer


def test_the_answer_comes_first_and_the_questions_are_apart(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    value, cases = in_month(counted["SD-06", "value"], MARCH)
    assert f"Whole agency, March 2025: {rounded(value)}%" in tab.said
    assert f"Cases: {cases}" in tab.said
    assert "Is it changing?" in tab.said
    assert "Does it meet the target?" in tab.said
    assert "Will it meet the target if nothing changes?" in tab.said
    assert "Target: ≥\N{NO-BREAK SPACE}20.0%" in tab.said


def test_of_an_office_and_a_service_it_speaks_of_them_alone(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, office="O01", service="PASSPORT")
    values = counted["SD-06", "value"]("month", ("office", "service"), MARCH, date(2025, 4, 20))
    value, cases = values[MARCH, ("O01", "PASSPORT")]
    assert f"O01 · Passport, March 2025: {rounded(float(value))}%" in tab.said
    assert f"Cases: {cases}" in tab.said
    assert "cannot be broken down further" in tab.said


def test_a_period_that_is_not_complete_says_so(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, period="2025-04")
    assert "Preliminary: April 2025 is not complete" in tab.said
    assert "The chart speaks of March 2025" in tab.said


def test_from_a_period_that_is_not_loaded_a_click_leads_to_the_newest(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, period="2026-01")
    assert "January 2026: not loaded" in tab.said
    tab.page.button(key="kpi.newest").click().run()
    assert tab.page.query_params["period"] == "2025-03"
    assert "Whole agency, March 2025" in tab.said


def test_another_kpi_is_one_click_away(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, "SD-01")
    assert tab.page.button(key="kpi.before").disabled
    tab.page.button(key="kpi.after").click().run()
    assert tab.page.query_params["kpi"] == "SD-02"
    tab.page.selectbox(key="kpi.code").set_value("SD-07").run()
    assert tab.page.query_params["kpi"] == "SD-07"
    assert "Rejection rate" in tab.said


def test_a_kpi_the_link_made_up_is_refused_and_another_can_be_chosen(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, "SD-99")
    assert "There is no KPI SD-99" in tab.said
    assert tab.page.selectbox(key="kpi.code").options
    assert not tab.page.get("plotly_chart")


# The control chart


def test_the_chart_has_every_month_with_mean_and_target(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    chart = charts(opened(told, monkeypatch))["kpi.control"]
    months = pd.period_range("2024-01", "2025-03", freq="M")
    values = [in_month(counted["SD-06", "value"], month.start_time.date())[0] for month in months]
    drawn = next(trace for trace in chart["data"] if len(trace["x"]) == len(months))
    assert drawn["y"] == pytest.approx(values)
    said = words_in(chart)
    assert f"<b>{rounded(sum(values) / len(values))}</b>" in said
    assert "Target" in said
    assert "March 2025" in chart["alt"]


def test_the_table_behind_the_chart_is_the_chart_and_a_file(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    files = files_of(monkeypatch)
    tab = opened(told, monkeypatch)
    assert not tab.page.dataframe
    table = opened_table(tab, "kpi.control")
    for _, row in table.iterrows():
        month = pd.Timestamp(row["Period"]).date()
        value, cases = in_month(counted["SD-06", "value"], month)
        assert (row["Value (%)"], row["Cases"]) == (rounded(value), str(cases))
    assert table["Target"].tolist()[:3] == ["20.0"] * 3
    written = csv.DictReader(io.StringIO(_text(files["SD-06-2025-03-series.csv"]())))
    assert [row["Value (%)"] for row in written] == table["Value (%)"].tolist()


def test_second_lines_stand_beside_the_headline(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, "SD-05")
    for line, unit in (("age_maximum", "working days"), ("up_to_30", "case")):
        value, _ = in_month(counted["SD-05", line], MARCH)
        assert f"{value:.0f} {unit}" in tab.said
    assert "another length of period: weekly" in tab.said


# The breakdown


def test_bars_are_sorted_worst_first_with_their_cases(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    chart = charts(opened(told, monkeypatch))["kpi.bars"]
    services = by_member(counted["SD-06", "value"], "service", MARCH)
    shares = sorted(value for value, _ in services.values())
    assert chart["data"][0]["x"] == pytest.approx(shares)  # higher is better
    for value, cases in services.values():
        assert f"{rounded(value)}% (n {cases})" in words_in(chart)
    assert "Whole agency" in words_in(chart)


def test_offices_stand_in_their_usual_ranges_never_in_a_bare_ranking(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    tab.choose("kpi.by", "office")
    assert "kpi.bars" not in charts(tab)
    chart = charts(tab)["kpi.ranges"]
    offices = by_member(counted["SD-06", "value"], "office", MARCH)
    ranges, dots = chart["data"]
    assert sorted(dots["x"]) == pytest.approx(sorted(value for value, _ in offices.values()))
    assert len([end for end in ranges["x"] if end is not None]) == 2 * len(offices)
    assert "not stated" in words_in(chart)
    assert "Dot: the value of the period" in tab.said


def test_a_breakdown_within_an_office_is_counted_when_it_is_asked_for(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, office="O02")
    tab.choose("kpi.by", "channel")
    rows = no_tests()
    decided = rows[
        rows["decision"].isin(["approved", "rejected"])
        & (rows["office_code"] == "O02")
        & (rows["decided_at"].dt.to_period("M") == pd.Period("2025-03"))
        & rows["returned_count"].notna()
    ]
    right = decided["returned_count"].eq(0).astype(bool)
    expected = (100 * right.groupby(decided["channel"].fillna("none")).mean()).tolist()
    assert sorted(charts(tab)["kpi.bars"]["data"][0]["x"]) == pytest.approx(sorted(expected))


def test_over_time_every_part_has_a_small_chart_of_its_own(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    tab.page.button_group(key="kpi.form.service").set_value(BreakdownForm.TIME).run()
    said = words_in(charts(tab)["kpi.panels"])
    assert {"Passport", "Identity card", "Civil status certificate"} <= set(
        said.replace("<br>", "\n").split("\n")
    )


def test_what_may_not_be_shown_is_said_in_words_and_stands_last() -> None:
    texts, period = Texts(Language.EN), Period.parse("2025-03")
    figures = {
        "a": Figure(None, Unit.PERCENT, 1, Missing.SUPPRESSED),
        "b": Figure(90.0, Unit.PERCENT, 1),
        "c": Figure(None, Unit.PERCENT, 1, Missing.NO_DATA),
        "d": Figure(80.0, Unit.PERCENT, 1),
    }
    readings = [
        Reading("SD-03", "value", period, Cell("community", member), figure, cases=7)
        for member, figure in figures.items()
    ]
    found = members_of(texts, "community", readings, {}, Direction.HIGHER)
    assert [member.code for member in found] == ["d", "b", "a", "c"]
    said = [with_cases(texts, member.now) for member in found]
    assert said == ["80.0% (n 7)", "90.0% (n 7)", "suppressed", "no data"]


# Where it comes from


def test_the_definition_is_told_in_words_and_as_formula(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, "SD-01")
    show(tab, KpiPart.DEFINITION)
    assert "Half of the approved applications" in tab.said
    assert "This target is an assumption" in tab.said
    assert "Points in a trend: 7" in tab.said
    formulas = [code.value for code in tab.page.code]
    assert "decision = 'approved'" in formulas
    targets, versions = (table.value for table in tab.page.table)
    assert targets["Assumption"].tolist() == ["Yes"]
    assert versions["Version"].tolist() == ["1"]


def test_lineage_accounts_for_every_row(told: Workspace, counted: Recount, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, "SD-07")
    show(tab, KpiPart.LINEAGE)
    value, cases = in_month(counted["SD-07", "value"], MARCH)
    assert f"Rows counted: {cases}" in tab.said
    assert f"Denominator: {cases}" in tab.said
    assert f"Numerator: {round(value * cases / 100)}" in tab.said
    rows = no_tests()
    in_march = rows["decided_at"].dt.to_period("M") == pd.Period("2025-03")
    undecided = (in_march & ~rows["decision"].isin(["approved", "rejected"])).sum()
    assert f"Not approved or rejected: {undecided}" in tab.said
    assert tab.page.dataframe[0].value["Extract"].tolist() == ["Applications"]


def test_the_rows_are_exactly_those_counted(
    told: Workspace, counted: Recount, monkeypatch: MP
) -> None:
    files = files_of(monkeypatch)
    tab = opened(told, monkeypatch, "SD-07")
    show(tab, KpiPart.ROWS)
    rows = no_tests()
    in_march = rows["decided_at"].dt.to_period("M") == pd.Period("2025-03")
    expected = rows[in_march & rows["decision"].isin(["approved", "rejected"])]
    assert f"Rows counted: {len(expected)}. You may see all of them." in tab.said
    written = list(csv.DictReader(io.StringIO(_text(files["SD-07-2025-03-rows.csv"]()))))
    assert {row["application_id"] for row in written} == set(expected["application_id"])
    assert (
        sum(int(row["numerator"]) for row in written) == (expected["decision"] == "rejected").sum()
    )
    shown = tab.page.dataframe[0].value
    assert len(shown) == min(50, len(expected))
    assert not {"community", "sex", "birth_year"} & set(shown.columns)


def test_the_rows_of_one_member(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, "SD-07")
    show(tab, KpiPart.ROWS)
    tab.choose("kpi.rows.by", "channel")
    tab.choose("kpi.rows.member.channel", "online")
    shown = tab.page.dataframe[0].value
    assert set(shown["channel"]) == {"online"}


def test_whoever_may_not_see_rows_is_told_so(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, email=VIEWER)
    show(tab, KpiPart.ROWS)
    assert "Your roles do not show single rows" in tab.said
    assert not tab.page.dataframe


# A house in which something was corrected later


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two loads, each published; the second corrects decisions of the first."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("corrected"))))
    open_offices(workspace, ["O01", "O02", "O03"])
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, MANAGER, Role.MANAGER)
    join(workspace, HEAD, Role.UNIT_HEAD, "O01")
    loads = Loads(workspace)
    loads.load("applications", first_known(), cut_off=date(2024, 12, 31))
    refresh(workspace, by=SYSTEM, codes=["SD-07"])
    loads.load("applications", known_later(), cut_off=date(2024, 12, 31))
    refresh(workspace, by=SYSTEM, codes=["SD-07"])
    yield workspace
    workspace.database.dispose()


def first_known() -> pd.DataFrame:
    rows = applications(600, seed=5)
    return pd.DataFrame(rows[rows["submitted_at"] < "2024-12-01"])


def known_later() -> pd.DataFrame:
    """All approvals of June were rejections."""
    rows = first_known()
    june = rows["decided_at"].dt.to_period("M") == pd.Period("2024-06")
    changed = rows[june & (rows["decision"] == "approved")].copy()
    changed["decision"] = "rejected"
    changed["updated_at"] += pd.Timedelta(days=1)
    return pd.DataFrame(changed)


def rejection_in_june(rows: pd.DataFrame) -> str:
    kept = rows[rows["is_test"].map(lambda test: test is not True)]
    kept = kept[kept["decision"].isin(["approved", "rejected"])]
    kept = kept[kept["decided_at"].dt.to_period("M") == pd.Period("2024-06")]
    return f"{rounded(100 * (kept['decision'] == 'rejected').mean())}%"


def test_a_restatement_shows_both_figures_and_the_load_that_made_it(
    corrected: Workspace, monkeypatch: MP
) -> None:
    tab = Tab(corrected, monkeypatch, "kpi", kpi="SD-07", period="2024-06")
    show(tab, KpiPart.RESTATEMENTS)
    assert "Periods restated since they were first published: 1 of 6" in tab.said
    (row,) = tab.page.dataframe[0].value.to_dict("records")
    assert row["Period"] == "June 2024"
    assert row["As first published"] == rejection_in_june(first_known())
    assert row["Now"] == "100.0%"
    assert row["Event"] == "2"
    assert row["File"].startswith("applications-")


def test_as_of_an_earlier_event_the_first_figure_is_back(
    corrected: Workspace, monkeypatch: MP
) -> None:
    tab = Tab(corrected, monkeypatch, "kpi", kpi="SD-07", period="2024-06")
    show(tab, KpiPart.LINEAGE)
    assert len(tab.page.dataframe[0].value) == 2
    tab.choose("kpi.as_of", 1)
    assert f"Headline: {rejection_in_june(first_known())}" in tab.said
    assert "As known after event 1. Published now: 100.0%" in tab.said
    assert len(tab.page.dataframe[0].value) == 1


def test_a_unit_head_sees_the_rows_of_his_unit_and_how_many_others_there_are(
    corrected: Workspace, monkeypatch: MP
) -> None:
    tab = Tab(corrected, monkeypatch, "kpi", email=HEAD, kpi="SD-07", period="2024-06")
    show(tab, KpiPart.ROWS)
    shown = tab.page.dataframe[0].value
    assert set(shown["office_code"]) == {"O01"}
    assert f"which you may see: {len(shown)}." in tab.said
    tab = Tab(
        corrected, monkeypatch, "kpi", email=HEAD, kpi="SD-07", period="2024-06", office="O02"
    )
    show(tab, KpiPart.ROWS)
    assert "Your rights do not reach the rows of office O02" in tab.said


def test_a_kpi_never_published_says_what_to_do(corrected: Workspace, monkeypatch: MP) -> None:
    tab = Tab(corrected, monkeypatch, "kpi", kpi="SD-01", period="2024-06")
    assert "Nothing is published of this KPI yet" in tab.said
    assert not tab.page.get("plotly_chart")


# Languages


@pytest.mark.parametrize("language", list(Language))
def test_every_part_speaks_every_language(
    told: Workspace, monkeypatch: MP, language: Language
) -> None:
    tab = opened(told, monkeypatch, language=language.value)
    said = {KpiPart.BREAKDOWN: tab.said}
    for part in list(KpiPart)[1:]:
        show(tab, part)
        said[part] = tab.said
    assert len(set(said.values())) == len(KpiPart)
    assert not [text for text in said.values() if "kpi_page." in text or "{" in text]


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.EN, ".,"), (Language.SQ, ",\N{NO-BREAK SPACE}"), (Language.SR, ",.")],
)
def test_charts_write_numbers_as_the_language_does(language: Language, expected: str) -> None:
    assert marks(Texts(language)) == expected


def test_the_first_kpi_is_shown_when_none_is_named(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "kpi", period="2025-03")
    assert isinstance(tab.page, AppTest)
    assert "Median turnaround, Whole agency" in tab.said


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")
