"""Writes of the room: each is permitted, recorded, and leaves nothing half done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.store.tables import (
    AuditEntry,
    KpiDefinition,
    KpiDefinitionVersion,
    Objective,
    Person,
    Publication,
    PublicationPointer,
    StoredReading,
)
from data.workspace import Workspace
from kpis.actions import Edition, publish
from kpis.assessment import Target
from kpis.catalogue import Entry, catalogue
from kpis.defining.actions import assign_kpi, define_catalogue, define_kpi
from kpis.definitions import Formula
from kpis.publishing import difference
from kpis.readings import refresh
from kpis.register import read_kpi
from kpis.sources import sources
from kpis.stored_readings import stored_frame
from kpis.targets.actions import set_target
from tests.kpis.conftest import Loads, applications

ENTRY = catalogue()[0]


def entries(house: Workspace, tag: AuditTag) -> int:
    with house.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        return len(reader.all(select(AuditEntry).where(AuditEntry.tag == tag.value)))


def somebody(role: Role, units: frozenset[str] | None = None) -> Actor:
    return Actor("p@example.org", "P", "en", (Grant(role, "CRA", units),))


def test_the_catalogue_is_brought_in_once(house: Workspace) -> None:
    before = entries(house, AuditTag.KPI_DEFINED)
    assert before == len(catalogue())
    assert define_catalogue(house, by=SYSTEM) == []
    assert entries(house, AuditTag.KPI_DEFINED) == before


def changed(entry: Entry, name: str) -> Entry:
    names = replace(entry.definition.names, en=name)
    return replace(entry, definition=replace(entry.definition, names=names))


def test_only_new_content_makes_a_new_version(house: Workspace) -> None:
    owner = somebody(Role.KPI_OWNER)
    assert define_kpi(house, by=owner, entry=ENTRY, reason="again") == 1
    assert define_kpi(house, by=owner, entry=changed(ENTRY, "Other"), reason="clearer") == 2
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert read_kpi(reader, "SD-01").definition.names.en == "Other"
        versions = reader.all(
            select(KpiDefinitionVersion).where(KpiDefinitionVersion.code == "SD-01")
        )
    assert [(row.version, row.author) for row in versions] == [(1, "SYSTEM"), (2, owner.email)]


def test_the_catalogue_leaves_what_a_person_defined(house: Workspace) -> None:
    define_kpi(house, by=somebody(Role.KPI_OWNER), entry=changed(ENTRY, "Ours"), reason="ours")
    assert define_catalogue(house, by=SYSTEM) == []
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert read_kpi(reader, "SD-01").definition.names.en == "Ours"


def test_a_formula_that_cannot_be_measured_is_refused_and_nothing_is_kept(
    house: Workspace,
) -> None:
    document = ENTRY.definition.formula.to_json()
    document["queries"]["turnaround"]["value"] = "pg_read_file('/etc/passwd')"
    hostile = replace(ENTRY.definition, code="XX-01", formula=Formula.from_json(document))
    with pytest.raises(Invalid, match="formulas"):
        define_kpi(house, by=SYSTEM, entry=replace(ENTRY, definition=hostile), reason="test")
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert reader.find(KpiDefinition, "XX-01") is None


def test_defining_needs_the_right(house: Workspace) -> None:
    with pytest.raises(PermissionDenied):
        define_kpi(house, by=somebody(Role.VIEWER), entry=changed(ENTRY, "No"), reason="no")


def test_a_kpi_is_given_an_objective_and_an_owner(house: Workspace) -> None:
    with house.database.writing() as session:
        session.add(Objective(code="3.1", challenge=3, name_sq="a", name_sr="b", name_en="c"))
        session.add(Person(email="owner@example.org", name="Owner", created_at=datetime.now(UTC)))
    assign_kpi(
        house, by=SYSTEM, code="SD-01", objective_code="3.1", owner_email="Owner@example.org"
    )
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = read_kpi(reader, "SD-01")
    assert (found.objective_code, found.owner) == ("3.1", "Owner")
    assert found.objective is not None
    assert found.objective.en == "c"
    with pytest.raises(NotFound):
        assign_kpi(house, by=SYSTEM, code="SD-01", objective_code=None, owner_email="x@y.z")


TARGET = Target(high=9.0, source="Board decision 3", assumption=False)


def test_a_target_needs_a_source_a_reason_and_fitting_bounds(house: Workspace) -> None:
    def attempt(target: Target, reason: str = "plan") -> None:
        set_target(
            house,
            by=SYSTEM,
            code="SD-01",
            target=target,
            valid_from=date(2025, 1, 1),
            reason=reason,
        )

    before = entries(house, AuditTag.TARGET_SET)
    with pytest.raises(Invalid, match="target_unexplained"):
        attempt(replace(TARGET, source=" "))
    with pytest.raises(Invalid, match="no_reason"):
        attempt(TARGET, reason="")
    with pytest.raises(Invalid, match="target_unfit"):
        attempt(Target(low=9.0, source="x"))
    assert entries(house, AuditTag.TARGET_SET) == before
    attempt(TARGET)
    assert entries(house, AuditTag.TARGET_SET) == before + 1


def test_a_target_of_the_agency_is_not_set_from_a_unit(house: Workspace) -> None:
    manager = somebody(Role.MANAGER, frozenset({"O01"}))
    with pytest.raises(PermissionDenied):
        set_target(
            house,
            by=manager,
            code="SD-01",
            target=TARGET,
            valid_from=date(2025, 1, 1),
            reason="plan",
        )


def test_a_publication_is_whole_and_recorded(loads: Loads) -> None:
    loads.load("applications", applications(80, seed=1), cut_off=date(2024, 6, 30))
    refresh(loads.workspace, by=SYSTEM, codes=["SD-06"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        pointer = reader.get(PublicationPointer, "SD-06")
        publication = reader.get(Publication, pointer.publication_id)
        rows = reader.all(select(StoredReading).where(StoredReading.kpi_code == "SD-06"))
    assert publication.event_number == 1
    assert publication.readings_written == len(rows)
    assert {row.published_in for row in rows} == {publication.id}
    assert entries(loads.workspace, AuditTag.KPI_PUBLISHED) == 1


def test_two_who_publish_at_once_do_not_overwrite_each_other(loads: Loads) -> None:
    loads.load("applications", applications(80, seed=1), cut_off=date(2024, 6, 30))
    house = loads.workspace
    refresh(house, by=SYSTEM, codes=["SD-06"])
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpi, known = read_kpi(reader, "SD-06"), sources(reader)
        frame = stored_frame(reader, "SD-06")
    assert kpi.definition.version_id is not None
    stale = Edition(
        code="SD-06",
        definition_version_id=kpi.definition.version_id,
        event_number=1,
        reference=known.reference,
        replaces=None,
    )
    with pytest.raises(Conflict, match="published_meanwhile"):
        publish(
            house,
            by=SYSTEM,
            edition=stale,
            difference=difference(frame, frame.iloc[:0].drop(columns="id")),
        )
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert len(stored_frame(reader, "SD-06")) == len(frame)
