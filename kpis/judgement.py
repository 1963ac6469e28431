"""A KPI judged for one period: its figure, target, status, control chart and what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from data.figure import Figure, Unit
from data.period import Frequency, Period
from data.workspace import Reader
from kpis.assessment import Status, Target, assess
from kpis.definitions import Definition, Words
from kpis.direction import Direction
from kpis.readings import Ask, complete
from kpis.register import Kpi, Published
from kpis.sources import last_events
from kpis.stored_readings import WHOLE, Cell, Reading, Selection, find, loaded_periods
from kpis.targets import Targets, read_targets
from kpis.variation import ChartSettings, ControlChart, Point, judge

# How far back a series is shown and judged.
SPAN = {Frequency.WEEK: 104, Frequency.MONTH: 36, Frequency.QUARTER: 20, Frequency.YEAR: 10}


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """A KPI in one period: the figure, what was aimed at, whether it changes, what came before."""

    code: str
    names: Words
    challenge: int
    objective_code: str | None
    objective: Words | None
    owner: str | None
    unit: Unit
    decimals: int
    direction: Direction
    period: Period
    reading: Reading
    target: Target | None
    status: Status
    chart: ControlChart
    previous: Reading | None
    year_ago: Reading | None
    series: tuple[Reading, ...]  # up to and including the period
    fresh: bool  # everything loaded since is in it
    published: Published | None

    @property
    def figure(self) -> Figure:
        return self.reading.figure

    @property
    def partial(self) -> bool:
        return self.reading.partial

    @property
    def variance(self) -> Figure | None:
        return self.status.variance


def judged_rows(
    reader: Reader, kpis: Mapping[str, Kpi], period: Period, cell: Cell
) -> list[ScorecardRow]:
    """The rows of these KPIs: three queries, however many there are."""
    periods = list(period.shift(1 - SPAN[period.frequency]).until(period))
    series = read_series(
        reader, {code: kpi.definition for code, kpi in kpis.items()}, periods, cell
    )
    targets = read_targets(reader, list(kpis))
    newest = last_events(reader)
    return [_row(kpi, period, cell, series[code], targets, newest) for code, kpi in kpis.items()]


def read_series(
    reader: Reader, definitions: Mapping[str, Definition], periods: Sequence[Period], cell: Cell
) -> dict[str, tuple[Reading, ...]]:
    """The headline of each KPI in every one of the periods."""
    wanted = {
        "codes": list(definitions),
        "frequency": periods[0].frequency,
        "starts": [period.start for period in periods],
    }
    found: dict[str, list[Reading]] = {code: [] for code in definitions}
    for each in find(reader, Selection.of_cell(cell, **wanted), definitions):
        found[each.code].append(each)
    loaded = loaded_periods(reader, Selection.of_cell(WHOLE, **wanted))
    return {
        code: complete(
            found[code],
            Ask(code, periods[0], periods[-1], where=cell.members),
            [definition.formula.headline],
            loaded.get(code, {}),
        )
        for code, definition in definitions.items()
    }


def _row(
    kpi: Kpi,
    period: Period,
    cell: Cell,
    series: Sequence[Reading],
    targets: Targets,
    newest: Mapping[str, int],
) -> ScorecardRow:
    definition, office = kpi.definition, cell.members.get("office")
    by_period = {each.period: each for each in series}
    reading, previous = by_period[period], by_period.get(period.shift(-1))
    target = targets.in_force(kpi.code, period, office)
    fresh = is_fresh(kpi, newest)
    earlier = previous.figure if previous else None
    return ScorecardRow(
        code=kpi.code,
        names=definition.names,
        challenge=kpi.challenge,
        objective_code=kpi.objective_code,
        objective=kpi.objective,
        owner=kpi.owner,
        unit=definition.unit,
        decimals=definition.decimals,
        direction=definition.direction,
        period=period,
        reading=reading,
        target=target,
        status=assess(reading.figure, earlier, target, definition.direction, fresh=fresh),
        chart=chart_of(definition, series, targets.by_date(kpi.code, by_period, office)),
        previous=previous,
        year_ago=by_period.get(period.year_ago()),
        series=since_loaded(series),
        fresh=fresh,
        published=kpi.published,
    )


def is_fresh(kpi: Kpi, newest: Mapping[str, int]) -> bool:
    """Whether everything loaded and the definition as it stands are in what is published."""
    published = kpi.published
    if published is None or published.definition_version_id != kpi.definition.version_id:
        return False
    events = (newest.get(contract, 0) for contract in kpi.definition.formula.contracts)
    return max(events, default=0) <= published.event_number


def since_loaded(series: Sequence[Reading]) -> tuple[Reading, ...]:
    """The series from its first loaded period on."""
    start = next((n for n, each in enumerate(series) if each.loaded), len(series))
    return tuple(series[start:])


def chart_of(
    definition: Definition, series: Sequence[Reading], targets: Mapping[date, Target]
) -> ControlChart:
    """The control chart of a series; a period that is not over yet is not judged."""
    points = [
        Point(each.period.start, None if each.partial else each.figure.value)
        for each in since_loaded(series)
    ]
    while points and points[-1].value is None:
        points.pop()
    frequency = series[0].period.frequency if series else definition.frequency
    aims = tuple(targets.items())
    return _judged(tuple(points), definition.direction, definition.chart, aims, frequency)


@lru_cache(maxsize=20_000)  # the same series is judged for everybody, again and again
def _judged(
    points: tuple[Point, ...],
    direction: Direction,
    settings: ChartSettings,
    targets: tuple[tuple[date, Target], ...],
    frequency: Frequency,
) -> ControlChart:
    return judge(points, direction, settings, dict(targets), frequency)
