"""The round of reviews: a click confirms, nothing typed is lost, what others did is shown first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.components.risks.review.sending import SENT, Sent
from data.access.permissions import Permission
from data.desk import read_draft
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency, Period
from data.workspace import Workspace
from risks.register.actions import assess_risk
from risks.register.assessing import Judged
from risks.register.kinds import Effect, Kind, Outcome
from risks.register.record import Risk
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.house import RiskHouse
from tests.risks.indicators.houses import BAD, GOOD, RULE, watched_house
from tests.risks.rounds import DONE, HIGH, HIT, LATE, OPENED, TITLES, TODAY, due_round

MP = pytest.MonkeyPatch
EN = Texts(Language.EN)
FORM = "risk-review"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    """To look at only."""
    return due_round(tmp_path_factory)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return due_round(tmp_path_factory)


def opened(house: RiskHouse, monkeypatch: MP, who: str = "owner", **link: str) -> Tab:
    tab = Tab(house.workspace, monkeypatch, "risk-review", email=f"{who}@example.org", **link)
    assert not tab.page.error
    return tab


def click(tab: Tab, ending: str) -> None:
    button = next(one for one in tab.page.button if str(one.key).endswith(ending))
    button.click().run()
    assert not tab.page.exception


def field(tab: Tab, kind: str, code: str, name: str) -> Any:
    return getattr(tab.page, kind)(key=f"{FORM}.{code}.{name}")


def draft_of(house: RiskHouse, code: str) -> Any:
    with house.workspace.read(house["owner"], Permission.SELF_CHANGE) as reader:
        return read_draft(reader, FORM, code)


def scored(risk: Risk) -> tuple[int | None, dict[str, int], str | None]:
    assert risk.current is not None
    return risk.current.likelihood, dict(risk.current.impacts), risk.current.level


# What a card tells


def test_the_card_says_what_the_owner_needs(told: RiskHouse, monkeypatch: MP) -> None:
    said = opened(told, monkeypatch, risk=LATE).said
    assert "Risk 1 of 10" in str(opened(told, monkeypatch).page.get("progress")[0].proto.text)
    assert TITLES[0] in said
    assert "One day it comes to this" in said
    assert "▂ Medium" in said or "▄ Medium" in said
    assert "3 Possible (20–50% a year)" in said
    assert "Service: 3 Several offices are days late" in said
    assert "Law: 2 Single complaints" in said
    since = EN.day_short(OPENED)
    assert f"Since the last review ({since})" in said
    overdue = EN.day_short(OPENED + timedelta(days=170))
    assert f"Treatment overdue since {overdue}: Hold three months of stock" in said


def test_what_happened_since_is_told_of_each(told: RiskHouse, monkeypatch: MP) -> None:
    day = EN.day_short(OPENED + timedelta(days=100))
    assert f"Treatment done on {day}: Move it up" in opened(told, monkeypatch, risk=DONE).said
    hit = opened(told, monkeypatch, risk=HIT).said
    assert f"It happened on {day}: The printer stood still for two days · EUR 4,500" in hit
    assert "Nothing changed." in opened(told, monkeypatch, risk="R-0005").said


def test_an_indicator_says_how_it_stands_and_since_when(tmp_path: Path, monkeypatch: MP) -> None:
    made = watched_house(Workspace.open(settings_in(tmp_path)))
    months = [Period.covering(TODAY, Frequency.MONTH).shift(-back) for back in (6, 5, 4)]
    made.load(dict(zip([one.code for one in months], (GOOD, BAD, BAD), strict=True)))
    made.opened()
    made.watch(replace(RULE, stale_after_days=400))
    made.watch()  # of which nothing was heard for too long by now
    for indicator in ("KRI-001", "KRI-002"):
        made.link(Effect.REVIEW, indicator=indicator)
    made.evaluate()
    said = opened(made, monkeypatch, risk="R-0001").said
    assert f"Indicator ■ Red since {EN.period(months[2])}: Applications returned" in said
    assert "Indicator ◷ Out of date: Applications returned" in said
    assert said.count("An indicator turned red") == 1
    made.workspace.database.dispose()


def test_what_came_true_comes_first_then_what_is_longest_due(
    told: RiskHouse, monkeypatch: MP
) -> None:
    assert told.risk(HIT).reassess is not None
    assert TITLES[2] in opened(told, monkeypatch).said


# Ways to end it


def test_one_click_confirms_and_the_next_card_comes(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    before = house.risk(LATE)
    click(tab, f"{LATE}.do.confirm")
    after = house.risk(LATE)
    assert [one.outcome for one in after.reviews] == [Outcome.CONFIRM]
    assert scored(after) == scored(before)
    assert len(after.assessments) == len(before.assessments) + 1
    assert after.next_review == TODAY + timedelta(days=182)
    assert f"{LATE} confirmed. Next review: {EN.day(TODAY + timedelta(days=182))}" in tab.said
    assert TITLES[2] in tab.said
    assert tab.page.get("progress")[0].proto.text.endswith("Risk 2 of 10")


def test_a_finger_that_comes_down_twice_confirms_once(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    version = house.risk(LATE).row_version
    tab.page.session_state[SENT] = Sent(LATE, version, Outcome.CONFIRM)
    tab.run()
    tab.page.session_state[SENT] = Sent(LATE, version, Outcome.CONFIRM)
    tab.run()
    assert len(house.risk(LATE).reviews) == 1
    assert f"{LATE} confirmed" in tab.said
    assert not tab.page.warning


def test_a_note_goes_with_it_and_stays_when_the_tab_is_closed(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    field(tab, "text_area", LATE, "note").input("Seen on site").run()
    again = opened(house, monkeypatch, risk=LATE)
    assert field(again, "text_area", LATE, "note").value == "Seen on site"
    click(again, f"{LATE}.do.confirm")
    assert house.risk(LATE).reviews[-1].note == "Seen on site"
    assert draft_of(house, LATE) is None


def test_a_new_score_shows_its_level_before_it_is_saved(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    click(tab, f"{LATE}.rescore")
    options = field(tab, "radio", LATE, "likelihood").options
    assert options[3].replace("\\", "") == "4 Likely (50–80% a year)"
    assert len(options) == 6
    field(tab, "radio", LATE, "likelihood").set_value(5).run()
    field(tab, "radio", LATE, "impact.service").set_value(4).run()
    field(tab, "radio", LATE, "impact.legal").set_value("unsaid").run()
    field(tab, "radio", LATE, "impact.data").set_value(1).run()
    assert "Level: █ Critical" in tab.said
    click(tab, f"{LATE}.do.rescore")
    assert "rationale is missing" in tab.said or "rationale" in tab.said.lower()
    assert field(tab, "radio", LATE, "likelihood").value == 5
    field(tab, "text_area", LATE, "note").input("The stock is nearly gone").run()
    click(tab, f"{LATE}.do.rescore")
    after = house.risk(LATE)
    assert scored(after) == (5, {"service": 4, "data": 1}, "critical")
    assert after.current is not None
    assert after.current.rationale == "The stock is nearly gone"
    assert after.next_review == TODAY + timedelta(days=30)
    assert after.reviews[-1].outcome is Outcome.RESCORE


def test_above_the_inherent_level_it_asks_why(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, risk=HIGH)
    click(tab, f"{HIGH}.rescore")
    field(tab, "radio", HIGH, "likelihood").set_value(4).run()
    field(tab, "text_area", HIGH, "note").input("More often than thought").run()
    click(tab, f"{HIGH}.do.rescore")
    assert len(house.risk(HIGH).reviews) == 0
    field(tab, "text_area", HIGH, "exception").input("The inherent one is to be redone").run()
    click(tab, f"{HIGH}.do.rescore")
    after = house.risk(HIGH)
    assert after.current is not None
    assert (after.current.likelihood, after.current.exception) == (
        4,
        "The inherent one is to be redone",
    )


def test_it_is_laid_before_somebody_above_or_proposed_to_be_closed(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    click(tab, f"{LATE}.escalate")
    click(tab, f"{LATE}.do.escalate")
    assert not house.risk(LATE).escalations  # without a word it is not laid before anybody
    field(tab, "radio", LATE, "to_role").set_value("manager").run()
    field(tab, "text_area", LATE, "note").input("Money is needed").run()
    click(tab, f"{LATE}.do.escalate")
    (one,) = house.risk(LATE).escalations
    assert (one.to_role, one.reason) == ("manager", "Money is needed")
    assert f"{LATE} escalated" in tab.said
    code = "R-0005"
    tab = opened(house, monkeypatch, risk=code)
    click(tab, f"{code}.propose_close")
    field(tab, "text_area", code, "note").input("The law was changed").run()
    click(tab, f"{code}.do.propose_close")
    assert house.risk(code).reviews[-1].outcome is Outcome.PROPOSE_CLOSE
    assert f"Closing {code} is proposed" in tab.said
    assert tab.page.get("progress")[0].proto.text.endswith("Risk 3 of 10")


def test_what_is_skipped_comes_at_the_end(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    for _ in TITLES:
        code = next(str(one.key) for one in tab.page.button if str(one.key).endswith(".skip"))
        click(tab, code)
    assert "Left for the end: 10" in tab.said
    click(tab, "review.to_skipped")
    assert TITLES[2] in tab.said


def test_the_round_ends_with_what_comes_next(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    for _ in TITLES:
        click(tab, ".do.confirm")
    assert "Done: reviewed today 10." in tab.said
    assert f"Next review: {EN.day(TODAY + timedelta(days=182))}" in tab.said
    again = opened(house, monkeypatch)
    click(again, "review.early")
    assert "Done: reviewed today 10." in again.said  # each was looked at today


# What others do meanwhile


def test_what_somebody_changed_meanwhile_is_shown_and_never_overwritten_unseen(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    said = Judged(Kind.CURRENT, 4, {"service": 4}, "Two deliveries failed")
    house.do(assess_risk, "coordinator", LATE, judged=said, reason="Heard it")
    click(tab, f"{LATE}.do.confirm")
    assert not house.risk(LATE).reviews
    assert "When you began: ▂ Medium. Now: ▆ High." in tab.said.replace("▄", "▂")
    assert "Risk assessed" in tab.said
    click(tab, "|merge")  # seen now, it is confirmed as it stands
    after = house.risk(LATE)
    assert [one.outcome for one in after.reviews] == [Outcome.CONFIRM]
    assert scored(after) == (4, {"service": 4}, "high")


def test_two_scores_are_merged_field_by_field(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, risk=LATE)
    click(tab, f"{LATE}.rescore")
    field(tab, "radio", LATE, "likelihood").set_value(5).run()
    field(tab, "text_area", LATE, "note").input("Nearly sure").run()
    said = Judged(Kind.CURRENT, 4, {"service": 4, "legal": 2}, "Two deliveries failed")
    house.do(assess_risk, "coordinator", LATE, judged=said, reason="Heard it")
    tab.run()
    assert "5 Almost certain" in tab.said
    assert "4 Likely" in tab.said
    click(tab, "|merge")
    after = house.risk(LATE)
    assert scored(after) == (5, {"service": 4, "legal": 2}, "critical")
    assert after.reviews[-1].note == "Nearly sure"


# Who may


def test_a_coordinator_reviews_anothers_risk_with_a_reason(
    house: RiskHouse, monkeypatch: MP
) -> None:
    assert "No review is due." in opened(house, monkeypatch, "coordinator").said
    tab = opened(house, monkeypatch, "coordinator", risk=LATE)
    assert "In place of Owner" in tab.said
    click(tab, f"{LATE}.do.confirm")
    assert not house.risk(LATE).reviews
    field(tab, "text_area", LATE, "note").input("The owner is ill").run()
    click(tab, f"{LATE}.do.confirm")
    assert house.risk(LATE).reviews[-1].reviewed_by == "coordinator@example.org"


@pytest.mark.parametrize("who", ["director", "auditor", "viewer"])
def test_who_does_not_work_on_risks_is_refused(told: RiskHouse, monkeypatch: MP, who: str) -> None:
    said = opened(told, monkeypatch, who).said
    assert "Your roles do not allow this" in said
    assert TITLES[2] not in said


@pytest.mark.parametrize(("language", "words"), [("sq", "Konfirmo"), ("sr", "Potvrdi")])
def test_it_speaks_the_other_languages(
    told: RiskHouse, monkeypatch: MP, language: str, words: str
) -> None:
    tab = opened(told, monkeypatch, language=language, risk=LATE)
    assert words in tab.said
    assert "risk_review." not in tab.said
