"""Which KPIs there are: definitions as they stand, who owns them, what is published of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col, select

from data.errors import NotFound
from data.metrics.reference import Reference
from data.store.tables import (
    KpiDefinition,
    KpiDefinitionVersion,
    Objective,
    Person,
    Publication,
    PublicationPointer,
    ReferenceSnapshot,
)
from data.workspace import Reader
from kpis.definitions import Definition, Words


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

    @property
    def code(self) -> str:
        return self.definition.code


def read_kpis(
    reader: Reader, codes: Collection[str] | None = None, *, scorecard: bool | None = None
) -> dict[str, Kpi]:
    """The KPIs in use by code, in the order in which they are listed; a code unknown is NotFound.

    `scorecard` True leaves indicators out, False gives only them.
    """
    statement = _statement()
    if codes is not None:
        statement = statement.where(col(KpiDefinition.code).in_(list(codes)))
    if scorecard is not None:
        statement = statement.where(col(KpiDefinition.scorecard).is_(scorecard))
    rows: Iterable[Any] = reader.all(statement)
    found = {row[0].code: _kpi(*row) for row in rows}
    for code in codes or ():
        if code not in found:
            raise NotFound("kpis.refused.no_kpi", code=code)
    return found


def read_kpi(reader: Reader, code: str) -> Kpi:
    """The KPI of this code; none is NotFound."""
    return read_kpis(reader, [code])[code]


def _statement() -> Any:
    newest = (
        select(KpiDefinitionVersion.code, func.max(KpiDefinitionVersion.version).label("version"))
        .group_by(KpiDefinitionVersion.code)
        .subquery()
    )
    version = KpiDefinitionVersion
    return (
        sqlalchemy.select(KpiDefinition, version, Objective, Person, Publication)
        .join(newest, newest.c.code == KpiDefinition.code)
        .join(
            version,
            (col(version.code) == newest.c.code) & (col(version.version) == newest.c.version),
        )
        .outerjoin(Objective, col(Objective.code) == KpiDefinition.objective_code)
        .outerjoin(Person, col(Person.id) == KpiDefinition.owner_id)
        .outerjoin(PublicationPointer, col(PublicationPointer.kpi_code) == KpiDefinition.code)
        .outerjoin(Publication, col(Publication.id) == PublicationPointer.publication_id)
        .where(col(KpiDefinition.retired_at).is_(None))
        .order_by(col(KpiDefinition.position), KpiDefinition.code)
    )


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
    rows: Iterable[KpiDefinitionVersion] = reader.all(
        statement.order_by(col(KpiDefinitionVersion.version).desc())
    )
    return tuple(rows)


def read_reference_snapshot(reader: Reader, version: str) -> Reference:
    """The reference data something was measured with."""
    return Reference.from_json(reader.get(ReferenceSnapshot, version).content)
