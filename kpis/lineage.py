"""Where a value comes from: formula, loads, rows counted, rows left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlmodel import select

from data.figure import Missing
from data.metrics.engine import Engine
from data.metrics.query import Form, Query
from data.period import Period
from data.store.tables import Batch
from data.workspace import Reader
from kpis.composing import Matched, matched
from kpis.counting import Counts, Wanted
from kpis.definitions import HEADLINE, Definition
from kpis.entries.tracing import MadeOf, made_of
from kpis.measures import Measure, Statistic
from kpis.missing_days import MissingDays, missing_days
from kpis.network import OFFICE, refuse_merged
from kpis.readings import Ask, values_of
from kpis.register import Kpi, Published, read_kpi, read_reference_of
from kpis.sources import Coverage, Sources, shapes, sources
from kpis.stored_readings import Reading

_ROLES = (
    "day", "enters", "value", "numerator", "denominator", "weight", "run", "run_id", "strata",
    "opened", "due", "closed",
)  # fmt: skip
UNMATCHED = "unmatched"  # why rows are left out whose cell has no other side
Where = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class BatchUse:
    """A live batch of an extract the KPI leans on."""

    id: str
    contract: str
    file_name: str
    loaded_at: datetime
    cut_at: datetime
    coverage_from: date | None
    coverage_to: date | None
    rows: int
    history: bool = False  # of a time before the system, brought in afterwards


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One part of a query as text: its role (`day`, `numerator` ...) and the formula."""

    role: str
    text: str
    reason: str = ""  # of an inclusion: how a row that fails it is called


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind the readings of one KPI, period and part of the agency."""

    definition: Definition
    period: Period
    where: Mapping[str, str]
    readings: tuple[Reading, ...]  # the headline and its second lines
    formula: tuple[FormulaLine, ...]
    counted: int | None  # None, like the other counts, where they would tell a suppressed value
    numerator: float | None
    denominator: float | None
    excluded: Mapping[str, int]  # reason -> rows
    event: int
    reference_version: str
    published: Published | None
    batches: tuple[BatchUse, ...]
    gaps: Mapping[str, Coverage]  # extracts that do not know the whole period
    entered: MadeOf | None = None  # where people said the values
    missing: MissingDays = field(default_factory=dict)  # days a daily extract says nothing of

    @property
    def is_suppressed(self) -> bool:
        return any(each.figure.missing is Missing.SUPPRESSED for each in self.readings)


@dataclass(frozen=True, slots=True)
class Ground:
    """What one question is answered from."""

    kpi: Kpi
    period: Period
    where: Where
    known: Sources
    engine: Engine

    @property
    def query(self) -> Query:
        formula = self.kpi.definition.formula
        return formula.query_of(formula.headline)

    @property
    def span(self) -> dict[str, Any]:
        """Days, members and cut-off, as the engine takes them."""
        clock = self.known.clock(self.query.contract)
        window = self.kpi.definition.formula.headline.window
        return {
            "first": window.first_day(self.period) if window else self.period.start,
            "last": self.period.last_day,
            "where": self.where,
            "cut_off": clock.entered_until if self.query.enters else clock.cut_off,
        }


def explain(
    reader: Reader,
    code: str,
    period: Period,
    *,
    where: Mapping[str, str] | None = None,
    as_of: int | None = None,
) -> Explanation:
    """Why the value is what it is, as published or as of an event."""
    members, as_of = dict(where or {}), _event(reader, as_of)
    ground = ground_of(reader, code, period, members, as_of)
    if ground.kpi.definition.formula.entered:
        return _of_entered(reader, ground, members, as_of)
    counted, numerator, denominator = counts(ground)
    kpi, known = ground.kpi, ground.known
    asked = Ask(code, period, period, where=members, measures=None, as_of=as_of)
    readings = values_of(reader, kpi, asked)
    if kpi.definition.formula.over(kpi.definition.formula.headline):  # two sides, counted apart
        (headline,) = (each for each in readings if each.measure == HEADLINE)
        numerator, denominator = headline.numerator, headline.denominator
    found = Explanation(
        definition=kpi.definition,
        period=period,
        where=members,
        readings=readings,
        formula=tuple(formula_lines(ground.query)),
        counted=counted,
        numerator=numerator,
        denominator=denominator,
        excluded=_excluded(ground),
        event=known.history.number,
        reference_version=known.reference.version,
        published=kpi.published if as_of is None else None,
        batches=tuple(_batches(reader, ground)),
        gaps=_gaps(ground),
        missing=missing_days(ground.engine, ground.query, known, period, members),
    )
    if not found.is_suppressed:
        return found
    return replace(found, counted=None, numerator=None, denominator=None, excluded={})


def _of_entered(
    reader: Reader, ground: Ground, members: Mapping[str, str], as_of: int | None
) -> Explanation:
    """Why a value is what it is that was pooled from what people entered."""
    kpi, known, period = ground.kpi, ground.known, ground.period
    readings = values_of(reader, kpi, Ask(kpi.code, period, period, where=members, as_of=as_of))
    found = made_of(reader, kpi.definition, period, members, as_of)
    return Explanation(
        definition=kpi.definition,
        period=period,
        where=members,
        readings=readings,
        formula=(),
        counted=len(found.entries),
        numerator=readings[0].numerator,
        denominator=readings[0].denominator,
        excluded={},
        event=known.history.number,
        reference_version=known.reference.version,
        published=kpi.published if as_of is None else None,
        batches=(),
        gaps={},
        entered=found,
    )


def _event(reader: Reader, as_of: int | None) -> int | None:
    return reader.then.event if as_of is None and reader.then else as_of


def ground_of(reader: Reader, code: str, period: Period, where: Where, as_of: int | None) -> Ground:
    kpi, as_of = read_kpi(reader, code), _event(reader, as_of)
    published = kpi.published
    event = published.event_number if as_of is None and published else as_of
    reference = read_reference_of(reader, kpi, as_of)
    known = sources(reader, as_of=event, reference=reference)
    office = where.get(OFFICE)
    if isinstance(office, str):
        refuse_merged(office, dict(known.reference.successors))
    return Ground(kpi, period, where, known, reader.engine(shapes()))


def formula_lines(query: Query) -> Iterable[FormulaLine]:
    """A query in the words of its formulas, in the order in which it is read."""
    for inclusion in query.inclusions:
        yield FormulaLine("inclusion", inclusion.condition, inclusion.reason)
    for role in _ROLES:
        said = getattr(query, role)
        texts = [said] if isinstance(said, str) else list(said or ())
        if texts:
            yield FormulaLine(role, ", ".join(" ".join(text.split()) for text in texts))
    for one in query.exists:
        yield FormulaLine("exists", f"{one.name}: {one.condition}")


def counts(ground: Ground) -> tuple[int, float | None, float | None]:
    """Rows counted, numerator, denominator."""
    query, known, span = ground.query, ground.known, ground.span
    both = matched_of(ground)
    if both is not None:
        return both.counted, both.numerator, None
    asked = (query, known.reference, known.history)
    if query.form is Form.STOCK:
        where, cut_off = span["where"], span["cut_off"]
        ends = [ground.period.last_day]
        table = ground.engine.stock(*asked, ends=ends, where=where, cut_off=cut_off)
        return _of_stock(ground.kpi.definition.formula.headline, table)
    frequency = ground.period.frequency
    if query.form is Form.LATEST:
        table = ground.engine.slices(*asked, frequencies=[frequency], groupings=[()], **span)
        return _sum(table, "n"), _sum(table, "numerator"), _sum(table, "denominator")
    if query.form is Form.HISTOGRAM:
        span.pop("cut_off")
        table = ground.engine.histogram(*asked, frequency=frequency, **span)
        return _sum(table, "n"), None, None
    table = ground.engine.cells(*asked, frequency=frequency, **span)
    return _sum(table, "n"), _sum(table, "numerator"), _sum(table, "denominator")


def matched_of(ground: Ground) -> Matched | None:
    """What counts of the rows of a measure that is matched with another side, cell by cell."""
    formula, span = ground.kpi.definition.formula, ground.span
    if not formula.headline.match:
        return None
    what = Wanted((), (), ground.where or None, span["first"], span["last"])
    return matched(Counts(ground.engine, ground.known, {}, {}), formula, formula.headline, what)


def _of_stock(headline: Measure, table: pa.Table) -> tuple[int, float | None, float | None]:
    cases = _sum(table, "n")
    if headline.statistic is Statistic.OVERDUE:
        return cases, _sum(table, "overdue"), cases
    return cases, None, None


def _sum(table: pa.Table, column: str) -> int:
    return sum(value or 0 for value in table.column(column).to_pylist())


def _excluded(ground: Ground) -> dict[str, int]:
    table = ground.engine.exclusions(
        ground.query,
        ground.known.reference,
        ground.known.history,
        frequency=ground.period.frequency,
        **ground.span,
    )
    found: dict[str, int] = {}
    for row in table.to_pylist():
        found[row["reason"]] = found.get(row["reason"], 0) + row["n"]
    both = matched_of(ground)
    return found | {UNMATCHED: both.unmatched} if both and both.unmatched else found


def _batches(reader: Reader, ground: Ground) -> Iterable[BatchUse]:
    rows: dict[str, Batch] = {row.id: row for row in reader.all(select(Batch))}
    for name in sorted(ground.kpi.definition.formula.contracts):
        for live in ground.known.history.live(name):
            row = rows[live.id]
            yield BatchUse(
                id=row.id,
                contract=name,
                file_name=row.file_name,
                loaded_at=row.loaded_at,
                cut_at=row.cut_at,
                coverage_from=row.coverage_from,
                coverage_to=row.coverage_to,
                rows=row.rows_accepted,
                history=row.history,
            )


def _gaps(ground: Ground) -> dict[str, Coverage]:
    found = {
        name: ground.known.clock(name).coverage(ground.period)
        for name in sorted(ground.kpi.definition.formula.contracts)
    }
    return {name: coverage for name, coverage in found.items() if coverage is not Coverage.FULL}
