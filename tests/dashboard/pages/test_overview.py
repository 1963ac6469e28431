"""The overview: the answer in a sentence, what needs attention, what changed, the way on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import ExtractRejected
from data.jobs import claim_job, queue_job, refuse_job
from data.period import Period
from data.workspace import Workspace
from kpis import standing
from kpis.assessment import Status, StatusKind
from kpis.defining.actions import define_catalogue
from kpis.readings import refresh
from kpis.scorecard import ScorecardRow, scorecard
from kpis.variation import VariationIcon
from tests.dashboard.pages.measured import (
    MANAGER,
    STEWARD,
    VIEWER,
    Tab,
    measured,
    raw_applications,
    rounded,
)
from tests.house import actor, inhabit, join
from tests.kpis.conftest import Loads, applications

MARCH = Period.parse("2025-03")
MP = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = measured(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(scope="module")
def rows(told: Workspace) -> Sequence[ScorecardRow]:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return scorecard(reader, period=MARCH).rows


@pytest.fixture
def small(workspace: Workspace) -> Loads:
    """A house with few cases, in which one KPI is measured."""
    inhabit(workspace)
    define_catalogue(workspace, by=SYSTEM)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    loads = Loads(workspace)
    loads.load("applications", applications(200, seed=3), cut_off=date(2025, 4, 20))
    refresh(workspace, by=SYSTEM, codes=["SD-07"])
    return loads


# What it says


def test_the_cards_show_what_plain_pandas_makes_of_the_rows(
    told: Workspace, monkeypatch: MP
) -> None:
    said = Tab(told, monkeypatch, "overview", period="2025-03").said
    raw = raw_applications()
    raw = raw[raw["is_test"].map(lambda test: test is not True)]
    decided = raw[raw["decision"].isin(["approved", "rejected"])]
    decided = decided[decided["decided_at"].dt.to_period("M") == pd.Period("2025-03")]
    rejected = 100 * (decided["decision"] == "rejected").mean()
    assert f"{rounded(rejected)}%" in said
    end = pd.Timestamp("2025-04-01")
    closed = raw[["decided_at", "ready_at", "issued_at"]].min(axis=1)
    waiting = raw[(raw["submitted_at"] < end) & ~(closed < end)]
    assert f"{len(waiting)} cases" in said


def test_the_answer_counts_who_misses_the_target(
    told: Workspace, rows: Sequence[ScorecardRow], monkeypatch: MP
) -> None:
    aimed = [row for row in rows if row.target and row.figure.value is not None]
    missed = [row for row in aimed if not _reaches(row)]
    assert 0 < len(missed) < len(aimed)
    said = Tab(told, monkeypatch, "overview", period="2025-03").said
    assert f"Target missed by {len(missed)} of {len(aimed)} KPIs" in said


def _reaches(row: ScorecardRow) -> bool:
    value, target = row.figure.value, row.target
    assert value is not None
    assert target is not None
    low, high = target.low, target.high
    return (low is None or value >= low) and (high is None or value <= high)


def test_of_too_short_a_history_nothing_is_claimed(told: Workspace, monkeypatch: MP) -> None:
    said = Tab(told, monkeypatch, "overview", period="2025-Q1").said
    assert "too few periods of this length" in said
    assert "beyond chance" not in said


def test_it_names_period_and_cut_off_and_both_questions(told: Workspace, monkeypatch: MP) -> None:
    said = Tab(told, monkeypatch, "overview", period="2025-03").said
    assert "data up to 20 Apr 2025" in said
    assert said.count("Is it changing?") == said.count("Does it meet the target?") == 8
    assert "What changed since: February 2025" in said
    assert "(assumption)" in said


def test_objectives_show_their_worst_status_and_never_an_average(
    told: Workspace, rows: Sequence[ScorecardRow], monkeypatch: MP
) -> None:
    tab = Tab(told, monkeypatch, "overview", period="2025-03")
    labels = [button.label.replace("\\", "") for button in tab.page.button]
    assert "3.1 Ready within the deadline" in labels
    assert "Without an objective" in labels
    glance = {one.code: one for one in standing.objectives(rows)}
    assert glance["3.2"].worst is min(
        (row.status.kind for row in rows if row.code in ("SD-06", "SD-07")),
        key=standing.WORST_FIRST.index,
    )
    assert sum(sum(one.counts.values()) for one in glance.values()) == len(rows)


def test_an_objective_leads_to_its_rows_of_the_scorecard(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "overview", period="2025-03", office="O01")
    tab.page.button(key="overview.objective.3.2").click().run()
    assert not tab.page.exception
    assert tab.page.title[0].value == "Scorecard"
    assert [code[:5] for code in _codes(tab)] == ["SD-06", "SD-07"]
    assert tab.page.query_params["office"] == "O01"


def _codes(tab: Tab) -> list[str]:
    cells = tab.table[tab.table.columns[0]]
    return [cell.split("\n")[-1].strip() for cell in cells if "SD-" in cell]


def test_links_keep_what_is_looked_at(told: Workspace, monkeypatch: MP) -> None:
    chosen = {"period": "2025-03", "office": "O01", "service": "PASSPORT", "language": "sq"}
    tab = Tab(told, monkeypatch, "overview", **chosen)
    onwards = [one for one in tab.addresses if one.startswith(("scorecard", "kpi?"))]
    assert onwards
    for address in onwards:
        for name, value in chosen.items():
            assert f"{name}={value}" in address


@pytest.mark.parametrize(
    ("language", "words"),
    [("sq", "Kërkon vëmendje së pari"), ("sr", "Najpre zahteva pažnju")],
)
def test_it_speaks_the_other_languages(
    told: Workspace, monkeypatch: MP, language: str, words: str
) -> None:
    tab = Tab(told, monkeypatch, "overview", period="2025-04", language=language)
    assert words in tab.said
    assert "overview." not in tab.said


def test_whoever_sees_no_extracts_is_not_led_to_them(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "overview", email=VIEWER, period="2025-04")
    assert "Needs attention first" in tab.said
    assert "To the extracts" not in tab.said


# The state of the data


def test_a_period_that_is_not_wholly_known_is_preliminary(told: Workspace, monkeypatch: MP) -> None:
    said = Tab(told, monkeypatch, "overview", period="2025-04").said
    assert "Known up to 20 April 2025 only" in said
    assert said.count("· preliminary") >= 8
    assert "preliminary" not in Tab(told, monkeypatch, "overview", period="2025-03").said


def test_months_that_are_over_and_missing_are_named(told: Workspace, monkeypatch: MP) -> None:
    said = Tab(told, monkeypatch, "overview", period="2025-03").said
    assert "months that are missing or incomplete" in said
    assert "February 2025" not in said.split("incomplete")[1].split("\n")[0]


def test_a_period_without_data_leads_to_one_with(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "overview", period="2019-05")
    assert "Nothing is loaded for this period: May 2019" in tab.said
    assert "Headline KPIs" not in tab.said
    tab.page.button(key="kpi_empty.to_period").click().run()
    assert tab.page.query_params["period"] == "2025-04"
    assert "Headline KPIs" in tab.said


def test_an_empty_house_says_what_will_be_here(workspace: Workspace, monkeypatch: MP) -> None:
    inhabit(workspace)
    define_catalogue(workspace, by=SYSTEM)
    join(workspace, MANAGER, Role.MANAGER)
    said = Tab(workspace, monkeypatch, "overview").said
    assert "No KPI values yet" in said
    assert "load the agency's extracts" in said
    assert "Headline KPIs" not in said


def test_figures_that_miss_newer_loads_are_out_of_date(small: Loads, monkeypatch: MP) -> None:
    assert (
        "Newer extracts"
        not in Tab(small.workspace, monkeypatch, "overview", email=STEWARD, period="2025-03").said
    )
    small.load("applications", applications(5, seed=4, prefix="B"), cut_off=date(2025, 4, 21))
    said = Tab(small.workspace, monkeypatch, "overview", email=STEWARD, period="2025-03").said
    assert "do not include them yet: Rejection rate" in said
    assert "Out of date" in said
    assert "Not loaded for March 2025: Median turnaround" in said


def test_a_refused_file_is_told_to_who_sent_it(small: Loads, monkeypatch: MP) -> None:
    house = small.workspace
    queue_job(
        house,
        by=actor(house, STEWARD),
        permission=Permission.EXTRACT_LOAD,
        kind="load_extract",
        payload={"file_name": "may_*2025*.csv"},
    )
    claim = claim_job(house)
    assert claim is not None
    refuse_job(house, claim, ExtractRejected("period.unreadable", period="x"))
    said = Tab(house, monkeypatch, "overview", email=STEWARD, period="2025-03").said
    assert "The file “may_*2025*.csv” was not taken in. “x” is not a period." in said


# What comes first


def _as(row: ScorecardRow, kind: StatusKind, icon: VariationIcon | None = None) -> ScorecardRow:
    return replace(row, status=Status(kind), chart=replace(row.chart, variation=icon))


def test_behind_and_worsening_comes_first(rows: Sequence[ScorecardRow]) -> None:
    usual, concern = VariationIcon.COMMON_CAUSE, VariationIcon.CONCERN_LOW
    made = [
        _as(rows[0], StatusKind.MET, usual),
        _as(rows[1], StatusKind.MET, concern),
        _as(rows[2], StatusKind.STALE, usual),
        _as(rows[3], StatusKind.BEHIND_WORSENING, usual),
        _as(rows[4], StatusKind.BEHIND_IMPROVING, concern),
        _as(rows[5], StatusKind.BEHIND_IMPROVING, VariationIcon.IMPROVEMENT_HIGH),
        _as(rows[6], StatusKind.BEHIND_WORSENING, concern),
    ]
    first = [row.code for row in standing.needing_attention(made)]
    assert first == [rows[n].code for n in (6, 4, 3, 2, 1)]


def test_status_changes_tell_worse_from_better(rows: Sequence[ScorecardRow]) -> None:
    kinds = (StatusKind.MET, StatusKind.BEHIND_WORSENING, StatusKind.MET)
    now = [_as(row, kind) for row, kind in zip(rows, kinds, strict=False)]
    olds = (StatusKind.BEHIND_IMPROVING, StatusKind.MET, StatusKind.MET)
    before = [_as(row, kind) for row, kind in zip(rows, olds, strict=False)]
    found = standing.status_changes(now, before)
    assert [(change.row.code, change.is_better) for change in found] == [
        (rows[1].code, False),
        (rows[0].code, True),
    ]


def test_only_signals_that_were_not_there_are_new(rows: Sequence[ScorecardRow]) -> None:
    low, high = VariationIcon.CONCERN_LOW, VariationIcon.IMPROVEMENT_HIGH
    now = [
        _as(row, StatusKind.MET, icon) for row, icon in zip(rows, (high, low, low), strict=False)
    ]
    olds = (None, VariationIcon.COMMON_CAUSE, low)
    before = [_as(row, StatusKind.MET, icon) for row, icon in zip(rows, olds, strict=False)]
    found = standing.new_signals(now, before)
    assert [row.code for row in found] == [rows[1].code, rows[0].code]


def test_headlines_of_many_take_the_worst_of_each_objective(rows: Sequence[ScorecardRow]) -> None:
    assert standing.headlines(rows, len(rows)) == list(rows)
    chosen = standing.headlines(rows, 3)
    assert {row.objective_code for row in chosen} == {"3.1", "3.2", None}
    for row in chosen:
        same = [one for one in rows if one.objective_code == row.objective_code]
        assert standing.urgency(row) == min(map(standing.urgency, same))


def test_far_behind_needs_attention_even_while_it_improves(rows: Sequence[ScorecardRow]) -> None:
    usual = VariationIcon.COMMON_CAUSE
    near = _as(rows[0], StatusKind.BEHIND_IMPROVING, usual)
    far = _as(rows[1], StatusKind.BEHIND_IMPROVING, usual)
    far = replace(far, status=Status(StatusKind.BEHIND_IMPROVING, far_behind=True))
    worse = _as(rows[2], StatusKind.BEHIND_WORSENING, usual)
    assert standing.needing_attention([near, far, worse]) == [worse, far]
    assert sorted([near, far], key=standing.urgency) == [far, near]
