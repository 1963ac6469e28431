"""What a draft would measure: its last values beside those of the definition in force.

Computed from the loads there are, by the way that readings are; nothing is published, and what the
engine kept for a draft is forgotten at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlmodel import select

from data.access.actor import WHOLE_AGENCY
from data.access.permissions import Permission
from data.errors import NotFound, PermissionDenied, Refusal
from data.metrics.query import Query
from data.period import Period
from data.store.tables import KpiDefinitionVersion
from data.workspace import Reader
from kpis.catalogue import Entry
from kpis.defining.rules import require_sound
from kpis.definitions import Definition, Formula
from kpis.readings import Ask, values_of
from kpis.refreshing import queries_of
from kpis.register import Kpi, read_kpi
from kpis.sources import Sources, shapes, sources
from kpis.stored_readings import Reading

PERIODS = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """The values of a draft, the newest period last; `now` are those published, where there are."""

    draft: tuple[Reading, ...]
    now: tuple[Reading | None, ...]


def try_out(reader: Reader, entry: Entry) -> Trial:
    """The last values of a draft for the whole agency; a fault of it is Invalid.

    NotFound, if nothing is loaded of its extract.
    """
    if not reader.scope(WHOLE_AGENCY):
        permission = Permission.KPI_DEFINE.value
        raise PermissionDenied("door.denied_in_unit", permission=permission, unit=WHOLE_AGENCY)
    require_sound(entry)
    known, draft = sources(reader), entry.definition
    if draft.formula.entered:
        raise NotFound("defining.refused.entered_by_people")
    first, last = _span(draft, known)
    ask = Ask(draft.code, first, last, as_of=known.history.number)
    with _forgotten(reader, draft, known):
        found = values_of(reader, _kpi(entry), ask)
    return Trial(found, _published(reader, ask))


def _span(draft: Definition, known: Sources) -> tuple[Period, Period]:
    cut_off = known.clock(draft.formula.contract).cut_off
    if cut_off is None:
        raise NotFound("defining.refused.nothing_loaded", contract=draft.formula.contract)
    last = Period.covering(cut_off, draft.frequency)
    return last.shift(1 - PERIODS), last


def _kpi(entry: Entry) -> Kpi:
    """The draft as if it stood, with nothing published of it."""
    return Kpi(
        definition=entry.definition,
        challenge=entry.challenge,
        position=entry.position,
        scorecard=entry.scorecard,
        objective_code=None,
        objective=None,
        owner=None,
        published=None,
    )


def _published(reader: Reader, ask: Ask) -> tuple[Reading | None, ...]:
    """What is published for the same periods; nothing, where there is no such series."""
    try:
        kpi = read_kpi(reader, ask.code)
        return values_of(reader, kpi, replace(ask, as_of=None))
    except Refusal:
        return (None,) * len(ask.periods)


@contextmanager
def _forgotten(reader: Reader, draft: Definition, known: Sources) -> Iterator[None]:
    """Remove what the engine keeps for queries that no stored version asks."""
    engine, stored = reader.engine(shapes()), _stored_queries(reader)
    try:
        yield
    finally:
        for query in queries_of([draft]):
            if query.content_hash not in stored:
                engine.forget(query, known.reference)


def _stored_queries(reader: Reader) -> set[str]:
    formulas = [Formula.from_json(one) for one in reader.all(select(KpiDefinitionVersion.formula))]
    queries: list[Query] = [query for one in formulas for query in one.queries.values()]
    return {query.content_hash for query in queries}
