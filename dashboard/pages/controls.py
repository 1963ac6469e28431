"""Controls and indicators: what stands against risks, what warns of them, and what happened."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from dashboard.components.parts import part_of
from dashboard.components.risks.controls import listing as controls
from dashboard.components.risks.incidents import listing as incidents
from dashboard.components.risks.indicators import listing as indicators
from dashboard.context import PageContext


class WatchPart(StrEnum):
    """The parts of the page."""

    CONTROLS = "controls"
    INDICATORS = "indicators"
    INCIDENTS = "incidents"


DRAWN: dict[WatchPart, Callable[[PageContext], None]] = {
    WatchPart.CONTROLS: controls.draw,
    WatchPart.INDICATORS: indicators.draw,
    WatchPart.INCIDENTS: incidents.draw,
}


def draw(context: PageContext) -> None:
    """The part that is looked at: its answer in a sentence, its table, its forms."""
    DRAWN[part_of(context, WatchPart, "controls.part")](context)
