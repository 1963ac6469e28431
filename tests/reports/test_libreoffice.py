"""Another spreadsheet program opens the pack, calculates the same and shows the same numbers."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from data.figure import Figure, Unit
from data.language.languages import Language
from data.language.texts import Texts
from reports.packs.management import ManagementPack, OffTrack
from reports.workbook import build_workbook

EN = Texts(Language.EN)
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
EVERY_SHEET_AS_SHOWN = (
    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
)
HALVES = [
    (12.25, 1), (0.125, 2), (2.675, 2), (1.005, 2), (0.45, 1), (-2.5, 0), (1234567.5, 0),
    (99.95, 1), (0.5, 0), (1e-7, 1), (8.345, 2), (-0.05, 1), (-0.04, 1),
]  # fmt: skip


@pytest.fixture
def convert(soffice: str, tmp_path: Path) -> Callable[[bytes, str], Path]:
    """Open a workbook in LibreOffice, calculate it anew and save it in another format."""
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)

    def run(content: bytes, kind: str) -> Path:
        source = tmp_path / "pack.xlsx"
        source.write_bytes(content)
        folder = tmp_path / "converted"
        command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless",
                   "--convert-to", kind, "--outdir", str(folder), str(source)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
        assert "Error" not in done.stderr
        return folder

    return run


def with_wrong_results(content: bytes) -> bytes:
    """The same workbook with every cached result of a formula spoilt."""
    spoilt = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(spoilt, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(</f><v>)[^<]*", rb"\g<1>987654", part)
            new.writestr(entry, part)
    return spoilt.getvalue()


def results(formulas: Workbook, values: Workbook) -> dict[tuple[str, str], object]:
    """What stands in each cell that holds a formula."""
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_formulas_recalculate_to_the_cached_values(
    pack: ManagementPack,
    convert: Callable[[bytes, str], Path],
    reopen: Callable[..., Workbook],
) -> None:
    content = build_workbook(pack, EN)
    formulas = reopen(content)
    cached = results(formulas, reopen(content, values=True))
    folder = convert(with_wrong_results(content), "xlsx")
    anew = reopen((folder / "pack.xlsx").read_bytes(), values=True)
    assert len(cached) == 6 + 5 * 6 + 12
    assert results(formulas, anew) == cached


def test_cells_show_what_the_figures_say(
    pack: ManagementPack, convert: Callable[[bytes, str], Path]
) -> None:
    """Half up in the program's own display, as on the pages."""
    rows = [
        replace(row, actual=Figure(value, Unit.CASES, decimals), code=f"H-{number}")
        for number, (row, (value, decimals)) in enumerate(zip(pack.scorecard, HALVES, strict=False))
    ]
    summary = replace(pack.summary, without_action=())
    small = ManagementPack(pack.cover, summary, tuple(rows))
    folder = convert(build_workbook(small, EN), EVERY_SHEET_AS_SHOWN)
    with (folder / "pack-Data scorecard.csv").open(encoding="utf-8") as file:
        shown = {row["Code"]: row["Actual"] for row in csv.DictReader(file)}
    assert shown == {row.code: EN.figure_number(row.actual) for row in small.scorecard}


@pytest.mark.parametrize("language", Language)
def test_every_board_sheet_keeps_to_its_pages(
    pack: ManagementPack, convert: Callable[[bytes, str], Path], pdftotext: str, language: Language
) -> None:
    """Cover, summary, services and each KPI print on one page; no column turns into ####."""
    summary = replace(pack.summary, without_action=())
    rows = pack.scorecard[:9]
    small = ManagementPack(pack.cover, summary, rows, (OffTrack(rows[2]),), pack.delivery)
    folder = convert(build_workbook(small, Texts(language)), "pdf")
    printed = subprocess.run(
        [pdftotext, "-layout", str(folder / "pack.pdf"), "-"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\f")  # fmt: skip
    texts = Texts(language)
    assert all("###" not in page for page in printed)
    assert texts.text("reports.cover.contents") in printed[0]
    assert texts.text("reports.summary.decisions") in printed[1]
    starts = {
        name: next(i for i, page in enumerate(printed) if text in page.partition("\n\n")[2][:400])
        for name, text in {
            "kpi": "SD-03 ·",
            "services": texts.text("reports.delivery.chart"),
            "offices": texts.text("reports.sheet.offices"),
        }.items()
    }
    assert starts["services"] == starts["kpi"] + 1
    assert starts["offices"] == starts["services"] + 1
