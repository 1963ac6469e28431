"""Readings: made by a refresh, read by everybody, as they stand or as of an earlier event.

    refresh(workspace, by=actor)
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        values(reader, Ask("SD-01", first, last, by=("office",)))

Readings of the whole agency, of each member of a dimension and of each service in each office are
stored. Anything else, and anything as of another event, is computed from the engine's counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import col, select

from data.errors import Invalid, NotFound
from data.period import Frequency, Period
from data.store.tables import Publication
from data.workspace import Reader
from kpis.asking import Ask, complete
from kpis.counting import Wanted
from kpis.definitions import HEADLINE, Definition
from kpis.entries.values import entered_readings
from kpis.measurement import SENSITIVE
from kpis.measures import Measure
from kpis.network import OFFICE, refuse_merged, successors_in
from kpis.publishing import PAIR, computed, sensitive_readings
from kpis.refreshing import Refreshed, queries_of, refresh, small_cell_of
from kpis.register import Kpi, read_kpi, read_reference_of, reference_version_of
from kpis.sources import read_history, shapes, sources
from kpis.stored_readings import (
    WHOLE,
    Cell,
    Reading,
    Selection,
    find,
    from_frame,
    open_at_all,
    outside_lives,
)
from kpis.suppression import is_told

__all__ = [
    "Ask",
    "Cell",
    "Reading",
    "Refreshed",
    "as_of",
    "current",
    "refresh",
    "values",
    "values_of",
]
MOST_DIMENSIONS = 2


def values(reader: Reader, ask: Ask) -> tuple[Reading, ...]:
    """The readings asked for, by period and cell; none is left out: a gap has its reason.

    Only offices that were open at no time asked about are. Invalid names a breakdown the KPI does
    not have, or an office that was merged; NotFound a KPI of which nothing is published.
    """
    return values_of(reader, read_kpi(reader, ask.code), ask)


def values_of(reader: Reader, kpi: Kpi, ask: Ask) -> tuple[Reading, ...]:
    """`values` of a KPI that was read before."""
    if ask.as_of is None and reader.then is not None:
        ask = replace(ask, as_of=reader.then.event)
    measures = _measures(kpi.definition, ask)
    at = _publication(reader, kpi, ask)
    if OFFICE in ask.where and kpi.published is not None:
        version = reference_version_of(reader, kpi, ask.as_of) or ""
        refuse_merged(ask.where[OFFICE], successors_in(reader, version))
    if at is not None and _is_stored(ask, kpi.definition, measures):
        found = _stored(reader, kpi, ask, measures, at)
    else:
        found = _computed(reader, kpi, ask, measures)
    return open_at_all(found) if OFFICE in ask.by else found


def current(
    reader: Reader,
    code: str,
    first: Period,
    last: Period,
    *,
    office: str | None = None,
    service: str | None = None,
) -> tuple[Reading, ...]:
    """The published series of a KPI's headline, of the agency or an office, service or both."""
    where = {"office": office, "service": service}
    members = {dimension: member for dimension, member in where.items() if member}
    return values(reader, Ask(code, first, last, where=members))


def as_of(reader: Reader, event: int, ask: Ask) -> tuple[Reading, ...]:
    """The readings as they are when only the events up to this number are known."""
    return values(
        reader, Ask(ask.code, ask.first, ask.last, ask.by, ask.where, ask.measures, event)
    )


def _measures(definition: Definition, ask: Ask) -> list[Measure]:
    """The lines asked for. Of all lines those that can be told; what is named must be."""
    if len(ask.dimensions) > MOST_DIMENSIONS:
        raise Invalid("kpis.refused.too_many_dimensions", most=MOST_DIMENSIONS)
    formula = definition.formula
    if ask.measures is not None:
        found = [measure for measure in formula.measures if measure.name in ask.measures]
        for measure in found:
            _check_told(definition, measure, ask)
        return found
    _check_told(definition, formula.headline, ask)
    return [measure for measure in formula.measures if _is_told(definition, measure, ask)]


def _is_told(definition: Definition, measure: Measure, ask: Ask) -> bool:
    known = {dimension.name for dimension in definition.formula.query_of(measure).dimensions}
    return ask.first.frequency in definition.frequencies(measure) and ask.dimensions <= known


def _check_told(definition: Definition, measure: Measure, ask: Ask) -> None:
    """Refuse a line that has no values at the frequency, or by a dimension, asked for."""
    frequency, frequencies = ask.first.frequency, definition.frequencies(measure)
    if frequency not in frequencies:
        raise Invalid(
            "kpis.refused.no_frequency", code=ask.code, frequency=frequency, known=frequencies
        )
    known = [dimension.name for dimension in definition.formula.query_of(measure).dimensions]
    for name in ask.dimensions:
        if name not in known:
            raise Invalid("kpis.refused.no_dimension", dimension=name, known=tuple(known))
    for name in ask.dimensions:
        if not is_told(name, frequency, ask.dimensions - {name}):
            raise Invalid("kpis.refused.sensitive", dimension=name)


def _publication(reader: Reader, kpi: Kpi, ask: Ask) -> int | None:
    """The publication that holds the answer; None when it has to be computed."""
    if ask.as_of is None:
        if kpi.published is None:
            raise NotFound("kpis.refused.not_published", code=kpi.code)
        return kpi.published.id
    if kpi.published is None or kpi.published.definition_version_id != kpi.definition.version_id:
        return None
    known = read_history(reader).as_of(ask.as_of)
    since = known.last_touching(kpi.definition.formula.contracts)
    statement = select(Publication).where(
        Publication.kpi_code == kpi.code,
        col(Publication.event_number).between(since, ask.as_of),
        Publication.definition_version_id == kpi.published.definition_version_id,
        Publication.reference_version == reference_version_of(reader, kpi, ask.as_of),
    )
    if reader.then is not None:
        statement = statement.where(col(Publication.published_at) <= reader.then.until)
    row = reader.first(statement.order_by(col(Publication.id).desc()).limit(1))
    return row.id if row else None


def _is_stored(ask: Ask, definition: Definition, measures: Iterable[Measure]) -> bool:
    """Whether cells of these dimensions are published at this frequency."""
    usual = ask.dimensions <= set(PAIR)
    if ask.first.frequency is not Frequency.WEEK:
        return len(ask.dimensions) < MOST_DIMENSIONS or usual
    headline_only = all(measure.name == HEADLINE for measure in measures)
    return usual and (len(ask.dimensions) < MOST_DIMENSIONS or headline_only)


def _stored(
    reader: Reader, kpi: Kpi, ask: Ask, measures: list[Measure], at: int
) -> tuple[Reading, ...]:
    shape = Cell.of({name: ask.where.get(name, "") for name in ask.dimensions})
    wanted = Selection(
        codes=[ask.code],
        frequency=ask.first.frequency,
        starts=[period.start for period in ask.periods],
        dimension=shape.dimension,
        dimension2=shape.dimension2,
        member=_member(ask, shape.dimension),
        member2=_member(ask, shape.dimension2),
        measures=[measure.name for measure in measures],
    )
    standing = None if ask.as_of is None else at
    definitions = {kpi.code: kpi.definition}
    found = find(reader, wanted, definitions, at=standing)
    loaded = found
    if shape != WHOLE:
        whole = Selection.of_cell(WHOLE, **_same(wanted), measures=[HEADLINE])
        loaded = find(reader, whole, definitions, at=standing)
    return complete(found, ask, measures, {each.period: each.partial for each in loaded})


def _member(ask: Ask, dimension: str) -> str | None:
    """The one member asked for, None for every one; a cell without the dimension has ''."""
    return ask.where.get(dimension, None if dimension in ask.by else "")


def _same(wanted: Selection) -> dict[str, object]:
    return {"codes": wanted.codes, "frequency": wanted.frequency, "starts": wanted.starts}


def _computed(reader: Reader, kpi: Kpi, ask: Ask, measures: list[Measure]) -> tuple[Reading, ...]:
    published, definition = kpi.published, kpi.definition
    if definition.formula.entered:
        frame = entered_readings(reader, definition, as_of=ask.as_of)
        return _among(from_frame(frame, definition), ask, measures)
    event = ask.as_of if ask.as_of is not None or not published else published.event_number
    reference = read_reference_of(reader, kpi, ask.as_of)
    known, engine = sources(reader, as_of=event, reference=reference), reader.engine(shapes())
    for query in queries_of([kpi.definition]):
        engine.refresh(query, known.history, known.reference)
    for dimension in ask.dimensions & SENSITIVE:
        frame = sensitive_readings(
            engine, kpi.definition, known, dimension, small_cell=small_cell_of(reader)
        )
        return _among(from_frame(frame, kpi.definition), ask, measures)
    wanted = Wanted(
        (ask.first.frequency,),
        tuple(dict.fromkeys(((), ask.by))),
        ask.where or None,
        ask.first.start,
        ask.last.last_day,
    )
    frames = computed(
        engine,
        kpi.definition,
        known,
        [(measure, wanted) for measure in measures],
        small_cell=small_cell_of(reader),
    )
    found = [each for frame in frames for each in from_frame(frame, kpi.definition)]
    loaded = {each.period: each.partial for each in found if each.cell == WHOLE}
    inside = [_within(each, ask) for each in found if set(each.cell.members) == set(ask.by)]
    return outside_lives(complete(inside, ask, measures, loaded), known.reference)


def _among(found: Iterable[Reading], ask: Ask, measures: list[Measure]) -> tuple[Reading, ...]:
    """Those asked for among all that are published of a breakdown."""
    told = [each for each in found if each.period.frequency is ask.first.frequency]
    loaded = {each.period: each.partial for each in told if each.cell == WHOLE}
    inside = [each for each in told if _is_asked(each.cell, ask)]
    return complete(inside, ask, measures, loaded)


def _is_asked(cell: Cell, ask: Ask) -> bool:
    members = cell.members
    return set(members) == ask.dimensions and ask.where.items() <= members.items()


def _within(reading: Reading, ask: Ask) -> Reading:
    """The reading under the name of the cell it is of: computed within the members asked for."""
    return replace(reading, cell=Cell.of({**ask.where, **reading.cell.members}))
