"""A question for readings, and answers without holes: what nobody stored says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.figure import Missing
from data.period import Period
from kpis import measurement
from kpis.definitions import HEADLINE
from kpis.entered import ENTERED
from kpis.measures import Measure
from kpis.stored_readings import Cell, Reading


@dataclass(frozen=True, slots=True)
class Ask:
    """Which readings: of a KPI, from one period to another, broken down, within some members.

    `measures` None asks for every line; `as_of` is an event number, None what is published.
    """

    code: str
    first: Period
    last: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    measures: tuple[str, ...] | None = (HEADLINE,)
    as_of: int | None = None

    @property
    def periods(self) -> list[Period]:
        return list(self.first.until(self.last))

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset({*self.by, *self.where})


def complete(
    found: Iterable[Reading], ask: Ask, measures: Iterable[Measure], loaded: Mapping[Period, bool]
) -> tuple[Reading, ...]:
    """The readings with those nobody stored: nothing counted, or a period that is not loaded.

    `loaded` tells of each period that is, whether it is partial.
    """
    have = {(each.measure, each.cell, each.period): each for each in found}
    cells = sorted({cell for _, cell, _ in have}) or [Cell.of(ask.where)] * (not ask.by)
    rows = []
    for period in ask.periods:
        for cell in cells:
            for measure in measures:
                stored = have.get((measure.name, cell, period))
                rows.append(stored or _empty(ask.code, measure, period, cell, loaded))
    return tuple(rows)


def _empty(
    code: str, measure: Measure, period: Period, cell: Cell, loaded: Mapping[Period, bool]
) -> Reading:
    if period not in loaded or measure.query == ENTERED:
        figure = measurement.empty(measure, Missing.NOT_LOADED)
        return Reading(code, measure.name, period, cell, figure)
    figure = measurement.uncounted(measure)
    return Reading(code, measure.name, period, cell, figure, partial=loaded[period])
