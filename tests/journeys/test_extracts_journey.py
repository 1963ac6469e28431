"""A file's way in and out again, in a real browser with the real worker beside the server."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data.access.actor import SYSTEM
from data.access.roles import Role
from data.extracts.history import loads
from tests.data.extracts.loads import application, written
from tests.house import join
from tests.journeys.conftest import PATIENCE, Server, come_in

pytestmark = pytest.mark.journey
STEWARD = "steward@example.org"


def part(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()


def appears(found: Locator) -> None:
    """Wait as long as a busy machine may need."""
    expect(found).to_be_visible(timeout=PATIENCE * 1000)


def metric(page: Page, label: str) -> str:
    found = page.get_by_test_id("stMetric").filter(has_text=label)
    return found.get_by_test_id("stMetricValue").inner_text()


def test_a_file_is_dropped_checked_loaded_and_withdrawn(
    server: Server, browser_page: Page, tmp_path: Path
) -> None:
    join(server.workspace, STEWARD, Role.DATA_STEWARD)
    rows = [application(n) for n in range(1, 41)] + [application(99, service_code="TELEPORT")]
    file = written(tmp_path / "march.csv", rows)
    page = browser_page
    come_in(page, server, STEWARD, "/extracts")

    page.set_input_files("input[type=file]", file)
    appears(page.get_by_text("This file may be loaded as “Applications”."))
    assert (metric(page, "Rows read"), metric(page, "Added")) == ("41", "40")
    assert metric(page, "In quarantine") == "1"
    assert not loads(server.workspace, by=SYSTEM)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download the quarantine (CSV)").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as saved:
        (finding,) = csv.DictReader(saved)
    assert (finding["row"], finding["column"]) == ("42", "service_code")
    assert download.value.suggested_filename == "march.quarantine.csv"

    page.get_by_role("button", name="Load", exact=True).click()
    dialog = page.get_by_role("dialog")
    appears(dialog.get_by_text("New cases in “Applications”: 40"))
    page.reload()  # nothing is lost, and nothing was loaded
    page.get_by_role("button", name="Load", exact=True).click()
    dialog.get_by_role("button", name="Load", exact=True).click()
    appears(page.get_by_text("march.csv is loaded, as event 1."))
    (load,) = loads(server.workspace, by=SYSTEM)
    assert (load.batch.rows_added, load.batch.rows_quarantined) == (40, 1)
    appears(page.get_by_text(load.batch.id))
    assert not list((server.workspace.settings.home / "uploads").rglob("file"))

    part(page, "Completeness")
    appears(page.get_by_role("table").get_by_text("Applications"))
    part(page, "Loads")
    page.get_by_label("Details of").click()
    page.get_by_role("option", name="march.csv").click()
    page.get_by_role("button", name="Withdraw").click()
    appears(dialog.get_by_text("that count no more: 40"))
    dialog.get_by_role("textbox").fill("wrong month")
    dialog.get_by_role("textbox").blur()
    dialog.get_by_role("button", name="Withdraw").click()
    appears(page.get_by_text("march.csv is withdrawn, as event 2."))
    (load,) = loads(server.workspace, by=SYSTEM)
    assert load.withdrawal is not None
    assert load.withdrawal.reason == "wrong month"


def test_a_file_of_another_kind_is_refused_and_left(
    server: Server, browser_page: Page, tmp_path: Path
) -> None:
    join(server.workspace, "second@example.org", Role.DATA_STEWARD)
    photos = tmp_path / "photos.csv"
    photos.write_bytes(b"a,b\n1,2\n")
    page = browser_page
    come_in(page, server, "second@example.org", "/extracts")
    page.set_input_files("input[type=file]", photos)
    appears(page.get_by_text("This file cannot be loaded as it is"))
    expect(page.get_by_role("button", name="Load", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Do not load").click()
    expect(page.locator("input[type=file]")).to_be_attached(timeout=PATIENCE * 1000)
    assert not list((server.workspace.settings.home / "uploads").rglob("file"))
