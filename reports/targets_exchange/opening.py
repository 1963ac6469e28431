"""Opens a workbook somebody brought along, as hostile until shown otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import Invalid
from reports.opening import Limits, check_cells, is_empty, open_sheets
from reports.targets_exchange.columns import NEEDED, TargetField, fields_by_header, folded

MOST_BYTES = 4 << 20
MOST_UNPACKED = 24 << 20  # 5,000 rows of this workbook take about 10 MiB
MOST_ROWS = 5_000
MOST_COLUMNS = 40
LIMITS = Limits(
    MOST_BYTES, MOST_UNPACKED, MOST_ROWS, MOST_COLUMNS, "targets.refused.file_too_large"
)


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
    sheets = open_sheets(content, LIMITS)
    for each in sheets:
        check_cells(each)
    sheet, places = _sheet_of_targets(sheets)
    return SheetFound(sheet.title, tuple(_rows(sheet, places)))


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
        if all(is_empty(cell.value) for cell in cells):
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


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
