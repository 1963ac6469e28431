"""The scorecard of a period: every KPI with its status, its variation and what came before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.context import newest_period
from dashboard.web.api.answers import Listing
from dashboard.web.api.figures import figure_of, named, reading_of, target_of
from dashboard.web.api.question import Question
from data.access.permissions import Permission
from data.figure import Figure
from data.language.texts import Texts
from kpis.completeness import completeness_of
from kpis.scorecard import ScorecardRow
from kpis.scorecard import scorecard as read_scorecard
from kpis.sources import Clock
from kpis.stored_readings import Reading

Clocks = Mapping[str, Clock]


def list_rows(question: Question) -> Listing:
    """One item a KPI, as the page lists them; those that cannot be told here are named."""
    workspace, part = question.looking_back(), question.part()
    period = question.period("period") or newest_period(workspace, question.actor)
    with workspace.read(question.actor, Permission.KPI_VIEW) as reader:
        found = read_scorecard(
            reader, period=period, office=part.get("office"), service=part.get("service")
        )
    event = workspace.then.event if workspace.then else None
    head = {"period": period.code, "where": part, "as_of": event, "without": list(found.without)}
    return Listing([_row(row, found.clocks, question.texts) for row in found.rows], head)


def _row(row: ScorecardRow, clocks: Clocks, texts: Texts) -> dict[str, Any]:
    published = row.published
    return {
        "code": row.code,
        "name": named(row.names, texts),
        "challenge": row.challenge,
        "objective": row.objective_code,
        "owner": row.owner,
        "direction": row.direction.value,
        **reading_of(row.reading, row.completeness, texts),
        **_judgement(row, texts),
        "previous": _earlier(row.previous, row, clocks, texts),
        "year_ago": _earlier(row.year_ago, row, clocks, texts),
        "fresh": row.fresh,
        "event": published.event_number if published else None,
    }


def _judgement(row: ScorecardRow, texts: Texts) -> dict[str, Any]:
    """Does it meet the target, and is it changing: two questions, kept apart."""
    chart, status = row.chart, row.status
    return {
        "target": target_of(row.target),
        "status": status.kind.value,
        "far_behind": status.far_behind,
        "variance": _gap(status.variance, texts),
        "difference": _gap(status.difference, texts),
        "variation": chart.variation.value if chart.variation else None,
        "assurance": chart.assurance.value if chart.assurance else None,
    }


def _gap(figure: Figure | None, texts: Texts) -> dict[str, Any] | None:
    return figure_of(figure, texts) if figure else None


def _earlier(
    reading: Reading | None, row: ScorecardRow, clocks: Clocks, texts: Texts
) -> dict[str, Any] | None:
    if reading is None:
        return None
    return reading_of(reading, completeness_of(row.needs, reading, clocks), texts)
