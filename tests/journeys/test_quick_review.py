"""An owner confirms ten risks on a telephone: how many clicks, how many seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from risks.register.kinds import Outcome
from tests.journeys.conftest import Server, come_in, served
from tests.risks.house import RiskHouse
from tests.risks.rounds import LATE, TITLES, due_round

pytestmark = pytest.mark.journey
OWNER = "owner@example.org"
TELEPHONE = {"width": 390, "height": 844}
CLICKS_A_RISK, SECONDS = 2, 300  # at most
CARD = ".st-key-review-card"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return due_round(tmp_path_factory)


@pytest.fixture(scope="module")
def running(house: RiskHouse) -> Iterator[Server]:
    with served(house.workspace) as server:
        yield server


@pytest.fixture
def telephone(new_context: Callable[..., BrowserContext], running: Server) -> Page:
    page = new_context(viewport=TELEPHONE, has_touch=True, is_mobile=True).new_page()
    come_in(page, running, OWNER, "/risk-review")
    page.wait_for_selector(CARD)
    return page


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide: int = page.evaluate("document.scrollingElement.scrollWidth")
    return wide <= TELEPHONE["width"]


def next_card(page: Page, done: set[str]) -> str:
    """The code of the risk on the card, once it is another one."""
    link = page.locator(f"{CARD} a[href*='risk=']")
    for code in done:
        expect(link).not_to_contain_text(code)
    return link.inner_text().partition(" ")[0]


def test_what_is_typed_survives_a_reload_of_the_telephone(
    house: RiskHouse, telephone: Page
) -> None:
    page = telephone
    note = page.locator(f"{CARD} textarea")
    note.fill("Seen on the way to work")
    note.blur()
    page.get_by_text("Kept as you typed it").wait_for()
    page.reload()
    page.wait_for_selector(CARD)
    expect(page.locator(f"{CARD} textarea")).to_have_value("Seen on the way to work")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(f"{CARD} textarea")).to_have_value("")


def test_a_score_is_chosen_with_the_thumb(house: RiskHouse, telephone: Page) -> None:
    page = telephone
    page.get_by_role("button", name="Re-score").click()
    page.get_by_text("5 Almost certain").click()
    page.get_by_text("Level: ").get_by_text("High").wait_for()
    assert fits(page)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Confirm").wait_for()
    page.get_by_role("button", name="Begin anew").click()
    page.get_by_text("Kept as you typed it").wait_for(state="detached")


def test_ten_risks_are_confirmed_in_ten_clicks(
    house: RiskHouse, telephone: Page, record_property: Callable[[str, object], None]
) -> None:
    page, clicks, done, began = telephone, 0, set[str](), time.monotonic()
    for number in range(1, len(TITLES) + 1):
        expect(page.get_by_text(f"Risk {number} of {len(TITLES)}")).to_be_visible()
        assert fits(page)
        code = next_card(page, done)
        page.locator(f".st-key-review-{code}-do-confirm button").click()
        clicks += 1
        page.get_by_text(f"{code} confirmed. Next review").wait_for()
        done.add(code)
    page.get_by_text(f"Done: reviewed today {len(TITLES)}").wait_for()
    seconds = time.monotonic() - began
    record_property("clicks", clicks)
    record_property("seconds", round(seconds, 1))
    print(f"{len(TITLES)} risks confirmed with {clicks} clicks in {seconds:.1f} s")
    assert clicks <= CLICKS_A_RISK * len(TITLES)
    assert seconds < SECONDS
    for number in range(1, len(TITLES) + 1):
        outcomes = [one.outcome for one in house.risk(f"R-{number:04}").reviews]
        assert outcomes == [Outcome.CONFIRM]
    assert house.risk(LATE).next_review is not None
