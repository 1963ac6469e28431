"""The catalogue of indicators and what each says, now or as of any time.

What is read here was kept by an evaluation; that it is stale is told by the reader's day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from data.codec import build
from data.period import Period
from data.records import history
from data.store.tables import RiskIndicatorReading
from data.workspace import Reader
from risks.indicators.judging import PARTIAL
from risks.indicators.keeping import find_indicator, kept_indicators
from risks.indicators.record import Indicator
from risks.indicators.thresholds import IndicatorState, Signal
from risks.register.kinds import Effect
from risks.register.nouns import Noun
from risks.register.reading import read_register
from risks.register.record import IndicatorLink, Risk
from risks.register.states import Status


@dataclass(frozen=True, slots=True)
class EvaluatedReading:
    """What an indicator said of a period when it was evaluated, and the rows it rests on."""

    period: Period
    value: float | None
    missing: str | None  # a data.figure.Missing value, or "partial"
    signal: Signal
    state: IndicatorState
    publication_id: int | None
    event_number: int | None
    evaluated_at: datetime

    @property
    def is_judged(self) -> bool:
        return self.signal is not Signal.NO_DATA

    @property
    def is_partial(self) -> bool:
        """Whether the period may still change, so that it is shown and not judged."""
        return self.missing == PARTIAL


@dataclass(frozen=True, slots=True)
class LinkedRisk:
    """A risk of which an indicator warns, and what it does to it."""

    code: str
    title: str
    status: Status
    effect: Effect
    link_id: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """Everything that is shown of an indicator."""

    indicator: Indicator
    state: IndicatorState
    readings: tuple[EvaluatedReading, ...]  # oldest first
    links: tuple[LinkedRisk, ...] = ()  # of risks that the reader may see

    @property
    def newest(self) -> EvaluatedReading | None:
        """The newest reading that was judged."""
        return next((one for one in reversed(self.readings) if one.is_judged), None)

    @property
    def red_since(self) -> Period | None:
        """The first period of the run of red it is in; None where it is not red by its values."""
        since = None
        for one in self.readings:
            is_red = one.state is IndicatorState.RED
            since = (since or one.period) if is_red else None
        return since

    @property
    def evaluated_at(self) -> datetime | None:
        """When an evaluation last changed anything in it."""
        return max((one.evaluated_at for one in self.readings), default=None)


@dataclass(frozen=True, slots=True)
class Turn:
    """One change or turn of an indicator: when, by whom, what kind, why, and how it was left."""

    at: datetime
    actor: str
    tag: str
    cause: Mapping[str, Any] | None
    indicator: Indicator


def read_indicators(reader: Reader, *, retired: bool = False) -> tuple[IndicatorView, ...]:
    """The indicators in use, by code; `retired` gives those that no longer are."""
    found = [one for one in kept_indicators(reader) if one.is_retired is retired]
    return _views(reader, found)


def read_indicator(reader: Reader, code: str) -> IndicatorView:
    """The indicator of this code, retired or not; none is NotFound."""
    (view,) = _views(reader, [find_indicator(reader, code)])
    return view


def indicators_of(reader: Reader, risk: Risk) -> tuple[tuple[IndicatorLink, IndicatorView], ...]:
    """The indicators that warn of a risk, in the order in which they were linked."""
    wanted = {link.indicator_id for link in risk.indicator_links}
    found = [one for one in kept_indicators(reader) if one.id in wanted]
    views = {view.indicator.id: view for view in _views(reader, found)}
    return tuple(
        (link, views[link.indicator_id])
        for link in risk.indicator_links
        if link.indicator_id in views
    )


def read_turns(reader: Reader, code: str) -> tuple[Turn, ...]:
    """Every change of an indicator and every time it turned, oldest first."""
    rows = history(reader, Noun.INDICATOR, find_indicator(reader, code).id)
    return tuple(
        Turn(row.at, row.actor, row.tag, row.cause, build(Indicator, row.content)) for row in rows
    )


def _views(reader: Reader, found: Collection[Indicator]) -> tuple[IndicatorView, ...]:
    readings, links = _readings(reader, found), _links(read_register(reader))
    return tuple(
        _view(one, readings.get(one.id, ()), links.get(one.id, ()), reader.today) for one in found
    )


def _view(
    indicator: Indicator,
    readings: tuple[EvaluatedReading, ...],
    links: Iterable[LinkedRisk],
    today: date,
) -> IndicatorView:
    view = IndicatorView(indicator, IndicatorState.NO_DATA, readings, tuple(links))
    if view.newest is None:
        return view
    state = indicator.thresholds.shown(readings[-1].state, view.newest.period.last_day, today)
    return IndicatorView(indicator, state, readings, view.links)


def _readings(
    reader: Reader, found: Collection[Indicator]
) -> dict[str, tuple[EvaluatedReading, ...]]:
    """What evaluations kept of each indicator, by its id; oldest period first."""
    known = {one.id: one for one in found}
    table = RiskIndicatorReading
    statement = select(table).where(col(table.indicator_id).in_(sorted(known)), *_standing(reader))
    kept: dict[str, tuple[EvaluatedReading, ...]] = {}
    for row in reader.all(statement.order_by(col(table.period_start))):
        one = _reading(row, known[row.indicator_id])
        kept[row.indicator_id] = (*kept.get(row.indicator_id, ()), one)
    return kept


def _standing(reader: Reader) -> list[Any]:
    """Only what stands, or stood at the reader's time."""
    table = RiskIndicatorReading
    if reader.then is None:
        return [col(table.replaced_at).is_(None)]
    until = reader.then.until
    still = or_(col(table.replaced_at).is_(None), col(table.replaced_at) >= until)
    return [col(table.evaluated_at) < until, still]


def _reading(row: RiskIndicatorReading, indicator: Indicator) -> EvaluatedReading:
    return EvaluatedReading(
        period=Period(row.period_start, indicator.frequency),
        value=row.value,
        missing=row.missing,
        signal=Signal(row.signal),
        state=IndicatorState(row.state),
        publication_id=row.publication_id,
        event_number=row.event_number,
        evaluated_at=row.evaluated_at,
    )


def _links(risks: Iterable[Risk]) -> dict[str, tuple[LinkedRisk, ...]]:
    """The risks each indicator warns of, by the id of the indicator."""
    found: dict[str, tuple[LinkedRisk, ...]] = {}
    for risk in risks:
        for link in risk.indicator_links:
            told = LinkedRisk(
                risk.code, risk.title, risk.status, link.effect, link.id, link.linked_at
            )
            found[link.indicator_id] = (*found.get(link.indicator_id, ()), told)
    return found
