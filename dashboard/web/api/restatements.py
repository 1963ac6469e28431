"""Values that are no longer what was published first, with the loads that made the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.web.api.answers import Listing
from dashboard.web.api.figures import figure_of
from dashboard.web.api.question import Question
from dashboard.web.api.values import span_asked
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.definitions import HEADLINE
from kpis.readings import Ask, values_of
from kpis.register import read_kpi
from kpis.restatements import Cause, Restatement, restated


def list_restatements(question: Question) -> Listing:
    """One item a period whose figure changed, as the page of the KPI lists them."""
    workspace, part = question.looking_back(), question.part()
    with workspace.read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        first, last = span_asked(question, reader, kpi, question.event(reader))
        ask = Ask(kpi.code, first, last, where=part, measures=(HEADLINE,))
        found = restated(reader, kpi, values_of(reader, kpi, ask))
    event = workspace.then.event if workspace.then else None
    head = {"code": kpi.code, "from": first.code, "to": last.code, "where": part, "as_of": event}
    return Listing([_item(each, causes, question.texts) for each, causes in found], head)


def _item(each: Restatement, causes: Sequence[Cause], texts: Texts) -> dict[str, Any]:
    return {
        "period": each.period.code,
        "first": figure_of(each.first.figure, texts),
        "first_published_at": each.first_published_at.isoformat(timespec="seconds"),
        "now": figure_of(each.now.figure, texts),
        "restated_at": each.restated_at.isoformat(timespec="seconds"),
        "causes": [_cause(one) for one in causes],
    }


def _cause(one: Cause) -> dict[str, Any]:
    """A load or withdrawal by its file; of an entered value who wrote, approved and why."""
    entry = one.entry
    return {
        "event": one.event or None,
        "batch": one.batch or None,
        "file_name": one.file_name or None,
        "entered_by": entry.entered_by if entry else None,
        "approved_by": entry.decided_by if entry else None,
        "reason": entry.reason if entry else None,
    }
