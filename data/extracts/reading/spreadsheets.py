"""Reads a sheet of a workbook as a table of texts: values only, merged cells filled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from data.errors import ExtractRejected
from data.extracts.reading import workbook_parts
from data.extracts.reading.encodings import refuse_damage
from data.extracts.reading.workbook_parts import SheetFacts

MANY = 50_000  # rows written at once
EXACT_DIGITS = 10**15  # beyond, a number cell has lost digits
Cell = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet opened for reading."""

    name: str
    cells: CalamineSheet
    facts: SheetFacts
    hidden_sheets: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """(row number from 1, cells) of every row that holds anything."""
        fills = _fills(self.cells)
        anchors: dict[tuple[int, int], Cell] = {}
        start = self.cells.start
        offset = start[1] if start else 0
        for index, found in enumerate(self.cells.iter_rows()):
            row: list[Cell] = [None if cell == "" else cell for cell in found]
            for column, anchor in fills.get(index, ()):
                if anchor == (index, column):
                    anchors[anchor] = row[column - offset]
                row[column - offset] = anchors.get(anchor)
            if any(cell is not None for cell in row):
                yield index + 1, row


def open_sheet(path: Path, name: str | None) -> Sheet:
    """The named sheet, or the first visible one; ExtractRejected when it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            workbook_parts.refuse_entities(archive)
            workbook = CalamineWorkbook.from_path(str(path))
            chosen = _choose(workbook, name)
            facts = workbook_parts.sheet_facts(archive, chosen)
            return Sheet(chosen, workbook.get_sheet_by_name(chosen), facts, _hidden(workbook))
    except PasswordError as error:
        raise ExtractRejected("extracts.refused.password") from error
    except (CalamineError, ZipError, zipfile.BadZipFile) as error:
        raise ExtractRejected("extracts.refused.broken_workbook") from error


def write_texts(sheet: Sheet, header_end: int, width: int, decimal: str, target: Path) -> None:
    """Write the rows below the header to Parquet: `row`, then c0, c1 ... as texts."""
    names = [f"c{index}" for index in range(width)]
    schema = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in names)])
    with pq.ParquetWriter(target, schema) as writer:
        for batch in _batches(sheet, header_end, width, decimal):
            for column in batch[1:]:
                refuse_damage("\n".join(text for text in column if text))
            arrays = [pa.array(column) for column in batch[:1]]
            arrays += [pa.array(column, pa.string()) for column in batch[1:]]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def as_text(cell: Cell, decimal: str) -> str | None:
    """A cell as the text a person would have typed under the profile's decimal mark."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell, decimal)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "microseconds" if cell.microsecond else "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(cell: float, decimal: str) -> str:
    """Whole numbers without decimals; those too long for a cell as 1.2E+17, for all to see."""
    if abs(cell) >= EXACT_DIGITS:
        return f"{cell:.6E}"
    if cell == int(cell):
        return str(int(cell))
    return format(Decimal(repr(cell)), "f").replace(".", decimal)


def _batches(sheet: Sheet, header_end: int, width: int, decimal: str) -> Iterator[list[list[Any]]]:
    columns: list[list[Any]] = [[] for _ in range(width + 1)]
    for number, cells in sheet.rows():
        if number <= header_end:
            continue
        columns[0].append(number)
        for index in range(width):
            cell = cells[index] if index < len(cells) else None
            columns[index + 1].append(as_text(cell, decimal))
        if len(columns[0]) == MANY:
            yield columns
            columns = [[] for _ in range(width + 1)]
    yield columns


def _fills(cells: CalamineSheet) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """Row to (column, anchor) of the merged cells that lie in it."""
    fills: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    last_row, last_column = cells.end or (-1, -1)
    for (top, left), (bottom, right) in cells.merged_cell_ranges or ():
        for row in range(top, min(bottom, last_row) + 1):
            fills.setdefault(row, []).extend(
                (column, (top, left)) for column in range(left, min(right, last_column) + 1)
            )
    return fills


def _choose(workbook: CalamineWorkbook, name: str | None) -> str:
    sheets = [one for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    if name is None:
        sheets = [one for one in sheets if one.visible is SheetVisibleEnum.Visible]
    else:
        sheets = [one for one in sheets if one.name.casefold() == name.casefold()]
    if not sheets:
        known = tuple(workbook.sheet_names)
        raise ExtractRejected("extracts.refused.no_sheet", sheet=name or "", known=known)
    return sheets[0].name


def _hidden(workbook: CalamineWorkbook) -> tuple[str, ...]:
    sheets = workbook.sheets_metadata
    return tuple(one.name for one in sheets if one.visible is not SheetVisibleEnum.Visible)
