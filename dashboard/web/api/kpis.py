"""KPIs: which there are, what they mean, and what is aimed at."""

from __future__ import annotations

from typing import Any

from dashboard.web.api.answers import Document, Listing
from dashboard.web.api.figures import named
from dashboard.web.api.question import Question
from dashboard.web.api.targets import entry_of
from data.access.permissions import Permission
from data.language.texts import Texts
from data.workspace import Reader
from kpis.register import Kpi, read_kpi, read_kpis, read_versions
from kpis.targets import target_history

HERE = "/api/v1/kpis"
LINKED = ("values", "targets", "lineage", "commentary")


def list_kpis(question: Question) -> Listing:
    """The KPIs in use, in the order in which they are listed everywhere."""
    with question.looking_back().read(question.actor, Permission.KPI_VIEW) as reader:
        found = read_kpis(reader)
    return Listing([kpi_of(kpi, question.texts) for kpi in found.values()])


def one_kpi(question: Question) -> Document:
    """One KPI with the versions its definition had."""
    with question.looking_back().read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        versions = read_versions(reader, kpi.code)
    told = [{"version": one.version, "valid_from": one.valid_from.isoformat()} for one in versions]
    return {**kpi_of(kpi, question.texts), "versions": told}


def list_targets(question: Question) -> Listing:
    """Every target the KPI ever had, the newest first."""
    with question.looking_back().read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        found = target_history(reader, kpi.code)
    head = {"code": kpi.code, "unit": kpi.definition.unit.value}
    return Listing([entry_of(one) for one in found], head)


def kpi_of(kpi: Kpi, texts: Texts) -> dict[str, Any]:
    """A KPI as it stands."""
    definition = kpi.definition
    return {
        "code": kpi.code,
        "name": named(definition.names, texts),
        "explanation": named(definition.explanation, texts),
        "unit": definition.unit.value,
        "decimals": definition.decimals,
        "direction": definition.direction.value,
        "frequency": definition.frequency.value,
        "challenge": kpi.challenge,
        "objective": _objective(kpi, texts),
        "owner": kpi.owner,
        "scorecard": kpi.scorecard,
        "dimensions": [dimension.name for dimension in definition.dimensions],
        "measures": [
            {"name": one.name, "unit": one.unit.value, "decimals": one.decimals}
            for one in definition.formula.measures
        ],
        "definition_version": definition.version,
        "published": published_of(kpi),
        "links": {name: f"{HERE}/{kpi.code}/{name}" for name in LINKED},
    }


def published_of(kpi: Kpi) -> dict[str, Any] | None:
    """What is published of the KPI: up to which event it knows, with which reference data."""
    if kpi.published is None:
        return None
    return {
        "event": kpi.published.event_number,
        "reference_version": kpi.published.reference_version,
        "at": kpi.published.published_at.isoformat(timespec="seconds"),
    }


def published_version(reader: Reader, kpi: Kpi) -> int:
    """The version of the definition by which the published values were measured."""
    if kpi.published is None or kpi.published.definition_version_id == kpi.definition.version_id:
        return kpi.definition.version
    known = {one.id: one.version for one in read_versions(reader, kpi.code)}
    return known.get(kpi.published.definition_version_id, kpi.definition.version)


def _objective(kpi: Kpi, texts: Texts) -> dict[str, Any] | None:
    if kpi.objective_code is None:
        return None
    return {"code": kpi.objective_code, "name": named(kpi.objective, texts)}
