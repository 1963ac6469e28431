"""Which criteria there are: those in force, all versions, and those the product brings along."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import col, or_, select

from data.errors import NotFound
from data.store.tables import RiskCategory, RiskCriteria
from data.workspace import Reader
from risks.codec import build
from risks.criteria.scale import Criteria, CriteriaState, checked

FOLDER = Path(__file__).parent


def default_criteria() -> Criteria:
    """The criteria the product starts with, as version 1."""
    said = tomllib.loads((FOLDER / "default.toml").read_text())
    levels = [{"accepted_by": None} | level for level in said["levels"]]
    return checked(build(Criteria, {"version": 1, **said, "levels": levels}))


@cache
def default_categories() -> tuple[Mapping[str, Any], ...]:
    """The categories of the Orange Book, as rows for the table."""
    said = tomllib.loads((FOLDER / "categories.toml").read_text())
    return tuple(
        {"code": code, "position": position, "source": said["source"]}
        | {f"name_{language}": text for language, text in names.items()}
        for position, (code, names) in enumerate(said["categories"].items())
    )


def in_force(reader: Reader) -> Criteria:
    """The criteria by which risks are assessed, now or at the reader's time; none is NotFound."""
    table = RiskCriteria
    statement = select(table).where(
        col(table.state).in_([CriteriaState.IN_FORCE.value, CriteriaState.REPLACED.value])
    )
    if reader.then is None:
        statement = statement.where(table.state == CriteriaState.IN_FORCE.value)
    else:
        until = reader.then.until
        replaced = col(table.replaced_at)
        statement = statement.where(col(table.decided_at) < until)
        statement = statement.where(or_(replaced.is_(None), replaced >= until))
    row = reader.first(statement.order_by(col(table.version).desc()))
    if row is None:
        raise NotFound("risks.refused.no_criteria")
    return build(Criteria, row.content)


def all_criteria(reader: Reader) -> dict[int, Criteria]:
    """Every version that was ever in force, by its number."""
    states = [CriteriaState.IN_FORCE.value, CriteriaState.REPLACED.value]
    rows = reader.all(select(RiskCriteria).where(col(RiskCriteria.state).in_(states)))
    return {row.version: build(Criteria, row.content) for row in rows}


def read_categories(reader: Reader) -> tuple[RiskCategory, ...]:
    """The categories of risk, in their order."""
    statement = select(RiskCategory).order_by(col(RiskCategory.position), RiskCategory.code)
    return tuple(reader.all(statement))
