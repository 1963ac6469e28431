"""A workbook being written: its sheets, their names, and typed cells that never become formulas."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from data.language.dates import local_moment
from data.language.languages import LocalText
from data.language.texts import Texts
from reports import styles
from reports.packs.common import Cover, Message

Cell = str | int | float | date | datetime | Figure | LocalText | Message | bool | None

LONGEST_NAME = 31
LONGEST_TEXT = 32_767
PAPER_A4 = 9
ROW_HEIGHT, LINE_HEIGHT, TALLEST = 16.5, 13.5, 409.0  # points; Excel has no taller row
LETTERS = 1.15  # letters of running text in the width of a digit
_REFUSED_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Book:
    """One workbook in one language; sheets stand in the order in which they are added."""

    def __init__(self, texts: Texts, cover: Cover) -> None:
        self.texts = texts
        self.cover = cover
        self._bytes = BytesIO()
        self.workbook = Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": styles.FONT, "font_size": styles.SIZE},
            },
        )
        self.styles = styles.Styles(self.workbook)
        self._taken: set[str] = set()

    def add_sheet(self, name: str, *, landscape: bool = True, colour: str = "") -> Worksheet:
        """A sheet set up for A4, one page wide, with its footer; a name taken gets a number."""
        sheet = self.workbook.add_worksheet(self._free_name(name))
        sheet.set_paper(PAPER_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.hide_gridlines(2)
        if colour:
            sheet.set_tab_color(colour)
        self._head_and_foot(sheet)
        return sheet

    def add_chart(self, kind: str, subtype: str | None = None) -> Chart:
        """A chart to fill and insert; a kind Excel does not have is a ValueError."""
        chart = self.workbook.add_chart({"type": kind, "subtype": subtype})
        if chart is None:
            raise ValueError(f"no such chart: {kind}")
        return chart

    def close(self) -> bytes:
        self.workbook.close()
        return self._bytes.getvalue()

    def text(self, key: str, **values: Any) -> str:
        """A text of the catalogues."""
        return self.texts.text(key, **values)

    def write(self, sheet: Worksheet, row: int, column: int, value: Cell, **look: Any) -> str:
        """Write one value with its own cell type; gives the text that may need room.

        A missing figure says why in words; numbers and dates need no more room than a column has.
        """
        match value:
            case Figure(value=float() | int() as number):
                look = {"num_format": styles.figure_format(value), "align": "right"} | look
                number = number if value.shown else max(number, 0.0)  # no cell shows -0.0
                sheet.write_number(row, column, number, self.styles.of(**look))
            case bool() | None | str() | Figure() | LocalText() | Message():
                text = self.texts.value(value)[:LONGEST_TEXT]
                sheet.write_string(row, column, text, self.styles.of(**look))
                return text
            case int() | float():
                look = {"num_format": styles.COUNT, "align": "right"} | look
                sheet.write_number(row, column, value, self.styles.of(**look))
            case date():
                self._write_date(sheet, row, column, value, look)
        return ""

    def _write_date(
        self, sheet: Worksheet, row: int, column: int, value: date, look: dict[str, Any]
    ) -> None:
        """A moment on the agency's clock, or a day."""
        if isinstance(value, datetime):
            shown = local_moment(value, self.texts.zone).replace(tzinfo=None)
            look = {"num_format": styles.MOMENT, "align": "left"} | look
        else:
            shown = datetime.combine(value, time.min)
            look = {"num_format": styles.DAY, "align": "left"} | look
        sheet.write_datetime(row, column, shown, self.styles.of(**look))

    def fit_row(self, sheet: Worksheet, row: int, written: Iterable[tuple[str, float]]) -> float:
        """Make a row tall enough for texts that wrap in columns of these widths.

        Gives its height in points.
        """
        lines = max((lines_of(text, width) for text, width in written), default=1)
        height = ROW_HEIGHT if lines == 1 else min(TALLEST, lines * LINE_HEIGHT + 4)
        sheet.set_row(row, height)
        return height

    def fill(self, sheet: Worksheet, row: int, columns: range, **look: Any) -> None:
        """Empty cells with a look: the background of a band, or a line."""
        for column in columns:
            sheet.write_blank(row, column, None, self.styles.of(**look))

    def _free_name(self, wanted: str) -> str:
        """The name cut to what Excel allows, with a number when another sheet has it."""
        clean = " ".join(wanted.translate(_REFUSED_IN_NAMES).split()).strip("'") or "-"
        name, number = clean[:LONGEST_NAME].rstrip(" '"), 1
        while name.casefold() in self._taken or name.casefold() == "history":
            number += 1
            tail = f" {number}"
            name = clean[: LONGEST_NAME - len(tail)].rstrip(" '") + tail
        self._taken.add(name.casefold())
        return name

    def _head_and_foot(self, sheet: Worksheet) -> None:
        period = self.texts.period(self.cover.period)
        left = _in_footer(f"{self.texts.value(self.cover.agency)} · {period}"[:80])
        pages = self.text("reports.footer.pages")
        mark = _in_footer(
            self.text("reports.footer.snapshot", snapshot=self.cover.snapshot_id)[:60]
        )
        small = f'&"{styles.FONT},Regular"&8'
        sheet.set_footer(f"&L{small}{left}&C{small}{mark}&R{small}{pages}")
        if self.cover.demo:
            label = _in_footer(self.text("reports.demo.label"))
            sheet.set_header(f'&R&"{styles.FONT},Bold"&9{label}')


def _in_footer(text: str) -> str:
    """Ampersands start commands in headers and footers, so they are doubled."""
    return text.replace("&", "&&")


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, words kept whole."""
    room = width * LETTERS
    if len(text) <= room:
        return 1
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        lines += max(0, math.ceil(len(word) / max(room, 1)) - 1)
        used += len(word) + (1 if used else 0)
    return lines
