"""How what the register names by codes is called: people, units, categories, objectives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from data.access.permissions import Permission
from data.store.tables import Objective, OrgUnit, Person
from data.workspace import Reader
from risks.criteria.reading import read_categories
from risks.criteria.scale import Names


@dataclass(frozen=True, slots=True)
class Naming:
    """Names by code, in the order in which they are listed; people by their address."""

    people: Mapping[str, str]
    units: Mapping[str, Names]
    categories: Mapping[str, Names]
    objectives: Mapping[str, Names]


def read_naming(reader: Reader) -> Naming:
    """Every name; who sees only the published register learns nobody's."""
    statement: Any = select(Person.email, Person.name).order_by(col(Person.name))
    people = dict(iter(reader.all(statement))) if reader.by.may(Permission.RISK_VIEW) else {}
    objectives = select(Objective).order_by(col(Objective.position), col(Objective.code))
    return Naming(
        people=people,
        units=_named(reader.all(select(OrgUnit).order_by(col(OrgUnit.code)))),
        categories=_named(read_categories(reader)),
        objectives=_named(reader.all(objectives)),
    )


def _named(rows: Iterable[Any]) -> dict[str, Names]:
    """Names in the three languages by code."""
    return {row.code: {"sq": row.name_sq, "sr": row.name_sr, "en": row.name_en} for row in rows}
