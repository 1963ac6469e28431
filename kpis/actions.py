"""Every write of this room: define and assign KPIs, set targets, publish readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound
from data.metrics.reference import Reference
from data.store import tables
from data.store.tables import (
    KpiDefinition,
    KpiDefinitionVersion,
    Objective,
    Office,
    Person,
    Publication,
    PublicationPointer,
    ReferenceSnapshot,
    StoredReading,
)
from data.workspace import Change, Reader, Workspace
from kpis.assessment import Target
from kpis.catalogue import Entry, catalogue
from kpis.definitions import Definition
from kpis.direction import Direction
from kpis.publishing import Difference, records
from kpis.sources import shapes

ROWS_AT_ONCE = 20_000


def define_catalogue(workspace: Workspace, *, by: Actor) -> list[str]:
    """Bring the KPIs of the catalogue in; returns the codes of those that were new or newer.

    A KPI that a person has since defined anew is left as it is.
    """
    with workspace.read(by, Permission.KPI_DEFINE) as reader:
        waiting = [entry for entry in catalogue() if _is_news(reader, entry.definition)]
        aimed = set(reader.all(select(tables.Target.kpi_code)))
    for entry in waiting:
        define_kpi(workspace, by=by, entry=entry, reason="catalogue")
        if entry.target and entry.definition.code not in aimed:
            set_target(
                workspace,
                by=by,
                code=entry.definition.code,
                target=entry.target,
                valid_from=entry.definition.valid_from,
                reason="catalogue",
            )
    return [entry.definition.code for entry in waiting]


def _is_news(reader: Reader, definition: Definition) -> bool:
    versions = _versions(reader, definition.code)
    known = {version.content_hash for version in versions}
    return definition.content_hash not in known and all(
        version.author == SYSTEM.email for version in versions[:1]
    )


def _versions(reader: Reader, code: str) -> list[KpiDefinitionVersion]:
    """The versions of a KPI, the newest first."""
    statement = select(KpiDefinitionVersion).where(KpiDefinitionVersion.code == code)
    return list(reader.all(statement.order_by(col(KpiDefinitionVersion.version).desc())))


def define_kpi(workspace: Workspace, *, by: Actor, entry: Entry, reason: str) -> int:
    """Store a KPI, or a new version of it if it says anything new; returns its version.

    A formula that cannot be measured is Invalid.
    """
    definition = entry.definition
    with workspace.read(by, Permission.KPI_DEFINE) as reader:
        newest = next(iter(_versions(reader, definition.code)), None)
    if newest and newest.content_hash == definition.content_hash:
        return newest.version
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        engine = change.engine(shapes())
        for query in definition.formula.queries.values():
            engine.check(query)
        if newest is None:
            change.add(_new_kpi(entry))
        version = _new_version(definition, newest.version + 1 if newest else 1, by, reason)
        change.add(version)
        change.record(
            AuditTag.KPI_DEFINED,
            version,
            old={"content_hash": newest.content_hash} if newest else None,
            new={"code": version.code, "version": version.version, "reason": reason},
        )
        return version.version


def _new_kpi(entry: Entry) -> KpiDefinition:
    return KpiDefinition(
        code=entry.definition.code,
        challenge=entry.challenge,
        position=entry.position,
        scorecard=entry.scorecard,
    )


def _new_version(
    definition: Definition, number: int, by: Actor, reason: str
) -> KpiDefinitionVersion:
    names, explanation = definition.names, definition.explanation
    return KpiDefinitionVersion(
        code=definition.code,
        version=number,
        content_hash=definition.content_hash,
        valid_from=definition.valid_from,
        name_sq=names.sq,
        name_sr=names.sr,
        name_en=names.en,
        explanation_sq=explanation.sq,
        explanation_sr=explanation.sr,
        explanation_en=explanation.en,
        unit=definition.unit.value,
        decimals=definition.decimals,
        direction=definition.direction.value,
        frequency=definition.frequency.value,
        formula=definition.formula.to_json(),
        judgement=definition.chart.to_dict(),
        author=by.email,
        reason=reason,
        created_at=datetime.now(UTC),
    )


def assign_kpi(
    workspace: Workspace, *, by: Actor, code: str, objective_code: str | None, owner_email: str
) -> None:
    """Say which objective a KPI serves and who owns it; somebody unknown is NotFound."""
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        kpi = change.get(KpiDefinition, code)
        owner = change.first(select(Person).where(Person.email == owner_email.lower()))
        if owner is None:
            raise NotFound("kpis.refused.no_person", email=owner_email)
        if objective_code is not None:
            change.get(Objective, objective_code)
        old = {"objective_code": kpi.objective_code, "owner_id": kpi.owner_id}
        kpi.objective_code, kpi.owner_id = objective_code, owner.id
        change.add(kpi)
        new = {"objective_code": objective_code, "owner_id": owner.id}
        change.record(AuditTag.KPI_DEFINED, kpi, old=old, new=new)


def set_target(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    target: Target,
    valid_from: date,
    reason: str,
    office_code: str | None = None,
) -> int:
    """Set what is aimed at from a day on, for the agency or one office; returns the target's id.

    It replaces the one that began on the same day. Bounds that do not fit the KPI's direction, or
    a target without source or reason, are Invalid.
    """
    with workspace.change(by, Permission.TARGET_SET) as change:
        unit = change.get(Office, office_code).unit_code if office_code else WHOLE_AGENCY
        change.require_unit(unit)
        _check_target(change, code, target, reason)
        old = _retire_target(change, code, office_code, valid_from)
        row = tables.Target(
            kpi_code=code,
            office_code=office_code,
            valid_from=valid_from,
            low=target.low,
            high=target.high,
            source=target.source,
            assumption=target.assumption,
            author=by.email,
            reason=reason,
            created_at=datetime.now(UTC),
        )
        change.add(row)
        change.record(AuditTag.TARGET_SET, row, old=old, new=row.model_dump(mode="json"))
        return row.id or 0


def _check_target(change: Change, code: str, target: Target, reason: str) -> None:
    change.get(KpiDefinition, code)
    direction = Direction(_versions(change, code)[0].direction)
    if not target.fits(direction):
        raise Invalid("assessment.refused.target_unfit", direction=direction.value)
    if not (target.source.strip() and reason.strip()):
        raise Invalid("kpis.refused.target_unexplained", code=code)


def _retire_target(
    change: Change, code: str, office_code: str | None, valid_from: date
) -> dict[str, Any] | None:
    table = tables.Target
    statement = select(table).where(table.kpi_code == code, table.valid_from == valid_from)
    statement = statement.where(col(table.office_code).is_not_distinct_from(office_code))
    old = change.first(statement.where(col(table.replaced_at).is_(None)))
    if old is None:
        return None
    said: dict[str, Any] = old.model_dump(mode="json")
    old.replaced_at = datetime.now(UTC)
    change.add(old)
    return said


@dataclass(frozen=True, slots=True)
class Edition:
    """What a publication of a KPI rests on; `replaces` is the one current when it was computed."""

    code: str
    definition_version_id: int
    event_number: int
    reference: Reference
    replaces: int | None


def publish(workspace: Workspace, *, by: Actor, edition: Edition, difference: Difference) -> int:
    """Write one publication whole: close what it replaces, add what is new, swap the pointer.

    Returns its id. A Conflict if somebody else published the KPI since it was computed.
    """
    with workspace.change(by, Permission.KPI_PUBLISH) as change:
        pointer = change.find(PublicationPointer, edition.code)
        if (pointer.publication_id if pointer else None) != edition.replaces:
            raise Conflict("kpis.refused.published_meanwhile", code=edition.code)
        publication = _new_publication(change, edition, len(difference.new))
        number = publication.id or 0
        _write(change, edition.code, number, difference)
        if pointer is None:
            change.add(PublicationPointer(kpi_code=edition.code, publication_id=number))
        else:
            pointer.publication_id = number
            change.add(pointer)
        change.record(
            AuditTag.KPI_PUBLISHED,
            publication,
            old={"publication": edition.replaces} if edition.replaces else None,
            new={
                "code": edition.code,
                "event": edition.event_number,
                "written": len(difference.new),
                "replaced": len(difference.replaced),
            },
        )
        return number


def _new_publication(change: Change, edition: Edition, written: int) -> Publication:
    version, now = edition.reference.version, datetime.now(UTC)
    if change.find(ReferenceSnapshot, version) is None:
        content = edition.reference.to_json()
        change.add(ReferenceSnapshot(version=version, content=content, recorded_at=now))
    publication = Publication(
        kpi_code=edition.code,
        definition_version_id=edition.definition_version_id,
        event_number=edition.event_number,
        reference_version=version,
        published_at=now,
        readings_written=written,
    )
    change.add(publication)
    return publication


def _write(change: Change, code: str, number: int, difference: Difference) -> None:
    row = col(StoredReading.id) == bindparam("row")
    close = update(StoredReading).where(row).values(replaced_in=number)
    for start in range(0, len(difference.replaced), ROWS_AT_ONCE):
        ids = difference.replaced[start : start + ROWS_AT_ONCE]
        change.execute(close, [{"row": one} for one in ids])
    names = ["kpi_code", "published_in", *difference.new.columns]
    for rows in records(difference.new, (code, number), ROWS_AT_ONCE):
        change.insert_many(StoredReading, names, rows)
