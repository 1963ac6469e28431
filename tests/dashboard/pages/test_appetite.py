"""Appetite: what is above it stands first; one proposes a statement, another decides it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from data.access.permissions import Permission
from data.desk.actions import keep_draft
from data.workspace import Workspace
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.history import read_statements
from risks.appetite.statement import Appetite
from risks.deciding.actions import decide_proposal, escalate_risk, propose_risk
from risks.register.kinds import Kind
from risks.treating.actions import Plan, add_treatment
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.house import RiskHouse, risk_house

MP = pytest.MonkeyPatch
COORDINATOR, DIRECTOR, OWNER = (f"{n}@example.org" for n in ("coordinator", "director", "owner"))
TODAY = datetime.now(UTC).date()
SAID = Appetite("OPERATIONS", "Short stops are borne.", "low", "medium", (), TODAY, None, False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RiskHouse]:
    """Three open risks of one category: high and treated, critical and left alone, low."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("appetite")))
    made = risk_house(workspace)
    made.clock.now = datetime.now(UTC) - timedelta(days=1)
    for number, (likelihood, impact) in enumerate(((4, 4), (5, 5), (1, 1)), start=1):
        code = f"R-{number:04}"
        made.draft()
        made.judge("owner", Kind.CURRENT, likelihood, impact, code)
        made.do(propose_risk, "owner", code)
        made.do(decide_proposal, "coordinator", code, approve=True)
    plan = Plan("Order blanks earlier", OWNER, TODAY + timedelta(days=20))
    made.do(add_treatment, "owner", "R-0001", plan=plan)
    made.clock.now = datetime.now(UTC)
    yield made
    workspace.database.dispose()


def stated(house: RiskHouse) -> list[tuple[str, str]]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return [(one.said.tolerable, one.state.value) for one in read_statements(reader)]


def tab(house: RiskHouse, monkeypatch: MP, email: str, **parameters: str) -> Tab:
    return Tab(house.workspace, monkeypatch, "appetite", email=email, **parameters)


def test_before_anything_is_said_nothing_is_above(house: RiskHouse, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, DIRECTOR)
    assert "Nothing is said yet about how much risk is borne." in page.said
    assert "Active risks in categories of which nothing is said: 3." in page.said


def test_a_statement_is_proposed_by_one_and_decided_by_another(
    house: RiskHouse, monkeypatch: MP
) -> None:
    page = tab(house, monkeypatch, COORDINATOR, part="statements")
    page.choose("appetite.new.category", "OPERATIONS")
    page.page.text_area(key="appetite.new.statement").set_value("Short stops are borne.").run()
    page.choose("appetite.new.tolerable", "medium")
    page.page.number_input(key="appetite.new.chance0").set_value(10.0).run()
    page.page.number_input(key="appetite.new.loss0").set_value(100_000.0).run()
    page.page.button(key="appetite.send").click().run()
    assert "points" in page.said  # one point is no curve
    again = tab(house, monkeypatch, COORDINATOR, part="statements")
    assert again.page.text_area(key="appetite.new.statement").value == "Short stops are borne."
    again.page.number_input(key="appetite.new.chance1").set_value(1.0).run()
    again.page.number_input(key="appetite.new.loss1").set_value(1_000_000.0).run()
    again.page.button(key="appetite.send").click().run()
    assert stated(house) == [("medium", "proposed")]
    assert "Withdraw the proposal" in again.said
    assert "Put in force" not in again.said
    assert again.page.text_area(key="appetite.new.statement").value == ""

    decides = tab(house, monkeypatch, DIRECTOR, part="statements")
    assert "10.0% a year: more than EUR 100,000; 1.0% a year: more than EUR 1,000,000" in (
        decides.said.replace("\xa0", " ")
    )
    yes = next(one for one in decides.page.button if one.label == "Put in force")
    yes.click().run()
    assert stated(house) == [("medium", "in_force")]


def test_what_stands_in_the_tab_counts_where_the_desk_missed_it(
    house: RiskHouse, monkeypatch: MP
) -> None:
    """A change that comes quickly cuts short the keeping of the one before."""
    page = tab(house, monkeypatch, COORDINATOR, part="statements")
    page.choose("appetite.new.category", "LEGAL")
    page.page.text_area(key="appetite.new.statement").set_value("No court case is sought.").run()
    older = {"category": "LEGAL", "statement": ""}
    keep_draft(
        house.workspace,
        by=house["coordinator"],
        form="appetite",
        subject="new",
        version=0,
        fields=older,
    )
    page.page.button(key="appetite.send").click().run()
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        found = [one.said.statement for one in read_statements(reader, "LEGAL")]
    assert found == ["No court case is sought."]


def test_what_is_above_stands_worst_first_with_what_is_done(
    house: RiskHouse, monkeypatch: MP
) -> None:
    if not stated(house):
        said = propose_appetite(house.workspace, by=house["coordinator"], said=SAID)
        decide_appetite(
            house.workspace, by=house["director"], statement_id=said, version=1, approve=True
        )
    page = tab(house, monkeypatch, DIRECTOR)
    assert "Risks above what is tolerable: 2; of these without anything being done: 1." in page.said
    cells = page.table
    assert [cell.split()[0] for cell in cells["Risk"]] == ["R-0002", "R-0001"]
    assert cells["What is done"][0] == "▲ Nothing is being done"
    due = (TODAY + timedelta(days=20)).strftime
    assert "Treatments under way: 1, next due" in cells["What is done"][1]
    assert due("%Y") in cells["What is done"][1]
    assert "Medium" in cells["Above which limit"][0]


def test_an_escalation_stands_until_it_is_answered(house: RiskHouse, monkeypatch: MP) -> None:
    assert "No escalation waits" in tab(house, monkeypatch, DIRECTOR, part="escalations").said
    house.do(escalate_risk, "owner", "R-0002", to_role="manager", reason="No supplier answers.")
    page = tab(house, monkeypatch, DIRECTOR, part="escalations")
    assert "Escalations that wait for an answer: 1." in page.said
    assert "No supplier answers." in page.table["Why"][0]
    assert "days: 0" in page.table["Since"][0]


def test_the_past_is_looked_at_and_not_changed(house: RiskHouse, monkeypatch: MP) -> None:
    day = date(2025, 1, 1).isoformat()
    page = tab(house, monkeypatch, COORDINATOR, part="statements", as_of=day)
    assert "Propose a statement" not in [one.label for one in page.page.expander]


def test_who_sees_only_what_is_published_is_led_away(house: RiskHouse, monkeypatch: MP) -> None:
    page = tab(house, monkeypatch, "viewer@example.org")
    assert "R-0002" not in page.said
    assert page.page.warning
