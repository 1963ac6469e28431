"""What is typed reaches the page while the field still has the focus: forms keep it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.desk import read_draft
from data.workspace import Workspace
from kpis.defining.actions import define_catalogue
from tests.house import join
from tests.journeys.conftest import Server, come_in, served, until
from tests.kpis.conftest import settings_in
from tests.risks.house import RiskHouse, risk_house

pytestmark = pytest.mark.journey
COORDINATOR, KPI_OWNER = "coordinator@example.org", "kpis@example.org"
SAID = "Short stops of a service are borne, lost registers never."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    made = risk_house(Workspace.open(settings_in(tmp_path_factory.mktemp("typing"))))
    define_catalogue(made.workspace, by=SYSTEM)
    join(made.workspace, KPI_OWNER, Role.KPI_OWNER)
    return made


@pytest.fixture(scope="module")
def running(house: RiskHouse) -> Iterator[Server]:
    with served(house.workspace) as server:
        yield server


def kept(house: RiskHouse) -> str:
    with house.workspace.read(house["coordinator"], Permission.SELF_CHANGE) as reader:
        draft = read_draft(reader, "appetite", "new")
    return str(draft.fields["statement"]) if draft else ""


def test_text_is_kept_before_the_field_is_left_and_there_after_a_reload(
    house: RiskHouse, running: Server, browser_page: Page
) -> None:
    page = browser_page
    come_in(page, running, COORDINATOR, "/appetite?part=statements")
    page.get_by_text("Propose a statement").click()
    field = page.locator(".st-key-appetite-new-statement textarea")
    field.click()
    page.keyboard.type(SAID, delay=15)
    assert until(lambda: kept(house) == SAID)
    expect(field).to_be_focused()
    page.keyboard.type(" Never.", delay=15)
    expect(field).to_have_value(f"{SAID} Never.")
    page.reload()
    page.get_by_text("Propose a statement").click()
    expect(page.locator(".st-key-appetite-new-statement textarea")).to_have_value(f"{SAID} Never.")


def test_a_form_that_is_sent_as_a_whole_is_not_sent_by_a_pause(
    running: Server, browser_page: Page
) -> None:
    page = browser_page
    come_in(page, running, COORDINATOR, "/account")
    before = page.locator("[data-testid=stAlert]").count()
    field = page.locator("[data-testid=stForm]").get_by_label("Current password")
    field.click()
    page.keyboard.type("half a password", delay=15)
    page.wait_for_timeout(2500)
    expect(field).to_have_value("half a password")
    assert page.locator("[data-testid=stAlert]").count() == before


def test_a_definition_of_many_lines_is_checked_as_one_types(
    running: Server, browser_page: Page
) -> None:
    page = browser_page
    come_in(page, running, KPI_OWNER, "/definitions?kpi=SD-01")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("radio", name="YAML").click()
    field = page.get_by_label("YAML").and_(page.locator("textarea"))
    expect(field).to_have_value(re.compile("^code: SD-01"))
    field.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("colour: blue\n", delay=15)
    expect(page.get_by_text("“colour” is not known here")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value(re.compile(r"^colour: blue\n"))
