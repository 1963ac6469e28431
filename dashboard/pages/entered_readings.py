"""Readings: values that people enter, what waits for whom, and what is locked."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from dashboard.components.entering import approval, history, locks, waiting
from dashboard.components.parts import choose_part
from dashboard.context import PageContext
from data.access.permissions import Permission


class EnteringView(StrEnum):
    """What of the page is looked at."""

    ENTER = "enter"
    APPROVE = "approve"
    HISTORY = "history"
    LOCKS = "locks"


NEEDED = {
    EnteringView.ENTER: Permission.READING_ENTER,
    EnteringView.APPROVE: Permission.READING_APPROVE,
    EnteringView.HISTORY: Permission.READING_VIEW,
    EnteringView.LOCKS: Permission.READING_VIEW,
}
DRAWN: dict[EnteringView, Callable[[PageContext], None]] = {
    EnteringView.ENTER: waiting.draw,
    EnteringView.APPROVE: approval.draw,
    EnteringView.HISTORY: history.draw,
    EnteringView.LOCKS: locks.draw,
}


def draw(context: PageContext) -> None:
    """What the person may do here, one thing at a time."""
    DRAWN[_view(context)](context)


def _view(context: PageContext) -> EnteringView:
    """What concerns the person; at an earlier time it is looked at only."""
    offered = [view for view in EnteringView if context.actor.may(NEEDED[view])]
    return choose_part(context.texts, "entering.view", offered, key="entering.view")
