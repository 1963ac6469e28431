"""Extracts, data quality, readings, definitions, reference data as of an earlier load.

What each page shows then is what it showed before anything else was done.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from dashboard.pages.entered_readings import EnteringView
from dashboard.pages.extracts import ExtractsView
from dashboard.pages.reference import ReferencePart
from dashboard.pages.targets import TargetPart
from data.access.actor import SYSTEM
from data.access.roles import Role
from data.agency.calendar import DayKind, mark_day
from data.agency.offices import rename_office
from data.agency.offices.actions import Seen
from data.agency.services import add_service
from data.agency.spans import SpanKind, begin_span
from data.agency.stating import Grounds
from data.extracts.actions import withdraw_load
from data.extracts.history import loads
from data.language.languages import Language
from data.workspace import Workspace
from kpis.commentary import assign_action
from kpis.defining.actions import retire_kpi
from kpis.entering import approve_readings
from kpis.entries import Slot
from kpis.locks import lock_period
from tests.dashboard.pages.measured import MANAGER, STEWARD, Tab, measured
from tests.house import ADMIN, join
from tests.kpis.conftest import settings_in
from tests.kpis.entering.house import FEB, JAN, MAR, OTHER, SCORE, SPECS, approved, define, submit

MP = pytest.MonkeyPatch
AUDITOR, OWNER = "auditor@example.org", "owner@example.org"
GROUNDS = Grounds("Order 7/2025", "It is so")
NAMES = {"sq": "Zyra e re", "sr": "Nova kancelarija", "en": "New office"}
PARTS = (
    ReferencePart.OFFICES, ReferencePart.SERVICES, ReferencePart.CALENDAR, ReferencePart.MINUTES,
)  # fmt: skip
# Which page, opened by somebody who may change nothing on it, and which part of it.
LOOKED_AT: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("extracts", AUDITOR, {"extracts.view": ExtractsView.COMPLETENESS}),
    ("extracts", AUDITOR, {"extracts.view": ExtractsView.LOADS}),
    ("data-quality", AUDITOR, {}),
    ("readings", AUDITOR, {"entering.view": EnteringView.HISTORY}),
    ("readings", AUDITOR, {"entering.view": EnteringView.LOCKS}),
    *(("reference", AUDITOR, {"reference.part": part}) for part in PARTS),
)
# Which page offers to change something now, to whom, and in which part of it.
CHANGED_ON: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("extracts", STEWARD, {"extracts.view": ExtractsView.BRING}),
    ("extracts", STEWARD, {"extracts.view": ExtractsView.LOADS, "extracts.batch": "first"}),
    ("readings", OWNER, {"entering.view": EnteringView.ENTER}),
    ("readings", MANAGER, {"entering.view": EnteringView.APPROVE}),
    ("readings", MANAGER, {"entering.view": EnteringView.LOCKS}),
    ("definitions", OWNER, {"define.which": "SD-01"}),
    *(("reference", ADMIN, {"reference.part": part}) for part in (*PARTS, ReferencePart.PLACES)),
    ("targets", MANAGER, {"targets.part": TargetPart.SET}),
    ("targets", MANAGER, {"targets.part": TargetPart.WORKBOOK}),
    ("actions", MANAGER, {}),
    ("kpi", MANAGER, {}),
)
NOT_THERE = {ExtractsView.BRING, TargetPart.SET, TargetPart.WORKBOOK}  # in the past
LOOKING = {"as-of-back", "kpi.before", "kpi.after"}
CHANGES = ("file_uploader", "text_input", "text_area")
Shown = list[Any]


@dataclass(frozen=True)
class Told:
    """The house after everything was done, and what its pages showed before."""

    house: Workspace
    before: dict[str, Shown]
    first: str  # the batch of the first load


def opened(house: Workspace, monkeypatch: MP, page: str, email: str, as_of: str = "") -> Tab:
    given = {"as_of": as_of} if as_of else {}
    return Tab(house, monkeypatch, page, email=email, period="2025-03", kpi="SD-03", **given)


def seen(tab: Tab, state: Mapping[str, str]) -> Shown:
    """Every table and sentence; what time it is looked at is left out."""
    for key, part in state.items():
        kind = tab.page.button_group if isinstance(part, StrEnum) else tab.page.selectbox
        kind(key=key).set_value(part).run()
        assert not tab.page.exception
    tables = [one.value.to_dict() for kind in (tab.page.table, tab.page.dataframe) for one in kind]
    said = [one.value for kind in (tab.page.markdown, tab.page.caption) for one in kind]
    told = [*tables, *(text for text in said if "after load 2" not in text)]
    plainly: Shown = json.loads(json.dumps(told, default=str).replace("&as_of=2", ""))
    return plainly


def named(page: str, state: Mapping[str, str]) -> str:
    return " ".join([page, *state.values()])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    home = tmp_path_factory.mktemp("past") / "home"
    shutil.copytree(measured(tmp_path_factory).settings.home, home)
    house = Workspace.open(settings_in(home))
    join(house, AUDITOR, Role.INTERNAL_AUDITOR)
    join(house, OWNER, Role.KPI_OWNER)
    define(house, SCORE, SPECS[SCORE])
    approved(house, Slot(SCORE, JAN), 2.0)
    assign_action(
        house, by=SYSTEM, code="SD-03", period=JAN, what="Call them", assignee=MANAGER,
        due=date(2027, 1, 1),
    )  # fmt: skip
    waiting = submit(house, Slot(SCORE, FEB), 3.0)
    with pytest.MonkeyPatch.context() as patch:
        before = {
            named(page, state): seen(opened(house, patch, page, email), state)
            for page, email, state in LOOKED_AT
        }
        defined = opened(house, patch, "definitions", OWNER).page.dataframe[0].value
        before["definitions"] = [defined.to_dict()]
    withdraw_load(
        house, by=SYSTEM, batch_id=loads(house, by=SYSTEM)[0].batch.id, reason="of another year"
    )
    _go_on(house)
    approve_readings(house, by=OTHER, entries=[waiting])
    submit(house, Slot(SCORE, MAR), 4.0)
    yield Told(house, before, loads(house, by=SYSTEM)[-1].batch.id)
    house.database.dispose()


def _go_on(house: Workspace) -> None:
    """Change a bit of everything, after the second load."""
    day = date(2025, 3, 3)
    rename_office(house, by=SYSTEM, office=Seen("O01", 1), names=NAMES, day=day, grounds=GROUNDS)
    add_service(house, by=SYSTEM, code="NEW_ONE", names=NAMES, grounds=GROUNDS)
    mark_day(
        house, by=SYSTEM, day=date(2026, 3, 3), kind=DayKind.HOLIDAY, name="Off", grounds=GROUNDS
    )
    said = {"service_code": "PASSPORT", "minutes": 30.0}
    begin_span(house, by=SYSTEM, kind=SpanKind.MINUTES, said=said, valid_from=day, grounds=GROUNDS)
    retire_kpi(house, by=SYSTEM, code="SD-05", reason="of no use")
    lock_period(house, by=SYSTEM, period=JAN)


@pytest.mark.parametrize(("page", "email", "state"), LOOKED_AT)
def test_a_page_shows_what_it_showed_then(
    told: Told, monkeypatch: MP, page: str, email: str, state: Mapping[str, str]
) -> None:
    then = seen(opened(told.house, monkeypatch, page, email, "2"), state)
    assert then == told.before[named(page, state)]


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("extracts", {"extracts.view": ExtractsView.LOADS}),
        ("readings", {"entering.view": EnteringView.HISTORY}),
        ("readings", {"entering.view": EnteringView.LOCKS}),
        ("reference", {"reference.part": ReferencePart.OFFICES}),
        ("reference", {"reference.part": ReferencePart.SERVICES}),
        ("reference", {"reference.part": ReferencePart.MINUTES}),
    ],
)
def test_today_it_shows_something_else(
    told: Told, monkeypatch: MP, page: str, state: Mapping[str, str]
) -> None:
    now = seen(opened(told.house, monkeypatch, page, AUDITOR), state)
    assert now != told.before[named(page, state)]


def test_a_kpi_retired_since_is_in_use_among_the_definitions(told: Told, monkeypatch: MP) -> None:
    then = opened(told.house, monkeypatch, "definitions", OWNER, "2").page.dataframe[0].value
    now = opened(told.house, monkeypatch, "definitions", OWNER).page.dataframe[0].value
    assert then.to_dict() == told.before["definitions"][0]
    assert now.to_dict() != told.before["definitions"][0]


def test_what_waited_for_a_second_person_is_seen(told: Told, monkeypatch: MP) -> None:
    tab = opened(told.house, monkeypatch, "readings", MANAGER, "2")
    shown = seen(tab, {"entering.view": EnteringView.APPROVE})
    assert "February 2024" in tab.said  # approved since
    assert "March 2024" not in tab.said  # not written yet
    assert shown[0]["Value"]["0"] == r"3\.00"


@pytest.mark.parametrize(("page", "email", "state"), CHANGED_ON)
def test_what_is_offered_now_is_not_offered_in_the_past(
    told: Told, monkeypatch: MP, page: str, email: str, state: Mapping[str, str]
) -> None:
    kept = {key: told.first if part == "first" else part for key, part in state.items()}
    now = opened(told.house, monkeypatch, page, email)
    seen(now, kept)
    assert offered(now)
    then = opened(told.house, monkeypatch, page, email, "2")
    seen(then, {key: part for key, part in kept.items() if part not in NOT_THERE})
    assert not offered(then)


def offered(tab: Tab) -> list[str]:
    """The fields in which something is written, and the buttons but for the way back."""
    buttons = [str(one.key) for one in tab.page.button if one.key not in LOOKING]
    return buttons + [kind for kind in CHANGES if tab.page.get(kind)]


def test_a_part_that_is_not_there_in_the_past_gives_way(told: Told, monkeypatch: MP) -> None:
    tab = opened(told.house, monkeypatch, "extracts", STEWARD)
    seen(tab, {"extracts.view": ExtractsView.BRING})
    tab.page.query_params["as_of"] = "2"
    tab.run()
    assert tab.page.session_state["extracts.view"] is ExtractsView.COMPLETENESS


def test_ones_own_language_can_be_chosen_while_looking_back(told: Told, monkeypatch: MP) -> None:
    tab = opened(told.house, monkeypatch, "reference", OWNER, "2")
    tab.choose("top.language", Language.SQ)
    assert "after load" not in tab.said  # it is said in Albanian
    assert "2" in tab.page.query_params["as_of"]
    assert "Të dhënat referente" in tab.said
    tab.choose("top.language", Language.EN)
