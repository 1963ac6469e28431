"""How much risk of a category is sought and borne (Orange Book: optimal and tolerable)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import col, or_, select

from data.store.tables import AppetiteStatement
from data.workspace import Reader
from risks.criteria.scale import Criteria
from risks.register.record import Risk


class AppetiteState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Appetite:
    """What is said of one category; `tolerance` are chances in a year and losses in EUR."""

    category: str
    statement: str
    optimal: str
    tolerable: str
    tolerance: tuple[tuple[float, float], ...]
    valid_from: date
    valid_to: date | None
    assumption: bool

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_appetite(reader: Reader, on: date | None = None) -> dict[str, Appetite]:
    """What holds today, on the day of the reader's time or on another day, by category.

    A statement holds from its first day to its last, or until the next one begins.
    """
    day = on or reader.today
    begun = {row.category_code: row for row in standing(reader) if row.valid_from <= day}
    said = (appetite_of(row) for row in begun.values())
    return {one.category: one for one in said if one.holds_on(day)}


def standing(reader: Reader) -> Sequence[AppetiteStatement]:
    """What was decided and not replaced, now or at the reader's time, by the day of its begin."""
    table, until = AppetiteStatement, reader.then.until if reader.then else None
    decided = [AppetiteState.IN_FORCE.value, AppetiteState.REPLACED.value]
    statement = select(table).where(col(table.state).in_(decided))
    replaced = col(table.replaced_at)
    if until is None:
        statement = statement.where(replaced.is_(None))
    else:
        statement = statement.where(col(table.decided_at) < until)
        statement = statement.where(or_(replaced.is_(None), replaced >= until))
    return reader.all(statement.order_by(col(table.valid_from)))


def above_tolerable(risk: Risk, appetite: Mapping[str, Appetite], criteria: Criteria) -> bool:
    """Whether more is borne than the agency says it bears; nothing said, nothing is above."""
    return _above(risk, appetite, criteria, tolerable=True)


def above_optimal(risk: Risk, appetite: Mapping[str, Appetite], criteria: Criteria) -> bool:
    return _above(risk, appetite, criteria, tolerable=False)


def appetite_of(row: AppetiteStatement) -> Appetite:
    """What a row says."""
    return Appetite(
        category=row.category_code,
        statement=row.statement,
        optimal=row.optimal_level,
        tolerable=row.tolerable_level,
        tolerance=tuple((chance, loss) for chance, loss in row.tolerance),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        assumption=row.assumption,
    )


def _above(
    risk: Risk, appetite: Mapping[str, Appetite], criteria: Criteria, *, tolerable: bool
) -> bool:
    said = appetite.get(risk.category_code or "")
    if said is None or risk.level is None:
        return False
    bound = said.tolerable if tolerable else said.optimal
    return criteria.rank(risk.level) > criteria.rank(bound)
