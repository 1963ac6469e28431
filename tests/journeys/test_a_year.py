"""A year in the life of a risk: each step by its own role on the pages, refused to others.

What the auditor saw on each of its days is what the page shows as of that day in the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Refusal
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency, Period
from data.workspace import Workspace
from risks.deciding import actions as deciding
from risks.register import actions
from risks.register.assessing import Judged
from risks.register.keeping import find
from risks.register.kinds import AcceptanceState, Effect, EscalationCause, Kind, Response
from risks.register.reading import read_past
from risks.register.record import Risk
from risks.register.states import Status
from risks.treating.actions import Plan, add_treatment
from tests.house import join
from tests.journeys.conftest import Server, come_in, drawn, served, until, watched
from tests.journeys.later import Later
from tests.kpis.conftest import settings_in
from tests.risks.house import PEOPLE
from tests.risks.indicators.houses import WatchedHouse, decided, watched_house

pytestmark = pytest.mark.journey
CODE = "R-0001"
STEWARD = "steward"
TEXTS = Texts(Language.EN)
GOOD_MONTHS = 4
HAND = 30_000  # milliseconds after which a person presses again
NewContext = Callable[..., BrowserContext]


def label(name: str) -> str:
    return TEXTS.text(f"risk_page.field.{name}")


@dataclass
class Year:
    """The house, the server in which it is later and later, and what was seen on which day."""

    house: WatchedHouse
    server: Server
    later: Later
    new_context: NewContext
    seen: dict[date, str] = field(default_factory=dict)

    def stands(self, status: Status) -> bool:
        return self.risk.status is status

    @property
    def risk(self) -> Risk:
        with self.house.workspace.read(self.house["auditor"], Permission.RISK_VIEW) as reader:
            return find(reader, CODE)

    def refused_to_others(self, who: str, action: Any, **said: Any) -> None:
        """Nobody else may: the door refuses, whatever the page may show.

        Closing is the coordinator's and the director's alike.
        """
        may = {who, "director"} if action is deciding.decide_close else {who}
        before = self.risk
        workspace = self.house.workspace.by_clock(self.later)
        for name in PEOPLE:
            if name not in may:
                with pytest.raises(Refusal):
                    action(
                        workspace,
                        by=self.house[name],
                        code=CODE,
                        version=before.row_version,
                        **said,
                    )
        assert self.risk == before

    @contextmanager
    def at(self, who: str, path: str) -> Iterator[Page]:
        """A page as somebody sees it who comes in anew."""
        context = self.new_context(viewport={"width": 1280, "height": 1600})
        page = context.new_page()
        come_in(page, self.server, f"{who}@example.org", path)
        yield page
        context.close()

    def act(
        self,
        page: Page,
        offer: str,
        fill: Callable[[Locator], None] | None = None,
        *,
        done: str = "",
    ) -> None:
        """Do one of the things that the page of the risk offers."""
        form = page.locator(f".st-key-risk-form-{offer}")
        if not form.is_visible():
            name = TEXTS.text(f"risk_page.act.{offer}")
            page.get_by_role("button", name=name, exact=True).or_(
                page.get_by_role("radio", name=name, exact=True)
            ).first.click()
        expect(form).to_be_visible()
        if fill is not None:
            fill(form)
        button = form.get_by_role("button", name=TEXTS.text(f"risk_page.do.{offer}"), exact=True)
        said = done or TEXTS.text(f"risk_page.done.{offer}", risk=CODE)
        press(button, page.get_by_text(said))

    def end_of_day(self, days: int) -> None:
        """What the auditor sees at the end of the day; then some days pass."""
        today = self.later().astimezone(TEXTS.zone).date()
        with self.at("auditor", f"/risk?risk={CODE}&part=history") as page:
            self.seen[today] = shown(page)
        self.later.pass_days(days)


def shown(page: Page) -> str:
    """How the risk stands, word by word, and every change of it."""
    expect(page.locator(".st-key-risk-answer")).to_be_visible()
    expect(page.get_by_role("radio", name="History", exact=True)).to_be_visible()
    drawn(page)
    main, text = page.locator("[data-testid=stMain]"), ""
    while text != (text := main.inner_text()):  # what is drawn by a part of its own comes later
        page.wait_for_timeout(500)
    return text.partition(f"{CODE} ")[2]  # below its title: the head, the bow-tie, the history


def press(button: Locator, told: Locator) -> None:
    """Press a button, and once more where the page was drawn anew under the hand."""
    button.click()
    try:
        expect(told).to_be_visible(timeout=HAND)
    except AssertionError:
        if button.is_visible():
            button.click()
        expect(told).to_be_visible()


def write(form: Locator, **said: str) -> None:
    """Type into fields, by their names."""
    for name, text in said.items():
        field = form.get_by_label(label(name), exact=True)
        field.fill(text)
        field.blur()


def choose(form: Locator, name: str, option: str) -> None:
    """One of a list, found by typing as people do; again where the list closed under the hand."""
    box = form.get_by_label(label(name), exact=True).first
    while option not in box.input_value():
        box.click()
        box.fill(option)
        form.page.get_by_role("option", name=option).first.click()
        expect(form.page.get_by_role("listbox")).to_have_count(0)


def step(form: Locator, scale: str, number: int) -> None:
    """A step of a scale, by the number before its words."""
    group = form.get_by_role("radiogroup", name=scale)
    group.locator("label").filter(has_text=f"{number} · ").first.click()


def day(form: Locator, name: str, when: date) -> None:
    """A day, digit by digit."""
    picker = form.get_by_test_id("stDateInput").filter(has_text=label(name)).first
    picker.get_by_role("spinbutton").first.click()
    form.page.keyboard.type(when.strftime("%d%m%Y"), delay=20)
    form.page.keyboard.press("Tab")


def mark(form: Locator, name: str, option: str) -> None:
    form.get_by_role("radiogroup", name=label(name)).get_by_text(option, exact=True).click()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Year]:
    """Four good months are loaded; an indicator watches them, and no risk is raised."""
    home = tmp_path_factory.mktemp("year")
    house = watched_house(Workspace.open(settings_in(home)))
    join(house.workspace, f"{STEWARD}@example.org", Role.DATA_STEWARD)
    now = Period.covering(datetime.now(UTC).date(), Frequency.MONTH)
    house.load({now.shift(-back).code: 0 for back in range(GOOD_MONTHS, 0, -1)})
    house.clock.now = datetime.now(UTC)
    house.watch()
    house.evaluate()
    later = Later(home / "clock")
    with served(house.workspace, later.environment) as server, watched(chromium) as new_context:
        yield Year(house, server, later, new_context)


def bad_months(folder: Path, later: Later) -> Path:
    """The extract of the two months that are over by then, a quarter of them returned."""
    now = Period.covering(later().date(), Frequency.MONTH)
    rows = pd.concat([decided(now.shift(-back), 10, 40) for back in (2, 1)])
    last = pd.Timestamp(now.start) - pd.Timedelta(days=1)  # up to which the file speaks
    rows = rows.reset_index(drop=True)
    rows.loc[len(rows) - 1, "submitted_at"] = last
    rows.loc[len(rows) - 1, "decided_at"] = last + pd.Timedelta(hours=9)
    rows["ready_at"], rows["status"] = rows["decided_at"], "ready"
    rows["extracted_at"] = datetime.combine(now.start, datetime.min.time()) + timedelta(hours=30)
    file = folder / "applications.csv"
    rows.to_csv(file, index=False)
    return file


def test_a_risk_lives_through_a_year(year: Year, tmp_path: Path) -> None:
    raised_and_approved(year)
    treated_and_closed(year)
    reopened_by_a_loaded_extract(year, tmp_path)
    accepted_for_six_months_which_expire(year)
    closed_for_good(year)
    as_of_each_day_it_is_what_was_seen(year)


def raised_and_approved(year: Year) -> None:
    with year.at("owner", "/risk") as page:
        form = page.locator("[data-testid=stMain]")
        write(
            form,
            title="Blank passports run out",
            cause="Deliveries of blanks come late",
            event="No blank passports are left in the stock",
            consequence="Passports are not issued in time",
        )
        choose(form, "category_code", "Operations")
        button = page.get_by_role("button", name=TEXTS.text("risk_page.do.raise"), exact=True)
        press(button, page.get_by_text(TEXTS.text("risk_page.done.raise", risk=CODE)))
        year.act(page, "assess", lambda form: judge(form, 4, 4))
        year.refused_to_others("owner", deciding.propose_risk)
        year.act(page, "propose")
    assert (year.risk.status, year.risk.level) == (Status.PROPOSED, "high")
    year.end_of_day(1)
    year.refused_to_others("coordinator", deciding.decide_proposal, approve=True)
    with year.at("head", f"/risk?risk={CODE}") as page:
        expect(page.locator(".st-key-risk-answer")).to_be_visible()
        assert page.get_by_text(TEXTS.text("risk_page.act.decide_proposal")).count() == 0
    with year.at("coordinator", f"/risk?risk={CODE}") as page:
        year.act(page, "decide_proposal")
    assert year.stands(Status.OPEN)


def judge(form: Locator, likelihood: int, impact: int, kind: str = "") -> None:
    """Likelihood and one dimension of impact, with the reason."""
    if kind:
        form.get_by_label(TEXTS.text("risk_page.about.assess"), exact=True).first.click()
        form.page.get_by_role("option", name=kind).click()
    step(form, TEXTS.text("risk_page.field.likelihood"), likelihood)
    step(form, "Service", impact)
    write(form, rationale="As seen in the last months.")


def treated_and_closed(year: Year) -> None:
    year.refused_to_others("owner", add_treatment, plan=Plan("x", "owner@example.org", date.max))
    target = TEXTS.text("risk_page.kind.target")
    due = year.later().date() + timedelta(days=30)
    with year.at("owner", f"/risk?risk={CODE}") as page:
        year.act(page, "assess", lambda form: judge(form, 2, 3, target))
        page.goto(f"{year.server.url}/risk?risk={CODE}&part=treatments")

        def plan(form: Locator) -> None:
            write(form, text="A second supplier is under contract")
            day(form, "due", due)

        year.act(page, "plan", plan)
        year.refused_to_others("owner", deciding.begin_treatment, response=Response.TREAT)
        year.act(page, "treat")
    assert year.stands(Status.IN_TREATMENT)
    year.end_of_day(30)
    with year.at("owner", f"/risk?risk={CODE}&part=indicators") as page:
        year.act(page, "indicators", link_escalating)
        page.goto(f"{year.server.url}/risk?risk={CODE}&part=treatments")

        def finish(form: Locator) -> None:
            mark(form, "progress", "Finished")
            write(form, evidence="Contract 12")

        year.act(page, "progress", finish)
        asked = {"reason": "A second supplier delivers", "evidence": "Contract 12"}
        year.refused_to_others("owner", deciding.request_close, **asked, source_gone=True)
        year.act(page, "request_close", ask_to_close)
    year.end_of_day(2)
    year.refused_to_others("coordinator", deciding.decide_close, close=True)
    with year.at("coordinator", f"/risk?risk={CODE}") as page:
        year.act(page, "decide_close")
    assert year.stands(Status.CLOSED)


def link_escalating(form: Locator) -> None:
    choose(form, "indicator", "KRI-001")
    mark(form, "effect", TEXTS.text(f"risk_page.effect.{Effect.ESCALATE.value}"))


def ask_to_close(form: Locator) -> None:
    write(form, why="A second supplier delivers", evidence="Contract 12")
    form.get_by_text(label("source_gone"), exact=True).click()


def reopened_by_a_loaded_extract(year: Year, folder: Path) -> None:
    year.end_of_day(60)
    with year.at(STEWARD, "/extracts") as page:
        page.set_input_files("input[type=file]", bad_months(folder, year.later))
        page.get_by_role("button", name="Load", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Load", exact=True).click()
        expect(page.get_by_text("applications.csv is loaded")).to_be_visible()
    assert until(lambda: year.stands(Status.OPEN))  # refreshed and evaluated by the worker
    risk = year.risk
    assert risk.reopened_because == "risks.ended.indicator"
    (escalation,) = risk.open_escalations
    assert (escalation.cause, escalation.to_role) == (EscalationCause.INDICATOR, "unit_head")
    with year.house.workspace.read(year.house["auditor"], Permission.RISK_VIEW) as reader:
        causes = [one.cause for one in read_past(reader, risk) if one.actor == "SYSTEM"]
    told = [one for one in causes if one and one["key"] == "risks.indicators.because_red"]
    assert told
    assert all((one["kpi"], one["value"]) == ("SD-06", 75.0) for one in told)
    year.end_of_day(1)
    with year.at("owner", f"/risk?risk={CODE}&part=indicators") as page:
        expect(page.locator("[data-testid=stMain]")).to_contain_text("75.0%")
        expect(page.locator("[data-testid=stMain]")).to_contain_text("Red")
    said = {"escalation_id": escalation.id, "answer": "The second supplier is asked to deliver."}
    year.refused_to_others("head", deciding.answer_escalation, **said)
    with year.at("head", f"/risk?risk={CODE}") as page:
        year.act(page, "answer", lambda form: write(form, answer=said["answer"]))
    assert not year.risk.is_escalated


def accepted_for_six_months_which_expire(year: Year) -> None:
    last_day = year.later().date() + timedelta(days=182)
    said = Judged(Kind.CURRENT, 4, {"service": 4}, "x")
    year.refused_to_others("owner", actions.assess_risk, judged=said)
    with year.at("owner", f"/risk?risk={CODE}") as page:
        year.act(page, "assess", lambda form: judge(form, 4, 4))
        asked = {"rationale": "x", "valid_until": last_day}
        year.refused_to_others("owner", deciding.request_acceptance, **asked)
        year.act(
            page,
            "request_acceptance",
            lambda form: write(form, acceptance_rationale="The supplier changes in spring."),
        )
    year.end_of_day(1)
    year.refused_to_others("director", deciding.decide_acceptance, accept=True)
    with year.at("head", f"/risk?risk={CODE}") as page:
        expect(page.locator(".st-key-risk-answer")).to_be_visible()
        assert page.get_by_text(TEXTS.text("risk_page.act.decide_acceptance")).count() == 0
    with year.at("director", f"/risk?risk={CODE}") as page:
        year.act(page, "decide_acceptance")
    borne = year.risk.acceptance
    assert borne is not None
    assert (borne.state, borne.level, borne.valid_until) == (
        AcceptanceState.ACCEPTED,
        "high",
        last_day,
    )
    year.end_of_day(190)
    tick(year)
    assert until(lambda: year.stands(Status.OPEN))
    assert year.risk.reopened_because == "risks.ended.expired"
    year.end_of_day(1)


def tick(year: Year) -> None:
    """The tick that a machine's timer runs; the server's own worker may have been faster."""
    environment = {
        **os.environ,
        **year.later.environment,
        "CRA_HOME": str(year.house.workspace.settings.home),
    }
    command = [str(Path(sys.executable).with_name("cra")), "tick"]
    subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)


def closed_for_good(year: Year) -> None:
    """What is late by now is laid before the unit head by the system, who answers; then it ends."""
    late = [one for one in year.risk.open_escalations if one.to_role == "unit_head"]
    assert {one.cause for one in late} == {EscalationCause.LATE_REVIEW}
    with year.at("head", f"/risk?risk={CODE}") as page:
        year.act(page, "answer", lambda form: write(form, answer="It is closed this week."))
    with year.at("owner", f"/risk?risk={CODE}") as page:
        year.act(page, "request_close", ask_to_close)
    year.refused_to_others("coordinator", deciding.decide_close, close=True)
    with year.at("coordinator", f"/risk?risk={CODE}") as page:
        year.act(page, "decide_close")
    assert year.stands(Status.CLOSED)
    year.end_of_day(1)


def as_of_each_day_it_is_what_was_seen(year: Year) -> None:
    assert len(set(year.seen.values())) == len(year.seen) >= 9
    with year.at("auditor", "/risks") as page:
        for day, was in year.seen.items():
            address = f"/risk?risk={CODE}&part=history&as_of={day.isoformat()}"
            page.goto(f"{year.server.url}{address}")
            expect(page.locator(".st-key-as-of-past")).to_be_visible()
            now = shown(page)
            assert now == was, "\n".join(unified_diff(was.splitlines(), now.splitlines(), str(day)))
