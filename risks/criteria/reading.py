"""Which criteria there are: those in force, all versions, and those the product brings along."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import col, or_, select

from data.codec import build
from data.errors import NotFound
from data.recalling import as_rows, later_entries, put_back
from data.store.tables import RiskCategory, RiskCriteria
from data.workspace import Reader, noun_of
from risks.criteria.checking import checked
from risks.criteria.scale import Criteria, CriteriaState

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class CriteriaVersion:
    """Criteria with who proposed and who decided on them; its state is that of the time asked."""

    version: int
    criteria: Criteria
    state: CriteriaState
    reason: str
    author: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    replaced_at: datetime | None


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


def read_versions(reader: Reader) -> tuple[CriteriaVersion, ...]:
    """Every version that was proposed up to the reader's time, the newest first."""
    until = reader.then.until if reader.then else None
    rows = reader.all(select(RiskCriteria).order_by(col(RiskCriteria.version).desc()))
    known = (row for row in rows if until is None or row.created_at < until)
    return tuple(_version(row, until) for row in known)


def read_categories(reader: Reader) -> tuple[RiskCategory, ...]:
    """The categories of risk, in their order, now or as they were called at the reader's time."""
    rows = as_rows(reader.all(select(RiskCategory)))
    for entry in later_entries(reader, noun_of(RiskCategory)):
        put_back(rows, entry.noun_id, entry.old)
    found = (RiskCategory.model_validate(values) for values in rows.values())
    return tuple(sorted(found, key=lambda row: (row.position, row.code)))


def _version(row: RiskCriteria, until: datetime | None) -> CriteriaVersion:
    decided = _known(row.decided_at, until)
    replaced = _known(row.replaced_at, until)
    state = CriteriaState(row.state)
    if decided is None:
        state = CriteriaState.DRAFT
    elif replaced is None and state is CriteriaState.REPLACED:
        state = CriteriaState.IN_FORCE
    return CriteriaVersion(
        version=row.version,
        criteria=build(Criteria, row.content),
        state=state,
        reason=row.reason,
        author=row.author,
        created_at=row.created_at,
        decided_by=row.decided_by if decided else None,
        decided_at=decided,
        replaced_at=replaced,
    )


def _known(moment: datetime | None, until: datetime | None) -> datetime | None:
    """The moment, unless it had not come yet."""
    return moment if moment is None or until is None or moment < until else None
