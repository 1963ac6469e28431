"""My risks: what waits for whom, the one click that leads there, a calm word where nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.access.permissions import Permission
from data.language.languages import Language
from data.language.texts import Texts
from risks.appetite.actions import propose_appetite
from risks.appetite.statement import Appetite
from risks.criteria.actions import propose_criteria
from risks.criteria.reading import default_criteria
from risks.deciding import actions as deciding
from risks.deputies.actions import name_deputy
from risks.deputies.reading import read_deputies
from risks.register.actions import review_risk
from risks.register.kinds import Kind, Outcome
from risks.treating.actions import Progress, tell_treatment
from tests.dashboard.pages.measured import Tab
from tests.risks.house import RiskHouse
from tests.risks.rounds import DONE, HIT, LATE, OPENED, TITLES, TODAY, due_round

MP = pytest.MonkeyPatch
EN = Texts(Language.EN)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    """To look at only."""
    return due_round(tmp_path_factory)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return due_round(tmp_path_factory)


def opened(house: RiskHouse, monkeypatch: MP, who: str = "owner", **link: str) -> Tab:
    return Tab(house.workspace, monkeypatch, "my-risks", email=f"{who}@example.org", **link)


def subheads(tab: Tab) -> list[str]:
    return [one.value for one in tab.page.subheader]


def field(tab: Tab, kind: str, name: str, who: str = "owner") -> Any:
    return getattr(tab.page, kind)(key=f"deputy.{who}@example.org.{name}")


def test_everything_that_waits_is_counted_and_grouped_by_matter(
    told: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    # Reviews were due 182 days after the risks were opened, a treatment 170; one came true.
    assert "12 things wait for you. 11 of them are overdue." in tab.said
    assert subheads(tab)[:3] == [
        "To assess anew: 1",
        "Treatments overdue: 1",
        "Reviews overdue: 10",
    ]
    day = EN.day_short(OPENED + timedelta(days=182))
    assert tab.said.count(f"Review overdue since {day}") == 10
    late = EN.day_short(OPENED + timedelta(days=170))
    assert f"Treatment overdue since {late} · Hold three months of stock" in tab.said


def test_each_leads_to_where_it_is_done(told: RiskHouse, monkeypatch: MP) -> None:
    addresses = opened(told, monkeypatch).addresses
    assert sum(one.startswith("risk-review?") and "risk=R-" in one for one in addresses) == 11
    assert [one for one in addresses if one.startswith("risk?")] == [
        f"risk?part=treatments&risk={LATE}"
    ]
    labels = [link.label for link in opened(told, monkeypatch).links]
    assert "Review them one after the other: 10" in labels


def test_my_own_risks_stand_in_a_short_list(told: RiskHouse, monkeypatch: MP) -> None:
    frame = opened(told, monkeypatch).table
    assert list(frame["Risk"]) == [f"R-{n:04} {title}" for n, title in enumerate(TITLES, start=1)]
    assert {cell.split(" ", 1)[1] for cell in frame["Level"]} == {"Medium"}
    day = EN.day_short(OPENED + timedelta(days=182))
    assert set(frame["Next review"]) == {f"▲ {day}"}


def test_where_nothing_waits_it_says_so_and_what_comes_next(
    house: RiskHouse, monkeypatch: MP
) -> None:
    assert "Nothing waits for you." in opened(house, monkeypatch, "auditor").said
    assert "You own no risk" in opened(house, monkeypatch, "auditor").said
    for number in range(1, 11):
        code = f"R-{number:04}"
        house.do(review_risk, "owner", code, outcome=Outcome.CONFIRM, note="As it was")
    tab = opened(house, monkeypatch)
    assert "1 thing waits for you. 1 of them is overdue." in tab.said  # the treatment
    again = TODAY + timedelta(days=182)
    assert set(tab.table["Next review"]) == {EN.day_short(again)}
    (one,) = house.risk(LATE).treatments
    done = {"treatment_id": one.id, "progress": Progress.FINISH, "evidence": "Bill 8"}
    house.do(tell_treatment, "owner", LATE, **done)
    said = opened(house, monkeypatch).said
    assert "Nothing waits for you." in said
    assert f"Next: the review of {LATE} {TITLES[0]}, on {EN.day(again)}." in said


def test_what_others_ask_waits_for_who_decides(house: RiskHouse, monkeypatch: MP) -> None:
    until = TODAY + timedelta(days=100)
    house.do(deciding.escalate_risk, "owner", LATE, to_role="manager", reason="Money is needed")
    house.do(deciding.request_acceptance, "owner", DONE, rationale="It is rare", valid_until=until)
    code = house.draft().code
    house.judge("owner", Kind.CURRENT, 2, 2, code)
    house.do(deciding.propose_risk, "owner", code)
    director = opened(house, monkeypatch, "director")
    assert "Raised by a person: Money is needed" in director.said
    assert f"An answer is owed since {EN.day_short(TODAY)}" in director.said
    assert f"risk?risk={LATE}" in director.addresses
    head = opened(house, monkeypatch, "head")
    assert f"To be accepted until {EN.day_short(until)}, or not · Owner: It is rare" in head.said
    coordinator = opened(house, monkeypatch, "coordinator")
    assert "Proposals to decide: 1" in coordinator.said
    assert "proposed by Owner" in coordinator.said


def test_what_is_proposed_of_criteria_and_appetite_waits_for_who_decides(
    house: RiskHouse, monkeypatch: MP
) -> None:
    assert "Nothing waits for you." in opened(house, monkeypatch, "director").said
    by, day = house["coordinator"], house.workspace.today
    said = Appetite("OPERATIONS", "Little", "low", "medium", (), day, None, assumption=True)
    propose_appetite(house.workspace, by=by, said=said)
    other = replace(default_criteria(), late_review_days=45)
    propose_criteria(house.workspace, by=by, criteria=other, reason="More patience")
    tab = opened(house, monkeypatch, "director")
    assert "2 things wait for you. None of them is overdue." in tab.said
    assert "Proposals on criteria and appetite to decide: 2" in tab.said
    assert "Proposed by Coordinator" in tab.said
    assert "appetite?part=statements" in tab.addresses
    assert "risk-criteria?part=criteria" in tab.addresses
    assert "Proposals on" not in opened(house, monkeypatch, "coordinator").said


def test_a_deputy_is_named_sees_what_waits_and_is_ended(house: RiskHouse, monkeypatch: MP) -> None:
    assert "12 things" not in opened(house, monkeypatch, "deputy").said
    tab = opened(house, monkeypatch)
    assert "Nobody stands in for you." in tab.said
    field(tab, "selectbox", "who").set_value("viewer@example.org").run()
    tab.page.button(key="mine.deputy.named").click().run()
    assert field(tab, "selectbox", "who").value == "viewer@example.org"  # refused, and kept
    assert "Nobody stands in for you." in tab.said
    field(tab, "selectbox", "who").set_value("deputy@example.org").run()
    tab.page.button(key="mine.deputy.named").click().run()
    assert not tab.page.exception
    end = EN.day_short(TODAY + timedelta(days=14))
    assert f"Deputy stands in for you until {end}" in tab.said
    deputy = opened(house, monkeypatch, "deputy")
    assert "12 things wait for you." in deputy.said
    assert f"You stand in for Owner until {end}" in deputy.said
    assert deputy.said.count("In place of Owner") == 12
    tab = opened(house, monkeypatch)
    button = next(one for one in tab.page.button if str(one.key).startswith("mine.end."))
    button.click().run()
    assert "The deputy was ended." in tab.said
    with house.workspace.read(house["owner"], Permission.RISK_VIEW) as reader:
        (one,) = read_deputies(reader)
    assert one.ended_by == "owner@example.org"
    assert "12 things" not in opened(house, monkeypatch, "deputy").said


def test_a_deputy_who_begins_later_is_told_with_both_days(
    house: RiskHouse, monkeypatch: MP
) -> None:
    begin, end = TODAY + timedelta(days=5), TODAY + timedelta(days=9)
    name_deputy(
        house.workspace,
        by=house["owner"],
        owner="owner@example.org",
        deputy="deputy@example.org",
        valid_from=begin,
        valid_to=end,
    )
    shown = f"from {EN.day_short(begin)} to {EN.day_short(end)}"
    assert f"Deputy stands in for you {shown}" in opened(house, monkeypatch).said
    assert f"You stand in for Owner {shown}" in opened(house, monkeypatch, "deputy").said


def test_past_estimates_are_told_with_their_counts(told: RiskHouse, monkeypatch: MP) -> None:
    said = opened(told, monkeypatch).said
    assert "How good my estimates were" in said
    assert "Too little to tell" in said or "No estimate can be checked yet" in said
    assert HIT in said


def test_who_sees_only_what_is_published_is_refused(told: RiskHouse, monkeypatch: MP) -> None:
    assert "Your roles do not allow this" in opened(told, monkeypatch, "viewer").said


@pytest.mark.parametrize(("language", "words"), [("sq", "gjëra ju presin"), ("sr", "čeka na vas")])
def test_it_speaks_the_other_languages(
    told: RiskHouse, monkeypatch: MP, language: str, words: str
) -> None:
    said = opened(told, monkeypatch, language=language).said
    assert words in said
    assert "mine." not in said
