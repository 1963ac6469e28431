"""Accessible data sheets: one tagged table from A1, unique headers, nothing merged, nothing blank."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.sheets.book import Book, Cell

Row = TypeVar("Row")

LINE_HEIGHT = 14
WIDEST = 60


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column of a data table: its header, what it takes from a row, how wide it is in characters.

    A `plotted` column leaves None truly empty, because a chart would draw a word as zero.
    """

    header: str
    value: Callable[[Row], Cell]
    width: int = 12
    plotted: bool = False
    formula: Callable[[int], str] | None = None  # from the row's Excel number; value is its cache


def write_table(
    book: Book,
    sheet: Worksheet,
    name: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    description: str,
) -> None:
    """Fill a sheet with one table named `name` (which must start with tbl_)."""
    headers = [column.header for column in columns]
    if len({header.casefold() for header in headers}) < len(headers):
        raise ValueError(f"the headers of {name} are not unique: {headers}")
    for number, row in enumerate(rows, start=1):
        for index, column in enumerate(columns):
            _write(book, sheet, number, index, column, row)
    _head(book, sheet, columns)
    sheet.add_table(
        0,
        0,
        max(len(rows), 1),
        len(columns) - 1,
        {
            "name": name,
            "style": None,
            "columns": [_described(book, header) for header in headers],
            "title": name,
            "description": description,
        },
    )


def _described(book: Book, header: str) -> dict[str, Any]:
    return {"header": header, "header_format": head_format(book)}


def head_format(book: Book, **look: Any) -> Any:
    """The heading of a column."""
    look = {"align": "left"} | look
    return book.styles.of(
        bold=True,
        text_wrap=True,
        valign="bottom",
        bg_color=styles.RAISED,
        bottom=1,
        bottom_color=styles.MUTED,
        **look,
    )


def _head(book: Book, sheet: Worksheet, columns: Sequence[Column[Row]]) -> None:
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    lines = max(lines_of(column.header, column.width - 3) for column in columns)
    sheet.set_row(0, LINE_HEIGHT * lines + 4)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _write(
    book: Book, sheet: Worksheet, number: int, index: int, column: Column[Row], row: Row
) -> None:
    value = column.value(row)
    look: dict[str, Any] = {"bottom": 1, "bottom_color": styles.LINE}
    if column.formula is not None:
        shape = book.styles.of(num_format=styles.COUNT, align="right", **look)
        sheet.write_formula(number, index, column.formula(number + 1), shape, value)
    elif value is None and column.plotted:
        sheet.write_blank(number, index, None, book.styles.of(**look))
    else:
        book.write(sheet, number, index, value, text_wrap=True, **look)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column so many characters wide, words kept whole."""
    lines, used = 1, 0.0
    for word in text.split():
        length = float(len(word))
        if used and used + 1 + length > width:
            lines, used = lines + 1, 0.0
        lines += max(0, math.ceil(length / max(width, 1)) - 1)
        used += length + (1 if used else 0)
    return lines


def fitting(texts: Sequence[str], narrow: int, wide: int = WIDEST) -> int:
    """A column width for these texts between two bounds."""
    return max(narrow, min(wide, max((len(text) for text in texts), default=0) + 2))
