"""Opens a workbook somebody brought along, as hostile until shown otherwise."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import ExtractRejected, Invalid
from data.extracts.reading.workbook_parts import refuse_entities
from reports.targets_exchange.columns import NEEDED, TargetField, fields_by_header, folded

MOST_BYTES = 4 << 20
MOST_UNPACKED = 24 << 20  # 5,000 rows of this workbook take about 10 MiB
MOST_ROWS = 5_000
MOST_COLUMNS = 40
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What openpyxl raises over parts that are missing, cut off or of another shape.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    DefusedXmlException,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
)
# Parts that a workbook of targets has no use for, each with the word for it.
_FORBIDDEN = {
    "vbaproject": "macros",
    "xl/macrosheets/": "macros",
    "xl/externallinks/": "external_links",
    "xl/connections": "connections",
    "xl/querytables/": "connections",
    "xl/embeddings/": "embedded",
    "xl/activex/": "embedded",
    "xl/ctrlprops/": "embedded",
}


@dataclass(frozen=True, slots=True)
class CellFound:
    """A cell as it stands: its place, its value, and how it is formatted."""

    row: int
    column: str  # letter
    value: object
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class RowFound:
    number: int
    cells: dict[TargetField, CellFound]

    def cell(self, field: TargetField) -> CellFound:
        return self.cells[field]


@dataclass(frozen=True, slots=True)
class SheetFound:
    """The sheet of targets: its name, and every row that holds anything."""

    name: str
    rows: tuple[RowFound, ...]


def open_workbook(content: bytes) -> SheetFound:
    """The sheet of targets of a file; a file that cannot be one, or hides things, is Invalid."""
    _check_package(content)
    try:
        workbook = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except _BROKEN as error:
        raise Invalid("targets.refused.broken_workbook") from error
    sheets: list[Worksheet] = [
        sheet for sheet in workbook.worksheets if isinstance(sheet, Worksheet)
    ]
    for each in sheets:
        _check_sheet(each)
    sheet, places = _sheet_of_targets(sheets)
    return SheetFound(sheet.title, tuple(_rows(sheet, places)))


def _check_package(content: bytes) -> None:
    """What kind of file it is, how large it would become, and what it carries."""
    if len(content) > MOST_BYTES:
        raise Invalid("targets.refused.file_too_large", mebibytes=MOST_BYTES >> 20)
    if content.startswith(_OLE):
        raise Invalid("targets.refused.protected_or_old")
    if not content.startswith(_ZIP):
        raise Invalid("targets.refused.no_workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
            refuse_entities(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("targets.refused.broken_workbook") from error
    except ExtractRejected as error:
        raise Invalid("targets.refused.broken_workbook") from error


def _check_members(archive: zipfile.ZipFile) -> None:
    names = [member.filename.lower() for member in archive.infolist()]
    if "xl/workbook.xml" not in names:
        raise Invalid("targets.refused.no_workbook")
    if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
        raise Invalid("targets.refused.unpacks_too_large", mebibytes=MOST_UNPACKED >> 20)
    for name in names:
        for part, word in _FORBIDDEN.items():
            if part in name:
                raise Invalid(f"targets.refused.carries_{word}", part=name)


def _check_sheet(sheet: Worksheet) -> None:
    """No sheet may be larger than these are, hold formulas, or cells joined to one."""
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        size = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise Invalid("targets.refused.sheet_too_large", sheet=sheet.title, **size)
    for merged in sheet.merged_cells.ranges:
        raise Invalid("targets.refused.merged", sheet=sheet.title, cells=merged.coord)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type in {"f", "e"}:
                place = {"row": str(cell.row), "column": get_column_letter(cell.column or 1)}
                key = f"targets.refused.{'formula' if cell.data_type == 'f' else 'error_value'}"
                raise Invalid(key, sheet=sheet.title, **place)


def _sheet_of_targets(sheets: Sequence[Worksheet]) -> tuple[Worksheet, dict[TargetField, int]]:
    """The one sheet with these columns, and where each column stands."""
    known = fields_by_header()
    for sheet in sheets:
        heads = [_text(cell.value) for cell in sheet[1]]
        if any(known.get(folded(head)) is TargetField.KPI for head in heads) and any(
            known.get(folded(head)) is TargetField.VALID_FROM for head in heads
        ):
            return sheet, _places(sheet.title, heads, known)
    raise Invalid("targets.refused.no_sheet")


def _places(sheet: str, heads: list[str], known: dict[str, TargetField]) -> dict[TargetField, int]:
    places: dict[TargetField, int] = {}
    for place, head in enumerate(heads):
        field, letter = known.get(folded(head)), get_column_letter(place + 1)
        if field is None and head:
            raise Invalid("targets.refused.column_unknown", sheet=sheet, column=letter, name=head)
        if field in places:
            raise Invalid("targets.refused.column_twice", sheet=sheet, column=letter, name=head)
        if field is not None:
            places[field] = place
    missing = [field for field in NEEDED if field not in places]
    if missing:
        raise Invalid("targets.refused.columns_missing", sheet=sheet, columns=tuple(missing))
    return places


def _rows(sheet: Worksheet, places: dict[TargetField, int]) -> Iterator[RowFound]:
    for cells in sheet.iter_rows(min_row=2):
        if all(_is_empty(cell.value) for cell in cells):
            continue
        row = cast(list[SheetCell], list(cells))
        found = {field: _found(row[place]) for field, place in places.items()}
        yield RowFound(row[0].row, found)


def _found(cell: SheetCell) -> CellFound:
    value: Any = cell.value
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    shape = str(cell.number_format or "General")
    return CellFound(cell.row, get_column_letter(cell.column), value, shape)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def is_day(value: object) -> bool:
    """A day without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)
