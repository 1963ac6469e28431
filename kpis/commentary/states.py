"""The states of an action, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ActionState(StrEnum):
    """DONE and CANCELLED are final: whoever has to act again is given a new action."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = frozenset({ActionState.PLANNED, ActionState.IN_PROGRESS})
NEXT: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.PLANNED: frozenset(
        {ActionState.IN_PROGRESS, ActionState.DONE, ActionState.CANCELLED}
    ),
    ActionState.IN_PROGRESS: frozenset({ActionState.DONE, ActionState.CANCELLED}),
    ActionState.DONE: frozenset(),
    ActionState.CANCELLED: frozenset(),
}
