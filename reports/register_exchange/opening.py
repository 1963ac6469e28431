"""Finds the sheets of risks and treatments in a workbook that comes back; no other is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import Invalid
from reports.opening import Limits, check_cells, is_empty, open_sheets
from reports.register_columns import (
    RISK_MARKS,
    RISK_NEEDED,
    TREATMENT_MARKS,
    TREATMENT_NEEDED,
    AnyColumn,
    RiskColumn,
    TreatmentColumn,
    by_header,
    folded,
)

# 5,000 risks with 10,000 treatments and their assessments unpack to about 60 MiB.
LIMITS = Limits(16 << 20, 128 << 20, 100_000, 60, "register_import.refused.file_too_large")


@dataclass(frozen=True, slots=True)
class Found:
    """A cell as it stands."""

    sheet: str
    row: int
    column: str  # letter
    value: object


Row = Mapping[AnyColumn, Found]


@dataclass(frozen=True, slots=True)
class RegisterFound:
    """The rows that come back; a workbook without treatments has none of them."""

    risks: tuple[Row, ...]
    treatments: tuple[Row, ...]


def open_register(content: bytes) -> RegisterFound:
    """The rows of a file; one that cannot be a register, or hides things, is Invalid."""
    sheets = open_sheets(content, LIMITS)
    risks = _rows_of(sheets, RiskColumn, RISK_NEEDED, RISK_MARKS)
    if risks is None:
        raise Invalid("register_import.refused.no_sheet")
    treatments = _rows_of(sheets, TreatmentColumn, TREATMENT_NEEDED, TREATMENT_MARKS)
    return RegisterFound(tuple(risks), tuple(treatments or ()))


def _rows_of(
    sheets: Sequence[Worksheet],
    columns: type[RiskColumn] | type[TreatmentColumn],
    needed: Sequence[AnyColumn],
    marks: Collection[AnyColumn],
) -> Iterator[Row] | None:
    """The rows of the sheet whose head is that of these columns; None where there is no such."""
    known = by_header(columns)
    for sheet in sheets:
        heads = [folded(str(cell.value or "")) for cell in sheet[1]]
        if {known.get(head) for head in heads} >= set(marks):
            check_cells(sheet)
            return _rows(sheet, _places(sheet.title, heads, known, needed))
    return None


def _places(
    sheet: str, heads: Sequence[str], known: Mapping[str, AnyColumn], needed: Sequence[AnyColumn]
) -> dict[AnyColumn, int]:
    places: dict[AnyColumn, int] = {}
    for place, head in enumerate(heads):
        column, letter = known.get(head), get_column_letter(place + 1)
        if column is None and head:
            raise Invalid("targets.refused.column_unknown", sheet=sheet, column=letter, name=head)
        if column in places:
            raise Invalid("targets.refused.column_twice", sheet=sheet, column=letter, name=head)
        if column is not None:
            places[column] = place
    missing = tuple(column for column in needed if column not in places)
    if missing:
        raise Invalid("targets.refused.columns_missing", sheet=sheet, columns=missing)
    return places


def _rows(sheet: Worksheet, places: Mapping[AnyColumn, int]) -> Iterator[Row]:
    for cells in sheet.iter_rows(min_row=2):
        if all(is_empty(cell.value) for cell in cells):
            continue
        row = cast(list[SheetCell], list(cells))
        yield {column: _found(sheet.title, row[place]) for column, place in places.items()}


def _found(sheet: str, cell: SheetCell) -> Found:
    value: object = cell.value
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return Found(sheet, cell.row, get_column_letter(cell.column), value)
