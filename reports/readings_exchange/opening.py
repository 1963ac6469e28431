"""Opens a workbook somebody brought along, as hostile until shown otherwise."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import ExtractRejected, Invalid
from data.extracts.reading.workbook_parts import refuse_entities
from reports.readings_exchange.columns import NEEDED, ReadingField, fields_by_header, folded

MOST_BYTES, MOST_UNPACKED = 4 << 20, 24 << 20
MOST_ROWS, MOST_COLUMNS = 5_000, 40
_FORBIDDEN = (
    *("vbaproject", "xl/macrosheets/", "xl/externallinks/", "xl/connections", "xl/querytables/"),
    *("xl/embeddings/", "xl/activex/", "xl/ctrlprops/"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the sheet: its number, and the cells that are read with their addresses."""

    number: int
    values: dict[ReadingField, Any]
    addresses: dict[ReadingField, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheet of readings: its name, and every row that holds anything."""

    sheet: str
    rows: tuple[Found, ...]


def open_workbook(content: bytes) -> Opened:
    """The sheet of readings of a file; a file that cannot be one, or hides things, is Invalid."""
    _check_package(content)
    try:
        workbook = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Invalid("entering.refused.broken_workbook") from error
    sheets = [sheet for sheet in workbook.worksheets if isinstance(sheet, Worksheet)]
    for sheet in sheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise Invalid("entering.refused.sheet_large", sheet=sheet.title, rows=MOST_ROWS)
    known = fields_by_header()
    for sheet in sheets:
        heads = [folded(str(cell.value or "")) for cell in sheet[1]]
        places = {known[head]: place for place, head in enumerate(heads) if head in known}
        if all(field in places for field in NEEDED):
            return Opened(sheet.title, tuple(_rows(sheet, places)))
    raise Invalid("entering.refused.no_sheet")


def _check_package(content: bytes) -> None:
    """What kind of file it is, how large it would become, and what it carries."""
    if len(content) > MOST_BYTES:
        raise Invalid("entering.refused.workbook_large", mebibytes=MOST_BYTES >> 20)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [member.filename.lower() for member in members]
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise Invalid("entering.refused.workbook_large", mebibytes=MOST_UNPACKED >> 20)
            if "xl/workbook.xml" not in names:
                raise Invalid("entering.refused.broken_workbook")
            if any(part in name for part in _FORBIDDEN for name in names):
                raise Invalid("entering.refused.carries")
            refuse_entities(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("entering.refused.broken_workbook") from error
    except ExtractRejected as error:
        raise Invalid("entering.refused.broken_workbook") from error


def _rows(sheet: Worksheet, places: dict[ReadingField, int]) -> Iterator[Found]:
    for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
        if all(cell.value in (None, "") for cell in cells):
            continue
        addresses = {field: f"{get_column_letter(at + 1)}{number}" for field, at in places.items()}
        for field, at in places.items():
            if cells[at].data_type in {"f", "e"}:
                raise Invalid("entering.refused.formula", sheet=sheet.title, cell=addresses[field])
        values = {field: cells[at].value for field, at in places.items()}
        yield Found(number, values, addresses)
