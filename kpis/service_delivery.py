"""Service delivery: what came in, went out and waits, service by service and office by office.

Everything is read from published readings; only the distribution of turnaround, which no reading
holds, is counted by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from data.figure import Figure, Missing
from data.metrics.reference import Rule
from data.period import Frequency, Period
from data.workspace import Reader
from kpis import measurement
from kpis.asking import Ask
from kpis.definitions import HEADLINE
from kpis.publishing import PAIR
from kpis.readings import values_of
from kpis.register import Kpi, read_kpi, read_kpis, read_reference_snapshot
from kpis.sources import shapes, sources
from kpis.stored_readings import Cell, Reading, Selection, find

# Column of the table -> KPI and line of it.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "intake": ("IN-01", HEADLINE),
    "output": ("IN-02", HEADLINE),
    "backlog": ("SD-04", HEADLINE),
    "approved_not_ready": ("SD-04", "approved_not_ready"),
    "overdue": ("SD-05", HEADLINE),
    "age_median": ("SD-05", "age_median"),
    "age_maximum": ("SD-05", "age_maximum"),
    "up_to_15": ("SD-05", "up_to_15"),
    "up_to_30": ("SD-05", "up_to_30"),
    "up_to_60": ("SD-05", "up_to_60"),
    "over_60": ("SD-05", "over_60"),
    "median": ("SD-01", HEADLINE),
    "p90": ("SD-02", HEADLINE),
    "within_deadline": ("SD-03", HEADLINE),
    "first_time_right": ("SD-06", HEADLINE),
    "rejection": ("SD-07", HEADLINE),
    "reprint": ("SD-08", HEADLINE),
}
TURNAROUND = "SD-01"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One service, one office, or one in the other; `figures` are by the names of COLUMNS."""

    cell: Cell
    figures: Mapping[str, Figure]
    partial: bool

    @property
    def office(self) -> str | None:
        return self.cell.members.get("office")

    @property
    def service(self) -> str | None:
        return self.cell.members.get("service")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The table of a period. A column that is not published so finely is left out of `columns`."""

    period: Period
    columns: tuple[str, ...]
    rows: tuple[DeliveryRow, ...]
    total: DeliveryRow


def delivery(
    reader: Reader,
    period: Period,
    *,
    by: tuple[str, ...] = ("service",),
    office: str | None = None,
    service: str | None = None,
) -> Delivery:
    """The table by service, by office or by both, of the whole agency or within one of them."""
    kpis = read_kpis(reader, sorted({code for code, _ in COLUMNS.values()}))
    where = {"office": office, "service": service}
    within = {dimension: member for dimension, member in where.items() if member}
    columns = tuple(name for name in COLUMNS if _is_published(name, period, {*by, *within}))
    rows = _table(reader, kpis, period, columns, by=by, within=within)
    total = _table(reader, kpis, period, columns, by=(), within=within)
    return Delivery(period, columns, rows, total[0])


def _is_published(column: str, period: Period, dimensions: set[str]) -> bool:
    """Second lines of single weeks of a service in an office are not."""
    fine = period.frequency is Frequency.WEEK and len(dimensions) == len(PAIR)
    return COLUMNS[column][1] == HEADLINE or not fine


def _table(
    reader: Reader,
    kpis: Mapping[str, Kpi],
    period: Period,
    columns: tuple[str, ...],
    *,
    by: tuple[str, ...],
    within: Mapping[str, str],
) -> tuple[DeliveryRow, ...]:
    shape = Cell.of({name: within.get(name, "") for name in {*by, *within}})
    selection = Selection(
        codes=list(kpis),
        frequency=period.frequency,
        starts=[period.start],
        dimension=shape.dimension,
        dimension2=shape.dimension2,
        member=within.get(shape.dimension) if shape.dimension not in by else None,
        member2=within.get(shape.dimension2) if shape.dimension2 not in by else None,
        measures={COLUMNS[name][1] for name in columns},
    )
    if reader.then is None:
        definitions = {code: kpi.definition for code, kpi in kpis.items()}
        readings = find(reader, selection, definitions)
    else:
        readings = _as_known(reader, kpis, columns, Ask("", period, period, by, within))
    found = {(each.code, each.measure, each.cell): each for each in readings}
    cells = sorted({cell for _, _, cell in found}) or ([] if by else [shape])
    loaded = {code for code, _, _ in found} if by or within else None
    rows = (_row(kpis, cell, columns, found, loaded) for cell in cells)
    return tuple(row for row in rows if not (by and _was_closed(row)))


def _as_known(
    reader: Reader, kpis: Mapping[str, Kpi], columns: tuple[str, ...], ask: Ask
) -> list[Reading]:
    """The readings of the columns as they were known at an earlier time."""
    lines: dict[str, list[str]] = {}
    for code, line in (COLUMNS[name] for name in columns):
        lines.setdefault(code, []).append(line)
    asked = [
        (kpis[code], replace(ask, code=code, measures=tuple(names)))
        for code, names in lines.items()
    ]
    found = [each for kpi, one in asked for each in values_of(reader, kpi, one)]
    return [each for each in found if each.loaded]


def _was_closed(row: DeliveryRow) -> bool:
    """Whether it is an office that was not open, and of which nothing is told."""
    told = [figure.missing for figure in row.figures.values()]
    return Missing.NOT_OPEN in told and None not in told


def _row(
    kpis: Mapping[str, Kpi],
    cell: Cell,
    columns: tuple[str, ...],
    found: Mapping[tuple[str, str, Cell], Reading],
    loaded: set[str] | None,
) -> DeliveryRow:
    figures, partial = {}, False
    for name in columns:
        code, measure = COLUMNS[name]
        reading = found.get((code, measure, cell))
        partial = partial or (reading is not None and reading.partial)
        figures[name] = reading.figure if reading else _absent(kpis[code], measure, loaded)
    return DeliveryRow(cell, figures, partial)


def _absent(kpi: Kpi, name: str, loaded: set[str] | None) -> Figure:
    """Nothing was ever counted of the member, or the KPI has nothing for the period at all."""
    measure = kpi.definition.formula.measure(name)
    if loaded is not None and kpi.code in loaded:
        return measurement.uncounted(measure)
    return measurement.empty(measure, Missing.NOT_LOADED)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many working days approved cases took, and the deadlines in force at the period's end."""

    counts: tuple[tuple[int, int], ...]  # (working days, cases), rising
    median: Figure
    p90: Figure
    deadlines: tuple[Rule, ...]

    @property
    def cases(self) -> int:
        return sum(count for _, count in self.counts)


def turnaround_distribution(
    reader: Reader, period: Period, *, office: str | None = None, service: str | None = None
) -> Distribution:
    """The distribution behind the median turnaround of a period, as published."""
    kpi = read_kpi(reader, TURNAROUND)
    published = kpi.published
    reference = read_reference_snapshot(reader, published.reference_version) if published else None
    event = published.event_number if published and reader.then is None else None
    known = sources(reader, as_of=event, reference=reference)
    where = {"office": office, "service": service}
    query = kpi.definition.formula.query_of(kpi.definition.formula.headline)
    table = reader.engine(shapes()).histogram(
        query,
        known.reference,
        known.history,
        frequency=period.frequency,
        first=period.start,
        last=period.last_day,
        where={dimension: member for dimension, member in where.items() if member},
    )
    counts = {row["value"]: row["n"] for row in table.to_pylist()}
    return Distribution(
        counts=tuple(sorted(counts.items())),
        median=_quantile(kpi, counts, measurement.MEDIAN),
        p90=_quantile(kpi, counts, measurement.P90),
        deadlines=tuple(rule for rule in known.reference.rules if _in_force(rule, period, service)),
    )


def _quantile(kpi: Kpi, counts: Mapping[int, int], share: Fraction) -> Figure:
    headline = kpi.definition.formula.headline
    value = measurement.quantile(counts, share)
    if value is None:
        return measurement.empty(headline, Missing.NO_DATA)
    return Figure(float(value), headline.unit, headline.decimals)


def _in_force(rule: Rule, period: Period, service: str | None) -> bool:
    begun = rule.valid_from <= period.last_day
    ended = rule.valid_to is not None and rule.valid_to < period.last_day
    return begun and not ended and service in (None, rule.service)
