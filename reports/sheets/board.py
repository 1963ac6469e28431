"""Parts that board sheets share: titles, paragraphs over several columns, headings, fact boxes."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.sheets.book import LINE_HEIGHT, TALLEST, Book, Cell, lines_of

BOLD = 0.92  # bold letters are wider, so fewer fit


def set_grid(sheet: Worksheet, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_title(book: Book, sheet: Worksheet, title: str, subtitle: str) -> int:
    """The title and what it is about; gives the next free row."""
    sheet.set_row(0, 26)
    book.write(sheet, 0, 0, title, bold=True, font_size=styles.LARGE + 3, valign="vcenter")
    book.write(sheet, 1, 0, subtitle, font_color=styles.MUTED)
    if book.cover.demo:
        label = book.text("reports.demo.label")
        book.write(sheet, 2, 0, label, bold=True, font_color=styles.WORSENING)
        return 4
    return 3


def write_heading(book: Book, sheet: Worksheet, row: int, text: str, columns: range) -> int:
    """A heading with a line under it across these columns; gives the next row."""
    line = {"bottom": 2, "bottom_color": styles.PRIMARY}
    book.fill(sheet, row, columns, **line)
    look = {"bold": True, "font_size": styles.SIZE + 1, "font_color": styles.PRIMARY}
    sheet.set_row(row, 18)
    book.write(sheet, row, columns.start, text, valign="vcenter", **look, **line)
    return row + 1


def write_paragraph(
    book: Book,
    sheet: Worksheet,
    row: int,
    columns: range,
    widths: Sequence[float],
    value: Cell,
    **look: Any,
) -> int:
    """A text over several columns of a grid of these widths; its row grows to hold it."""
    text = book.texts.value(value)
    shape = book.styles.of(**{"text_wrap": True} | look)
    size = look.get("font_size", styles.SIZE)
    room = sum(widths[i] for i in columns) * styles.SIZE / size
    lines = lines_of(text, room * (BOLD if look.get("bold") else 1))
    sheet.set_row(row, min(TALLEST, lines * LINE_HEIGHT * size / styles.SIZE + 5))
    if len(columns) > 1:
        sheet.merge_range(row, columns.start, row, columns.stop - 1, "", shape)
    sheet.write_string(row, columns.start, text, shape)
    return row + 1


def write_heads(
    book: Book,
    sheet: Worksheet,
    row: int,
    heads: Sequence[str],
    widths: Sequence[float],
    numeric: Container[int] = (),
) -> int:
    """A row of column headings, tall enough for the longest; gives the next row."""
    lines = max(lines_of(head, width) for head, width in zip(heads, widths, strict=False))
    sheet.set_row(row, lines * LINE_HEIGHT + 3)
    for column, head in enumerate(heads):
        right, after_number = column in numeric, column - 1 in numeric
        look = {"align": "right"} if right else {"align": "left", "indent": int(after_number)}
        sheet.write_string(row, column, head, _head_format(book, **look))
    return row + 1


def _head_format(book: Book, **look: Any) -> Format:
    return book.styles.of(
        bold=True,
        text_wrap=True,
        valign="bottom",
        bg_color=styles.RAISED,
        bottom=1,
        bottom_color=styles.MUTED,
        font_size=styles.SMALL,
        **look,
    )
