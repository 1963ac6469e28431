"""What was published first, what stands now, and which load made the difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.period import Period
from data.store.tables import Batch, ExtractEvent, Publication
from data.workspace import Reader
from kpis.definitions import HEADLINE
from kpis.register import Kpi
from kpis.stored_readings import Reading, Selection, Standing, first_published


@dataclass(frozen=True, slots=True)
class Restatement:
    """A reading whose figure is no longer what was published first."""

    period: Period
    first: Reading
    now: Reading
    first_published_at: datetime
    restated_at: datetime
    event: int  # the last one in the publication that holds the figure of now
    file_name: str | None  # what that event loaded or withdrew


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
    found = first_published(reader, wanted, {kpi.code: kpi.definition})
    changed = [each for each in found if _differs(each)]
    publications = _publications(reader, {n for each in changed for n in each.published_in})
    files = _files(reader, {row.event_number for row in publications.values()})
    return tuple(_restatement(each, publications, files) for each in changed)


def _differs(standing: Standing) -> bool:
    first, now = standing.first, standing.now
    return not first.partial and first.figure != now.figure


def _restatement(
    standing: Standing, publications: dict[int, Publication], files: dict[int, str]
) -> Restatement:
    first, now = (publications[number] for number in standing.published_in)
    return Restatement(
        period=standing.now.period,
        first=standing.first,
        now=standing.now,
        first_published_at=first.published_at,
        restated_at=now.published_at,
        event=now.event_number,
        file_name=files.get(now.event_number),
    )


def _publications(reader: Reader, ids: Collection[int]) -> dict[int, Publication]:
    rows: Iterable[Publication] = reader.all(
        select(Publication).where(col(Publication.id).in_(ids))
    )
    return {row.id or 0: row for row in rows}


def _files(reader: Reader, events: Collection[int]) -> dict[int, str]:
    statement: Any = select(ExtractEvent.number, Batch.file_name).join(
        Batch, col(Batch.id) == ExtractEvent.batch_id
    )
    rows: Iterable[Any] = reader.all(statement.where(col(ExtractEvent.number).in_(events)))
    return {row.number: row.file_name for row in rows}
