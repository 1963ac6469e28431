"""Every write of definitions: bring in the catalogue, define a KPI, change, import, retire one.

A version says from which day on it is valid, and is not used before that day. Of the versions that
are valid the last one written measures all periods, those before its day too: history is
recomputed, and what was published before stays readable as of then. A version that waits for its
day is overtaken by any written after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound
from data.store import tables
from data.store.tables import KpiDefinition, KpiDefinitionVersion, Objective
from data.workspace import Change, Reader, Workspace
from kpis.catalogue import Entry, catalogue
from kpis.defining.guards import (
    Charge,
    charge_of,
    checked_reason,
    person_of,
    require_fitting_targets,
    require_seen,
)
from kpis.defining.rules import require_sound
from kpis.definitions import Definition
from kpis.refreshing import queries_of
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
        for query in queries_of([definition]):
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
        owner = person_of(change, owner_email)
        if objective_code is not None:
            change.get(Objective, objective_code)
        old = {"objective_code": kpi.objective_code, "owner_id": kpi.owner_id}
        kpi.objective_code, kpi.owner_id = objective_code, owner.id
        change.add(kpi)
        new = {"objective_code": objective_code, "owner_id": owner.id}
        change.record(AuditTag.KPI_DEFINED, kpi, old=old, new=new)


def save_kpi(
    workspace: Workspace,
    *,
    by: Actor,
    entry: Entry,
    charge: Charge,
    reason: str,
    seen: int | None,
) -> int:
    """Create a KPI (`seen` None) or change it, having seen that version; its newest version.

    New content is a new version; place, objective and owner are the KPI's own. Nothing new, no
    reason, or a fault of the definition is Invalid; a version written meanwhile is a Conflict.
    """
    why = checked_reason(reason)
    require_sound(entry)
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        change.require_unit(WHOLE_AGENCY)
        require_seen(change, entry.definition.code, seen)
        if not _save(change, entry, charge, why):
            raise Invalid("defining.refused.nothing_new", code=entry.definition.code)
        return read_versions(change, entry.definition.code)[0].version


def import_kpis(
    workspace: Workspace,
    *,
    by: Actor,
    entries: Iterable[Entry],
    reason: str,
    valid_from: date,
    seen: Mapping[str, int | None],
) -> list[str]:
    """Create and change many KPIs, all or none; returns the codes of those that are new or newer.

    Objectives and owners stay. `seen` names the version of each that the preview compared with.
    """
    why = checked_reason(reason)
    dated = [
        replace(one, definition=replace(one.definition, valid_from=valid_from)) for one in entries
    ]
    for entry in dated:
        require_sound(entry)
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        change.require_unit(WHOLE_AGENCY)
        saved = []
        for entry in dated:
            code = entry.definition.code
            require_seen(change, code, seen.get(code))
            if _save(change, entry, charge_of(change, code), why):
                saved.append(code)
        if not saved:
            raise Invalid("defining.refused.nothing_new_at_all")
        return saved


def retire_kpi(workspace: Workspace, *, by: Actor, code: str, reason: str) -> None:
    """Take a KPI out of use: it is measured no more and leaves the scorecard; readings stay."""
    why = checked_reason(reason)
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        change.require_unit(WHOLE_AGENCY)
        kpi = _known(change, code)
        if kpi.retired_at is not None:
            raise Conflict("defining.refused.retired", code=code, at=kpi.retired_at)
        kpi.retired_at = datetime.now(UTC)
        change.add(kpi)
        old = {"retired_at": None}
        change.record(AuditTag.KPI_RETIRED, kpi, old=old, new={"code": code, "reason": why})


def reinstate_kpi(workspace: Workspace, *, by: Actor, code: str, reason: str) -> None:
    """Take a retired KPI back into use, with the definition it had."""
    why = checked_reason(reason)
    with workspace.change(by, Permission.KPI_DEFINE) as change:
        change.require_unit(WHOLE_AGENCY)
        kpi = _known(change, code)
        if kpi.retired_at is None:
            raise Conflict("defining.refused.in_use", code=code)
        old = {"retired_at": kpi.retired_at.isoformat()}
        kpi.retired_at = None
        change.add(kpi)
        change.record(AuditTag.KPI_REINSTATED, kpi, old=old, new={"code": code, "reason": why})


def _known(change: Change, code: str) -> KpiDefinition:
    kpi = change.find(KpiDefinition, code)
    if kpi is None:
        raise NotFound("kpis.refused.no_kpi", code=code)
    return kpi


def _save(change: Change, entry: Entry, charge: Charge, reason: str) -> bool:
    """Write what is new of a KPI; whether anything was."""
    definition = entry.definition
    newest = next(iter(read_versions(change, definition.code)), None)
    kpi = change.find(KpiDefinition, definition.code) or _new_kpi(entry)
    old = kpi.model_dump(mode="json", include=_OWN) if newest else None
    _place(change, kpi, entry, charge)
    placed = kpi.model_dump(mode="json", include=_OWN)
    is_newer = newest is None or not definition.says_the_same_as(Definition.of(newest))
    if not is_newer and placed == old:
        return False
    change.add(kpi)
    said: dict[str, Any] = {"code": definition.code, "reason": reason, **placed}
    if is_newer:
        require_fitting_targets(change, definition)
        version = _new_version(definition, newest.version + 1 if newest else 1, change.by, reason)
        change.add(version)
        said["version"] = version.version
    change.record(AuditTag.KPI_DEFINED, kpi, old=old, new=said)
    return True


_OWN = {"challenge", "position", "scorecard", "objective_code", "owner_id"}


def _place(change: Change, kpi: KpiDefinition, entry: Entry, charge: Charge) -> None:
    """Where the KPI stands and whose it is."""
    kpi.challenge, kpi.position = entry.challenge, entry.position
    kpi.scorecard = entry.scorecard
    if charge.objective_code is not None:
        change.get(Objective, charge.objective_code)
    kpi.objective_code = charge.objective_code
    owner = person_of(change, charge.owner_email) if charge.owner_email else None
    kpi.owner_id = owner.id if owner else None
