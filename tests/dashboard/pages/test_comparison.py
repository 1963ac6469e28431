"""The comparison page: who differs by more than chance and the usual spread explain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.tile_layout import TILES
from dashboard.charts.tokens import LIGHT
from dashboard.components.comparison.table import sheet_of
from dashboard.components.comparison.words import Told
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound
from data.figure import Missing
from data.language.languages import Language
from data.language.texts import Texts
from data.people import add_first_administrator
from data.period import Period
from data.workspace import Workspace
from kpis.catalogue import Entry, catalogue
from kpis.comparing import Comparison, compare
from kpis.comparison import Difference, NoFunnel
from kpis.defining.actions import define_kpi
from kpis.definitions import Formula
from kpis.funnel_limits import Verdict
from kpis.readings import refresh
from tests.dashboard.pages.measured import MANAGER, Tab, rounded
from tests.dashboard.pages.recounted import charts, files_of, words_in
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in

MP = pytest.MonkeyPatch
MARCH, CUT = Period.parse("2025-03"), date(2025, 4, 20)
OFFICES = [f"O{number:02}" for number in range(1, 13)]
PLACES = sorted(TILES)[: len(OFFICES)]
BAD, EMPTY = "O03", "O12"
COMMUNITIES, SMALL = ["albanian", "serb", "turk", "roma", "bosniak", "gorani"], "egyptian"
OFTEN_RETURNED = 0.6  # of the applications of the bad office


def raw_rows() -> pd.DataFrame:
    """Applications of twelve offices: one returns far too many, one has none in March."""
    random = np.random.default_rng(5)
    rows = applications(9000, seed=21)
    place = random.integers(0, len(OFFICES), len(rows))
    rows["office_code"] = [OFFICES[i] for i in place]
    rows["municipality_code"] = [PLACES[i] for i in place]
    share = np.where(rows["office_code"] == BAD, OFTEN_RETURNED, 0.1)
    rows["community"] = [COMMUNITIES[i % len(COMMUNITIES)] for i in place]
    few = rows["decided_at"].dt.strftime("%Y-%m-%d").eq("2025-03-14")
    rows.loc[few & (place == 0), "community"] = SMALL
    rows["returned_count"] = (random.random(len(rows)) < share).astype(int)
    march = rows["decided_at"].dt.to_period("M") == pd.Period("2025-03")
    return pd.DataFrame(rows[~(march & (rows["office_code"] == EMPTY))]).reset_index(drop=True)


def by_community() -> Entry:
    """SD-06 under another code, broken down by community too."""
    entry = next(one for one in catalogue() if one.definition.code == "SD-06")
    document = entry.definition.formula.to_json()
    for query in document["queries"].values():
        query["dimensions"] = [{"name": "community", "formula": "community"}]
    formula = Formula.from_json(document)
    definition = replace(entry.definition, code="XX-06", formula=formula)
    return replace(entry, definition=definition, position=99)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("compared"))))
    open_offices(workspace, OFFICES)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, MANAGER, Role.MANAGER, WHOLE_AGENCY)
    Loads(workspace).load("applications", raw_rows(), cut_off=CUT)
    define_kpi(workspace, by=SYSTEM, entry=by_community(), reason="to compare small cells")
    refresh(workspace, by=SYSTEM)
    yield workspace
    workspace.database.dispose()


Counts = dict[str, tuple[int, int]]  # office -> right the first time, decided


@pytest.fixture(scope="module")
def first_time_right() -> Counts:
    """SD-06 of March by office, in plain pandas."""
    rows = raw_rows()
    mask = (
        (rows["decided_at"].dt.to_period("M") == pd.Period("2025-03"))
        & rows["decision"].isin(["approved", "rejected"])
        & rows["is_test"].map(lambda test: test is not True)
    )
    counted = pd.DataFrame(rows[mask & rows["office_code"].notna()])
    offices = counted["office_code"].unique()
    found = {
        code: counted.loc[counted["office_code"] == code, "returned_count"] for code in offices
    }
    return {str(code): (int((own == 0).sum()), len(own)) for code, own in found.items()}


def opened(told: Workspace, monkeypatch: MP, code: str = "SD-06", **more: str) -> Tab:
    return Tab(told, monkeypatch, "comparison", **{"kpi": code, "period": "2025-03", **more})


def read(told: Workspace, code: str, by: str, **where: str) -> Comparison:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return compare(reader, code, MARCH, by, where)


# What is read


def test_values_and_counts_are_those_of_plain_pandas(
    told: Workspace, first_time_right: Counts
) -> None:
    found = read(told, "SD-06", "office")
    assert found.funnel is not None
    assert {one.member for one in found.funnel.members} == set(first_time_right)
    for one in found.funnel.members:
        right, size = first_time_right[one.member]
        assert one.denominator == size
        assert one.value == pytest.approx(100 * right / size)
    right, size = (sum(parts) for parts in zip(*first_time_right.values(), strict=True))
    assert found.funnel.target == pytest.approx(100 * right / size)


def test_the_bad_office_comes_first_and_what_cannot_be_compared_last(told: Workspace) -> None:
    found = read(told, "SD-06", "office")
    first, last = found.members[0], found.members[-1]
    assert (first.member, first.difference) == (BAD, Difference.WORSE)
    assert first.compared is not None
    assert first.compared.verdict is Verdict.BEYOND_99_8
    assert (last.member, last.difference, last.compared) == (EMPTY, None, None)
    assert last.reading.figure.missing is Missing.NO_DATA
    assert found.apart == (last,)


def test_within_a_service_only_its_cases_are_compared(told: Workspace) -> None:
    whole, passports = (
        read(told, "SD-06", "office"),
        read(told, "SD-06", "office", service="PASSPORT"),
    )
    assert whole.funnel is not None
    assert passports.funnel is not None
    sizes = {one.member: one.denominator for one in whole.funnel.members}
    assert all(one.denominator < sizes[one.member] for one in passports.funnel.members)
    assert set(passports.row.reading.cell.members.values()) == {"PASSPORT"}


@pytest.mark.parametrize(
    ("code", "by", "why"),
    [
        ("SD-01", "office", NoFunnel.NOT_A_SHARE),
        ("SD-04", "municipality", NoFunnel.NOT_A_SHARE),
        ("SD-07", "rejection_reason", NoFunnel.ONE_WHOLE),
        ("SD-06", "channel", NoFunnel.TOO_FEW_MEMBERS),
    ],
)
def test_there_is_no_funnel_of_what_is_no_share_of_separate_members(
    told: Workspace, code: str, by: str, why: NoFunnel
) -> None:
    found = read(told, code, by)
    assert (found.funnel, found.why_none) == (None, why)
    assert all(one.compared is None for one in found.members)


def test_rows_that_do_not_say_theirs_are_no_member(told: Workspace) -> None:
    found = read(told, "SD-06", "channel")
    assert "" not in {one.reading.cell.members["channel"] for one in found.told}
    assert len(found.apart) == 1
    assert found.apart[0].has_value


def test_an_unknown_kpi_or_dimension_is_refused(told: Workspace) -> None:
    with pytest.raises(NotFound):
        read(told, "SD-99", "office")
    with pytest.raises(Invalid):
        read(told, "SD-06", "colour")


# What is seen


def test_the_answer_comes_first_and_names_who_differs(
    told: Workspace, first_time_right: Counts, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    right, size = first_time_right[BAD]
    assert "March 2025: 1 of 11 offices differs from the rest by more than chance" in tab.said
    assert f"Worse: {BAD} {rounded(100 * right / size)}% (n {size})" in tab.said
    assert f"Not compared: {EMPTY} (no data)" in tab.said


def test_the_funnel_holds_every_office_its_limits_and_the_target(
    told: Workspace, first_time_right: Counts, monkeypatch: MP
) -> None:
    chart = charts(opened(told, monkeypatch))["comparison.funnel"]
    dots = [trace for trace in chart["data"] if trace["mode"] == "markers"]
    drawn = sorted(pair for trace in dots for pair in zip(trace["x"], trace["y"], strict=True))
    expected = sorted((size, 100 * right / size) for right, size in first_time_right.values())
    assert drawn == [pytest.approx(pair) for pair in expected]
    said = words_in(chart)
    assert {"95%", "99.8%", BAD} <= set(said.split("\n"))
    assert "Target: 95.0%" in said
    assert "Beyond the 99.8% limits: 1 of 11 offices" in chart["alt"]
    assert len([trace for trace in chart["data"] if trace["mode"] == "lines"]) == 6


def test_without_a_funnel_it_says_why_and_each_stands_in_its_own_range(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, "SD-01")
    drawn = charts(tab)
    assert "comparison.funnel" not in drawn
    assert "comparison.ranges" in drawn
    assert "No funnel: only a share of cases can be drawn in one" in tab.said
    assert "own past by more than chance explains" in tab.said
    dots = next(trace for trace in drawn["comparison.ranges"]["data"] if trace["mode"] == "markers")
    coloured = sum(colour != LIGHT.common for colour in dots["marker"]["color"])
    verdicts = tab.page.dataframe[0].value["Verdict"]
    assert coloured == verdicts.str.contains("than usual for itself").sum()


def test_members_over_time_begin_with_who_differs_most(told: Workspace, monkeypatch: MP) -> None:
    chart = charts(opened(told, monkeypatch))["comparison.panels"]
    names = [note["text"] for note in chart["layout"]["annotations"]]
    first = next(text for text in names if any(office in text for office in OFFICES))
    assert BAD in first
    axes = [axis for name, axis in chart["layout"].items() if name.startswith("yaxis")]
    assert len(axes) == len(OFFICES) - 1
    assert len({tuple(axis["range"]) for axis in axes}) == 1


def test_the_map_is_drawn_where_the_kpi_has_municipalities(
    told: Workspace, monkeypatch: MP
) -> None:
    chart = charts(opened(told, monkeypatch))["comparison.map"]
    assert len(chart["data"][0]["x"]) == len(TILES)
    place = PLACES[OFFICES.index(BAD)]
    marked = [note["text"] for note in chart["layout"]["annotations"] if "◆" in note["text"]]
    assert len(marked) == 1
    assert place in marked[0]
    by_value = charts(opened(told, monkeypatch, "SD-01"))
    assert "comparison.map" not in by_value
    assert "delivery.map" in by_value


def test_the_table_and_its_file_hold_everything(
    told: Workspace, first_time_right: Counts, monkeypatch: MP
) -> None:
    files = files_of(monkeypatch)
    tab = opened(told, monkeypatch)
    table = tab.page.dataframe[0].value
    assert table["Office"].tolist()[0] == BAD
    assert set(table["Office"]) == set(OFFICES)
    by_office = table.set_index("Office")
    for code, (right, size) in first_time_right.items():
        assert by_office.loc[code]["Value (%)"] == rounded(100 * right / size)
        assert by_office.loc[code]["Cases"] == str(size)
    assert by_office.loc[BAD]["Verdict"] == "worse, beyond the 99.8% limits"
    assert by_office.loc[EMPTY]["Verdict"] == "not judged"
    content = files["SD-06-2025-03-compared-by-office.csv"]().decode("utf-8-sig")
    written = pd.DataFrame(csv.DictReader(io.StringIO(content)))
    assert written.columns.tolist() == table.columns.tolist()
    assert written["Upper 99.8%"].tolist() == table["Upper 99.8%"].tolist()


# Choosing, and links


def test_the_link_keeps_kpi_period_and_dimension(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, "SD-06", by="municipality")
    assert "1 of 11 municipalities differs" in tab.said
    tab.choose("comparison.by", "office")
    assert tab.page.query_params["by"] == "office"
    assert tab.page.query_params["kpi"] == "SD-06"
    assert tab.page.query_params["period"] == "2025-03"
    tab.choose("kpi.code", "SD-07")
    assert tab.page.query_params["by"] == "office"
    assert "Rejection rate" in tab.said


def test_offices_are_offered_first_and_not_the_service_looked_at(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, service="PASSPORT")
    options = tab.page.selectbox(key="comparison.by").options
    assert options[0] == "Office"
    assert "Service" not in options
    assert "offices" in tab.said


def test_from_a_period_that_is_not_loaded_a_click_leads_to_the_newest(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, period="2026-01")
    assert "No part has a value in this period" in tab.said
    tab.page.button(key="comparison.newest").click().run()
    assert tab.page.query_params["period"] == "2025-03"


def test_a_kpi_of_which_nothing_is_published_says_what_to_do(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch, "SD-08")
    assert not tab.page.get("plotly_chart")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", ["SD-06", "SD-01"])
def test_it_speaks_every_language(
    told: Workspace, monkeypatch: MP, language: Language, code: str
) -> None:
    said = opened(told, monkeypatch, code, language=language.value).said
    assert said
    assert "comparison." not in said
    assert "{" not in said


@pytest.mark.parametrize("why", list(NoFunnel))
@pytest.mark.parametrize("language", list(Language))
def test_every_reason_has_words(why: NoFunnel, language: Language) -> None:
    assert Texts(language).word(why)


def test_a_suppressed_member_shows_neither_value_nor_cases(told: Workspace) -> None:
    found = read(told, "XX-06", "community")
    hidden = {one.member: one for one in found.apart if one.reading.figure.missing}
    assert SMALL in hidden
    assert hidden[SMALL].reading.figure.missing is Missing.SUPPRESSED
    assert found.funnel is not None
    assert hidden.keys().isdisjoint(one.member for one in found.funnel.members)
    texts = Texts(Language.EN)
    rows = {row[0]: row for row in sheet_of(Told(found, {}, texts)).rows}
    name = Told(found, {}, texts).name(SMALL)
    assert set(rows[name][2:]) == {texts.value(None), "not judged"}
