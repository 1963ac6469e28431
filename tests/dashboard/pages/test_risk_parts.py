"""The parts of the page of a risk: judged, watched, looked at, decided, and all of its past."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from dashboard.pages.risk import RiskPart
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.store.tables import AuditEntry
from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.statement import Appetite
from risks.criteria.reading import default_criteria
from risks.deciding import actions as deciding
from risks.register import actions
from risks.register.kinds import Effect, Kind, Outcome
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.indicators.houses import CASES, WatchedHouse, watched_house

MP = pytest.MonkeyPatch
RETURNED = {"2025-01": 0, "2025-02": 3, "2025-03": 10, "2025-04": 10}
TODAY = datetime.now(ZoneInfo("Europe/Belgrade")).date()
CRITERIA = default_criteria()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedHouse]:
    """A risk above what is tolerable, of which an indicator warns that turned red."""
    made = watched_house(Workspace.open(settings_in(tmp_path_factory.mktemp("risk parts"))))
    made.opened()
    made.judge("owner", Kind.INHERENT, 5, 5)
    _bear(made)
    made.clock.pass_days(60)
    made.do(actions.review_risk, "owner", outcome=Outcome.CONFIRM, note="As it was.")
    actions.comment_on(made.workspace, by=made["director"], code="R-0001", text="<b>Now</b> *or*")
    made.load(RETURNED)
    made.watch()
    made.link(Effect.REVIEW)
    made.evaluate()
    yield made
    made.workspace.database.dispose()


def _bear(house: WatchedHouse) -> None:
    today = house.clock.now.date()
    points = ((0.3, 10_000.0), (0.1, 100_000.0))
    said = Appetite("OPERATIONS", "Little", "low", "low", points, today, None, assumption=True)
    statement = propose_appetite(house.workspace, by=house["coordinator"], said=said)
    decide_appetite(
        house.workspace, by=house["director"], statement_id=statement, version=1, approve=True
    )


def opened(house: WatchedHouse, monkeypatch: MP, part: str, who: str = "owner", **link: str) -> Tab:
    email = f"{who}@example.org"
    return Tab(house.workspace, monkeypatch, "risk", email=email, risk="R-0001", part=part, **link)


def drawn(tab: Tab) -> dict[str, Any]:
    (chart,) = tab.page.get("plotly_chart")
    spec: dict[str, Any] = json.loads(chart.proto.spec)
    return spec


def test_the_answer_holds_the_level_against_the_appetite(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    said = opened(house, monkeypatch, "assessments").said
    due = house.risk().next_review
    assert due is not None
    assert "Medium, above what is tolerable; to be assessed anew; nothing is planned" in said
    assert f"the review is {(TODAY - due).days} days late." in said
    assert "▼ from █ Critical (inherent, 7 Jan 2025)" in said
    assert "= as before: ▄ Medium" in said or "= as before: ▂ Medium" in said


def test_levels_over_time_are_drawn_and_every_assessment_listed(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, "assessments")
    figure = drawn(tab)
    names = [level.names["en"] for level in CRITERIA.levels]
    assert figure["layout"]["yaxis"]["ticktext"] == names
    inherent, current = figure["data"]
    assert [round(rank) for rank in inherent["y"]] == [names.index("Critical")] * 2
    assert current["y"] == [names.index("Medium")] * 3
    assert date.fromordinal(current["x"][-1]) == TODAY
    table = tab.table
    assert list(table["Kind"]) == ["Current", "Inherent", "Current"]  # the newest first
    assert list(table["Likelihood"]) == ["3 Possible", "5 Almost certain", "3 Possible"]
    assert list(table["Impact"]) == ["Service 3", "Service 5", "Service 3"]
    assert table["Rationale"].iloc[0] == "As it was."


def test_an_indicator_shows_its_values_its_lines_and_the_rows_behind(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, "indicators")
    shares = [100 * (CASES - wrong) / CASES for wrong in RETURNED.values()]
    figure = drawn(tab)
    assert figure["data"][0]["y"] == shares
    assert [one["y0"] for one in figure["layout"]["shapes"]] == [95, 90]
    assert figure["data"][0]["marker"]["symbol"][1:] == ["triangle-up", "square", "square"]
    assert "KRI-001 Applications returned" in tab.said
    # The values are more than a year old: never green, and not red either.
    assert "◷ Out of date · April 2025: 75.0%" in tab.said
    assert "When red: the risk is to be assessed anew" in tab.said
    (link,) = [one for one in tab.addresses if "kpi=SD-06" in one]
    assert "period=2025-04" in link
    assert "part=rows" in link


def test_an_indicator_was_red_when_it_was_so(house: WatchedHouse, monkeypatch: MP) -> None:
    day = (house.clock.now + timedelta(days=1)).date()
    tab = opened(house, monkeypatch, "indicators", as_of=day.isoformat())
    assert "■ Red" in tab.said
    assert "Out of date" not in tab.said


def test_the_history_tells_each_change_with_before_and_after(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, "history", who="auditor")
    risk = house.risk()
    about = select(AuditEntry).where(AuditEntry.noun == "risk", AuditEntry.noun_id == risk.id)
    with house.workspace.read(house["auditor"], Permission.AUDIT_VIEW) as reader:
        entries = sorted(reader.all(about), key=lambda one: one.number, reverse=True)
    told = [one.value for one in tab.page.caption if "№" in one.value]
    assert len(told) == len(entries)
    by_system = [place for place, one in enumerate(entries) if one.actor == SYSTEM.email]
    assert by_system == [0]  # the newest: the indicator turned red
    assert [place for place, one in enumerate(told) if "The system" in one] == by_system
    assert ":material/settings: **Re\\-assessment asked for**" in [
        one.value for one in tab.page.markdown
    ]
    assert "KRI-001" in tab.said
    assert "State: Proposed → Open" in tab.said
    assert "- Title: Blank passports run out" in tab.said


def test_what_people_wrote_is_never_read_as_markup(house: WatchedHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, "comments")
    assert "\\<b\\>Now\\</b\\> \\*or\\*" in [one.value for one in tab.page.markdown]


def test_reviews_say_whether_they_came_in_time(house: WatchedHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, "reviews")
    assert "= Confirmed" in tab.said
    assert "In time: it was due on" in tab.said
    assert [one for one in tab.addresses if "review" in one]


def test_escalations_that_wait_stand_first(house: WatchedHouse, monkeypatch: MP) -> None:
    for role, reason in (("unit_head", "First"), ("manager", "Second")):
        house.do(deciding.escalate_risk, "owner", to_role=role, reason=reason)
    first = house.risk().open_escalations[0]
    house.do(deciding.answer_escalation, "head", escalation_id=first.id, answer="Seen.")
    said = opened(house, monkeypatch, "escalations", who="auditor").said
    waiting, answered = "▲ Before the role “Manager”", "✓ Before the role “Head of unit”"
    assert said.index(waiting) < said.index(answered)
    assert "Answered:" in said
    assert "Seen." in said


def test_a_part_of_another_page_gives_way_to_the_first(
    house: WatchedHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, "breakdown")
    assert tab.page.get("plotly_chart")
    tab.page.button_group(key="risk.part").set_value(RiskPart.COMMENTS).run()
    assert not tab.page.exception
    assert "".join(tab.page.query_params["part"]) == "comments"
