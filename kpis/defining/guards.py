"""What must hold before a definition is written, as it is told apart at the time of writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from data.errors import Conflict, Invalid, NotFound
from data.store import tables
from data.store.tables import KpiDefinition, Person
from data.workspace import Reader
from kpis.definitions import Definition
from kpis.register import read_versions

LONGEST_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class Charge:
    """Which objective a KPI serves and who owns it; None is nobody, nothing."""

    objective_code: str | None = None
    owner_email: str | None = None


def checked_reason(reason: str) -> str:
    """A reason in one line; none, or one too long, is Invalid."""
    said = " ".join(reason.split())
    if not said:
        raise Invalid("defining.refused.no_reason")
    if len(said) > LONGEST_REASON:
        raise Invalid("defining.refused.too_long", most=LONGEST_REASON)
    return said


def require_seen(reader: Reader, code: str, seen: int | None) -> None:
    """A Conflict unless the newest version is the one seen, and the KPI is in use."""
    newest = next(iter(read_versions(reader, code)), None)
    if newest and seen is None:
        raise Conflict("defining.refused.code_taken", code=code)
    if newest and newest.version != seen:
        raise Conflict("defining.refused.meanwhile", code=code, by=newest.author)
    if newest is None and seen is not None:
        raise NotFound("kpis.refused.no_kpi", code=code)
    kpi = reader.find(KpiDefinition, code)
    if kpi is not None and kpi.retired_at is not None:
        raise Conflict("defining.refused.retired", code=code, at=kpi.retired_at)


def person_of(reader: Reader, email: str) -> Person:
    """The person with this address; nobody is NotFound."""
    found = reader.first(select(Person).where(Person.email == email.lower()))
    if found is None:
        raise NotFound("kpis.refused.no_person", email=email)
    return found


def charge_of(reader: Reader, code: str) -> Charge:
    """What a KPI serves and whose it is now."""
    kpi = reader.find(KpiDefinition, code)
    if kpi is None:
        return Charge()
    owner = reader.find(Person, kpi.owner_id) if kpi.owner_id else None
    return Charge(kpi.objective_code, owner.email if owner else None)


def require_fitting_targets(reader: Reader, definition: Definition) -> None:
    """Refuse another direction or unit while targets stand that were set for the one before."""
    before = next(iter(read_versions(reader, definition.code)), None)
    table = tables.Target
    statement = select(table).where(table.kpi_code == definition.code)
    standing: Iterable[tables.Target] = reader.all(
        statement.where(col(table.replaced_at).is_(None))
    )
    if before is None or not any(one.low is not None or one.high is not None for one in standing):
        return
    if (before.direction, before.unit) != (definition.direction.value, definition.unit.value):
        raise Invalid("defining.refused.targets_unfit", code=definition.code)
