"""The look of every workbook: colours, type and number formats, in this one place."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from data.figure import Figure, Unit
from data.language.languages import Language
from kpis.assessment import StatusKind
from reports.packs.management import Finding

# Colours, the light palette of the pages
TEXT = "#1B2733"
MUTED = "#566173"
RAISED = "#F4F6F9"
LINE = "#C9D1DB"
PRIMARY = "#244AA5"
WHITE = "#FFFFFF"
MET = "#1565A0"
IMPROVING = "#8A6D00"
WORSENING = "#8E1B3A"
ABSENT = "#5F6B7A"
COMMON = "#6B7785"
IMPROVEMENT = "#0B5CAD"
CONCERN = "#B85C00"
TARGET = "#7A1FA2"
BAR, BAR_CONCERN = "#D3D9E0", "#F1D5B8"  # behind numbers, which must stay readable

FONT = "Arial"  # on every machine, and its free twin has the same widths
SIZE, SMALL, LARGE, HUGE = 10, 9, 13, 22

STATUS_COLOUR = {
    StatusKind.MET: MET,
    StatusKind.BEHIND_IMPROVING: IMPROVING,
    StatusKind.BEHIND_WORSENING: WORSENING,
    StatusKind.NO_DATA: ABSENT,
    StatusKind.NO_TARGET: ABSENT,
    StatusKind.STALE: ABSENT,
}
STATUS_SHAPE = {
    StatusKind.MET: "●",
    StatusKind.BEHIND_IMPROVING: "▲",
    StatusKind.BEHIND_WORSENING: "▼",
    StatusKind.NO_DATA: "○",
    StatusKind.NO_TARGET: "–",
    StatusKind.STALE: "◷",
}
FINDING_COLOUR = {
    Finding.COMMON: COMMON,
    Finding.IMPROVEMENT: IMPROVEMENT,
    Finding.CONCERN: CONCERN,
    Finding.NEUTRAL: TEXT,
}

# Of risk, from the lowest level to the highest: their lightness alone puts them in order
LEVELS = ("#FBF1DF", "#F5CF94", "#DD9052", "#A9482F", "#5C1229")
FILLS = "▁▂▄▆█"  # a bar that is higher the higher the level

DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
COUNT = "#,##0"
_LONG_DAY = {
    Language.SQ: "[$-41C]d mmmm yyyy",
    Language.SR: "[$-241A]d. mmmm yyyy.",
    Language.EN: "[$-809]d mmmm yyyy",
}
_UNGROUPED = frozenset({Unit.PERCENT, Unit.PERCENTAGE_POINTS, Unit.INDEX})


def number_format(unit: Unit, decimals: int, *, signed: bool = False) -> str:
    """How a cell shows a figure: '0.0' for percentages, '#,##0' for counts; '+0.0' when signed."""
    whole = "0" if unit in _UNGROUPED else "#,##0"
    plain = whole + ("." + "0" * decimals if decimals else "")
    zero = "0" + ("." + "0" * decimals if decimals else "")
    return f"+{plain};−{plain};{zero}" if signed else plain


def figure_format(figure: Figure, *, signed: bool = False) -> str:
    return number_format(figure.unit, figure.decimals, signed=signed)


def long_day(language: Language) -> str:
    """A day in words, in the language of the workbook whatever the reader's machine speaks."""
    return _LONG_DAY[language]


class Styles:
    """Cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[frozenset[tuple[str, Any]], Format] = {}

    def of(self, **properties: Any) -> Format:
        """The house's cell format with these properties changed."""
        key = frozenset(properties.items())
        made = self._made.get(key)
        if made is None:
            base = {"font_name": FONT, "font_size": SIZE, "font_color": TEXT, "valign": "vcenter"}
            made = self._made[key] = self._workbook.add_format(base | properties)
        return made
