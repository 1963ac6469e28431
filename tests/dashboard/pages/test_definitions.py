"""The page of definitions: write one, be told what is wrong where, try it, save it, retire it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from dashboard.components.defining.editor import WritingWay
from dashboard.components.defining.faults import marked
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid
from data.people import add_first_administrator
from data.store.tables import Job
from data.workspace import Workspace
from kpis.catalogue import catalogue
from kpis.defining.actions import save_kpi
from kpis.defining.document import read_documents, write_documents
from kpis.defining.reading import DefinedKpi, read_defined, read_one
from kpis.defining.rules import Fault
from kpis.readings import refresh
from tests.dashboard.pages.measured import Tab
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, settings_in

MP = pytest.MonkeyPatch
OWNER, VIEWER = "owner@example.org", "viewer@example.org"
VALUE = "queries.turnaround.value"
GOOD = "working_days(date(complete_at), date(ready_at))"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("definitions"))))
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, OWNER, Role.KPI_OWNER)
    join(workspace, VIEWER, Role.VIEWER)
    Loads(workspace).load("applications", applications(300, seed=5), cut_off=date(2025, 4, 20))
    refresh(workspace, by=SYSTEM, codes=["SD-01", "SD-06"])
    yield workspace
    workspace.database.dispose()


def opened(told: Workspace, monkeypatch: MP, email: str = OWNER, **more: str) -> Tab:
    return Tab(told, monkeypatch, "definitions", email=email, **more)


def plainly(cell: str) -> str:
    """Markdown as somebody reads it."""
    return cell.replace("\\", "")


class Editor:
    """The editor of one draft in a tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.page = tab, tab.page

    def key(self, path: str) -> str:
        return f"define.{self.page.session_state['define.draft'].number}.{path}"

    def write(self, path: str, text: str) -> None:
        self.page.text_input(key=self.key(path)).set_value(text).run()
        assert not self.page.exception

    def explain(self, reason: str) -> None:
        begun = self.page.session_state["define.draft"].begun
        key = f"define.{begun}.lasting.reason"
        self.page.text_input(key=key).set_value(reason).run()

    def press(self, path: str) -> None:
        self.page.button(key=self.key(path)).click().run()
        assert not self.page.exception

    def written(self, path: str) -> Any:
        return self.page.text_input(key=self.key(path)).value

    def switch(self, way: str) -> None:
        self.page.segmented_control(key=self.key("way")).set_value(WritingWay(way)).run()
        assert not self.page.exception

    @property
    def codes(self) -> list[str]:
        return [one.value for one in self.page.code]


def change(told: Workspace, monkeypatch: MP, code: str = "SD-01", **more: str) -> Editor:
    tab = opened(told, monkeypatch, kpi=code, **more)
    tab.page.button(key="define.change").click().run()
    assert not tab.page.exception
    return Editor(tab)


def defined(told: Workspace, code: str) -> DefinedKpi:
    with told.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        return read_one(reader, code)


def test_a_typing_error_is_told_under_the_formula_with_what_was_meant(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch)
    assert "The definition is sound." in editor.tab.said
    editor.write(VALUE, GOOD.replace("ready", "redy"))
    assert "At character 38: There is no column “redy_at” here." in editor.tab.said
    assert "Perhaps you meant: ready_at (date and time)" in editor.tab.said
    text, caret = editor.codes[0].split("\n")
    assert text[caret.index("^") :].startswith("redy_at")
    assert editor.page.button(key=editor.key("save")).disabled
    editor.write(VALUE, GOOD)
    assert editor.codes == []
    assert not editor.page.button(key=editor.key("save")).disabled


WHY = {
    "suspended_days / 2": "Nothing is divided in a formula",
    "(SELECT 1)": "nothing is selected from elsewhere",
    "suspended_days::INT": "The only conversion is",
    "work_days(date(complete_at), date(ready_at))": "Perhaps you meant: working_days",
    "read_csv('/etc/passwd')": "There is no function “read_csv”.",
    "speed": "The wrong kind of value",
}


def test_why_is_told_in_words(told: Workspace, monkeypatch: MP) -> None:
    editor = change(told, monkeypatch)
    for formula, said in WHY.items():
        editor.write(VALUE, formula)
        assert said in editor.tab.said


def test_the_fault_is_told_in_the_language_of_the_reader(told: Workspace, monkeypatch: MP) -> None:
    for language, words in (("sq", "Këtu nuk ka kolonë “nothing”"), ("sr", "Ovde nema kolone")):
        editor = change(told, monkeypatch, language=language)
        editor.write(VALUE, "nothing")
        assert words in editor.tab.said


def test_the_caret_stands_below_the_place_in_a_long_line_too() -> None:
    text = "TRUE AND " * 30 + "nothing = 1 AND " + "TRUE AND " * 10 + "TRUE"
    place = text.index("nothing")
    fault = Fault("x", Invalid("formulas.unknown_column", line=1, column=place + 1), text)
    line, caret = marked(fault).split("\n")
    assert line[caret.index("^") :].startswith("nothing")
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 120


def test_columns_with_what_they_hold_and_functions_stand_beside(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch)
    columns, functions = (frame.value.map(plainly) for frame in list(editor.page.table)[:2])
    holds = dict(zip(columns["Column"], columns["Holds"], strict=True))
    assert holds["decision"] == "text: approved, rejected, withdrawn"
    assert holds["ready_at"] == "date and time"
    assert "working_days(from, to)" in list(functions["Function"])


def test_a_preview_shows_the_draft_beside_what_is_published(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch)
    editor.write(VALUE, f"{GOOD} + 100")
    editor.press("try")
    table = next(iter(editor.page.dataframe)).value
    assert len(table) == 12
    assert "April 2025" in table["Period"][0]
    for draft, now in zip(table["Draft"], table["Published now"], strict=True):
        assert float(draft.split()[0]) > 100 > float(now.split()[0])
    assert "12 periods differ." in editor.tab.said
    editor.write(VALUE, f"{GOOD} + 200")
    assert "The draft has changed since the preview." in editor.tab.said


def test_refused_nothing_typed_is_lost_and_saved_it_is_measured_anew(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch, "SD-02")
    editor.write("names.en", "Nine in ten")
    editor.press("save")
    assert "a change needs a reason" in editor.tab.said
    assert editor.written("names.en") == "Nine in ten"
    editor.explain("plainer")
    editor.press("save")
    assert "SD-02 is saved; newest version: 2." in editor.tab.said
    found = defined(told, "SD-02")
    assert (found.definition.names.en, found.author) == ("Nine in ten", OWNER)
    assert found.reason == "plainer"
    with told.read(SYSTEM, Permission.JOBS_RUN) as reader:
        payloads = [job.payload for job in reader.all(select(Job))]
    assert {"codes": ["SD-02"]} in payloads


def test_somebody_elses_version_is_not_overwritten_and_the_draft_stays(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch, "SD-04")
    editor.write("names.en", "Mine")
    editor.explain("mine")
    now = defined(told, "SD-04")
    text = write_documents([now.entry])
    (theirs,) = read_documents(text.replace(f"en: {now.definition.names.en}", "en: Theirs", 1))
    save_kpi(told, by=SYSTEM, entry=theirs.entry, charge=now.charge, reason="first", seen=1)
    editor.press("save")
    assert "has changed SD-04 meanwhile" in editor.tab.said
    assert editor.written("names.en") == "Mine"
    assert defined(told, "SD-04").definition.names.en == "Theirs"


def test_a_new_kpi_begins_over_an_extract_and_says_what_it_lacks(
    told: Workspace, monkeypatch: MP
) -> None:
    tab = opened(told, monkeypatch)
    tab.choose("define.new.extract", "applications")
    tab.page.button(key="define.begin").click().run()
    editor = Editor(tab)
    assert "names.en: A text is missing" in tab.said
    editor.write("code", "AP-01")
    for language in ("sq", "sr", "en"):
        editor.write(f"names.{language}", "Applications")
        area = editor.page.text_area(key=editor.key(f"explanation.{language}"))
        area.set_value("How many were received.").run()
    editor.explain("asked for")
    editor.press("save")
    assert defined(told, "AP-01").definition.formula.contract == "applications"


def test_conditions_and_breakdowns_come_and_go(told: Workspace, monkeypatch: MP) -> None:
    editor = change(told, monkeypatch)
    names = [item["reason"] for item in query_of(editor)["inclusions"]]
    editor.press("queries.turnaround.inclusions.1.remove")
    assert [item["reason"] for item in query_of(editor)["inclusions"]] == [names[0], *names[2:]]
    assert editor.written("queries.turnaround.inclusions.2.reason") == names[2]
    editor.press("queries.turnaround.dimensions.add")
    assert "The formula is empty." in editor.tab.said
    last = editor.page.session_state["define.draft"].rows["queries.turnaround.dimensions"][-1]
    editor.write(f"queries.turnaround.dimensions.{last}.name", "applicant")
    editor.write(f"queries.turnaround.dimensions.{last}.formula", "applicant_pseudo")
    assert "tells single cases or people apart" in editor.tab.said


def query_of(editor: Editor) -> dict[str, Any]:
    table: dict[str, Any] = editor.page.session_state["define.draft"].table
    query: dict[str, Any] = table["queries"]["turnaround"]
    return query


def test_as_yaml_the_same_is_checked_at_its_line_and_taken_back_into_the_form(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch)
    editor.write("names.en", "Typed in the form")
    editor.switch("yaml")
    area = editor.page.text_area(key=editor.key("yaml"))
    assert "en: Typed in the form" in (area.value or "")
    good = area.value or ""
    area.set_value(good.replace("    value: ", "    valeu: ")).run()
    assert "“valeu” is not known here" in editor.tab.said
    assert "valeu" in editor.codes[0].split("\n")[0]
    editor.switch("form")
    assert "The form shows again once the YAML can be read." in editor.tab.said
    area = editor.page.text_area(key=editor.key("yaml"))
    assert "valeu" in (area.value or "")  # nothing typed is lost
    area.set_value(good.replace("date(ready_at)", "date(redy_at)")).run()
    assert "There is no column “redy_at” here." in editor.tab.said
    assert editor.written("names.en") == "Typed in the form"  # it can be read: the form is back


def test_another_code_or_several_kpis_are_no_change_of_this_one(
    told: Workspace, monkeypatch: MP
) -> None:
    editor = change(told, monkeypatch)
    editor.switch("yaml")
    area = editor.page.text_area(key=editor.key("yaml"))
    area.set_value((area.value or "").replace("code: SD-01", "code: SD-99")).run()
    assert "The code stays SD-01" in editor.tab.said
    area = editor.page.text_area(key=editor.key("yaml"))
    area.set_value(write_documents(catalogue()[:2])).run()
    assert "The text holds 2 KPIs" in editor.tab.said


def test_an_import_is_shown_before_it_is_done(told: Workspace, monkeypatch: MP) -> None:
    entry = next(one for one in catalogue() if one.definition.code == "SD-05")
    text = write_documents([entry]).replace("minimum_points: 13", "minimum_points: 20")
    tab = opened(told, monkeypatch)
    uploader = tab.page.file_uploader(key="define.import.file")
    uploader.upload("kpis.yaml", text.encode(), "application/yaml").run()
    assert not tab.page.exception
    assert [one.label for one in tab.page.expander if "SD" in one.label] == ["SD\\-05 · changed"]
    assert defined(told, "SD-05").version == 1
    tab.page.text_input(key="define.import.reason").set_value("agreed").run()
    tab.page.button(key="define.import.do").click().run()
    assert "Imported: SD-05." in tab.said
    assert defined(told, "SD-05").definition.chart.minimum_points == 20


def test_a_kpi_is_retired_with_a_reason_and_taken_back(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, kpi="SD-06")
    tab.page.button(key="define.retire").click().run()
    tab.page.button(key="define.retire").click()
    tab.page.text_input(key="define.retire.reason").set_value("not asked for")
    tab.page.button(key="define.retire.yes").click().run()
    assert "SD-06 is retired." in tab.said
    assert defined(told, "SD-06").retired_at is not None
    assert tab.page.button(key="define.change").disabled
    page = Tab(told, monkeypatch, "kpi", email=VIEWER, kpi="SD-06", period="2025-03")
    assert "measured no more" in "".join(one.value for one in page.page.info)
    assert "Whole agency, March 2025" in page.said
    tab = opened(told, monkeypatch, kpi="SD-06")
    tab.page.button(key="define.reinstate").click().run()
    tab.page.button(key="define.reinstate").click()
    tab.page.text_input(key="define.reinstate.reason").set_value("asked for")
    tab.page.button(key="define.reinstate.yes").click().run()
    assert defined(told, "SD-06").retired_at is None


def test_every_kpi_is_listed_with_version_and_author(told: Workspace, monkeypatch: MP) -> None:
    table = list(opened(told, monkeypatch).page.dataframe)[-1].value
    with told.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        assert list(table["Code"]) == [one.code for one in read_defined(reader)]
    row = table[table["Code"] == "SD-03"].iloc[0]
    assert (row["Version"], row["By"], row["State"]) == ("1", "SYSTEM", "in use")


def test_who_may_not_define_is_told_so(told: Workspace, monkeypatch: MP) -> None:
    tab = opened(told, monkeypatch, VIEWER)
    assert len(tab.page.warning) == 1
    assert not tab.page.dataframe
