"""Rows go in; the page, the command and the cell say the same number, and its rows are those.

The second opinion on every number is plain pandas over the rows of the files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dashboard.demo.actions import STEWARD, password
from dashboard.demo.generator import generate
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.language.languages import Language
from data.language.texts import Texts
from data.store.reference import municipalities
from data.workspace import Workspace
from tests.demo_houses import SMALL_DEMO, small_demo
from tests.house import PASSWORD
from tests.journeys.conftest import Server, come_in, served, watched
from tests.journeys.numbers import (
    EN,
    Reader,
    as_excel_shows,
    by_command,
    in_short,
    in_workbook,
)
from tests.real.comparison import compare, compare_parts
from tests.real.houses import MANAGER, PERMITS, RealHouse, chicago_house, cra, inhabited
from tests.real.plain_pandas import Measures, Rules, Told, measures
from tests.real.sources import Source, chicago, native, permits

pytestmark = pytest.mark.journey
NewContext = Callable[..., BrowserContext]
KPIS = tuple(f"SD-0{n}" for n in range(1, 9))
DECEMBER = "2025-12"
PRIZREN = "O20"


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A house in service, what plain pandas says of its files, and where to look."""

    reader: Reader  # somebody who may see everything
    source: Source
    kpis: Measures
    codes: tuple[str, ...]  # KPIs of which the files tell
    period: str
    office: str

    @property
    def server(self) -> Server:
        return self.reader.server

    @property
    def home(self) -> Path:
        return self.server.workspace.settings.home

    def truth(self, code: str, **where: str) -> Told:
        """What plain pandas says of the period looked at, within some members."""
        start = pd.Period(self.period).start_time.date()
        return self.kpis[code, "value"].told("month", tuple(where))[start, *where.values()]


@dataclass(frozen=True, kw_only=True)
class Demo(Journey):
    """The demo agency after a correction was loaded, and what was known before it."""

    event: int  # the last one before the correction
    before: Measures


@contextmanager
def read_by(
    chromium: Browser, workspace: Workspace, email: str, secret: str = PASSWORD
) -> Iterator[Reader]:
    """The house served, and somebody signed in whose browser reaches nothing outside."""
    with served(workspace) as server, watched(chromium) as new_context:
        yield signed_in(new_context, server, email, secret)


def signed_in(new_context: NewContext, server: Server, email: str, secret: str) -> Reader:
    page = new_context(accept_downloads=True).new_page()
    come_in(page, server, email, "/account", secret)
    return Reader(page, server)


@pytest.fixture(scope="module")
def demo(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Seven months of a small demo agency, installed as on a first start, then put right once."""
    spec, folder = SMALL_DEMO, tmp_path_factory.mktemp("demo")
    workspace = small_demo(tmp_path_factory)
    home = workspace.settings.home
    files = generate(spec, folder / "again")
    told = [file.path for file in files if file.contract == "applications"]
    made = [file.path for file in files if file.contract == "production"]
    days = (spec.first.start, spec.today - timedelta(days=1))
    event = newest_event(home, "applications")
    put_right = correction(told, folder / "put-right.csv")
    load(home, put_right, "--coverage", "2025-12-01..2025-12-31", "--cut-at", "2026-01-06")
    now = native([*told, put_right], made, *days)
    rules = Rules.of_house(home)
    with read_by(chromium, workspace, MANAGER, password(workspace)) as reader:
        yield Demo(
            reader=reader,
            source=now,
            kpis=measures(now, rules),
            codes=KPIS,
            period=DECEMBER,
            office=PRIZREN,
            event=event,
            before=measures(native(told, made, *days), rules),
        )


def newest_event(home: Path, contract: str) -> int:
    listed = cra(home, "extract", "list", "--contract", contract, "--json").stdout
    return max(int(row["event"]) for row in json.loads(listed))


def correction(files: list[Path], path: Path) -> Path:
    """A dozen documents of Prizren were not ready when the first files said, but at the end."""
    rows = pd.concat([pd.read_csv(file, dtype=str) for file in files])
    rows = rows.sort_values("updated_at", kind="stable").drop_duplicates(
        "application_id", keep="last"
    )
    wrong = rows["ready_at"].between("2025-12-01", "2025-12-20") & (rows["office_code"] == PRIZREN)
    wrong &= (rows["decision"] == "approved") & (rows["is_test"] == "false")
    right = (
        rows[wrong]
        .head(12)
        .assign(
            ready_at="2025-12-30 10:00:00",
            issued_at="2025-12-31 11:00:00",
            updated_at="2026-01-06 09:00:00",
        )
    )
    assert len(right) == 12
    right.to_csv(path, index=False)
    return path


def load(home: Path, file: Path, *words: str) -> None:
    cra(home, "extract", "load", str(file), "--json", *words)
    cra(home, "kpi", "refresh", "--json")


@pytest.fixture(scope="module")
def requests(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The requests of Chicago, loaded by the command; wards take the place of offices."""
    house = chicago_house(tmp_path_factory)
    source = chicago(house.file)
    with house.open() as workspace, read_by(chromium, workspace, MANAGER) as reader:
        yield Journey(
            reader=reader,
            source=source,
            kpis=measures(source, Rules.of_house(house.home)),
            codes=("SD-01", "SD-05", "SD-03"),
            period="2014-09",
            office="20",
        )


@pytest.fixture(scope="module")
def cases(
    shared: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journey]:
    """The permit cases, dropped on the Extracts page in a browser and loaded from there."""
    file = shared / "extracts" / PERMITS
    source, house = permits(file), RealHouse(inhabited(tmp_path_factory.mktemp("cases")), file, {})
    with house.open() as workspace, read_by(chromium, workspace, MANAGER) as reader:
        with watched(chromium) as new_context:
            drop_and_load(signed_in(new_context, reader.server, STEWARD, PASSWORD), file)
        yield Journey(
            reader=reader,
            source=source,
            kpis=measures(source, Rules.of_house(house.home)),
            codes=("SD-02", "SD-03", "SD-04"),
            period="2011-11",
            office="General",
        )


def drop_and_load(reader: Reader, file: Path) -> None:
    """Bring a file in on the page: dropped, checked, consented to, loaded and measured."""
    page = reader.page
    page.goto(f"{reader.server.url}/extracts?language=en")
    page.set_input_files("[data-testid=stFileUploader] input[type=file]", file)
    page.click(".st-key-extracts-load button")
    page.click(".st-key-confirm-yes button")
    page.get_by_text(EN.text("extracts_page.loaded", file=file.name, event="1")).wait_for()


@pytest.fixture(scope="module", params=["demo", "requests", "cases"])
def journey(request: pytest.FixtureRequest) -> Journey:
    found: Journey = request.getfixturevalue(request.param)
    return found


def test_page_command_and_cell_say_the_number_of_plain_pandas(
    journey: Journey, tmp_path: Path
) -> None:
    said = {code: by_command(journey.home, code, journey.period)["value"] for code in journey.codes}
    assert {code: one.told for code, one in said.items()} == {
        code: journey.truth(code) for code in journey.codes
    }
    figures = {code: one.figure for code, one in said.items()}

    on_scorecard = journey.reader.scorecard(journey.period)
    assert {code: on_scorecard[code] for code in figures} == {
        code: in_short(EN, figure) for code, figure in figures.items()
    }
    for code, figure in figures.items():
        assert journey.reader.kpi(code, journey.period).endswith(f": {EN.figure(figure)}")

    pack = tmp_path / "pack.xlsx"
    words = ("--period", journey.period, "--language", "en", "--out", str(pack))
    cra(journey.home, "report", "build", "management", *words, by=MANAGER)
    cells = in_workbook(pack, EN)
    assert {code: cells[code].value for code in figures} == {
        code: pytest.approx(figure.value, rel=1e-15) for code, figure in figures.items()
    }
    assert {code: as_excel_shows(cells[code]) for code in figures} == {
        code: str(figure.shown) for code, figure in figures.items()
    }


def test_the_filters_of_a_link_lead_to_the_number_and_exactly_its_rows(journey: Journey) -> None:
    office, codes = journey.office, journey.codes[:2]
    for code in (*codes, "SD-04") if len(journey.codes) == len(KPIS) else codes:
        said = by_command(journey.home, code, journey.period, office=office)["value"]
        assert said.told == journey.truth(code, office=office)
        sentence = journey.reader.kpi(code, journey.period, office=office)
        assert sentence.endswith(f": {EN.figure(said.figure)}")
        expected = journey.kpis[code, "value"].ids(journey.period, office=office)
        assert journey.reader.rows() == expected
        assert len(expected) == said.cases > 0


def test_the_whole_demo_agency_is_that_of_plain_pandas(demo: Demo) -> None:
    workspace = demo.server.workspace
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        compared = compare(reader, demo.kpis, demo.source)
        for code, part in {"SD-07": "rejection_reason", "SD-08": "defect_code"}.items():
            parts = demo.kpis[code, "value"].told_by_part("month", part)
            compared += compare_parts(reader, code, part, parts, demo.source)
    assert not compared.differences[:20], f"{len(compared.differences)} of {compared.readings}"


def test_a_service_in_an_office_and_the_production_of_its_documents(demo: Demo) -> None:
    where = {"office": "O19", "service": "PASSPORT"}
    said = by_command(demo.home, "SD-01", DECEMBER, **where)["value"]
    assert said.told == demo.truth("SD-01", **where)
    sentence = demo.reader.kpi("SD-01", DECEMBER, **where)
    assert sentence.endswith(f": {EN.figure(said.figure)}")
    assert demo.reader.rows() == demo.kpis["SD-01", "value"].ids(DECEMBER, **where)
    demo.reader.kpi("SD-08", DECEMBER, office="O19")
    assert demo.reader.rows() == demo.kpis["SD-08", "value"].ids(DECEMBER, office="O19")


@pytest.mark.parametrize("language", [Language.SQ, Language.SR])
def test_every_language_writes_the_number_in_its_own_way(
    demo: Demo, language: Language, tmp_path: Path
) -> None:
    texts, spoken = Texts(language), language.value
    figure = by_command(demo.home, "SD-03", DECEMBER)["value"].figure
    sentence = demo.reader.kpi("SD-03", DECEMBER, spoken)
    assert sentence.endswith(f": {texts.figure(figure)}")
    assert "," in texts.figure(figure)
    assert demo.reader.scorecard(DECEMBER, spoken)["SD-03"] == texts.figure(figure)
    pack = tmp_path / "pack.xlsx"
    words = ("--period", DECEMBER, "--language", spoken, "--out", str(pack))
    cra(demo.home, "report", "build", "management", *words, by=MANAGER)
    assert as_excel_shows(in_workbook(pack, texts)["SD-03"]) == str(figure.shown)


def test_what_was_known_before_a_correction_stays_to_be_seen(demo: Demo) -> None:
    start = date(2025, 12, 1)
    first, now = (
        kpis["SD-02", "value"].told("month", ("office",))[start, PRIZREN]
        for kpis in (demo.before, demo.kpis)
    )
    assert first != now
    where = {"office": PRIZREN, "as_of": str(demo.event)}
    then = by_command(demo.home, "SD-02", DECEMBER, **where)["value"]
    current = by_command(demo.home, "SD-02", DECEMBER, office=PRIZREN)["value"]
    assert (then.told, current.told) == (first, now)

    reader = demo.reader
    sentence = reader.kpi("SD-02", DECEMBER, office=PRIZREN)
    assert sentence.endswith(f": {EN.figure(current.figure)}")
    _, restated = reader.restatements()
    assert restated[0] == "December 2025"
    assert {EN.figure(then.figure), EN.figure(current.figure)} <= set(restated)
    assert "put-right.csv" in restated
    reader.part("Lineage")
    reader.page.locator(".st-key-kpi-as_of input").click()
    reader.page.get_by_role("option", name=f"{demo.event} ·").click()
    reader.page.get_by_text(EN.figure(then.figure), exact=True).first.wait_for()


def test_the_head_of_a_region_opens_the_rows_of_its_offices_alone(
    demo: Demo, new_context: NewContext
) -> None:
    region = {f"O{one.code}" for one in municipalities() if one.district_code == "PRISHTINE"}
    counted = demo.kpis["SD-01", "value"]
    offices = counted.rows["office_code"].unique()
    own = [office for office in offices if office[:3] in region]
    expected = {case for office in own for case in counted.ids(DECEMBER, office=office)}
    head = "head-prishtina@example.org"
    reader = signed_in(new_context, demo.server, head, password(demo.server.workspace))
    everybody = by_command(demo.home, "SD-01", DECEMBER)["value"]
    assert reader.kpi("SD-01", DECEMBER).endswith(f": {EN.figure(everybody.figure)}")
    assert reader.rows() == expected
    assert 0 < len(expected) < everybody.cases
    values = {"counted": everybody.cases, "seen": len(expected)}
    reader.page.get_by_text(EN.text("kpi_page.rows_some", **values)).wait_for()
    reader.kpi("SD-01", DECEMBER, office=PRIZREN)
    reader.part("Rows counted")
    reader.page.get_by_text(EN.text("kpis.refused.rows_in_unit", office=PRIZREN)).wait_for()
    expect(reader.page.locator(".st-key-kpi-rows-download")).to_have_count(0)


def test_a_file_refused_on_the_page_changes_nothing(
    demo: Demo, new_context: NewContext, tmp_path: Path
) -> None:
    file = tmp_path / "unreadable.csv"
    rows = [f"PA25L-9{n:05},PASSPORT,2025-12-{n + 40},," for n in range(30)]
    head = "application_id,service_code,submitted_at,decided_at,ready_at"
    file.write_text("\n".join([head, *rows]))
    loaded = cra(demo.home, "extract", "list", "--json").stdout

    page = signed_in(new_context, demo.server, STEWARD, password(demo.server.workspace)).page
    page.goto(f"{demo.server.url}/extracts?language=en")
    page.set_input_files("[data-testid=stFileUploader] input[type=file]", file)
    page.get_by_text(EN.text("extracts_page.refused")).wait_for()
    expect(page.locator(".st-key-extracts-load")).to_have_count(0)
    page.click(".st-key-extracts-leave button")
    page.wait_for_selector("[data-testid=stFileUploader]")
    refused = json.loads(cra(demo.home, "extract", "load", str(file), "--json", ends_with=1).stdout)
    assert refused["refused"]["key"] == "extracts.refused.too_many_bad_rows"

    assert cra(demo.home, "extract", "list", "--json").stdout == loaded
    assert json.loads(cra(demo.home, "kpi", "refresh", "--json").stdout)["written"] == {}
