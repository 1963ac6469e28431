"""What happened and why, what is done about it, by whom and until when; and what is overdue."""

from kpis.commentary.actions import assign_action, update_action, write_commentary
from kpis.commentary.answering import read_answers
from kpis.commentary.due import Answer, Late, Overdue
from kpis.commentary.reading import (
    Action,
    Commentary,
    Update,
    read_actions,
    read_commentary,
    read_history,
    read_updates,
)
from kpis.commentary.states import ActionState

__all__ = [
    "Action",
    "ActionState",
    "Answer",
    "Commentary",
    "Late",
    "Overdue",
    "Update",
    "assign_action",
    "read_actions",
    "read_answers",
    "read_commentary",
    "read_history",
    "read_updates",
    "update_action",
    "write_commentary",
]
