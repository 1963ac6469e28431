"""Keeping the register: one proposes criteria, another decides; snapshots are proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.jobs.worker import work_once
from data.access.permissions import Permission
from data.workspace import Workspace
from risks.criteria.reading import default_criteria, in_force, read_categories, read_versions
from risks.criteria.scale import Criteria
from risks.deciding.actions import decide_proposal, propose_risk
from risks.register.kinds import Kind
from risks.snapshots.reading import list_snapshots, read_content
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.house import RiskHouse, risk_house

MP = pytest.MonkeyPatch
COORDINATOR, DIRECTOR, AUDITOR, VIEWER = (
    f"{name}@example.org" for name in ("coordinator", "director", "auditor", "viewer")
)
CELL = "criteria.next.matrix.2.2"  # likelihood 3, impact 3


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RiskHouse]:
    """One open risk."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("criteria")))
    made = risk_house(workspace)
    made.clock.now = datetime.now(UTC) - timedelta(days=1)
    made.draft()
    made.judge("owner", Kind.CURRENT, 3, 3)
    made.do(propose_risk, "owner")
    made.do(decide_proposal, "coordinator", approve=True)
    made.clock.now = datetime.now(UTC)
    yield made
    workspace.database.dispose()


def tab(house: RiskHouse, monkeypatch: MP, email: str, part: str = "criteria") -> Tab:
    return Tab(house.workspace, monkeypatch, "risk-criteria", email=email, part=part)


def standing(house: RiskHouse) -> Criteria:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return in_force(reader)


def test_the_matrix_and_what_each_level_calls_for_are_shown(
    house: RiskHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, AUDITOR)
    assert "Version 1 is in force" in page.said
    assert "stays an assumption until the agency decides" in page.said
    matrix = page.table
    shown = [[cell.split(" ", 1)[1] for cell in row[1:]] for row in matrix.values.tolist()]
    expected = [[level.capitalize() for level in row] for row in default_criteria().matrix[::-1]]
    assert shown == expected
    assert not page.page.text_area


def test_criteria_are_proposed_by_one_decided_by_another_and_followed(
    house: RiskHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, COORDINATOR)
    page.choose(CELL, "high")
    page.page.text_area(key="criteria.next.reason").set_value("Board 3").run()
    page.page.button(key="criteria.send").click().run()
    assert "Version 2 waits for a decision (proposed by coordinator@example.org)" in page.said
    assert "Put in force" not in page.said
    assert standing(house).version == 1

    decides = tab(house, monkeypatch, DIRECTOR)
    assert "likelihood 3, impact 3: Medium → High" in decides.said
    assert "every active risk is asked to be assessed anew" in decides.said
    decides.page.button(key="criteria.approve").click().run()
    assert "The criteria are in force." in decides.said
    now = standing(house)
    assert (now.version, now.matrix[2][2]) == (2, "high")
    assert work_once(house.workspace)
    risk = house.risk()
    assert risk.reassess == "risks.reassess.criteria"
    assert risk.level == "medium"  # what was assessed stays as it was
    again = tab(house, monkeypatch, AUDITOR)
    assert any("Version 1 · Replaced" in one.label for one in again.page.expander)


def test_a_matrix_that_falls_is_refused_and_stays_as_typed(
    house: RiskHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, COORDINATOR)
    page.choose("criteria.next.matrix.4.4", "low")
    page.page.text_area(key="criteria.next.reason").set_value("Typed").run()
    page.page.button(key="criteria.send").click().run()
    assert page.page.warning
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        assert [one.version for one in read_versions(reader)] == [1]
    later = tab(house, monkeypatch, COORDINATOR)
    assert later.page.selectbox(key="criteria.next.matrix.4.4").value == "low"
    assert later.page.text_area(key="criteria.next.reason").value == "Typed"


def test_a_category_is_added_and_renamed(house: RiskHouse, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, COORDINATOR, "categories")
    field = "risk-category.new."
    for name, value in (
        ("code", "MINORITIES"),
        ("name_sq", "Pakicat"),
        ("name_sr", "Manjine"),
        ("name_en", "Minorities"),
        ("reason", "Twinning challenge 5"),
    ):
        page.page.text_input(key=f"{field}{name}").set_value(value).run()
    page.page.button(key="categories.save").click().run()
    assert "Category MINORITIES is saved." in page.said
    page.choose("categories.which", "MINORITIES")
    page.page.text_input(key="risk-category.MINORITIES.name_en").set_value("Outreach").run()
    page.page.text_input(key="risk-category.MINORITIES.reason").set_value("Shorter").run()
    page.page.button(key="categories.save").click().run()
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        found = {row.code: row.name_en for row in read_categories(reader)}
    assert found["MINORITIES"] == "Outreach"


def test_a_snapshot_is_taken_published_and_proved(house: RiskHouse, monkeypatch: MP) -> None:
    assert "R-0001" not in Tab(house.workspace, monkeypatch, "risks", email=VIEWER).said
    page = tab(house, monkeypatch, COORDINATOR, "snapshots")
    page.page.button(key="snapshots.take").click().run()
    assert page.page.warning  # it needs a label
    page.page.text_input(key="snapshots.label").set_value("Q4").run()
    page.page.checkbox(key="snapshots.publish").set_value(True).run()
    page.page.button(key="snapshots.take").click().run()
    assert "The register is published as it stands now." in page.said
    page.page.button(key="snapshots.prove").click().run()
    assert "It holds" in page.said
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        (snapshot,) = list_snapshots(reader)
        content = json.loads(read_content(reader, snapshot.id))
    assert (snapshot.label, snapshot.published, snapshot.risks) == ("Q4", True, 1)
    assert "R-0001" in json.dumps(content)
