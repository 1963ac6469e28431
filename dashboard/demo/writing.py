"""How the agency's systems write: the native CSV, the old system's CSV, a workbook by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from dashboard.demo.dirt import as_text
from data.store import reference

LEGACY_ENCODING = "cp1250"
LEGACY_MOMENT = "%d.%m.%Y %H:%M:%S"
LEGACY_DAY = "%d.%m.%Y"
LEGACY_HEADERS = {
    "application_id": "Nr. i kërkesës",
    "service_code": "Shërbimi",
    "procedure_type": "Lloji i procedurës",
    "speed": "Shpejtësia",
    "channel": "Kanali",
    "office_code": "Zyra",
    "municipality_code": "Komuna",
    "submitted_at": "Data e parashtrimit",
    "complete_at": "Kompletuar më",
    "suspended_days": "Ditë pezullimi",
    "due_date": "Afati",
    "original_due_date": "Afati fillestar",
    "decision": "Vendimi",
    "decided_at": "Data e vendimit",
    "rejection_reason": "Arsyeja e refuzimit",
    "returned_count": "Numri i kthimeve",
    "ready_at": "Gati më",
    "issued_at": "Lëshuar më",
    "updated_at": "Përditësuar më",
}
LEGACY_NAMES = {
    "procedure_type": {
        "first": "Pajisje e parë",
        "renewal": "Vazhdim",
        "replacement": "Zëvendësim",
        "data_change": "Ndryshim i të dhënave",
        "conversion": "Konvertim",
    },
    "speed": {"normal": "E rregullt", "accelerated": "E përshpejtuar"},
    "channel": {
        "counter": "Sportel",
        "online": "Internet",
        "kiosk": "Kiosk",
        "mobile_team": "Ekip mobil",
        "consulate": "Konsullatë",
        "post": "Postë",
        "email": "Postë elektronike",
    },
    "decision": {"approved": "Miratuar", "rejected": "Refuzuar", "withdrawn": "Tërhequr"},
}
LEGACY_FEES = {
    "PASSPORT": "25,00",
    "ID_CARD": "5,00",
    "DRIVING_LICENCE": "22,50",
    "VEHICLE_REG": "114,00",
    "CIVIL_CERT": "1,00",
    "OTHER": "2,50",
}


def write_native(table: pa.Table, path: Path) -> None:
    """UTF-8, commas, ISO dates, the contract's own column names."""
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="none", quoting_header="none"))


def write_legacy(table: pa.Table, path: Path) -> None:
    """The old system: semicolons, cp1250, Albanian headers and names, dd.mm.yyyy, decimal commas.

    It knows fewer columns and one more, the fee, which no contract asks for.
    """
    columns = [_legacy_text(name, table[name]) for name in LEGACY_HEADERS]
    fees = [LEGACY_FEES[code] for code in table["service_code"].to_pylist()]
    lines = [";".join([*LEGACY_HEADERS.values(), "Tarifa (€)"])]
    lines += [";".join(row) for row in zip(*columns, fees, strict=True)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(LEGACY_ENCODING))


def _legacy_text(name: str, column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        pattern = LEGACY_MOMENT if pa.types.is_timestamp(column.type) else LEGACY_DAY
        text = pc.strftime(column.cast(pa.timestamp("s")), format=pattern)
    else:
        text = as_text(column)
    names = _legacy_names(name)
    return [names.get(value, value) for value in pc.fill_null(text, "").to_pylist()]


def _legacy_names(column: str) -> dict[str, str]:
    """What the old system writes for each code of a column."""
    if column == "municipality_code":
        return {row.code: row.name_sq for row in reference.municipalities()}
    if column == "service_code":
        return {row.code: row.name_sq for row in reference.services()}
    return LEGACY_NAMES.get(column, {})


def write_workbook(table: pa.Table, path: Path, titles: Iterable[str]) -> None:
    """One sheet: title rows, an empty row, the header, the rows, and a row of totals."""
    lists = [pc.fill_null(as_text(column), "").to_pylist() for column in table.columns]
    totals = ["Totali", str(len(table)), *[""] * (table.num_columns - 2)]
    body = zip(*lists, strict=True)
    rows = [*([title] for title in titles), [], table.column_names, *body, totals]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in _workbook_parts(_sheet(rows)):
            archive.writestr(ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text, ZIP_DEFLATED)


def _workbook_parts(sheet: str) -> Iterator[tuple[str, str]]:
    """The fewest parts that make a workbook (ECMA-376)."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    yield (
        "[Content_Types].xml",
        (
            f'{head}<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
            "</Types>"
        ),
    )
    for part, target, kind in (
        ("_rels/.rels", "xl/workbook.xml", "officeDocument"),
        ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheet"),
    ):
        yield (
            part,
            (
                f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
                f'Type="{office}/{kind}" Target="{target}"/></Relationships>'
            ),
        )
    yield (
        "xl/workbook.xml",
        (
            f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Prodhimi" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
    )
    yield "xl/worksheets/sheet1.xml", f'{head}<worksheet xmlns="{main}">{sheet}</worksheet>'


def _sheet(rows: Iterable[Iterable[str]]) -> str:
    lines = (
        f'<row r="{number}">{"".join(map(_cell, row))}</row>' for number, row in enumerate(rows, 1)
    )
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _cell(text: str) -> str:
    """A cell with text; an empty one keeps its place."""
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>"
