"""Which values rest on history: loads of a time before the system, brought in afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy
from sqlmodel import col

from data.period import Period
from data.store.tables import Batch
from data.workspace import Reader
from kpis.completeness import Needs, unknown_days
from kpis.register import Kpi
from kpis.sources import Clock, Span, clock_of, read_history


def backfilled_periods(
    reader: Reader, kpi: Kpi, periods: Iterable[Period], as_of: int | None = None
) -> tuple[Period, ...]:
    """Those of the periods of which some day is known from history alone, in order.

    As of the KPI's publication, or as of an event.
    """
    event = kpi.published.event_number if as_of is None and kpi.published else as_of
    needs = Needs.of(kpi.definition.formula, kpi.definition.formula.headline)
    known = [found for name in needs.extracts if (found := _known(reader, name, event))]
    return tuple(
        period
        for period in sorted(periods)
        if any(_is_backfilled(clock, history, needs.span(period)) for clock, history in known)
    )


def _known(reader: Reader, contract: str, event: int | None) -> tuple[Clock, list[Span]] | None:
    """What an extract knows without its history, and the days of its history; None without any."""
    events = read_history(reader) if event is None else read_history(reader).as_of(event)
    live = [batch.id for batch in events.live(contract)]
    names = ("history", "cut_at", "coverage_from", "coverage_to")
    statement: Any = sqlalchemy.select(*(getattr(Batch, name) for name in names))
    found: Iterable[Any] = reader.all(statement.where(col(Batch.id).in_(live)))
    rows = [tuple(row) for row in found]
    history = [(first, last) for is_history, _cut, first, last in rows if is_history]
    spans = [(first, last) for first, last in history if first is not None and last is not None]
    usual = [declared for is_history, *declared in rows if not is_history]
    if not spans:
        return None
    zone = reader.settings.zone
    return clock_of(map(tuple, usual), zone) if usual else Clock(), spans


def _is_backfilled(usual: Clock, history: Iterable[Span], span: Span) -> bool:
    """Whether history covers a day of the span that no other load covers."""
    gaps = list(unknown_days(usual, *span))
    return any(_overlap(one, gap) for one in history for gap in gaps)


def _overlap(one: Span, other: Span) -> bool:
    first: date = max(one[0], other[0])
    return first <= min(one[1], other[1])
