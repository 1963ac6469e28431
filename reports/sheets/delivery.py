"""Service delivery for the board: every service, then every office, over a chart of deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.packs.management import DeliveryRow
from reports.sheets import charts
from reports.sheets.board import set_grid, write_heading, write_heads, write_title
from reports.sheets.book import Book, Cell
from reports.sheets.data import delivery_columns

_WIDTHS = (44, 13, 13, 13, 13, 14, 14, 14)
_CHART_WIDTH, _ROW_PIXELS, _BAR_PIXELS = 980, 20, 34
_BACKLOG, _OVERDUE, _WITHIN = 3, 4, 7


def in_reading_order(rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    """The whole agency, its services, its offices, then each service in each office."""
    return sorted(rows, key=lambda row: (row.office is not None, row.service is not None))


def write_services(
    book: Book, sheet: Worksheet, rows: Sequence[DeliveryRow], data_sheet: str
) -> None:
    """Every service in all offices; `rows` stand in the data sheet in the same order."""
    row = _open(book, sheet, book.text("reports.sheet.delivery"))
    sheet.fit_to_pages(1, 1)
    row = _chart(book, sheet, row, rows, data_sheet)
    shown = [one for one in rows if one.office is None]
    title, head = book.text("reports.delivery.by_service"), book.text("reports.head.service")
    row = write_heading(book, sheet, row + 1, title, range(len(_WIDTHS)))
    _table(book, sheet, row, head, shown)


def write_offices(book: Book, sheet: Worksheet, rows: Sequence[DeliveryRow]) -> None:
    """Every office over all services, with the whole agency on top."""
    row = _open(book, sheet, book.text("reports.sheet.offices"))
    shown = [one for one in rows if one.service is None]
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 1)
    _table(book, sheet, row, book.text("reports.head.office"), shown)


def of_services(rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    return [one for one in rows if one.service is not None and one.office is None]


def of_offices(rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    return [one for one in rows if one.service is None and one.office is not None]


def _open(book: Book, sheet: Worksheet, title: str) -> int:
    set_grid(sheet, _WIDTHS)
    return write_title(book, sheet, title, book.texts.period(book.cover.period))


def _chart(
    book: Book, sheet: Worksheet, row: int, rows: Sequence[DeliveryRow], data_sheet: str
) -> int:
    """The share within the deadline by service; the services stand together in the data sheet."""
    row = write_heading(book, sheet, row, book.text("reports.delivery.chart"), range(len(_WIDTHS)))
    places = [i for i, one in enumerate(rows) if one.service is not None and one.office is None]
    column = 2 + _WITHIN - 1
    chart = charts.deadline_chart(book, data_sheet, places[0] + 1, places[-1] + 1, column)
    height = 60 + _BAR_PIXELS * len(places)
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    parts = [
        f"{book.texts.value(rows[i].service)}: {book.texts.figure(rows[i].within_deadline)}"
        for i in places
    ]
    text = book.text("reports.chart.deadline", parts=parts)
    sheet.insert_chart(row, 0, chart, {"description": text, "object_position": 2})
    used = -(-height // _ROW_PIXELS)
    for offset in range(used):
        sheet.set_row_pixels(row + offset, _ROW_PIXELS)
    return row + used


def _table(book: Book, sheet: Worksheet, row: int, head: str, shown: Sequence[DeliveryRow]) -> None:
    """One line a service or office, the whole agency in bold on top, bars where size matters."""
    columns = delivery_columns(book, shown)
    heads = [head, *(column.header for column in columns)]
    first = write_heads(book, sheet, row, heads, _WIDTHS, range(1, len(_WIDTHS)))
    for number, one in enumerate(shown, start=first):
        whole = one.service is None and one.office is None
        look: dict[str, Any] = {"bottom": 1, "bottom_color": styles.LINE, "bold": whole}
        cells: list[Cell] = [one.service or one.office or book.text("reports.all")]
        cells += [column.value(one) for column in columns]
        written = [
            book.write(sheet, number, index, cell, text_wrap=True, **look | _side(index))
            for index, cell in enumerate(cells)
        ]
        book.fit_row(sheet, number, zip(written, _WIDTHS, strict=True))
    if len(shown) > 1:
        _bar(sheet, first + 1, first + len(shown) - 1, _BACKLOG, styles.BAR)
        _bar(sheet, first + 1, first + len(shown) - 1, _OVERDUE, styles.BAR_CONCERN)


def _side(index: int) -> dict[str, str]:
    return {"align": "right" if index else "left"}


def _bar(sheet: Worksheet, first: int, last: int, column: int, colour: str) -> None:
    sheet.conditional_format(
        first,
        column,
        last,
        column,
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": colour,
            "min_type": "num",
            "min_value": 0,
        },
    )
