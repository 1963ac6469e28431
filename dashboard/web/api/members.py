"""What the codes in readings are called: offices, services, places, lines, as on the pages."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.components.kpi_names import line_name, member_name, member_names
from dashboard.context import Link, PageContext
from dashboard.web.api.question import Question
from data.period import Period
from kpis.stored_readings import Reading

Names = dict[str, dict[str, str]]


def names_in(question: Question, readings: Iterable[Reading], period: Period) -> Names:
    """Dimension -> code -> name for everything these readings name."""
    texts, codes, lines = question.texts, dict[str, set[str]](), set[str]()
    for each in readings:
        lines.add(each.measure)
        for dimension, member in each.cell.members.items():
            codes.setdefault(dimension, set()).add(member)
    context = PageContext(question.workspace, question.actor, texts, Link(), period)
    found = {"measure": {name: line_name(texts, name) for name in sorted(lines)}}
    for dimension, members in codes.items():
        known = member_names(context, dimension)
        found[dimension] = {
            member: member_name(texts, dimension, member, known) for member in sorted(members)
        }
    return found
