"""What was said about KPIs and what is done about them, by whom and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dashboard.web.api.answers import Listing
from dashboard.web.api.question import Question
from data.access.permissions import Permission
from data.errors import Invalid
from kpis.commentary import Action, ActionState, Commentary, read_actions, read_history
from kpis.commentary.due import overdue
from kpis.register import read_kpi

YES_NO = ("false", "true")


def list_commentary(question: Question) -> Listing:
    """Every version of every commentary on a KPI, the newest first; of one period if asked."""
    period = question.period("period")
    with question.looking_back().read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        found = read_history(reader, kpi.code)
    wanted = [one for one in found if period in (None, one.period)]
    return Listing([_commentary(one) for one in wanted], {"code": kpi.code})


def list_actions(question: Question) -> Listing:
    """The actions, the first due first: of a KPI, in a state, only those that are overdue."""
    code, state = question.code("kpi"), _state(question)
    house = question.looking_back()
    with house.read(question.actor, Permission.KPI_VIEW) as reader:
        codes = None if code is None else [read_kpi(reader, code.upper()).code]
        found = read_actions(reader, codes)
    wanted = [one for one in found if state in (None, one.state)]
    if _is_yes(question, "overdue"):
        wanted = [one for one in wanted if overdue(one, house.today)]
    items = [_action(one, house.today) for one in wanted]
    return Listing(items, {"today": house.today.isoformat()})


def _state(question: Question) -> ActionState | None:
    text = question.asked.get("state")
    if text is not None and text not in set(ActionState):
        raise Invalid("api.unreadable.choice", parameter="state", known=tuple(ActionState))
    return ActionState(text) if text else None


def _is_yes(question: Question, name: str) -> bool:
    text = question.asked.get(name, "false")
    if text not in YES_NO:
        raise Invalid("api.unreadable.choice", parameter=name, known=YES_NO)
    return text == "true"


def _commentary(one: Commentary) -> dict[str, Any]:
    return {
        "id": one.id,
        "period": one.period.code,
        "office": one.office,
        "happened": one.happened,
        "cause": one.cause,
        "author": one.author,
        "created_at": _moment(one.at),
        "replaced_at": _moment(one.replaced_at) if one.replaced_at else None,
    }


def _action(one: Action, today: date) -> dict[str, Any]:
    late = overdue(one, today)
    return {
        "id": one.id,
        "kpi": one.code,
        "period": one.period.code if one.period else None,
        "office": one.office,
        "what": one.what,
        "assignee": one.assignee,
        "due": one.due.isoformat(),
        "first_due": one.first_due.isoformat(),
        "slipped_days": one.slipped_days,
        "state": one.state.value,
        "overdue": late.kind.value if late else None,
        "last_update": one.heard_on.isoformat(),
        "result": one.result,
        "author": one.author,
        "created_at": _moment(one.created_at),
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
