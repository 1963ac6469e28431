"""Which KPIs are defined, retired ones among them, and what the form to define one offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, func, select

from data.errors import NotFound
from data.store.tables import KpiDefinition, KpiDefinitionVersion, Objective, Person
from data.workspace import Reader
from kpis.catalogue import Entry
from kpis.defining.guards import Charge
from kpis.definitions import Definition, Words
from kpis.recalling import recalled_kpis
from kpis.register import newest_valid


@dataclass(frozen=True, slots=True)
class DefinedKpi:
    """A KPI by its newest version, which may wait for its day; `in_force` is the one that holds."""

    entry: Entry
    charge: Charge
    version: int
    in_force: int | None
    author: str
    reason: str
    created_at: datetime
    retired_at: datetime | None

    @property
    def definition(self) -> Definition:
        return self.entry.definition

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def waits(self) -> bool:
        """Whether the newest version is not valid yet."""
        return self.version != self.in_force


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom and what a KPI can be given to: objectives by code, people by address."""

    objectives: dict[str, Words]
    people: dict[str, str]


def read_defined(reader: Reader) -> tuple[DefinedKpi, ...]:
    """Every KPI there ever was, or had been, in the order in which they are listed."""
    at = reader.then.until if reader.then else datetime.now(UTC)
    valid: Any = newest_valid(reader.today, at)
    in_force = dict(iter(reader.all(valid)))
    newest = {row.code: row for row in _newest_versions(reader, at)}
    people = {row.id: row.email for row in reader.all(select(Person))}
    known = sorted(recalled_kpis(reader).values(), key=lambda row: (row.position, row.code))
    return tuple(
        _defined(row, newest[row.code], people.get(row.owner_id), in_force=in_force.get(row.code))
        for row in known
        if row.code in newest
    )


def read_one(reader: Reader, code: str) -> DefinedKpi:
    """The KPI of this code; none is NotFound."""
    for one in read_defined(reader):
        if one.code == code:
            return one
    raise NotFound("kpis.refused.no_kpi", code=code)


def read_offer(reader: Reader) -> Offer:
    """The objectives there are, and the people who are let in."""
    objectives: Iterable[Objective] = reader.all(select(Objective).order_by(Objective.code))
    people: Iterable[Person] = reader.all(
        select(Person).where(col(Person.active)).order_by(Person.name)
    )
    return Offer(
        {one.code: Words.of(one, "name") for one in objectives},
        {one.email: one.name for one in people},
    )


def _newest_versions(reader: Reader, at: datetime) -> Sequence[KpiDefinitionVersion]:
    """The last version of each KPI that was written by a moment."""
    version = KpiDefinitionVersion
    written = select(version.code, func.max(version.version).label("version"))
    newest = written.where(col(version.created_at) <= at).group_by(col(version.code)).subquery()
    is_it = (col(version.code) == newest.c.code) & (col(version.version) == newest.c.version)
    return reader.all(select(version).join(newest, is_it))


def _defined(
    kpi: KpiDefinition,
    version: KpiDefinitionVersion,
    owner: str | None,
    *,
    in_force: int | None,
) -> DefinedKpi:
    return DefinedKpi(
        entry=Entry(Definition.of(version), kpi.challenge, kpi.position, kpi.scorecard, None),
        charge=Charge(kpi.objective_code, owner),
        version=version.version,
        in_force=in_force,
        author=version.author,
        reason=version.reason,
        created_at=version.created_at,
        retired_at=kpi.retired_at,
    )
