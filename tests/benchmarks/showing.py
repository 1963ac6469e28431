"""What a person waits for: queries of the pages, the board pack, the pages themselves."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from kpis.scorecard import kpi, scorecard
from kpis.service_delivery import delivery
from reports.packs.assembling import assemble
from reports.workbook import build_workbook
from tests.benchmarks.houses import demo_house
from tests.benchmarks.pages import page_lines
from tests.benchmarks.timing import Line, best

SPEC = DemoSpec()
MONTH, QUARTER = Period.parse("2025-12"), Period.parse("2025-Q4")


def lines() -> list[Line]:
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        workspace = demo_house(Path(name), SPEC)
        installed = time.perf_counter() - start
        return [
            Line("demo agency: generate, load its files, publish", installed),
            *_query_lines(workspace),
            *_pack_lines(workspace),
            *page_lines(workspace),
        ]


def _query_lines(workspace: Workspace) -> Iterable[Line]:
    reach = "under 20 ms"
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        yield Line(
            "scorecard, whole agency", best(lambda: scorecard(reader, period=MONTH)), reach=reach
        )
        yield Line(
            "scorecard, one office",
            best(lambda: scorecard(reader, period=MONTH, office="O25")),
            reach=reach,
        )
        yield Line("KPI page, SD-01", best(lambda: kpi(reader, "SD-01", MONTH)), reach=reach)
        yield Line(
            "service delivery by office",
            best(lambda: delivery(reader, MONTH, by=("office",))),
            reach=reach,
        )


def _pack_lines(workspace: Workspace) -> Iterable[Line]:
    pack = assemble(workspace, by=SYSTEM, period=QUARTER)
    texts = Texts(Language.EN)
    content = build_workbook(pack, texts)
    cells = _cells(content)
    yield Line(
        "board pack, gathering", best(lambda: assemble(workspace, by=SYSTEM, period=QUARTER))
    )
    yield Line(
        f"board pack, writing {sum(map(len, cells.values())):,} cells",
        best(lambda: build_workbook(pack, texts)),
        "the same cells in bare XlsxWriter",
        best(lambda: _bare(cells)),
    )


def _cells(content: bytes) -> dict[str, list[tuple[int, int, Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {
        sheet.title: [
            (cell.row - 1, cell.column - 1, cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
        for sheet in book.worksheets
    }


def _bare(cells: dict[str, list[tuple[int, int, Any]]]) -> None:
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(io.BytesIO(), options)
    for title, values in cells.items():
        sheet = book.add_worksheet(title)
        for row, column, value in values:
            sheet.write(row, column, value)
    book.close()
