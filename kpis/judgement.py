"""A KPI judged for one period: its figure, target, status, control chart and what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from data.figure import Figure, Unit
from data.period import Frequency, Period
from data.workspace import Reader
from kpis.assessment import Status, Target, assess
from kpis.completeness import Completeness, Needs, completeness_of
from kpis.definitions import Definition, Words
from kpis.direction import Direction
from kpis.notes.reading import Note, read_notes, rebases_among, standing
from kpis.projection import Projection, project
from kpis.register import Kpi, Published
from kpis.series import series_of
from kpis.sources import Clock, current_clocks, last_events
from kpis.stored_readings import Cell, Reading
from kpis.targets import Targets, read_targets
from kpis.variation import (
    ChartSettings,
    ControlChart,
    Point,
    Rebase,
    Seasonality,
    judge,
    seasonality_of,
)

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
    seasonality: Seasonality | None = None  # does the series repeat with the seasons?
    other_chart: ControlChart | None = None  # without the season where `chart` is not, or with it
    notes: tuple[Note, ...] = ()  # rebases and annotations that hold for this series
    projection: Projection | None = None  # of the end of the period's year
    needs: Needs = field(default_factory=Needs)  # the extracts that have to be known
    completeness: Completeness = field(default_factory=Completeness)  # and how much of it is

    @property
    def figure(self) -> Figure:
        return self.reading.figure

    @property
    def partial(self) -> bool:
        return self.reading.partial

    @property
    def variance(self) -> Figure | None:
        return self.status.variance


@dataclass(frozen=True, slots=True)
class Around:
    """What people said about some KPIs, and how far the extracts behind them know."""

    targets: Targets
    notes: Mapping[str, Sequence[Note]]
    clocks: Mapping[str, Clock]


def judged_rows(
    reader: Reader,
    kpis: Mapping[str, Kpi],
    period: Period,
    cell: Cell,
    clocks: Mapping[str, Clock] | None = None,
) -> list[ScorecardRow]:
    """The rows of these KPIs: a few queries, however many there are; `clocks` as they stand."""
    periods = list(period.shift(1 - SPAN[period.frequency]).until(period))
    series = series_of(reader, kpis, periods, cell)
    around = Around(
        read_targets(reader, list(kpis)),
        read_notes(reader, list(kpis)),
        current_clocks(reader) if clocks is None else clocks,
    )
    # As of an earlier time everything is measured from exactly what was known.
    newest = last_events(reader) if reader.then is None else None
    return [_row(kpi, period, cell, series[code], around, newest) for code, kpi in kpis.items()]


def _row(
    kpi: Kpi,
    period: Period,
    cell: Cell,
    series: Sequence[Reading],
    around: Around,
    newest: Mapping[str, int] | None,
) -> ScorecardRow:
    targets, definition, office = around.targets, kpi.definition, cell.members.get("office")
    by_period = {each.period: each for each in series}
    reading, previous = by_period[period], by_period.get(period.shift(-1))
    target = targets.in_force(kpi.code, period, office)
    fresh = newest is None or is_fresh(kpi, newest)
    earlier = previous.figure if previous else None
    notes = notes_within(around.notes[kpi.code], cell, series)
    aims = targets.by_date(kpi.code, by_period, office)
    judged = charts_of(definition, series, aims, rebases_among(notes))
    needs = Needs.of(definition.formula, definition.formula.headline)
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
        chart=judged.chart,
        previous=previous,
        year_ago=by_period.get(period.year_ago()),
        series=since_loaded(series),
        fresh=fresh,
        published=kpi.published,
        seasonality=judged.seasonality,
        other_chart=judged.other,
        notes=notes,
        projection=_projection(definition, series, period),
        needs=needs,
        completeness=completeness_of(needs, reading, around.clocks),
    )


def _projection(definition: Definition, series: Sequence[Reading], period: Period) -> Projection:
    headline = definition.formula.headline
    return project(series, period, headline, definition.formula.query_of(headline).form)


def notes_within(notes: Sequence[Note], cell: Cell, series: Sequence[Reading]) -> tuple[Note, ...]:
    """The notes that hold for a part of the agency and lie within its series."""
    loaded = since_loaded(series)
    return standing(notes, cell, loaded[0].period, loaded[-1].period) if loaded else ()


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


@dataclass(frozen=True, slots=True)
class Charts:
    """A judged series: the chart that speaks for it, and the other one where it is seasonal."""

    chart: ControlChart
    other: ControlChart | None
    seasonality: Seasonality


def chart_of(
    definition: Definition,
    series: Sequence[Reading],
    targets: Mapping[date, Target],
    rebases: Sequence[Rebase] = (),
) -> ControlChart:
    """The control chart of a series; a period that is not over yet is not judged."""
    return charts_of(definition, series, targets, rebases).chart


def charts_of(
    definition: Definition,
    series: Sequence[Reading],
    targets: Mapping[date, Target],
    rebases: Sequence[Rebase] = (),
) -> Charts:
    """The charts of a series; a seasonal one has a second, adjusted chart.

    Which of the two speaks is a setting of the KPI. A period that is not over yet is not judged.
    """
    points = [
        Point(each.period.start, None if each.partial else each.figure.value)
        for each in since_loaded(series)
    ]
    while points and points[-1].value is None:
        points.pop()
    frequency = series[0].period.frequency if series else definition.frequency
    settings = definition.chart.with_rebases(rebases)
    aims = tuple(targets.items())
    return _judged(tuple(points), definition.direction, settings, aims, frequency)


@lru_cache(maxsize=20_000)  # the same series is judged for everybody, again and again
def _judged(
    points: tuple[Point, ...],
    direction: Direction,
    settings: ChartSettings,
    targets: tuple[tuple[date, Target], ...],
    frequency: Frequency,
) -> Charts:
    seasonality, aims = seasonality_of(points, frequency), dict(targets)
    chart = judge(points, direction, settings, aims, frequency)
    if seasonality.season is None:
        return Charts(chart, None, seasonality)
    without = judge(seasonality.season.adjusted, direction, settings, aims, frequency)
    without = replace(without, adjusted=True)
    pair = (without, chart) if settings.seasonal else (chart, without)
    return Charts(*pair, seasonality)
