"""The page of reference data: what an edit will change is seen before, and comes about after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select

from dashboard.components.reference.service_forms import ServiceDeed
from dashboard.jobs.kinds import KINDS
from dashboard.jobs.steps import Work
from dashboard.pages.reference import ReferencePart
from dashboard.web.api.question import Question
from dashboard.web.api.values import list_values
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid
from data.language.languages import Language
from data.language.texts import Texts
from data.people import add_first_administrator
from data.period import Period
from data.store.tables import (
    AuditEntry,
    CalendarDay,
    District,
    Job,
    Municipality,
    Office,
    Service,
    ServiceRule,
)
from data.workspace import Workspace
from kpis.readings import Ask, refresh, values
from tests.dashboard.pages.measured import Tab
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in

VIEWER = "viewer@example.org"
CODES = ["IN-01", "SD-03"]
MERGED_ON = date(2025, 2, 1)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Three offices and two KPIs, measured; the tests follow one another in it."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("reference"))))
    open_offices(workspace, ["O01", "O02", "O03"])
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, VIEWER, Role.VIEWER, WHOLE_AGENCY)
    Loads(workspace).load("applications", applications(500, seed=4), cut_off=date(2025, 4, 30))
    refresh(workspace, by=SYSTEM, codes=CODES)
    yield workspace
    workspace.database.dispose()


def opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, part: str) -> Tab:
    tab = Tab(workspace, monkeypatch, "reference", email=ADMIN)
    tab.page.button_group(key="reference.part").set_value(ReferencePart(part)).run()
    assert not tab.page.exception
    return tab


def preview(tab: Tab, label: str = "Preview", place: int = 0) -> None:
    [one for one in tab.page.button if one.label == label][place].click()
    tab.run()


def save(tab: Tab) -> None:
    tab.page.button(key="reference.save").click()
    tab.run()


def by_office(workspace: Workspace, code: str, month: str) -> dict[str, float | None]:
    period = Period.parse(month)
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask(code, period, period, ("office",)))
    return {each.cell.member: each.figure.value for each in found}


def by_service(workspace: Workspace, code: str, month: str) -> dict[str, float | None]:
    period = Period.parse(month)
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask(code, period, period, ("service",)))
    return {each.cell.member: each.figure.value for each in found}


def queued(workspace: Workspace) -> list[Job]:
    with workspace.database.reading() as session:
        return list(session.exec(select(Job)))


def by_month(workspace: Workspace, code: str) -> dict[tuple[Period, str], float | None]:
    """Every published month of the whole ("") and of each office."""
    found: dict[tuple[Period, str], float | None] = {}
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        first, last = Period.parse("2024-01"), Period.parse("2025-04")
        for by in ((), ("office",)):
            for each in values(reader, Ask(code, first, last, by)):
                found[each.period, each.cell.member] = each.figure.value
    return found


def work_off(workspace: Workspace) -> None:
    """What the worker does with the newest job, as who asked for it."""
    with workspace.database.reading() as session:
        job = session.exec(select(Job).order_by(Job.id.desc())).first()  # type: ignore[union-attr]
    assert job is not None
    assert (job.kind, job.queued_by) == ("measure_anew", ADMIN)
    for _name, step in KINDS[job.kind].steps:
        step(Work(workspace, SYSTEM, {"codes": CODES}, {}, lambda _key, _done: None))


def test_a_merger_is_previewed_saved_and_measured(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_office(small, "IN-01", "2025-01")
    tab = opened(small, monkeypatch, "offices")
    assert "Offices open: 3. Merged into others: 0. Closed: 0." in tab.said
    tab.page.selectbox(key="reference.merge.office").set_value("O02")
    tab.page.selectbox(key="reference.merge.into").set_value("O02")
    tab.page.date_input(key="reference.merge.day").set_value(MERGED_ON)
    tab.page.text_input(key="reference.merge.source").set_value("Decision 3/2025")
    tab.page.text_input(key="reference.merge.reason").set_value("New network")
    preview(tab)
    assert "Merging O02 into O02 would lead back to O02." in tab.said
    assert tab.page.text_input(key="reference.merge.source").value == "Decision 3/2025"
    tab.page.selectbox(key="reference.merge.into").set_value("O01")
    preview(tab)
    assert "KPIs that rest on this (2): SD-03, IN-01." in tab.said
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.get(Office, "O02").merged_into is None  # nothing is done yet
    assert by_office(small, "IN-01", "2025-01") == before
    effect = next(one.label for one in tab.page.expander if one.label.startswith("IN"))
    # 16 months of four parts: O02 is gone from all, O01 changes wherever O02 had a case.
    assert "readings change" in effect
    save(tab)
    assert "Saved. What rests on it is being measured anew." in tab.said
    assert "Offices open: 2. Merged into others: 1. Closed: 0." in tab.said
    work_off(small)
    after = by_office(small, "IN-01", "2025-01")
    joined = (before["O01"] or 0) + (before["O02"] or 0)
    assert after == {"O01": joined, "O03": before["O03"], "not_stated": before["not_stated"]}


def test_pages_say_which_office_includes_which(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(small, monkeypatch, "kpi", email=VIEWER, kpi="IN-01", office="O02", period="2025-03")
    assert tab.page.selectbox(key="top.office").value == "O01"
    assert any("O02 was merged into O01" in one.value.replace("\\", "") for one in tab.page.info)
    assert "O01 includes O02 (O02), merged on 1 February 2025, in all periods." in tab.said
    assert "O02" not in tab.page.selectbox(key="top.office").options


def test_a_merger_entered_by_mistake_can_be_taken_back(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = opened(small, monkeypatch, "offices")
    assert "O02 (O02) was merged into O01 on 1 February 2025." in tab.said
    assert "Source: Decision 3/2025" in tab.said
    next(one for one in tab.page.button if one.label == "Take back").click()
    tab.run()
    tab.page.text_input(key="reference.undo.reason").set_value("Typo")
    # A dialog is drawn again only where its opener is pressed.
    next(one for one in tab.page.button if one.label == "Take back").click()
    tab.page.button(key="reference.undo.do").click()
    tab.run()
    assert "Taken back: O02 (O02) was merged into O01 on 1 February 2025." in tab.said
    assert "readings change" in " ".join(one.label for one in tab.page.expander)
    tab.page.button(key="reference.cancel").click()
    tab.run()
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.get(Office, "O02").merged_into == "O01"


def test_the_data_interface_says_which_office_includes_which(small: Workspace) -> None:
    path, asked = {"code": "IN-01"}, {"by": "office", "from": "2025-01", "to": "2025-01"}
    question = Question(small, SYSTEM, Texts(Language.EN), "/", path, asked)
    head = list_values(question).head
    assert head["network"] == {"O01": [{"office": "O02", "merged_on": "2025-02-01"}]}
    merged = Question(small, SYSTEM, Texts(Language.EN), "/", path, {"office": "O02"})
    with pytest.raises(Invalid) as refused:
        list_values(merged)
    assert refused.value.key == "reference.refused.office_merged"


def test_a_deadline_changes_what_rests_on_it_from_its_day_on(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_month(small, "SD-03")
    tab = opened(small, monkeypatch, "deadlines")
    key = "reference.deadline.begin"
    tab.page.selectbox(key=f"{key}.service").set_value("PASSPORT")
    tab.page.number_input(key=f"{key}.days").set_value(1)
    tab.page.date_input(key=f"{key}.from").set_value(date(2024, 10, 1))
    tab.page.text_input(key=f"{key}.source").set_value("Instruction 1/2024")
    preview(tab)
    assert "Say why this is changed." in tab.said
    tab.page.text_input(key=f"{key}.reason").set_value("New instruction")
    preview(tab)
    assert "KPIs that rest on this (1): SD-03." in tab.said
    effect = next(one.label for one in tab.page.expander if one.label.startswith("SD"))
    save(tab)
    work_off(small)
    after = by_month(small, "SD-03")
    changed = [key for key in before if before[key] != after[key]]
    first, last = (Texts(Language.EN).period(place(changed)[0]) for place in (min, max))
    assert min(changed)[0].start >= date(2024, 10, 1)
    assert f"{len(changed)} of {len(before)} readings change, {first} to {last}" in effect
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        rules = reader.all(
            select(ServiceRule).where(
                ServiceRule.service_code == "PASSPORT", ServiceRule.speed == "normal"
            )
        )
    spans = sorted((rule.valid_from, rule.valid_to, rule.deadline_days) for rule in rules)
    assert spans[-1] == (date(2024, 10, 1), None, 1)
    assert spans[-2][1] == date(2024, 9, 30)


def test_a_holiday_is_marked_and_cleared(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    day, key = date(2025, 3, 12), "reference.calendar.mark"
    tab = opened(small, monkeypatch, "calendar")
    tab.page.date_input(key=f"{key}.day").set_value(day)
    tab.page.text_input(key=f"{key}.name").set_value("Day of mourning")
    tab.page.text_input(key=f"{key}.source").set_value("Government 5/2025")
    tab.page.text_input(key=f"{key}.reason").set_value("Decided")
    preview(tab)
    assert "12 March 2025 is a holiday: Day of mourning." in tab.said
    save(tab)
    tab.choose("reference.calendar.year", 2025)
    tab.page.selectbox(key="reference.calendar.clear.day").set_value(day)
    tab.page.text_input(key="reference.calendar.clear.reason").set_value("Mistake")
    preview(tab, place=1)
    save(tab)
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.find(CalendarDay, day) is None
    with small.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.noun == "calendar_day")).all()
    kept = [one for one in entries if one.noun_id == day.isoformat()]
    assert [(one.new or {}).get("reason") for one in kept] == ["Decided", "Mistake"]
    assert (kept[1].old or {})["name"] == "Day of mourning"


def test_a_service_is_retired_and_its_readings_keep_their_name(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, key = by_service(small, "IN-01", "2025-03"), "reference.services.retire"
    jobs = len(queued(small))
    tab = opened(small, monkeypatch, "services")
    assert "Services in use: 6. Retired: 0." in tab.said
    tab.page.button_group(key="reference.services.deed").set_value(ServiceDeed.RETIRE).run()
    tab.page.selectbox(key=f"{key}.code").set_value("PASSPORT")
    tab.page.text_input(key=f"{key}.source").set_value("Decision 9/2025")
    preview(tab)
    assert "Say why this is changed." in tab.said
    tab.page.text_input(key=f"{key}.reason").set_value("Delivered elsewhere")
    preview(tab)
    assert "Passport is no longer offered to choose; readings of its history stay." in tab.said
    assert "No reading changes." in tab.said
    save(tab)
    assert "Services in use: 5. Retired: 1." in tab.said
    assert len(queued(small)) == jobs  # nothing is measured anew
    assert by_service(small, "IN-01", "2025-03") == before
    shown = Tab(small, monkeypatch, "service-delivery", email=VIEWER, period="2025-03")
    assert "Passport" not in shown.page.selectbox(key="top.service").options
    assert "Passport" in set(shown.table["Service"])
    tab = opened(small, monkeypatch, "deadlines")
    assert "Passport" not in tab.page.selectbox(key="reference.deadline.begin.service").options


def test_a_service_is_added_once_its_code_is_its_own(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "reference.services.add"
    tab = opened(small, monkeypatch, "services")
    told = {"code": "IDCARD", "sq": "Vulë", "sr": "Pečat", "en": "Seal", "source": "Law"}
    for name, text in {**told, "reason": "New"}.items():
        tab.page.text_input(key=f"{key}.{name}").set_value(text)
    preview(tab)
    assert "IDCARD is easily mistaken for ID_CARD: choose another code." in tab.said.replace(
        "\\", ""
    )
    assert tab.page.text_input(key=f"{key}.en").value == "Seal"
    tab.page.text_input(key=f"{key}.code").set_value("SEAL")
    preview(tab)
    assert "Seal (SEAL) is added; files may name it from the next load on." in tab.said
    save(tab)
    assert "Saved. No reading changes." in tab.said
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.get(Service, "SEAL").name_sr == "Pečat"


def test_an_edit_can_be_left(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = opened(small, monkeypatch, "places")
    tab.page.selectbox(key="reference.places.move.code").set_value("01")
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        where = reader.get(Municipality, "01").district_code
        other = next(row.code for row in reader.all(select(District)) if row.code != where)
    tab.page.selectbox(key="reference.places.move.district").set_value(other)
    tab.page.text_input(key="reference.places.move.source").set_value("Law")
    tab.page.text_input(key="reference.places.move.reason").set_value("Moved")
    preview(tab)
    tab.page.button(key="reference.cancel").click()
    tab.run()
    assert "reference.draft" not in tab.page.session_state
    with small.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.get(Municipality, "01").district_code == where


@pytest.mark.parametrize("part", ["online", "minutes", "parameters"])
def test_every_part_is_drawn_and_asks_for_what_lacks(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    tab = opened(small, monkeypatch, part)
    preview(tab)
    assert "Fill in every field first." in tab.said


def test_who_may_only_look_sees_no_forms(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab(small, monkeypatch, "reference", email=VIEWER)
    for part in ReferencePart:
        tab.page.button_group(key="reference.part").set_value(part).run()
        assert not tab.page.exception
        assert not [one for one in tab.page.button if one.label == "Preview"]
