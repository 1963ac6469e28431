"""The scorecard of a period: every KPI with its status, its variation and what came before."""

from __future__ import annotations

from typing import Any

from dashboard.context import newest_period
from dashboard.web.api.answers import Listing
from dashboard.web.api.figures import figure_of, named, reading_of, target_of
from dashboard.web.api.question import Question
from data.access.permissions import Permission
from data.figure import Figure
from data.language.texts import Texts
from kpis.scorecard import ScorecardRow
from kpis.scorecard import scorecard as read_scorecard
from kpis.stored_readings import Reading


def list_rows(question: Question) -> Listing:
    """One item a KPI, as the page lists them; those that cannot be told here are named."""
    period = question.period("period") or newest_period(question.workspace, question.actor)
    part = question.part()
    with question.workspace.read(question.actor, Permission.KPI_VIEW) as reader:
        found = read_scorecard(
            reader, period=period, office=part.get("office"), service=part.get("service")
        )
    head = {"period": period.code, "where": part, "without": list(found.without)}
    return Listing([_row(row, question.texts) for row in found.rows], head)


def _row(row: ScorecardRow, texts: Texts) -> dict[str, Any]:
    published = row.published
    return {
        "code": row.code,
        "name": named(row.names, texts),
        "challenge": row.challenge,
        "objective": row.objective_code,
        "owner": row.owner,
        "direction": row.direction.value,
        **reading_of(row.reading, texts),
        **_judgement(row, texts),
        "previous": _earlier(row.previous, texts),
        "year_ago": _earlier(row.year_ago, texts),
        "fresh": row.fresh,
        "event": published.event_number if published else None,
    }


def _judgement(row: ScorecardRow, texts: Texts) -> dict[str, Any]:
    """Does it meet the target, and is it changing: two questions, kept apart."""
    chart, status = row.chart, row.status
    return {
        "target": target_of(row.target),
        "status": status.kind.value,
        "variance": _gap(status.variance, texts),
        "difference": _gap(status.difference, texts),
        "variation": chart.variation.value if chart.variation else None,
        "assurance": chart.assurance.value if chart.assurance else None,
    }


def _gap(figure: Figure | None, texts: Texts) -> dict[str, Any] | None:
    return figure_of(figure, texts) if figure else None


def _earlier(reading: Reading | None, texts: Texts) -> dict[str, Any] | None:
    return reading_of(reading, texts) if reading else None
