"""The strategy on its pages: drafted, adopted, compared; an objective from every side."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.components.strategy.mapping import clicked
from dashboard.pages.strategy import StrategyPart
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.scorecard import scorecard
from kpis.strategy import CauseLink, Perspective, Rule, draft_of, in_force
from kpis.strategy.actions import (
    adopt_edition,
    draft_edition,
    keep_link,
    keep_objective,
    keep_perspective,
)
from tests.built_once import copy_of
from tests.dashboard.pages.measured import MANAGER, VIEWER, Tab, measured
from tests.house import actor
from tests.kpis.conftest import settings_in
from tests.kpis.strategy.houses import FIRST, LAST, objective, words

MP = pytest.MonkeyPatch
MARCH = "2025-03"
WORST_FIRST = ("behind_worsening", "behind_improving", "stale", "no_data", "met")


def opened(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Workspace], None] | None = None
) -> Workspace:
    """A copy of the measured house, with the strategy written where asked."""

    def make(home: Path) -> None:
        shutil.copytree(measured(factory).settings.home, home, dirs_exist_ok=True)
        if build is not None:
            workspace = Workspace.open(settings_in(home))
            build(workspace)
            workspace.database.dispose()

    return Workspace.open(settings_in(copy_of(factory, name, make)))


def written(house: Workspace) -> None:
    """An edition in force: two perspectives, two objectives, one link."""
    by = actor(house, MANAGER)
    said: dict[str, Any] = {
        "names": words("Strategy *of all*"),
        "first_day": FIRST,
        "last_day": LAST,
    }
    draft_edition(house, by=by, code="2025", vision=words("Served well"), **said)
    version = 1

    def do(action: Any, **values: Any) -> None:
        nonlocal version
        action(house, by=by, code="2025", version=version, **values)
        version += 1

    do(keep_perspective, perspective=Perspective(code="P1", names=words("Services")))
    do(keep_perspective, perspective=Perspective(code="P2", names=words("Means")))
    timely = objective("3.1", "SD-01", "SD-02", owner=MANAGER, names=words("Ready in time"))
    right = objective(
        "3.2", "SD-06", "SD-07", owner=MANAGER, perspective="P2", names=words("Right first time")
    )
    do(keep_objective, objective=timely)
    do(keep_objective, objective=replace(right, rule=Rule(gaps=0)))
    do(keep_link, link=CauseLink(cause="3.2", effect="3.1", note="Nothing is sent back"))
    do(adopt_edition)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = opened(tmp_path_factory, "strategy page", written)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = opened(tmp_path_factory, "strategy page, empty")
    yield workspace
    workspace.database.dispose()


def test_the_map_says_how_each_objective_stands_and_why(house: Workspace, monkeypatch: MP) -> None:
    tab = Tab(house, monkeypatch, "strategy", email=VIEWER, period=MARCH)
    with house.read(actor(house, VIEWER), Permission.STRATEGY_VIEW) as reader:
        rows = {
            row.code: row.status.kind.value
            for row in scorecard(reader, period=Period.parse(MARCH)).rows
        }
    worst = [
        next(kind for kind in WORST_FIRST if kind in {rows[code] for code in codes})
        for codes in (("SD-01", "SD-02"), ("SD-06", "SD-07"))
    ]
    met, behind = worst.count("met"), sum(kind.startswith("behind") for kind in worst)
    assert f"Of 2 objectives {met} are met and {behind} are behind" in tab.said
    for text in ("Served well", "Ready in time", "The worst decides"):
        assert text in tab.said
    assert "3.2 Right first time helps 3.1 Ready in time: Nothing is sent back" in tab.said
    assert any("objective=3.2" in address for address in tab.addresses)
    (chart,) = tab.page.get("plotly_chart")
    assert "Right first time" in chart.proto.spec


def test_a_click_leads_to_its_objective() -> None:
    assert clicked({"points": [{"x": 1}, {"customdata": ["3.1"]}]}) == "3.1"
    assert clicked({"points": []}) is None


def test_an_objective_is_told_from_every_side(house: Workspace, monkeypatch: MP) -> None:
    tab = Tab(house, monkeypatch, "objective", email=VIEWER, period=MARCH, objective="3.2")
    with house.read(actor(house, VIEWER), Permission.STRATEGY_VIEW) as reader:
        found = scorecard(reader, period=Period.parse(MARCH)).rows
    rows = {row.code: row.status.kind.value for row in found}
    pair = ("SD-06", "SD-07")
    worst = next(kind for kind in WORST_FIRST if kind in {rows[code] for code in pair})
    expected = [code for code in pair if rows[code] == worst]
    assert f"Decided by: {expected[0]} " in tab.said
    assert "The rule: As bad as the worst of its KPIs." in tab.said
    table = tab.table.set_index("KPI")
    assert {code[:5] for code in table.index} == {"SD-06", "SD-07"}
    deciding = [
        str(code)[:5]
        for code, cell in table["Does it meet the target?"].items()
        if "decides" in cell
    ]
    assert deciding == expected
    assert "Nothing is sent back" in tab.said
    assert "No risk in the register names it." in tab.said
    assert any(address.startswith("objective?") and "3.1" in address for address in tab.addresses)


def test_an_objective_that_is_not_there_is_said_to_be_so(house: Workspace, monkeypatch: MP) -> None:
    tab = Tab(house, monkeypatch, "objective", period=MARCH, objective="9.9")
    assert "Objective 9.9 is not in the strategy in force." in tab.said
    assert tab.page.selectbox(key="objective.chosen").value == "3.1"


@pytest.mark.parametrize("language", ["sq", "sr"])
def test_both_pages_speak_the_other_languages(
    house: Workspace, monkeypatch: MP, language: str
) -> None:
    for page in ("strategy", "objective"):
        tab = Tab(house, monkeypatch, page, period=MARCH, language=language)
        assert f"Ready in time {language}" in tab.said or page == "objective"
        assert "Decided by" not in tab.said


def test_the_next_edition_is_drafted_changed_compared_and_adopted(
    house: Workspace, monkeypatch: MP
) -> None:
    own = house
    tab = Tab(own, monkeypatch, "strategy", period=MARCH)
    tab.page.segmented_control(key="strategy.part").set_value(StrategyPart.DRAFT).run()
    assert "No draft is being worked on." in tab.said
    tab.page.button(key="strategy.begin").click().run()
    assert "Draft 2026 is begun." in tab.said
    tab.choose("strategy_objective.which", "3.1")
    field = "strategy-objective.2026.3.1."
    tab.page.text_input(key=f"{field}names_en").set_value("On time, everywhere").run()
    tab.choose(f"{field}kind", "at_least")
    tab.page.number_input(key=f"{field}least").set_value(9).run()
    tab.page.button(key="strategy.objective.save").click().run()
    assert "can never be met" in tab.said
    assert tab.page.text_input(key=f"{field}names_en").value == "On time, everywhere"
    tab.page.number_input(key=f"{field}least").set_value(2).run()
    tab.page.button(key="strategy.objective.save").click().run()
    assert "The draft is saved: 3.1." in tab.said
    tab.page.segmented_control(key="strategy.part").set_value(StrategyPart.EDITIONS).run()
    cells = {tuple(row) for row in tab.page.table[1].value.values.tolist()}
    flat = " ".join(str(cell) for row in cells for cell in row).replace("\\", "")
    for text in ("On time, everywhere", "Ready in time", "at least 2"):
        assert text in flat
    tab.page.segmented_control(key="strategy.part").set_value(StrategyPart.DRAFT).run()
    assert tab.page.button(key="strategy.adopt").disabled
    tab.page.checkbox(key="strategy.adopt_sure").check().run()
    tab.page.button(key="strategy.adopt").click().run()
    assert "Edition 2026 is in force." in tab.said
    with own.read(actor(own, VIEWER), Permission.STRATEGY_VIEW) as reader:
        standing = in_force(reader)
        assert draft_of(reader) is None
    assert standing is not None
    assert standing.value.by_code["3.1"].names.en == "On time, everywhere"
    assert standing.value.by_code["3.1"].rule.least == 2


def test_a_first_draft_says_what_it_lacks_and_can_be_withdrawn(
    empty_house: Workspace, monkeypatch: MP
) -> None:
    viewer = Tab(empty_house, monkeypatch, "strategy", email=VIEWER)
    assert "The strategy will stand here" in viewer.said
    assert "Draft" not in [
        str(one) for one in viewer.page.segmented_control(key="strategy.part").options
    ]
    assert "The strategy will stand here" in Tab(empty_house, monkeypatch, "objective").said
    tab = Tab(empty_house, monkeypatch, "strategy")
    tab.page.segmented_control(key="strategy.part").set_value(StrategyPart.DRAFT).run()
    tab.page.button(key="strategy.begin").click().run()
    assert "Say it in all three languages." in tab.said
    begin = "strategy-begin.next."
    for stem in ("names", "vision"):
        kind = "text_input" if stem == "names" else "text_area"
        for language in ("sq", "sr", "en"):
            getattr(tab.page, kind)(key=f"{begin}{stem}_{language}").set_value(f"{stem} *x*")
    tab.page.text_input(key=f"{begin}code").set_value("S1")
    tab.page.button(key="strategy.begin").click().run()
    assert "Draft S1 is begun." in tab.said
    assert "The edition has no objective." in tab.said
    lane = "strategy-perspective.S1.new."
    tab.page.text_input(key=f"{lane}code").set_value("P1")
    for language in ("sq", "sr", "en"):
        tab.page.text_input(key=f"{lane}names_{language}").set_value("Services")
    tab.page.button(key="strategy.perspective.save").click().run()
    assert "The draft is saved: P1." in tab.said
    tab.page.button(key="strategy.withdraw").click().run()
    assert "Draft S1 is withdrawn." in tab.said
