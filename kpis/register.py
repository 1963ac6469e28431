"""Which KPIs there are: definitions as they stand, who owns them, what is published of them.

Of the versions that are valid today the last one written is in force, and it measures all periods:
history is recomputed, so that a series means one thing. Readings are shown with the version they
were measured by; a version written since shows once it was measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.errors import NotFound
from data.metrics.reference import Reference
from data.recalling import recalled
from data.store.tables import (
    KpiDefinition,
    KpiDefinitionVersion,
    Objective,
    Person,
    Publication,
    PublicationPointer,
    ReferenceSnapshot,
)
from data.workspace import Reader, Then
from kpis.definitions import Definition, Words
from kpis.network import version_as_of
from kpis.recalling import recalled_kpis


@dataclass(frozen=True, slots=True)
class Published:
    """A publication of a KPI: its id, the event and reference data it rests on, and when."""

    id: int
    definition_version_id: int
    event_number: int
    reference_version: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI as it stands; `published` is None until something is published."""

    definition: Definition
    challenge: int
    position: int
    scorecard: bool
    objective_code: str | None
    objective: Words | None
    owner: str | None
    published: Published | None
    retired_at: datetime | None = None

    @property
    def code(self) -> str:
        return self.definition.code


def read_kpis(
    reader: Reader,
    codes: Collection[str] | None = None,
    *,
    scorecard: bool | None = None,
    to_measure: bool = False,
) -> dict[str, Kpi]:
    """The KPIs in use by code, in the order in which they are listed; a code unknown is NotFound.

    A retired one is found by its code. `scorecard` True leaves indicators out, False gives only
    them. `to_measure` gives those that are measured, by the definition in force.
    """
    statement = _statement(reader, to_measure=to_measure)
    if codes is not None:
        statement = statement.where(col(KpiDefinition.code).in_(list(codes)))
    rows: Iterable[Any] = _as_known(reader, reader.all(statement))
    in_use = codes is None or to_measure
    found = {
        row[0].code: _kpi(*row)
        for row in rows
        if not (in_use and row[0].retired_at) and scorecard in (None, row[0].scorecard)
    }
    for code in codes or ():
        if code not in found:
            raise NotFound("kpis.refused.no_kpi", code=code)
    return found


def read_kpi(reader: Reader, code: str) -> Kpi:
    """The KPI of this code; none is NotFound."""
    return read_kpis(reader, [code])[code]


def _statement(reader: Reader, *, to_measure: bool) -> Any:
    version, in_force = KpiDefinitionVersion, aliased(KpiDefinitionVersion)
    at = reader.then.until if reader.then else datetime.now(UTC)
    newest = newest_valid(at.astimezone(reader.settings.zone).date(), at).subquery()
    current = _current(reader.then).subquery()
    shown: Any = in_force.id
    if not to_measure:  # what is published was measured by the version it names
        shown = func.coalesce(col(Publication.definition_version_id), in_force.id)
    return (
        sqlalchemy.select(KpiDefinition, version, Objective, Person, Publication)
        .join(newest, newest.c.code == KpiDefinition.code)
        .join(
            in_force,
            (col(in_force.code) == newest.c.code) & (col(in_force.version) == newest.c.version),
        )
        .outerjoin(current, current.c.kpi_code == KpiDefinition.code)
        .outerjoin(Publication, col(Publication.id) == current.c.publication_id)
        .join(version, col(version.id) == shown)
        .outerjoin(Objective, col(Objective.code) == KpiDefinition.objective_code)
        .outerjoin(Person, col(Person.id) == KpiDefinition.owner_id)
        .order_by(col(KpiDefinition.position), KpiDefinition.code)
    )


def _as_known(reader: Reader, rows: Sequence[Any]) -> Sequence[Any]:
    """The same with each KPI's place, objective and owner as at the time looked at."""
    if reader.then is None:
        return rows
    known, people = recalled_kpis(reader), {row.id: row for row in reader.all(select(Person))}
    objectives: dict[str | None, Objective] = {row.code: row for row in recalled(reader, Objective)}
    found = [
        (was, version, objectives.get(was.objective_code), people.get(was.owner_id), publication)
        for row, version, _objective, _owner, publication in rows
        if (was := known.get(row.code)) is not None
    ]
    return sorted(found, key=lambda row: (row[0].position, row[0].code))


def newest_valid(today: date, at: datetime) -> Any:
    """SELECT of each code and the last version of it, written by a moment, whose day has come."""
    table = KpiDefinitionVersion
    statement: Any = select(table.code, func.max(table.version).label("version"))
    written = statement.where(col(table.valid_from) <= today, col(table.created_at) <= at)
    return written.group_by(col(table.code))


def _current(then: Then | None) -> Any:
    """SELECT of each KPI's publication: the one pages read now, or the last one by a time."""
    if then is None:
        return select(PublicationPointer.kpi_code, PublicationPointer.publication_id)
    statement: Any = select(Publication.kpi_code, func.max(Publication.id).label("publication_id"))
    known = statement.where(
        col(Publication.event_number) <= then.event, col(Publication.published_at) <= then.until
    )
    return known.group_by(col(Publication.kpi_code))


def _kpi(
    row: KpiDefinition,
    version: KpiDefinitionVersion,
    objective: Objective | None,
    owner: Person | None,
    publication: Publication | None,
) -> Kpi:
    return Kpi(
        definition=Definition.of(version),
        challenge=row.challenge,
        position=row.position,
        scorecard=row.scorecard,
        objective_code=row.objective_code,
        objective=Words.of(objective, "name") if objective else None,
        owner=owner.name if owner else None,
        published=published_of(publication) if publication else None,
        retired_at=row.retired_at,
    )


def published_of(row: Publication) -> Published:
    return Published(
        id=row.id or 0,
        definition_version_id=row.definition_version_id,
        event_number=row.event_number,
        reference_version=row.reference_version,
        published_at=row.published_at,
    )


def read_versions(reader: Reader, code: str) -> tuple[KpiDefinitionVersion, ...]:
    """Every version of a definition, the newest first."""
    statement = select(KpiDefinitionVersion).where(KpiDefinitionVersion.code == code)
    if reader.then is not None:
        written = col(KpiDefinitionVersion.created_at) <= reader.then.until
        statement = statement.where(written)
    rows: Iterable[KpiDefinitionVersion] = reader.all(
        statement.order_by(col(KpiDefinitionVersion.version).desc())
    )
    return tuple(rows)


def reference_version_of(reader: Reader, kpi: Kpi, as_of: int | None = None) -> str | None:
    """The reference data readings of a KPI rest on: as published, or as of an event.

    So the offices, deadlines and holidays of an earlier day are those that held then.
    """
    if kpi.published is None or as_of is None:
        return kpi.published.reference_version if kpi.published else None
    rows: Iterable[Publication] = reader.all(
        select(Publication).where(Publication.kpi_code == kpi.code)
    )
    return version_as_of(rows, as_of)


def read_reference_of(reader: Reader, kpi: Kpi, as_of: int | None = None) -> Reference | None:
    """The reference data of `reference_version_of`; None while nothing is published."""
    version = reference_version_of(reader, kpi, as_of)
    return read_reference_snapshot(reader, version) if version else None


def read_reference_snapshot(reader: Reader, version: str) -> Reference:
    """The reference data something was measured with."""
    return Reference.from_json(reader.get(ReferenceSnapshot, version).content)
