"""Tables of the register: some cells are for reading, some may be changed and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports import styles
from reports.register_columns import Shape
from reports.sheets.book import LINE_HEIGHT, Book, Cell, lines_of
from reports.sheets.tables import WIDEST_PAGE

Column = TypeVar("Column", bound=StrEnum)
Looks = Mapping[str, Any]
EDGE: dict[str, Any] = {"bottom": 1, "bottom_color": styles.LINE, "valign": "top"}


def write_rows(
    book: Book,
    sheet: Worksheet,
    columns: Mapping[Column, Shape],
    rows: Sequence[Mapping[Column, Cell]],
    looks: Sequence[Mapping[Column, Looks]],
    *,
    name: str,
    about: str,
    can_return: bool,
) -> None:
    """One tagged table from A1; what may be changed is unlocked and looks so, if anything may."""
    sides = {column: _side([row.get(column) for row in rows]) for column in columns}
    for number, (row, look) in enumerate(zip(rows, looks, strict=True), start=1):
        written = []
        for place, (column, shape) in enumerate(columns.items()):
            is_input = can_return and shape.is_input
            said = {**EDGE, **sides[column], "locked": not is_input, **look.get(column, {})}
            text = _write(book, sheet, (number, place), row.get(column), said, is_input=is_input)
            written.append((text, shape.width - 1))
        book.fit_row(sheet, number, written)
    _head(book, sheet, columns, can_return=can_return)
    sheet.add_table(
        0,
        0,
        max(len(rows), 1),
        len(columns) - 1,
        {
            "name": name,
            "style": None,
            "columns": [
                _described(book, column, sides[column], is_input=can_return and shape.is_input)
                for column, shape in columns.items()
            ],
            "title": name,
            "description": about,
        },
    )
    if can_return:
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    value: Cell,
    look: Looks,
    *,
    is_input: bool,
) -> str:
    """One cell; where something may be filled in, what is empty is empty and text stays text."""
    if is_input and not isinstance(value, date):
        look = {"num_format": "@", **look}
    if is_input and value in (None, ""):
        sheet.write_blank(*place, None, book.styles.of(text_wrap=True, **look))
        return ""
    return book.write(sheet, *place, None if value == "" else value, text_wrap=True, **look)


def _side(values: Sequence[Cell]) -> Looks:
    """Numbers stand to the right, and so do words in their place."""
    first = next((value for value in values if value is not None), None)
    is_number = isinstance(first, Figure | int | float) and not isinstance(first, bool)
    return {"align": "right"} if is_number else {"align": "left", "indent": 1}


def _head(
    book: Book, sheet: Worksheet, columns: Mapping[Column, Shape], *, can_return: bool
) -> None:
    widths = [shape.width for shape in columns.values()]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    heads = [book.texts.word(column) for column in columns]
    lines = max(lines_of(head, width - 3) for head, width in zip(heads, widths, strict=True))
    sheet.set_row(0, LINE_HEIGHT * lines + 6)
    sheet.freeze_panes(1, 2 if can_return else 1)
    sheet.repeat_rows(0)
    if sum(widths) > WIDEST_PAGE:
        sheet.fit_to_pages(-(-sum(widths) // WIDEST_PAGE), 0)
        sheet.repeat_columns(0, 0)


def _described(book: Book, column: StrEnum, side: Looks, *, is_input: bool) -> dict[str, Any]:
    shape = book.styles.of(
        bold=True,
        text_wrap=True,
        valign="bottom",
        locked=True,
        font_color=styles.WHITE if is_input else styles.TEXT,
        bg_color=styles.PRIMARY if is_input else styles.RAISED,
        bottom=1,
        bottom_color=styles.MUTED,
        **side,
    )
    return {"header": book.texts.word(column), "header_format": shape}
