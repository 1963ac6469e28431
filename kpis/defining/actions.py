"""Every write of definitions: bring in the catalogue, define a KPI, say whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import NotFound
from data.store import tables
from data.store.tables import KpiDefinition, KpiDefinitionVersion, Objective, Person
from data.workspace import Reader, Workspace
from kpis.catalogue import Entry, catalogue
from kpis.definitions import Definition
from kpis.register import read_versions
from kpis.sources import shapes
from kpis.targets.actions import set_target


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
    versions = read_versions(reader, definition.code)
    known = {version.content_hash for version in versions}
    return definition.content_hash not in known and all(
        version.author == SYSTEM.email for version in versions[:1]
    )


def define_kpi(workspace: Workspace, *, by: Actor, entry: Entry, reason: str) -> int:
    """Store a KPI, or a new version of it if it says anything new; returns its version.

    A formula that cannot be measured is Invalid.
    """
    definition = entry.definition
    with workspace.read(by, Permission.KPI_DEFINE) as reader:
        newest = next(iter(read_versions(reader, definition.code)), None)
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
