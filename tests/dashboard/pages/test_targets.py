"""The page of targets: what stands, one set with its picture, all of them out and back in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from openpyxl import load_workbook

from dashboard.pages.targets import PART, TargetPart
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.language.languages import Language
from data.people import add_first_administrator
from data.period import Period
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.readings import refresh
from kpis.scorecard import kpi as view_of
from kpis.targets import Course, TargetEntry, target_history
from kpis.targets.actions import set_target
from reports.targets_exchange import export_targets
from reports.targets_exchange.columns import TargetField
from tests.dashboard.pages.measured import MANAGER, VIEWER, Tab
from tests.dashboard.pages.recounted import charts
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import OFFICES, Loads, applications, founded, open_offices, settings_in

MP = pytest.MonkeyPatch
MARCH = "2025-03"
FORM = "targets.form"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("targets"))))
    open_offices(workspace, OFFICES)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, MANAGER, Role.MANAGER)
    join(workspace, VIEWER, Role.VIEWER)
    rows = applications(400, seed=5)
    Loads(workspace).load("applications", rows, cut_off=date(2025, 4, 20))
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    yield workspace
    workspace.database.dispose()


def opened(told: Workspace, monkeypatch: MP, part: TargetPart, **more: str) -> Tab:
    tab = Tab(told, monkeypatch, "targets", **{"period": MARCH, **more})
    if part is not TargetPart.LIST:
        tab.page.button_group(key=PART).set_value(part).run()
        assert not tab.page.exception
    return tab


def key(name: str, code: str = "SD-06", office: str = "CRA", generation: int = 0) -> str:
    return f"{FORM}.{generation}.{code}.{office}.{name}"


def history(told: Workspace, code: str) -> tuple[TargetEntry, ...]:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return target_history(reader, code)


def test_the_list_is_narrowed_down(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, TargetPart.LIST)
    everything = tab.page.dataframe[0].value
    standing = len(everything)
    assumed = int((everything["Assumption"] == "Yes").sum())
    assert f"Targets that stand: {standing}; of these assumptions" in tab.said
    assert f"decided: {assumed}." in tab.said
    assert "SD-04" in tab.said  # has no target
    tab.page.toggle(key="targets.list.assumed").set_value(True).run()
    assert len(tab.page.dataframe[0].value) == assumed < standing
    tab.choose("targets.list.kpi", "SD-07")
    (row,) = tab.page.dataframe[0].value.to_dict("records")
    assert (row["KPI"], row["Target"]) == ("SD-07 · Rejection rate", "1.0–5.0%")
    tab.choose("targets.list.kpi", "SD-03")
    assert "No target is left" in tab.said


def test_a_target_is_seen_before_it_is_set(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, TargetPart.SET, kpi="SD-06")
    page = tab.page
    page.number_input(key=key("low")).set_value(80.0)
    page.text_input(key=key("source")).set_value("Board decision 7")
    page.checkbox(key=key("assumption")).set_value(False)
    page.date_input(key=key("valid_from")).set_value(date(2025, 1, 1))
    page.radio(key=key("course")).set_value(Course.LINEAR).run()
    assert "needs a baseline" in tab.said  # instead of a picture
    page.number_input(key=key("baseline")).set_value(50.0)
    page.date_input(key=key("baseline_day")).set_value(date(2024, 12, 31))
    page.text_input(key=key("baseline_source")).set_value("yearbook")
    page.number_input(key=key("tolerance")).set_value(5.0)
    page.date_input(key=key("due")).set_value(date(2025, 12, 31)).run()
    assert not page.exception
    (figure,) = charts(tab).values()
    aims, threshold, measured, start = figure["data"]
    by_hand = [
        round(
            50
            + 30 * (Period.parse(f"2025-{m:02}").last_day - date(2024, 12, 31)).days / 365
            + 1e-9,
            1,
        )
        for m in range(1, 13)
    ]
    assert aims["y"][-26::2][:12] == by_hand
    assert threshold["y"][-1] == 75.0
    assert start["y"] == [50.0]
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        view = view_of(reader, "SD-06", Period.parse(MARCH))
    values = [value for value in measured["y"] if value is not None]
    assert values[-1] == view.row.figure.value
    assert len(history(told, "SD-06")) == 1  # looked at only

    page.button(key="targets.form.set").click().run()
    assert "Say why" in tab.said
    assert page.number_input(key=key("baseline")).value == 50.0  # what was typed stays
    page.text_input(key=key("reason")).set_value("strategy 2025")
    page.button(key="targets.form.set").click().run()
    assert not page.exception
    newest = history(told, "SD-06")[0]
    assert (newest.author, newest.reason) == (MANAGER, "strategy 2025")
    assert newest.target is not None
    assert (newest.target.low, newest.target.tolerance) == (80.0, 5.0)
    assert newest.path.course is Course.LINEAR
    assert "SD-06 has a new target from 1 January 2025" in tab.said
    assert "strategy 2025" in " ".join(tab.table.to_numpy().ravel())


def test_an_office_is_ended_and_a_slip_withdrawn(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, TargetPart.SET, kpi="SD-04")
    tab.choose("targets.form.office", "O02")
    page = tab.page
    page.number_input(key=key("high", "SD-04", "O02")).set_value(120.0)
    page.text_input(key=key("source", "SD-04", "O02")).set_value("intake")
    page.text_input(key=key("reason", "SD-04", "O02")).set_value("agreed")
    page.button(key="targets.form.set").click().run()
    (set_now,) = history(told, "SD-04")
    assert (set_now.office, set_now.valid_from) == ("O02", date(2025, 4, 1))
    page.text_input(key=key("end.reason", "SD-04", "O02", 1)).set_value("merged")
    page.date_input(key=key("end.day", "SD-04", "O02", 1)).set_value(date(2025, 9, 1))
    page.button(key="targets.end").click().run()
    assert history(told, "SD-04")[0].target is None
    page.selectbox(key=key("withdraw.which", "SD-04", "O02", 2)).set_value(set_now.id)
    page.text_input(key=key("withdraw.reason", "SD-04", "O02", 2)).set_value("a slip")
    page.button(key="targets.withdraw").click().run()
    assert not page.exception
    entry = next(one for one in history(told, "SD-04") if one.id == set_now.id)
    assert entry.replaced_because == "a slip"


def test_what_was_set_meanwhile_is_not_overwritten_unseen(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, TargetPart.SET, kpi="CS-06")
    page = tab.page
    meanwhile = Target(low=61.0, source="Board", assumption=False)
    set_target(
        told,
        by=SYSTEM,
        code="CS-06",
        target=meanwhile,
        valid_from=date(2025, 4, 1),
        reason="first",
    )
    page.number_input(key=key("low", "CS-06")).set_value(62.0)
    page.text_input(key=key("reason", "CS-06")).set_value("second")
    page.button(key="targets.form.set").click().run()
    assert "SYSTEM has set a target for the same day" in tab.said
    assert history(told, "CS-06")[0].target == meanwhile
    page.button(key="targets.form.set").click().run()  # now that it was seen
    newest = history(told, "CS-06")[0]
    assert newest.target is not None
    assert (newest.target.low, newest.reason) == (62.0, "second")


def test_a_workbook_is_looked_at_before_it_is_taken_in(told: Workspace, monkeypatch: MP) -> None:
    content = export_targets(told, by=SYSTEM, language=Language.SQ, day=date(2025, 3, 31))
    tab = opened(told, monkeypatch, TargetPart.WORKBOOK)
    bring(tab, 0, with_low(content, "CS-08", "lots"))
    assert "“Synimet”, row" in tab.said
    assert "“lots” is no number" in tab.said
    assert not [button for button in tab.page.button if button.key == "targets.import.do"]
    bring(tab, 0, with_low(content, "CS-08", 85))
    assert "new 0, changed 1" in tab.said
    (row,) = tab.table.to_dict("records")
    assert list(row.values())[-1] == "At least: 80 → 85"
    tab.page.button(key="targets.import.do").click().run()
    assert "Say why" in tab.said
    assert len(history(told, "CS-08")) == 1
    tab.page.text_input(key="targets.import.reason").set_value("a better survey").run()
    tab.page.button(key="targets.import.do").click().run()
    assert not tab.page.exception
    newest = history(told, "CS-08")[0]
    assert newest.target is not None
    assert (newest.target.low, newest.author) == (85.0, MANAGER)
    assert newest.reason == "a better survey"


def with_low(content: bytes, code: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    row = next(number for number, cells in enumerate(sheet.values, 1) if cells[1] == code)
    sheet.cell(row, list(TargetField).index(TargetField.LOW) + 1).value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(tab: Tab, place: int, content: bytes) -> None:
    uploader = tab.page.file_uploader(key=f"targets.import.{place}")
    uploader.set_value(("targets.xlsx", content, "")).run()
    assert not tab.page.exception


def test_the_page_is_for_those_who_set_targets(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "targets", email=VIEWER)
    assert not tab.page.dataframe
    assert tab.page.warning


@pytest.mark.parametrize("language", ["sq", "sr"])
def test_it_speaks_the_other_languages(told: Workspace, monkeypatch: MP, language: str) -> None:
    tab = opened(told, monkeypatch, TargetPart.SET, kpi="SD-06", language=language)
    heading = {"sq": "Synimet", "sr": "Ciljevi"}[language]
    assert heading in tab.said
