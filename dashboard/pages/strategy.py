"""Strategy: what the agency wants to reach and how it stands; its editions; the next draft."""

from __future__ import annotations

from enum import StrEnum

from dashboard.components.parts import choose_part
from dashboard.components.strategy import editions, mapping
from dashboard.components.strategy.editing import draft
from dashboard.components.strategy.known import look, read
from dashboard.context import PageContext
from data.access.permissions import Permission


class StrategyPart(StrEnum):
    MAP = "map"
    EDITIONS = "editions"
    DRAFT = "draft"


def draw(context: PageContext) -> None:
    """The map, the editions, or the draft for those who keep the strategy."""
    look()
    known = read(context)
    offered = [StrategyPart.MAP, StrategyPart.EDITIONS]
    if context.may(Permission.STRATEGY_KEEP):
        offered.append(StrategyPart.DRAFT)
    part = choose_part(context.texts, "strategy.part", offered, key="strategy.part")
    if part is StrategyPart.MAP:
        mapping.draw(context, known)
    elif part is StrategyPart.EDITIONS:
        editions.draw(known)
    else:
        draft.draw(context, known)
