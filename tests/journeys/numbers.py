"""One figure as every face shows it: the command's, the pages', the workbook's, the rows behind."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page
from typer.testing import CliRunner

from dashboard.command_line.main import app
from data.figure import Figure, Missing, Unit, round_half_up
from data.language.languages import Language
from data.language.texts import Texts
from tests.journeys.conftest import Server
from tests.real.houses import STEWARD
from tests.real.plain_pandas import Told

EN = Texts(Language.EN)
CODE = re.compile(r"\b[A-Z]{2}-\d\d\b")


@dataclass(frozen=True)
class Said:
    """What the command says of one figure."""

    figure: Figure
    cases: int

    @property
    def told(self) -> Told:
        """The same as plain pandas says it."""
        figure = self.figure
        return Told(figure.missing.value if figure.missing else str(figure.shown), self.cases)


def by_command(home: Path, code: str, period: str, **given: str) -> dict[str, Said]:
    """`cra kpi values` of one period: each line of the KPI; `as_of` names an event."""
    options = [word for name, value in given.items() for word in (f"--{_dashed(name)}", value)]
    words = ["kpi", "values", code, "--from", period, "--to", period, "--format", "json", *options]
    # In this process: a new one for each number would take most of the time of the journey.
    environment = {"CRA_HOME": str(home), "CRA_AS": STEWARD, "CRA_LANGUAGE": "en"}
    said = CliRunner().invoke(app, words, env=environment, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    return {row["measure"]: _said(row) for row in json.loads(said.stdout)["values"]}


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _said(row: dict[str, object]) -> Said:
    shown = str(row["shown"] or "")
    missing = Missing(str(row["missing"])) if row["missing"] else None
    value = None if missing else float(str(row["value"]))
    figure = Figure(value, Unit(str(row["unit"])), len(shown.partition(".")[2]), missing)
    assert missing or str(figure.shown) == shown
    return Said(figure, int(str(row["cases"])))


def in_short(texts: Texts, figure: Figure) -> str:
    """The figure as a table shows it that names the unit elsewhere; percent keeps its sign."""
    return texts.figure(figure) if figure.unit is Unit.PERCENT else texts.figure_number(figure)


@dataclass(frozen=True)
class Reader:
    """Somebody signed in, reading the pages."""

    page: Page
    server: Server

    def kpi(self, code: str, period: str, language: str = "en", **where: str) -> str:
        """The sentence on top of a KPI's page, which ends with the figure."""
        self._open("kpi", kpi=code, period=period, language=language, **where)
        return self.page.locator("h4").inner_text()

    def scorecard(self, period: str, language: str = "en", **where: str) -> dict[str, str]:
        """KPI to its actual figure in the table of the scorecard."""
        self._open("scorecard", period=period, language=language, **where)
        rows = self.page.locator(".st-key-kpi-table tbody tr")
        rows.first.wait_for()
        found = {}
        for row in rows.all():
            name, actual = (cell.inner_text() for cell in row.locator("td").all()[:2])
            if code := CODE.search(name):
                found[code.group()] = actual.strip().partition("\n")[0].strip()
        return found

    def rows(self) -> set[str]:
        """The keys of the rows behind the figure of the KPI's page, as they can be taken along."""
        self.part("Rows counted")
        with self.page.expect_download() as download:
            self.page.locator(".st-key-kpi-rows-download button").click()
        return {row[0] for row in _csv(Path(download.value.path()))[1:]}

    def restatements(self) -> list[list[str]]:
        """What was published first and what stands now, as it can be taken along."""
        self.part("Restatements")
        with self.page.expect_download() as download:
            self.page.locator(".st-key-kpi-restatements-download button").click()
        return _csv(Path(download.value.path()))

    def part(self, name: str) -> None:
        """Look at another part of the KPI's page."""
        self.page.locator(".st-key-kpi-part").get_by_text(name, exact=True).click()

    def _open(self, place: str, **parameters: str) -> None:
        self.page.goto(f"{self.server.url}/{place}?{urlencode(parameters)}")


def _csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def in_workbook(path: Path, texts: Texts) -> dict[str, Cell]:
    """KPI to the cell of its figure in the data behind the scorecard."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*extension is not supported")  # such as sparklines
        sheets = load_workbook(path).worksheets
    sheet = next(one for one in sheets if "tbl_scorecard" in one.tables)
    code, actual = (_column(sheet, texts.text(f"reports.head.{one}")) for one in ("code", "actual"))
    rows = range(2, sheet.max_row + 1)
    return {str(sheet.cell(row, code).value): _cell(sheet, row, actual) for row in rows}


def _column(sheet: Worksheet, header: str) -> int:
    return next(int(str(cell.column)) for cell in sheet[1] if cell.value == header)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def as_excel_shows(cell: Cell) -> str:
    """The number as the cell's own format rounds it, without marks between thousands."""
    assert isinstance(cell.value, int | float), cell.value
    return str(round_half_up(float(cell.value), len(cell.number_format.partition(".")[2])))
