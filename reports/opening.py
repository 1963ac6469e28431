"""Opens a workbook somebody brought along, as hostile until shown otherwise.

What it may carry and how large it may be is the same for all workbooks that come back; what their
sheets mean is for each of them to say.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import ExtractRejected, Invalid
from data.extracts.reading.workbook_parts import refuse_entities

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
# Parts that a workbook to fill in has no use for, each with the word for it.
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
class Limits:
    """How large a workbook of a kind may be; `too_large_key` says of which kind it is."""

    most_bytes: int
    most_unpacked: int
    most_rows: int
    most_columns: int
    too_large_key: str


def open_sheets(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of a file; a file that cannot be a workbook, or hides things, is Invalid."""
    _check_package(content, limits)
    try:
        workbook = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except _BROKEN as error:
        raise Invalid("targets.refused.broken_workbook") from error
    sheets: list[Worksheet] = [
        sheet for sheet in workbook.worksheets if isinstance(sheet, Worksheet)
    ]
    for each in sheets:
        _check_size(each, limits)
    return sheets


def _check_package(content: bytes, limits: Limits) -> None:
    """What kind of file it is, how large it would become, and what it carries."""
    if len(content) > limits.most_bytes:
        raise Invalid(limits.too_large_key, mebibytes=limits.most_bytes >> 20)
    if content.startswith(_OLE):
        raise Invalid("targets.refused.protected_or_old")
    if not content.startswith(_ZIP):
        raise Invalid("targets.refused.no_workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive, limits)
            refuse_entities(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("targets.refused.broken_workbook") from error
    except ExtractRejected as error:
        raise Invalid("targets.refused.broken_workbook") from error


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    names = [member.filename.lower() for member in archive.infolist()]
    if "xl/workbook.xml" not in names:
        raise Invalid("targets.refused.no_workbook")
    if sum(member.file_size for member in archive.infolist()) > limits.most_unpacked:
        most = limits.most_unpacked >> 20
        raise Invalid("targets.refused.unpacks_too_large", mebibytes=most)
    for name in names:
        for part, word in _FORBIDDEN.items():
            if part in name:
                raise Invalid(f"targets.refused.carries_{word}", part=name)


def _check_size(sheet: Worksheet, limits: Limits) -> None:
    if sheet.max_row > limits.most_rows or sheet.max_column > limits.most_columns:
        size = {"rows": limits.most_rows, "columns": limits.most_columns}
        raise Invalid("targets.refused.sheet_too_large", sheet=sheet.title, **size)


def check_cells(sheet: Worksheet) -> None:
    """A sheet that is read may hold no formulas, no error values, and no cells joined to one."""
    for merged in sheet.merged_cells.ranges:
        raise Invalid("targets.refused.merged", sheet=sheet.title, cells=merged.coord)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type in {"f", "e"}:
                place = {"row": str(cell.row), "column": get_column_letter(cell.column or 1)}
                key = f"targets.refused.{'formula' if cell.data_type == 'f' else 'error_value'}"
                raise Invalid(key, sheet=sheet.title, **place)


def is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def is_day(value: object) -> bool:
    """A day without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)
