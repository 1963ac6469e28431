"""Says which part of a series, and whether a reading, rests on history brought in afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from data.period import Period
from kpis.backfill import backfilled_periods
from kpis.scorecard import KpiView


def in_series(context: PageContext, view: KpiView) -> str:
    """'back-filled: January 2023-March 2024', or '' where nothing of the series is."""
    periods = [each.period for each in view.row.series if each.loaded]
    found = _backfilled(context, view, periods, None)
    return "; ".join(_stretch(context.texts, one) for one in _stretches(found))


def is_backfilled(context: PageContext, view: KpiView, as_of: int | None) -> bool:
    """Whether the period looked at is."""
    return bool(_backfilled(context, view, [view.period], as_of))


def _backfilled(
    context: PageContext, view: KpiView, periods: Sequence[Period], as_of: int | None
) -> tuple[Period, ...]:
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        return backfilled_periods(reader, view.kpi, periods, as_of)


def _stretches(periods: Sequence[Period]) -> list[list[Period]]:
    """Periods that follow each other, together."""
    found: list[list[Period]] = []
    for period in periods:
        if found and found[-1][-1].shift(1) == period:
            found[-1].append(period)
        else:
            found.append([period])
    return found


def _stretch(texts: Texts, periods: Sequence[Period]) -> str:
    if len(periods) == 1:
        return texts.text("history.one", first=periods[0])
    return texts.text("history.series", first=periods[0], last=periods[-1])
