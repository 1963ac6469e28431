"""Controls, indicators and incidents: what the page says of them; its forms do what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.access.permissions import Permission
from data.workspace import Workspace
from risks.controls.actions import keep_control, link_control
from risks.controls.reading import read_controls
from risks.controls.record import ControlKind, ControlWording
from risks.incidents.reading import read_incidents
from risks.indicators.reading import read_indicators
from risks.register.kinds import Effect, Side
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.indicators.houses import WatchedHouse, watched_house

MP = pytest.MonkeyPatch
COORDINATOR, OWNER, AUDITOR = (f"{n}@example.org" for n in ("coordinator", "owner", "auditor"))
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedHouse]:
    """One open risk; an indicator two months red, over loaded and published applications."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("controls")))
    made = watched_house(workspace)
    made.load({"2025-01": 0, "2025-02": 10, "2025-03": 10})
    made.opened()
    made.watch()
    made.link(Effect.REVIEW)
    made.evaluate()
    made.clock.now = datetime.now(UTC)
    yield made
    workspace.database.dispose()


def tab(house: WatchedHouse, monkeypatch: MP, email: str, part: str) -> Tab:
    return Tab(house.workspace, monkeypatch, "controls", email=email, part=part)


def read(house: WatchedHouse, reading: Any) -> Any:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return reading(reader)


def test_a_control_is_taken_in_tested_by_another_and_changed(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, COORDINATOR, "controls")
    assert "No control is in the catalogue yet." in page.said
    field = "control.new."
    page.page.text_input(key=f"{field}title").set_value("Stock is counted weekly").run()
    page.page.text_area(key=f"{field}description").set_value("Head of stores, each Monday").run()
    page.choose(f"{field}owner", OWNER)
    page.page.button(key="controls.save").click().run()
    assert "Choose the unit" in page.said
    page.choose(f"{field}unit_code", "O01")
    page.page.button(key="controls.save").click().run()
    assert "Control C-0001 is saved." in page.said
    assert "never tested: 1" in page.said

    page.page.text_area(key="control-test.any.note").set_value("Four of ten weeks missing").run()
    page.page.segmented_control(key="control-test.any.operating").set_value("ineffective").run()
    page.page.button(key="controls.test_send").click().run()
    assert "The test of C-0001 is recorded." in page.said
    assert "not to work: 1, of which risks lean on 0" in page.said
    (control,) = read(house, read_controls)
    assert [one.operating.value for one in control.tests] == ["ineffective"]
    assert not control.works

    page.choose("controls.which", "C-0001")
    page.page.text_input(key="control.C-0001.title").set_value("Stock is counted daily").run()
    page.page.button(key="controls.save").click().run()
    assert read(house, read_controls)[0].title == "Stock is counted daily"
    house.do(link_control, "owner", control="C-0001", side=Side.CAUSE)
    said = tab(house, monkeypatch, AUDITOR, "controls").table
    assert said["Risks that lean on it"][0] == "R-0001 Blank passports run out · Before the event"
    assert "Does not work" in said["Last test"][0]


def test_what_another_changed_meanwhile_is_shown_and_nothing_is_lost(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    wording = ControlWording("Count", "Weekly", ControlKind.DETECTIVE, OWNER, "O01", "Book 1")
    kept = keep_control(house.workspace, by=house["coordinator"], wording=wording)
    field = f"control.{kept.code}."
    page = tab(house, monkeypatch, COORDINATOR, "controls")
    page.choose("controls.which", kept.code)
    page.page.text_input(key=f"{field}title").set_value("Count of blanks").run()
    theirs = replace(wording, description="Daily", evidence="Book 2")
    keep_control(
        house.workspace,
        by=house["coordinator"],
        wording=theirs,
        code=kept.code,
        version=kept.row_version,
    )
    page.page.button(key="controls.save").click().run()
    assert "Somebody else changed this while you were writing." in page.said
    sides = next(one.value for one in page.page.table if "Yours" in one.value)
    assert {tuple(row) for row in sides.values.tolist()} == {
        ("Title", "Count", "Count of blanks"),
        ("What is done, by whom, how often", "Daily", "Weekly"),
        ("Evidence", "Book 2", "Book 1"),
    }
    chosen = page.page.multiselect(key=f"control.{kept.code}|theirs")
    chosen.set_value(["description", "evidence"]).run()
    page.page.button(key=f"control.{kept.code}|go-on").click().run()
    page.page.button(key="controls.save").click().run()
    found = {one.code: one for one in read(house, read_controls)}[kept.code]
    assert (found.title, found.description, found.evidence) == (
        "Count of blanks",
        "Daily",
        "Book 2",
    )


def test_who_may_not_keep_controls_sees_no_form(house: WatchedHouse, monkeypatch: MP) -> None:
    for part in ("controls", "indicators", "incidents"):
        page = tab(house, monkeypatch, AUDITOR, part).page
        assert not page.text_input
        assert not page.text_area


def test_an_indicator_says_how_it_stands_and_since_when(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, AUDITOR, "indicators")
    cells = page.table.iloc[0]
    assert cells["Indicator and its KPI"].startswith("KRI-001 Applications returned")
    assert "SD-06" in cells["Indicator and its KPI"]
    assert cells["State"].split("\n")[0].strip() == "◷ Out of date"  # its newest month is long ago
    assert "75.0%" in cells["Newest judged value"]
    assert "March 2025" in cells["Newest judged value"]
    assert "amber at 95.0%, red at 90.0%" in cells["Thresholds"]
    assert cells["Risks"] == "R-0001 Blank passports run out"


def test_an_indicator_is_set_up_and_its_thresholds_change(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, COORDINATOR, "indicators")
    field = "indicator.new."
    page.page.text_input(key=f"{field}title").set_value("Right first time in Prishtinë").run()
    page.choose(f"{field}kpi_code", "SD-06")
    page.page.segmented_control(key=f"{field}direction").set_value("below").run()
    page.page.button(key="indicators.save").click().run()
    assert "State the KPI and both thresholds." in page.said
    page.page.number_input(key=f"{field}amber").set_value(80.0).run()
    page.page.number_input(key=f"{field}red").set_value(90.0).run()
    page.page.button(key="indicators.save").click().run()
    assert len(read(house, read_indicators)) == 1  # amber beyond red is refused
    assert page.page.warning
    page.page.number_input(key=f"{field}red").set_value(70.0).run()
    page.page.button(key="indicators.save").click().run()
    assert "Indicator KRI-002 is saved." in page.said

    page.choose("indicators.which", "KRI-002")
    page.page.number_input(key="indicator.KRI-002.red").set_value(60.0).run()
    page.page.button(key="indicators.save").click().run()
    found = {one.indicator.code: one.indicator for one in read(house, read_indicators)}
    assert (found["KRI-002"].amber, found["KRI-002"].red) == (80.0, 60.0)
    page.page.button(key="indicators.retire").click().run()
    assert "KRI-002 is no longer watched" in page.said
    assert [one.indicator.code for one in read(house, read_indicators)] == ["KRI-001"]


def test_an_incident_is_recorded_and_corrected(house: WatchedHouse, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, OWNER, "incidents")
    assert "No incident is recorded." in page.said
    field = "incident.new."
    page.page.text_input(key=f"{field}title").set_value("No blanks for two days").run()
    page.page.text_area(key=f"{field}description").set_value("The delivery came late").run()
    page.choose(f"{field}unit_code", "O01")
    page.page.multiselect(key=f"{field}risks").set_value(["R-0001"]).run()
    page.page.number_input(key=f"{field}loss").set_value(12_500.0).run()
    page.page.button(key="incidents.send").click().run()
    assert "Incident I-0001 is recorded." in page.said
    said = "Incidents in the last twelve months: 1, of which risks of the register had foreseen 1."
    assert said in page.said
    assert "EUR 12,500" in page.said

    page.choose("incidents.which", "I-0001")
    page.page.date_input(key="incident.I-0001.happened_on").set_value(
        TODAY - timedelta(days=400)
    ).run()
    page.page.text_input(key="incident.I-0001.reason").set_value("The day was wrong").run()
    page.page.button(key="incidents.send").click().run()
    assert "Incidents in the last twelve months: 0" in page.said
    (incident,) = read(house, read_incidents)
    assert incident.happened_on == TODAY - timedelta(days=400)
    assert incident.risks == ("R-0001",)
