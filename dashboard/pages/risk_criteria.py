"""Keeping the register: the criteria risks are measured by, its categories, its snapshots."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from dashboard.components.parts import part_of
from dashboard.components.risks.criteria import categories, criteria, snapshots
from dashboard.context import PageContext


class KeepingPart(StrEnum):
    """The parts of the page."""

    CRITERIA = "criteria"
    CATEGORIES = "categories"
    SNAPSHOTS = "snapshots"


DRAWN: dict[KeepingPart, Callable[[PageContext], None]] = {
    KeepingPart.CRITERIA: criteria.draw,
    KeepingPart.CATEGORIES: categories.draw,
    KeepingPart.SNAPSHOTS: snapshots.draw,
}


def draw(context: PageContext) -> None:
    """The part that is looked at."""
    DRAWN[part_of(context, KeepingPart, "keeping.part")](context)
