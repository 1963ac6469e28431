"""The inbox on the Extracts page and the Overview, and the switch for history on the former."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.components.kpis.data_notes import inbox_notes
from dashboard.context import Link, PageContext
from data.access.permissions import Permission
from data.access.roles import Role
from data.extracts.history import loads
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from tests.dashboard.pages.test_extracts import MANAGER, STEWARD, Tab, march
from tests.dashboard.tick.houses import AT_ONCE, drop, lying, ticked
from tests.dashboard.tick.houses import march as rows
from tests.house import actor, inhabit, join


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    inhabit(workspace)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    join(workspace, MANAGER, Role.MANAGER)
    return Workspace(replace(workspace.settings, inbox_quiet=AT_ONCE), workspace.database)


@pytest.fixture
def tab(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Tab]:
    return lambda email: Tab(house, email, monkeypatch)


def test_a_refusal_in_the_inbox_stays_until_it_is_seen_to(
    house: Workspace, tab: Callable[[str], Tab]
) -> None:
    assert "Inbox looked at" not in tab(STEWARD).said
    drop(house, "bad.csv", rows(submitted_at="never"))
    drop(house, "good.csv", rows(21, 30))
    ticked(house)
    manager = tab(MANAGER)
    assert "bad.csv" in manager.said
    assert "20 of 20 rows cannot be let in" in manager.said
    assert "loaded 1, known before 0, refused 1" in manager.said
    assert not [one for one in manager.page.button if "seen_to" in str(one.key)]
    assert ["bad.csv" in note.text for note in inbox_notes(overview(house))] == [True]
    steward = tab(STEWARD)
    (button,) = [one for one in steward.page.button if "seen_to" in str(one.key)]
    button.click().run()
    assert "It is off the list." in steward.said
    assert "20 of 20 rows" not in steward.said
    assert list(inbox_notes(overview(house))) == []
    assert "bad.csv" in lying(house, "refused")


def overview(house: Workspace) -> PageContext:
    who = actor(house, MANAGER)
    assert who.may(Permission.EXTRACT_VIEW)
    return PageContext(house, who, Texts(Language.EN), Link(), Period.parse("2025-03"))


def test_history_is_declared_with_its_reason_and_shown_as_such(
    house: Workspace, tab: Callable[[str], Tab], tmp_path: Path
) -> None:
    steward = tab(STEWARD)
    steward.drop("old.csv", march(tmp_path))
    again = next(one for one in steward.page.button if "FormSubmitter" in str(one.key))
    steward.page.checkbox(key=f"extracts.history.{steward.number}").check()
    again.click().run()
    assert "needs a reason" in steward.said
    steward.page.text_input(key=f"extracts.history_reason.{steward.number}").input("Old register")
    again = next(one for one in steward.page.button if "FormSubmitter" in str(one.key))
    again.click().run()
    steward.work()
    steward.press("extracts.load")
    steward.consent("extracts.load", "confirm.yes")
    steward.work()
    (load,) = loads(house, by=actor(house, STEWARD))
    assert (load.batch.history, load.event.reason) == (True, "Old register")
    steward.view("loads")
    steward.page.selectbox(key="extracts.batch").set_value(load.batch.id).run()
    assert "Back-filled, of a time before the system: Old register" in steward.said
    (table,) = steward.page.dataframe
    assert "back-filled" in str(table.value.to_dict())
    steward.view("completeness")
    assert "back-filled: only from loads" in steward.said
