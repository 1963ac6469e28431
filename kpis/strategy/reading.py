"""The editions there are, the one in force, and how its objectives stand in a period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from data.errors import NotFound
from data.period import Period
from data.records import Kept, read_all
from data.workspace import Reader
from kpis.definitions import FINEST_FIRST
from kpis.judgement import ScorecardRow, judged_rows
from kpis.register import Kpi, read_kpis
from kpis.scorecard import cell_of
from kpis.strategy.record import EDITION, Edition, EditionState, StrategyObjective
from kpis.strategy.status import ObjectiveStatus, status_of

WHOLE = cell_of(None, None)  # the whole agency


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """An objective of an edition, its KPIs in a period, and its status by its rule."""

    objective: StrategyObjective
    rows: tuple[ScorecardRow, ...]
    status: ObjectiveStatus


@dataclass(frozen=True, slots=True)
class Strategy:
    """An edition with the status of each objective in a period."""

    edition: Edition
    period: Period
    objectives: Mapping[str, ObjectiveView]


def read_editions(reader: Reader) -> tuple[Kept[Edition], ...]:
    """Every edition that was not withdrawn, the latest first."""
    kept = read_all(reader, EDITION, Edition)
    wanted = [one for one in kept if one.value.state is not EditionState.WITHDRAWN]
    return tuple(sorted(wanted, key=lambda one: (one.value.first_day, one.id), reverse=True))


def in_force(reader: Reader) -> Kept[Edition] | None:
    """The edition that was adopted last; None before the first."""
    return _in_state(reader, EditionState.ADOPTED)


def draft_of(reader: Reader) -> Kept[Edition] | None:
    """The draft that is worked on; there is at most one."""
    return _in_state(reader, EditionState.DRAFT)


def read_strategy(reader: Reader, period: Period, edition: Edition | None = None) -> Strategy:
    """The edition in force (or another) with every objective judged; before the first: NotFound.

    An objective of the edition in force is judged by the KPIs that serve it, one of another by
    those it names.
    """
    kept = in_force(reader)
    shown = edition or (kept.value if kept else None)
    if shown is None:
        raise NotFound("strategy.refused.none")
    serving = None if shown.state is EditionState.ADOPTED else shown.serves()
    codes = None if serving is None else frozenset(serving)
    return Strategy(shown, period, judged(shown, _rows(reader, period, codes), serving))


def judged(
    edition: Edition, rows: Iterable[ScorecardRow], serving: Mapping[str, str] | None = None
) -> dict[str, ObjectiveView]:
    """Each objective with its status; `serving`: which KPI serves it, where the rows do not say."""
    by_objective: dict[str | None, list[ScorecardRow]] = {}
    for row in rows:
        served = row.objective_code if serving is None else serving.get(row.code)
        by_objective.setdefault(served, []).append(row)
    return {
        code: _view(one, tuple(by_objective.get(code, ()))) for code, one in edition.by_code.items()
    }


def own_period(kpi: Kpi, period: Period) -> Period:
    """The period, or, for a KPI told of longer ones alone, the last that was over by its end."""
    known = kpi.definition.frequencies(kpi.definition.formula.headline)
    if period.frequency in known:
        return period
    longer = FINEST_FIRST[FINEST_FIRST.index(period.frequency) :]
    frequency = next(one for one in longer if one in known)
    found = Period.covering(period.end - timedelta(days=1), frequency)
    return found if found.end <= period.end else found.shift(-1)


def _rows(reader: Reader, period: Period, codes: Collection[str] | None) -> Iterator[ScorecardRow]:
    """These KPIs, or all that serve an objective, each judged in a period it is told of."""
    by_period: dict[Period, dict[str, Kpi]] = {}
    for code, kpi in read_kpis(reader).items():
        if kpi.objective_code is not None if codes is None else code in codes:
            by_period.setdefault(own_period(kpi, period), {})[code] = kpi
    for one, kpis in by_period.items():
        yield from judged_rows(reader, kpis, one, WHOLE)


def _view(objective: StrategyObjective, rows: tuple[ScorecardRow, ...]) -> ObjectiveView:
    return ObjectiveView(objective, rows, status_of(objective.rule, rows))


def _in_state(reader: Reader, state: EditionState) -> Kept[Edition] | None:
    return next((one for one in read_editions(reader) if one.value.state is state), None)
