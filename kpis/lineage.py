"""Where a value comes from: formula, loads, rows counted, rows left out; and those rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlmodel import select

from data.access.permissions import Permission
from data.errors import PermissionDenied
from data.extracts.contracts import Contract, contract
from data.metrics.engine import Engine
from data.metrics.query import Form, Query
from data.period import Period
from data.store.tables import Batch, Office
from data.workspace import Reader
from kpis.definitions import Definition, Measure, Statistic
from kpis.readings import Ask, values_of
from kpis.register import Kpi, Published, read_kpi, read_reference_snapshot
from kpis.sources import Coverage, Sources, shapes, sources
from kpis.stored_readings import Reading

PSEUDONYM = "_pseudo"  # columns of this ending tell people apart; drilling does not need them
OFFICE = "office"
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
    counted: int
    numerator: float | None
    denominator: float | None
    excluded: Mapping[str, int]  # reason -> rows
    event: int
    reference_version: str
    published: Published | None
    batches: tuple[BatchUse, ...]
    gaps: Mapping[str, Coverage]  # extracts that do not know the whole period


@dataclass(frozen=True, slots=True)
class _Ground:
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
        cut_off = self.known.clock(self.query.contract).cut_off
        return {
            "first": self.period.start,
            "last": self.period.last_day,
            "where": self.where,
            "cut_off": cut_off,
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
    members = dict(where or {})
    ground = _ground(reader, code, period, members, as_of)
    counted, numerator, denominator = _counts(ground)
    kpi, known = ground.kpi, ground.known
    asked = Ask(code, period, period, where=members, measures=None, as_of=as_of)
    return Explanation(
        definition=kpi.definition,
        period=period,
        where=members,
        readings=values_of(reader, kpi, asked),
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
    )


def _ground(reader: Reader, code: str, period: Period, where: Where, as_of: int | None) -> _Ground:
    kpi = read_kpi(reader, code)
    published = kpi.published
    event = published.event_number if as_of is None and published else as_of
    reference = read_reference_snapshot(reader, published.reference_version) if published else None
    known = sources(reader, as_of=event, reference=reference)
    return _Ground(kpi, period, where, known, reader.engine(shapes()))


def formula_lines(query: Query) -> Iterable[FormulaLine]:
    """A query in the words of its formulas, in the order in which it is read."""
    for inclusion in query.inclusions:
        yield FormulaLine("inclusion", inclusion.condition, inclusion.reason)
    for role in ("day", "value", "numerator", "denominator", "opened", "due", "closed"):
        text = getattr(query, role)
        if text:
            yield FormulaLine(role, " ".join(text.split()))


def _counts(ground: _Ground) -> tuple[int, float | None, float | None]:
    """Rows counted, numerator, denominator."""
    query, known, span = ground.query, ground.known, ground.span
    asked = (query, known.reference, known.history)
    if query.form is Form.STOCK:
        where, cut_off = span["where"], span["cut_off"]
        ends = [ground.period.last_day]
        table = ground.engine.stock(*asked, ends=ends, where=where, cut_off=cut_off)
        return _of_stock(ground.kpi.definition.formula.headline, table)
    frequency = ground.period.frequency
    if query.form is Form.HISTOGRAM:
        span.pop("cut_off")
        table = ground.engine.histogram(*asked, frequency=frequency, **span)
        return _sum(table, "n"), None, None
    table = ground.engine.cells(*asked, frequency=frequency, **span)
    return _sum(table, "n"), _sum(table, "numerator"), _sum(table, "denominator")


def _of_stock(headline: Measure, table: pa.Table) -> tuple[int, float | None, float | None]:
    cases = _sum(table, "n")
    if headline.statistic is Statistic.OVERDUE:
        return cases, _sum(table, "overdue"), cases
    return cases, None, None


def _sum(table: pa.Table, column: str) -> int:
    return sum(value or 0 for value in table.column(column).to_pylist())


def _excluded(ground: _Ground) -> dict[str, int]:
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
    return found


def _batches(reader: Reader, ground: _Ground) -> Iterable[BatchUse]:
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
            )


def _gaps(ground: _Ground) -> dict[str, Coverage]:
    found = {
        name: ground.known.clock(name).coverage(ground.period)
        for name in sorted(ground.kpi.definition.formula.contracts)
    }
    return {name: coverage for name, coverage in found.items() if coverage is not Coverage.FULL}


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Some of the rows counted, those in the actor's units only; `total` is how many there are."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    offices: tuple[str, ...] | None  # those looked into; None: all


def rows(
    reader: Reader,
    code: str,
    period: Period,
    *,
    where: Mapping[str, str] | None = None,
    as_of: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> CountedRows:
    """Exactly the rows behind a value, without columns that tell who somebody is.

    PermissionDenied without the right to see rows, or for an office outside the actor's units.
    """
    members: dict[str, str | list[str]] = dict(where or {})
    offices = _offices(reader, (where or {}).get(OFFICE))
    if offices is not None:
        members[OFFICE] = offices
    ground = _ground(reader, code, period, members, as_of)
    if offices is not None and not ground.kpi.definition.has_dimension(OFFICE):
        raise PermissionDenied("kpis.refused.rows_not_by_office", code=code)
    shape = contract(ground.query.contract)
    table = ground.engine.rows(
        ground.query,
        ground.known.reference,
        ground.known.history,
        **ground.span,
        columns=shown_columns(shape),
        limit=limit,
        offset=offset,
    )
    return CountedRows(
        columns=tuple(table.column_names),
        rows=tuple(zip(*(column.to_pylist() for column in table.columns), strict=True)),
        total=_counts(ground)[0],
        offices=None if offices is None else tuple(offices),
    )


def shown_columns(shape: Contract) -> tuple[str, ...]:
    """The columns of a contract that may be shown row by row, beside its key."""
    return tuple(
        column.name
        for column in shape.columns
        if not column.protected
        and not column.name.endswith(PSEUDONYM)
        and column.name not in shape.key
    )


def _offices(reader: Reader, asked: str | None) -> list[str] | None:
    """The offices whose rows the actor may see; None means all."""
    if not reader.by.may(Permission.ROWS_VIEW):
        raise PermissionDenied("door.denied", permission=Permission.ROWS_VIEW.value)
    units = reader.by.units_for(Permission.ROWS_VIEW)
    if units is None:
        return None
    known: Iterable[Office] = reader.all(select(Office))
    allowed = sorted(office.code for office in known if office.unit_code in units)
    if asked is None:
        return allowed
    if asked not in allowed:
        raise PermissionDenied("kpis.refused.rows_in_unit", office=asked)
    return [asked]
