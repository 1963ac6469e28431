"""The page of readings: write, prove, hand on, approve, lock; and what the KPI page then tells."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.pages.entered_readings import EnteringView
from data.access.roles import Role
from data.people import add_first_administrator
from data.workspace import Workspace
from kpis.entering import Line, Written, approve_readings, submit_lines
from kpis.entries import EntryState, Slot
from tests.dashboard.pages.measured import Tab
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import settings_in
from tests.kpis.entering.house import (
    FEB,
    JAN,
    MAR,
    OTHER,
    OWNER,
    SCORE,
    SHARE,
    approved,
    entries_of,
    settled,
    submit,
    told,
)

MP = pytest.MonkeyPatch
WRITER, SECOND, BOSS, LOOKER = (f"{n}@example.org" for n in ("owner", "other", "boss", "viewer"))
JANUARY = f"entering.{SCORE}.2024-01.CRA"


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("page") / "home"
    workspace = settled(home)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    for email, role in (
        (WRITER, Role.KPI_OWNER),
        (SECOND, Role.KPI_OWNER),
        (BOSS, Role.MANAGER),
        (LOOKER, Role.VIEWER),
    ):
        join(workspace, email, role)
    workspace.database.dispose()
    return home


@pytest.fixture
def house(peopled: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(peopled, tmp_path / "home")
    workspace = Workspace.open(settings_in(tmp_path / "home"))
    yield workspace
    workspace.database.dispose()


def opened(house: Workspace, monkeypatch: MP, email: str = WRITER, view: str = "") -> Tab:
    tab = Tab(house, monkeypatch, "readings", email=email)
    if view:
        tab.page.button_group(key="entering.view").set_value(EnteringView(view)).run()
        assert not tab.page.exception
    return tab


def consent(tab: Tab, opener: str, yes: str) -> None:
    """Open a dialog and answer it."""
    tab.page.button(key=opener).click().run()
    tab.page.button(key=opener).click()
    tab.page.button(key=yes).click().run()
    assert not tab.page.exception


def at_score(tab: Tab) -> None:
    tab.choose("entering.kpi", SCORE)


def test_a_value_goes_from_the_form_to_the_scorecard_through_two_people(
    house: Workspace, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    at_score(tab)
    tab.page.number_input(key=f"{JANUARY}.0.first").set_value(3.25)
    tab.page.text_input(key=f"{JANUARY}.0.note").set_value("Survey, page 4")
    tab.page.button(key=f"{JANUARY}.0.submit").click().run()
    assert not tab.page.exception
    assert "It waits for a second person." in tab.said
    own = opened(house, monkeypatch, WRITER, "approve")
    assert "Written by you: 1." in own.said
    assert not [one for one in own.page.button if one.label.startswith("Approve")]
    other = opened(house, monkeypatch, SECOND, "approve")
    consent(other, f"entering.approve.{SCORE}.2024-01.yes", "confirm.yes")
    assert "Approved and published." in other.said
    assert told(house, SCORE, "2024-01").figure.value == 3.25


def test_what_was_typed_survives_a_refusal(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    at_score(tab)
    tab.page.number_input(key=f"{JANUARY}.0.first").set_value(9.0)
    tab.page.text_input(key=f"{JANUARY}.0.note").set_value("Survey, page 4")
    tab.page.button(key=f"{JANUARY}.0.submit").click().run()
    assert "9.00 is not possible here (least 1, most 5)." in tab.said
    assert tab.page.number_input(key=f"{JANUARY}.0.first").value == 9.0
    assert tab.page.text_input(key=f"{JANUARY}.0.note").value == "Survey, page 4"
    assert entries_of(house) == ()


def test_without_evidence_the_draft_is_kept_and_says_what_lacks(
    house: Workspace, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    at_score(tab)
    tab.page.number_input(key=f"{JANUARY}.0.first").set_value(3.0)
    tab.page.button(key=f"{JANUARY}.0.submit").click().run()
    assert "Without evidence nothing is submitted" in tab.said
    (entry,) = entries_of(house)
    assert (entry.numerator, entry.state) == (3.0, EntryState.DRAFT)


def test_an_unusual_figure_has_to_be_said_to_be_right(house: Workspace, monkeypatch: MP) -> None:
    months = list(JAN.until(JAN.shift(14)))
    lines = [
        Line(Slot(SCORE, each), Written(3.0 + 0.1 * (n % 3)), note="survey")
        for n, each in enumerate(months)
    ]
    submit_lines(house, by=OWNER, lines=lines)
    approve_readings(house, by=OTHER, entries=entries_of(house))
    key = f"entering.{SCORE}.2025-04.CRA"
    tab = opened(house, monkeypatch)
    at_score(tab)
    tab.page.number_input(key=f"{key}.0.first").set_value(4.9)
    tab.page.text_input(key=f"{key}.0.note").set_value("Survey, page 4")
    tab.page.button(key=f"{key}.0.submit").click().run()
    assert "lies outside what the series has been" in tab.said
    number = entries_of(house)[-1].id
    tab.page.checkbox(key=f"{key}.{number}.confirmed").check()
    tab.page.button(key=f"{key}.{number}.submit").click().run()
    assert "It waits for a second person." in tab.said
    last = entries_of(house)[-1]
    assert (last.state, last.confirmed) == (EntryState.SUBMITTED, True)


def test_a_value_is_given_back_with_a_comment_that_its_writer_reads(
    house: Workspace, monkeypatch: MP
) -> None:
    submit(house, Slot(SCORE, JAN), 3.0)
    boss = opened(house, monkeypatch, BOSS)
    opener = f"entering.approve.{SCORE}.2024-01.no"
    consent(boss, opener, "entering.return.yes")
    assert "Say why." in boss.said
    boss.page.text_area(key="entering.return.comment").set_value("Which survey?")
    boss.page.button(key=opener).click()
    boss.page.button(key="entering.return.yes").click().run()
    tab = opened(house, monkeypatch)
    at_score(tab)
    assert "returned it: Which survey?" in tab.said


def test_many_values_are_approved_together(house: Workspace, monkeypatch: MP) -> None:
    for office in ("O01", "O02", "O03"):
        submit(house, Slot(SHARE, JAN, office), 8, 10)
    boss = opened(house, monkeypatch, BOSS)
    consent(boss, f"entering.approve.{SHARE}.2024-01.yes", "confirm.yes")
    assert told(house, SHARE, "2024-01").figure.value == 80.0


def test_a_period_is_locked_and_unlocked_with_a_reason(house: Workspace, monkeypatch: MP) -> None:
    approved(house, Slot(SCORE, FEB), 3.0)
    boss = opened(house, monkeypatch, BOSS, "locks")
    boss.page.button(key="entering.lock.yes").click().run()
    assert "The period is locked." in boss.said
    boss.page.button(key="entering.unlock.yes").click().run()
    assert "Say why." in boss.said
    boss.page.text_input(key="entering.unlock.reason").set_value("A late survey")
    boss.page.button(key="entering.unlock.yes").click().run()
    assert "The period is unlocked." in boss.said
    assert "A late survey" in boss.page.table[0].value.to_string()


def test_a_viewer_does_not_come_in(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, LOOKER)
    assert "To enter" not in tab.said
    assert not tab.page.number_input


def test_the_kpi_page_tells_who_and_why(house: Workspace, monkeypatch: MP) -> None:
    approved(house, Slot(SCORE, MAR), 3.0)
    approved(house, Slot(SCORE, MAR), 4.0, reason="Late answers")
    for part, said in (
        ("lineage", "Sheet 7 of the binder"),
        ("restatements", "approved by other@example.org: Late answers"),
    ):
        asked = {"kpi": SCORE, "period": "2024-03", "part": part}
        tab = Tab(house, monkeypatch, "kpi", email=LOOKER, **asked)
        assert said in tab.page.table[0].value.to_string().replace("\\", "")
    tab = Tab(house, monkeypatch, "kpi", email=BOSS, kpi=SCORE, period="2024-03", part="rows")
    assert "Nothing to drill into" in tab.said
    tab = Tab(house, monkeypatch, "kpi", email=BOSS, kpi=SCORE, period="2024-03", part="definition")
    assert "approved by a second person" in tab.said
