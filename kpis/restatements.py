"""What was published first, what stands now, and which load made the difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.metrics.tracing import Span, events_touching
from data.period import Period
from data.store.tables import Batch, Publication
from data.workspace import Reader
from kpis.definitions import HEADLINE
from kpis.entries.reading import Entry
from kpis.entries.tracing import approved_between
from kpis.register import Kpi, read_reference_snapshot
from kpis.sources import read_history, shapes
from kpis.stored_readings import Reading, Selection, Standing, first_published


@dataclass(frozen=True, slots=True)
class Cause:
    """An event between two publications that changed what is counted in the period."""

    event: int
    file_name: str  # what it loaded or withdrew; '' where somebody entered another value
    batch: str = ""
    entry: Entry | None = None  # who did, and why


@dataclass(frozen=True, slots=True)
class Restatement:
    """A reading whose figure is no longer what was published first."""

    period: Period
    first: Reading
    now: Reading
    first_published_at: datetime
    restated_at: datetime
    events: tuple[int, int]  # the last ones in the two publications
    reference_version: str


def read_restatements(
    reader: Reader, kpi: Kpi, series: Sequence[Reading]
) -> tuple[Restatement, ...]:
    """The periods of a published series that show another figure now than at first, in order.

    A period that was not over when it was first published is left out: it had to change.
    """
    if not series or kpi.published is None:
        return ()
    wanted = Selection.of_cell(
        series[0].cell,
        codes=[kpi.code],
        frequency=series[0].period.frequency,
        starts=[each.period.start for each in series],
        measures=[HEADLINE],
    )
    at = kpi.published.id if reader.then else None
    found = first_published(reader, wanted, {kpi.code: kpi.definition}, at=at)
    changed = [each for each in found if _differs(each)]
    if not changed:
        return ()
    publications = _publications(reader, {n for each in changed for n in each.published_in})
    return tuple(_restatement(each, publications) for each in changed)


def restated(
    reader: Reader, kpi: Kpi, series: Sequence[Reading]
) -> tuple[tuple[Restatement, tuple[Cause, ...]], ...]:
    """The same, each with what changed it."""
    found = read_restatements(reader, kpi, series)
    return tuple((each, causes_of(reader, kpi, each)) for each in found)


def causes_of(reader: Reader, kpi: Kpi, restated: Restatement) -> tuple[Cause, ...]:
    """What came between the two publications and changed what is counted, in order.

    None: the definition or the reference data changed, not the extracts.
    """
    formula, (first, now) = kpi.definition.formula, restated.events
    if formula.entered:
        return _entered_causes(reader, kpi, restated)
    touching = events_touching(
        reader.engine(shapes()),
        formula.query_of(formula.headline),
        read_reference_snapshot(reader, restated.reference_version),
        read_history(reader).as_of(now),
        Span(restated.period.start, restated.period.last_day, restated.now.cell.members),
        after=first,
    )
    files = _files(reader)
    return tuple(Cause(event.number, files[event.batch], event.batch) for event in touching)


def _entered_causes(reader: Reader, kpi: Kpi, restated: Restatement) -> tuple[Cause, ...]:
    """The values approved between the two publications."""
    span = (restated.first_published_at, restated.restated_at)
    members = restated.now.cell.members
    found = approved_between(reader, kpi.definition, restated.period, members, span)
    return tuple(Cause(entry.event or 0, "", entry=entry) for entry in found)


def _differs(standing: Standing) -> bool:
    first, now = standing.first, standing.now
    return not first.partial and first.figure != now.figure


def _restatement(standing: Standing, publications: Mapping[int, Publication]) -> Restatement:
    first, now = (publications[number] for number in standing.published_in)
    return Restatement(
        period=standing.now.period,
        first=standing.first,
        now=standing.now,
        first_published_at=first.published_at,
        restated_at=now.published_at,
        events=(first.event_number, now.event_number),
        reference_version=now.reference_version,
    )


def _publications(reader: Reader, ids: Collection[int]) -> dict[int, Publication]:
    rows: Iterable[Publication] = reader.all(
        select(Publication).where(col(Publication.id).in_(ids))
    )
    return {row.id or 0: row for row in rows}


def _files(reader: Reader) -> dict[str, str]:
    """Batch -> the name of its file."""
    statement: Any = select(Batch.id, Batch.file_name)
    rows: Iterable[Any] = reader.all(statement)
    return {row.id: row.file_name for row in rows}
