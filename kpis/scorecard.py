"""What management sees: the scorecard of a period, and one KPI from every side.

One read for all that ask: pages, command line, data interface and reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.period import Frequency, Period
from data.store.tables import KpiDefinitionVersion
from data.workspace import Reader
from kpis.definitions import HEADLINE
from kpis.judgement import ScorecardRow, judged_rows
from kpis.publishing import PAIR
from kpis.readings import Ask, values_of
from kpis.register import Kpi, read_kpi, read_kpis, read_versions
from kpis.restatements import Restatement, read_restatements
from kpis.sources import Clock, current_clocks
from kpis.stored_readings import Cell, Reading
from kpis.targets import TargetEntry, target_history

__all__ = ["KpiView", "Scorecard", "ScorecardRow", "kpi", "scorecard"]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The rows of one period and part of the agency, and the clocks of the extracts behind."""

    period: Period
    cell: Cell
    rows: tuple[ScorecardRow, ...]
    without: tuple[str, ...]  # KPIs that cannot be told for this part of the agency
    clocks: Mapping[str, Clock]

    def row(self, code: str) -> ScorecardRow:
        """The row of this KPI; none is a KeyError."""
        return {row.code: row for row in self.rows}[code]


def scorecard(
    reader: Reader, *, period: Period, office: str | None = None, service: str | None = None
) -> Scorecard:
    """Every KPI of the scorecard for a period, of the agency or an office, a service or both."""
    kpis = read_kpis(reader, scorecard=True)
    cell = cell_of(office, service)
    told = {code: kpi for code, kpi in kpis.items() if _can_tell(kpi, cell, period)}
    clocks = current_clocks(reader)
    return Scorecard(
        period=period,
        cell=cell,
        rows=tuple(judged_rows(reader, told, period, cell, clocks)),
        without=tuple(code for code in kpis if code not in told),
        clocks=clocks,
    )


def cell_of(office: str | None, service: str | None) -> Cell:
    """The part of the agency a filter leaves."""
    members = {"office": office, "service": service}
    return Cell.of({dimension: member for dimension, member in members.items() if member})


def _can_tell(kpi: Kpi, cell: Cell, period: Period) -> bool:
    definition = kpi.definition
    known = definition.frequencies(definition.formula.headline)
    return period.frequency in known and all(map(definition.has_dimension, cell.members))


@dataclass(frozen=True, slots=True)
class KpiView:
    """One KPI: its row, second lines, breakdowns, targets, versions and restatements."""

    kpi: Kpi
    cell: Cell
    row: ScorecardRow
    lines: Mapping[str, tuple[Reading, ...]]  # second lines: name -> series
    breakdowns: Mapping[str, tuple[Reading, ...]]  # dimension -> its members in the period
    targets: tuple[TargetEntry, ...]
    versions: tuple[KpiDefinitionVersion, ...]
    restatements: tuple[Restatement, ...]
    clock: Clock

    @property
    def period(self) -> Period:
        return self.row.period


def kpi(
    reader: Reader,
    code: str,
    period: Period,
    *,
    office: str | None = None,
    service: str | None = None,
) -> KpiView:
    """One KPI for the period (its frequency is the series'), of the agency, an office, a service.

    A KPI unknown is NotFound; one that cannot be told for the part asked for is Invalid.
    """
    found, cell = read_kpi(reader, code), cell_of(office, service)
    ask = Ask(code, period, period, where=cell.members)
    values_of(reader, found, ask)  # refuses what cannot be told
    clocks = current_clocks(reader)
    (row,) = judged_rows(reader, {code: found}, period, cell, clocks)
    return KpiView(
        kpi=found,
        cell=cell,
        row=row,
        lines=_lines(reader, found, row, cell),
        breakdowns=_breakdowns(reader, found, ask),
        targets=target_history(reader, code),
        versions=read_versions(reader, code),
        restatements=read_restatements(reader, found, row.series),
        clock=clocks.get(found.definition.formula.contract, Clock()),
    )


def _lines(
    reader: Reader, found: Kpi, row: ScorecardRow, cell: Cell
) -> dict[str, tuple[Reading, ...]]:
    names = [measure.name for measure in found.definition.formula.measures]
    second = tuple(name for name in names if name != HEADLINE)
    if not second or not row.series or _is_too_fine(row.period.frequency, cell):
        return {}
    first = row.series[0].period
    ask = Ask(found.code, first, row.period, where=cell.members, measures=None)
    series = values_of(reader, found, ask)
    lines = {name: tuple(each for each in series if each.measure == name) for name in second}
    return {name: line for name, line in lines.items() if line}  # some are told of quarters alone


def _is_too_fine(frequency: Frequency, cell: Cell) -> bool:
    """Second lines of single weeks of a service in an office are not published."""
    return frequency is Frequency.WEEK and len(cell.members) == len(PAIR)


def _breakdowns(reader: Reader, found: Kpi, ask: Ask) -> dict[str, tuple[Reading, ...]]:
    """The published breakdowns: all of the agency, services of an office, offices of a service."""
    names = [dimension.name for dimension in found.definition.dimensions]
    if ask.first.frequency is Frequency.WEEK or ask.where:
        names = [name for name in PAIR if name in names]
    return {
        name: values_of(reader, found, Ask(ask.code, ask.first, ask.last, (name,), ask.where))
        for name in names
        if name not in ask.where
    }
