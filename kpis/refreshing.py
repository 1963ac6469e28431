"""A refresh: measure what is known now, and publish what differs from what is published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from data.access.actor import Actor
from data.access.permissions import Permission
from data.metrics.engine import Engine
from data.metrics.query import Query
from data.store.tables import Agency
from data.workspace import Reader, Workspace
from kpis.actions import Edition, publish
from kpis.counting import Kept
from kpis.definitions import Definition
from kpis.entries.values import entered_readings
from kpis.network import told_of_lives
from kpis.publishing import difference, readings
from kpis.register import Kpi, read_kpis
from kpis.sources import Sources, shapes, sources
from kpis.stored_readings import stored_frame

Progress = Callable[[float], None]  # 0 to 1
SMALL_CELL = 10  # where the agency has not said otherwise


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: KPI to readings written; the event it went up to."""

    event: int
    written: dict[str, int]  # only KPIs of which anything was published


def _silent(_done: float) -> None:
    """Progress nobody watches."""


def refresh(
    workspace: Workspace,
    *,
    by: Actor,
    codes: Collection[str] | None = None,
    rebuild: bool = False,
    progress: Progress = _silent,
) -> Refreshed:
    """Measure what the extracts and the reference data say now, and publish what differs.

    `rebuild` forgets what the engine kept and counts all rows anew: the readings stay the same.
    """
    with workspace.read(by, Permission.KPI_PUBLISH) as reader:
        kpis = read_kpis(reader, codes, to_measure=True)
        known, engine = sources(reader), reader.engine(shapes())
        small_cell = small_cell_of(reader)
    waiting = [kpi for kpi in kpis.values() if rebuild or not _is_known(kpi, known)]
    groups = together(queries_of(kpi.definition for kpi in waiting))
    steps = len(groups) + len(waiting)
    for done, group in enumerate(groups):
        _count(engine, group, known, rebuild=rebuild)
        progress((done + 1) / steps)
    written: dict[str, int] = {}
    counted: Kept = {}
    for done, kpi in enumerate(waiting):
        if kpi.definition.formula.entered:
            with workspace.read(by, Permission.KPI_PUBLISH) as reader:
                frame = entered_readings(reader, kpi.definition)
        else:
            frame = readings(engine, kpi.definition, known, small_cell=small_cell, counted=counted)
        frame = told_of_lives(frame, known.reference)
        number = _publish(workspace, by, kpi, known, frame)
        if number is not None:
            written[kpi.code] = number
        progress((len(groups) + done + 1) / steps)
    return Refreshed(known.history.number, written)


def _is_known(kpi: Kpi, known: Sources) -> bool:
    """Whether nothing can have changed; what was entered has to be looked at to say so."""
    return not kpi.definition.formula.entered and _is_up_to_date(kpi, known)


def _is_up_to_date(kpi: Kpi, known: Sources) -> bool:
    """Readings depend on nothing but the definition, its extracts and the reference data."""
    before = kpi.published
    return (
        before is not None
        and known.history.last_touching(kpi.definition.formula.contracts) <= before.event_number
        and before.definition_version_id == kpi.definition.version_id
        and before.reference_version == known.reference.version
    )


def queries_of(definitions: Iterable[Definition]) -> list[Query]:
    """Each query once, however many measures lean on it; what people enter needs none."""
    found = {
        query.content_hash: query
        for definition in definitions
        for query in definition.formula.queries.values()
        if not definition.formula.entered
    }
    return list(found.values())


def together(queries: Iterable[Query]) -> list[list[Query]]:
    """Queries that the engine can count in one go; one with joins is counted alone."""
    groups: dict[tuple[str, str], list[Query]] = {}
    for query in queries:
        alone = "" if query.is_alone else query.content_hash
        groups.setdefault((query.contract, alone), []).append(query)
    return list(groups.values())


def _count(engine: Engine, queries: list[Query], known: Sources, *, rebuild: bool) -> None:
    if rebuild:
        for query in queries:
            engine.forget(query, known.reference)
    engine.refresh_all(queries, known.history, known.reference)


def _publish(
    workspace: Workspace, by: Actor, kpi: Kpi, known: Sources, frame: pd.DataFrame
) -> int | None:
    """How many readings were written; None when there was nothing to publish."""
    before = kpi.published
    edition = Edition(
        code=kpi.code,
        definition_version_id=kpi.definition.version_id or 0,
        event_number=known.history.number,
        reference=known.reference,
        replaces=before.id if before else None,
    )
    if before and before.event_number > edition.event_number:
        return None  # somebody published newer data while this was measured
    with workspace.read(by, Permission.KPI_PUBLISH) as reader:
        differs = difference(stored_frame(reader, kpi.code), frame)
    if not differs and _is_up_to_date(kpi, known):
        return None
    publish(workspace, by=by, edition=edition, difference=differs)
    return len(differs.new)


def small_cell_of(reader: Reader) -> int:
    """Counts of people below this are suppressed."""
    agency = reader.find(Agency, 1)
    return agency.small_cell if agency else SMALL_CELL
