"""Who acts: the page of actions, the commentary of a KPI, and how overview and scorecard say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard.components.commentary import listing
from dashboard.components.commentary.choosing import ActionKind
from dashboard.components.commentary.listing import Names
from dashboard.components.tables import csv_file
from dashboard.pages.kpi import KpiPart
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.store import tables
from data.store.tables import ActionUpdate
from data.workspace import Workspace
from kpis.commentary import (
    Action,
    ActionState,
    read_actions,
    read_history,
    write_commentary,
)
from tests.dashboard.pages.measured import Tab
from tests.house import actor
from tests.kpis.commentary.house import CODE, GUEST, HEAD, MANAGER, OWNER, WORKER, commented

MP = pytest.MonkeyPatch
TODAY = datetime.now(UTC).date()
GIVE = "actions.assign."
AUGUST, JULY = Period.parse("2024-08"), Period.parse("2024-07")


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = commented(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


def given(
    house: Workspace, what: str, who: str, due: date, *, heard: int = 0, moved: int = 0
) -> int:
    """An action as it would stand had it been given some days ago."""
    person = actor(house, who).person_id or 0
    at = datetime.now(UTC) - days(heard)
    with house.change(SYSTEM, Permission.ACTION_ASSIGN) as change:
        row = tables.Action(
            kpi_code=CODE,
            frequency="month",
            period_start=AUGUST.start,
            what=what,
            assignee_id=person,
            due=due,
            first_due=due - days(moved),
            state="in_progress",
            author=MANAGER,
            created_at=at,
            heard_at=at,
        )
        change.add(row)
        change.record(AuditTag.ACTION_ASSIGNED, row, new={"kind": CODE})
        number = row.id or 0
        change.add(ActionUpdate(action_id=number, text="Begun", author=who, created_at=at))
    return number


def read(house: Workspace, number: int) -> Action:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return next(one for one in read_actions(reader) if one.id == number)


@pytest.fixture(scope="module")
def numbers(house: Workspace) -> dict[str, int]:
    """Three actions: overdue and put off, silent, on time."""
    return {
        "late": given(house, "Sort the shelves", HEAD, TODAY - days(4), moved=30),
        "silent": given(house, "Ask the ministry", OWNER, TODAY + days(40), heard=45),
        "good": given(house, "Train everybody", HEAD, TODAY + days(10)),
    }


def opened(house: Workspace, monkeypatch: MP, email: str = MANAGER, **more: str) -> Tab:
    return Tab(house, monkeypatch, "actions", email=email, **more)


def kpi_page(house: Workspace, monkeypatch: MP, email: str, period: Period) -> Tab:
    link = {"kpi": CODE, "period": period.code, "part": "commentary"}
    return Tab(house, monkeypatch, "kpi", email=email, **link)


def widget(tab: Tab, kind: str, ending: str, beginning: str = "") -> Any:
    """The first widget whose key begins and ends so."""
    keyed = ((one.key or "", one) for one in getattr(tab.page, kind))
    return next(one for key, one in keyed if key.startswith(beginning) and key.endswith(ending))


# The page of actions


def test_it_lists_who_does_what_until_when(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        live = [
            one for one in read_actions(reader) if one.state.value in ("planned", "in_progress")
        ]
    late = [one for one in live if one.due < TODAY]
    silent = [one for one in live if one.due >= TODAY and (TODAY - one.heard_on).days > 30]
    sentence = f"Open actions: {len(live)}. Overdue: {len(late)}."
    assert f"{sentence} Without recent update: {len(silent)}." in tab.said
    rows = {row.iloc[0].split("\n")[0].strip(): row for _, row in tab.table.iterrows()}
    row = rows[f"№{numbers['late']} Sort the shelves"]
    assert row["By whom"] == "Head"
    assert "(+30)" in row["Due"]
    assert "Overdue since" in row["State"]
    assert "Update overdue since" in rows[f"№{numbers['silent']} Ask the ministry"]["State"]
    assert "overdue" not in rows[f"№{numbers['good']} Train everybody"]["State"].lower()


def test_what_is_chosen_is_what_is_listed(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    tab.choose("actions.kind", ActionKind.OVERDUE)
    listed = "\n".join(tab.table.iloc[:, 0])
    assert "Sort the shelves" in listed
    assert "Train everybody" not in listed
    tab.choose("actions.kind", ActionKind.OPEN)
    tab.choose("actions.person", actor(house, OWNER).person_id)
    assert "Ask the ministry" in "\n".join(tab.table.iloc[:, 0])
    assert set(tab.table["By whom"]) == {"Owner"}


def test_mine_are_told_in_place_and_typed_words_survive_a_refusal(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP
) -> None:
    number = given(house, "Paint the hall", WORKER, TODAY + days(3))
    tab = opened(house, monkeypatch, WORKER)
    assert "My actions: 1" in tab.said
    widget(tab, "text_area", ".text").input("   ")
    widget(tab, "selectbox", ".state").set_value(ActionState.DONE)
    widget(tab, "button", ".save").click().run()
    assert "without a result an action is not done" in tab.said
    assert widget(tab, "selectbox", ".state").value is ActionState.DONE
    widget(tab, "text_area", ".text").input("Painted white")
    widget(tab, "button", ".save").click().run()
    assert not tab.page.exception
    assert (read(house, number).state, read(house, number).result) == ("done", "Painted white")
    assert "My actions: 0" in tab.said


def test_a_link_opens_one_action_and_only_who_may_finds_the_form(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP
) -> None:
    link = {"part": str(numbers["late"])}
    assert "Begun" in opened(house, monkeypatch, GUEST, **link).said
    assert not opened(house, monkeypatch, GUEST, **link).page.text_area
    tab = opened(house, monkeypatch, MANAGER, **link)
    assert widget(tab, "date_input", ".due").value == TODAY - days(4)
    widget(tab, "text_area", ".text").input("The shelves came late")
    widget(tab, "date_input", ".due").set_value(TODAY + days(6))
    widget(tab, "button", ".save").click().run()
    action = read(house, numbers["late"])
    assert (action.due, action.slipped_days) == (TODAY + days(6), 40)


def test_the_file_has_every_action_and_runs_no_formula(house: Workspace) -> None:
    number = given(house, "=cmd()", HEAD, TODAY + days(2))
    texts, names = Texts(Language.EN), Names({CODE: "First-time-right"}, {})
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = read_actions(reader)
    content = csv_file(
        listing.file_headers(texts),
        (listing.file_row(texts, one, names, TODAY) for one in found),
    )
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [int(row["Number"]) for row in rows] == [one.id for one in found]
    mine = next(row for row in rows if row["Number"] == str(number))
    assert mine["Action"] == "'=cmd()"
    assert mine["Due"] == (TODAY + days(2)).isoformat()


# The commentary of a KPI


def test_commentary_is_written_read_and_written_anew(house: Workspace, monkeypatch: MP) -> None:
    tab = kpi_page(house, monkeypatch, OWNER, AUGUST)
    assert tab.page.button_group(key="kpi.part").value == KpiPart.COMMENTARY
    assert "Nothing was said about this period yet" in tab.said
    widget(tab, "text_area", ".happened").input("Half of them came back")
    widget(tab, "button", ".0.save").click().run()
    assert "Say why it happened" in tab.said
    assert widget(tab, "text_area", ".happened").value == "Half of them came back"
    widget(tab, "text_area", ".cause").input("The *form* is new")
    widget(tab, "button", ".0.save").click().run()
    assert not tab.page.exception
    for text in ("Half of them came back", "The *form* is new", OWNER):
        assert text in tab.said
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (standing,) = [one for one in read_history(reader, CODE) if one.period == AUGUST]
    assert widget(tab, "text_area", ".happened").value == "Half of them came back"
    write_commentary(
        house,
        by=actor(house, MANAGER),
        code=CODE,
        period=AUGUST,
        happened="Seen otherwise",
        cause="Other",
        replaces=standing.id,
    )
    tab.run()
    assert "Seen otherwise" in tab.said
    assert "Earlier versions: 1" in [one.label for one in tab.page.expander]


def test_an_action_is_given_and_shown_where_it_belongs(house: Workspace, monkeypatch: MP) -> None:
    tab = kpi_page(house, monkeypatch, MANAGER, AUGUST)
    widget(tab, "text_area", ".what").input("Explain the form")
    give = next(one for one in tab.page.button if one.label == "Give the action")
    give.click().run()
    assert "by whom and until when" in tab.said
    assert widget(tab, "text_area", ".what").value == "Explain the form"
    widget(tab, "selectbox", ".who", GIVE).set_value(HEAD)
    widget(tab, "date_input", ".due", GIVE).set_value(TODAY + days(15))
    next(one for one in tab.page.button if one.label == "Give the action").click().run()
    assert not tab.page.exception
    assert "Explain the form" in tab.said


def test_who_may_only_look_finds_no_form(house: Workspace, monkeypatch: MP) -> None:
    tab = kpi_page(house, monkeypatch, GUEST, JULY)
    assert not tab.page.text_area
    assert "commentary is due by" in tab.said


# Overview and scorecard


def test_overview_and_scorecard_say_who_acts(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP
) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        live = [one for one in read_actions(reader, [CODE], open_only=True) if one.office is None]
    acting = next(one for one in live if one.due >= TODAY)
    overview = Tab(house, monkeypatch, "overview", period="2024-08")
    until = Texts(Language.EN).day_short(acting.due)
    assert f"{acting.assignee}, until {until}" in overview.said
    assert "Overdue updates:" in overview.said
    card = Tab(house, monkeypatch, "scorecard", period="2024-08")
    row = next(row for _, row in card.table.iterrows() if CODE in row.iloc[0])
    assert f"{acting.assignee}, until {until}" in row["Does it meet the target?"]
    idle = card.page.checkbox(key="scorecard.without_action")
    assert idle.label.startswith("Without action: ")
    idle.check().run()
    assert CODE not in "\n".join(card.table.iloc[:, 0]) if card.page.table else True


@pytest.mark.parametrize("language", ["sq"])
def test_it_speaks_the_other_languages(
    house: Workspace, numbers: dict[str, int], monkeypatch: MP, language: str
) -> None:
    tab = opened(house, monkeypatch, language=language)
    english = opened(house, monkeypatch, language="en")
    assert not set(tab.table.columns) & set(english.table.columns)
