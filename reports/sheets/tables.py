"""Accessible data sheets: one tagged table from A1, unique headers, nothing merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports import styles
from reports.sheets.book import LINE_HEIGHT, Book, Cell, lines_of

Row = TypeVar("Row")

WIDEST_PAGE = 260  # characters that may share the width of a page and still be read


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
    aligned = [_numeric(column, rows) for column in columns]
    for number, row in enumerate(rows, start=1):
        written = [
            (
                _write(book, sheet, (number, index), column, row, right=aligned[index]),
                column.width - 1,
            )
            for index, column in enumerate(columns)
        ]
        book.fit_row(sheet, number, written)
    _head(book, sheet, columns)
    sheet.add_table(
        0,
        0,
        max(len(rows), 1),
        len(columns) - 1,
        {
            "name": name,
            "style": None,
            "columns": [
                _described(book, column, right=right)
                for column, right in zip(columns, aligned, strict=True)
            ],
            "title": name,
            "description": description,
        },
    )


def _numeric(column: Column[Row], rows: Sequence[Row]) -> bool:
    """Whether a column holds numbers: they stand to the right, and so do words in their place."""
    values = (column.value(row) for row in rows)
    first = next((value for value in values if value is not None), None)
    return isinstance(first, Figure | int | float) and not isinstance(first, bool)


def _side(*, right: bool) -> dict[str, Any]:
    return {"align": "right"} if right else {"align": "left", "indent": 1}


def _described(book: Book, column: Column[Row], *, right: bool) -> dict[str, Any]:
    shape = book.styles.of(
        bold=True,
        text_wrap=True,
        valign="bottom",
        bg_color=styles.RAISED,
        bottom=1,
        bottom_color=styles.MUTED,
        **_side(right=right),
    )
    return {"header": column.header, "header_format": shape}


def _head(book: Book, sheet: Worksheet, columns: Sequence[Column[Row]]) -> None:
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    lines = max(lines_of(column.header, column.width - 3) for column in columns)
    sheet.set_row(0, LINE_HEIGHT * lines + 4)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if sum(column.width for column in columns) > WIDEST_PAGE:
        sheet.fit_to_pages(2, 0)
        sheet.repeat_columns(0, 0)


def _write(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    column: Column[Row],
    row: Row,
    *,
    right: bool,
) -> str:
    """Write one cell of the table; gives its text, as `Book.write` does."""
    value = column.value(row)
    look: dict[str, Any] = {"bottom": 1, "bottom_color": styles.LINE} | _side(right=right)
    if column.formula is not None:
        shape = book.styles.of(num_format=styles.COUNT, **look)
        sheet.write_formula(*place, column.formula(place[0] + 1), shape, value)
    elif value is None and column.plotted:
        sheet.write_blank(*place, None, book.styles.of(**look))
    else:
        return book.write(sheet, *place, value, text_wrap=True, **look)
    return ""
