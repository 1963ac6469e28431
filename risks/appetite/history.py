"""Everything that was ever said of appetite: proposed, in force, replaced, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from data.store.tables import AppetiteStatement
from data.workspace import Reader
from risks.appetite.statement import Appetite, AppetiteState, appetite_of, standing


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement with its way; the state is that of the time asked.

    `ends_on` is the last day on which one in force holds; None: until something else is said.
    """

    id: str
    said: Appetite
    state: AppetiteState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    replaced_at: datetime | None
    row_version: int
    ends_on: date | None

    def is_settled_by(self, day: date) -> bool:
        """Whether it is in force and holds on this day."""
        begun = self.state is AppetiteState.IN_FORCE and self.said.valid_from <= day
        return begun and (self.ends_on is None or day <= self.ends_on)


def read_statements(reader: Reader, category: str | None = None) -> tuple[Stated, ...]:
    """What was said up to the reader's time, of one category or of all, the latest first."""
    table, until = AppetiteStatement, reader.then.until if reader.then else None
    statement = select(table)
    if category is not None:
        statement = statement.where(table.category_code == category)
    if until is not None:
        statement = statement.where(table.proposed_at < until)
    ends = _ends(reader)
    rows = reader.all(statement.order_by(col(table.valid_from), col(table.proposed_at)))
    return tuple(_stated(row, until, ends.get(row.id)) for row in reversed(rows))


def waiting_statements(reader: Reader) -> tuple[Stated, ...]:
    """What somebody has still to decide on, the oldest proposal first."""
    waiting = [one for one in read_statements(reader) if one.state is AppetiteState.PROPOSED]
    return tuple(sorted(waiting, key=lambda one: (one.proposed_at, one.id)))


def _ends(reader: Reader) -> dict[str, date | None]:
    """The last day of each that stands: its own, or the one before the next begins."""
    ends: dict[str, date | None] = {}
    following: dict[str, date] = {}
    for row in reversed(standing(reader)):
        begins = following.get(row.category_code)
        days = [row.valid_to, begins - timedelta(days=1) if begins else None]
        ends[row.id] = min((day for day in days if day), default=None)
        following[row.category_code] = row.valid_from
    return ends


def _stated(row: AppetiteStatement, until: datetime | None, ends_on: date | None) -> Stated:
    decided, replaced = _known(row.decided_at, until), _known(row.replaced_at, until)
    state = AppetiteState(row.state)
    if decided is None:
        state = AppetiteState.PROPOSED
    elif replaced is None and state is AppetiteState.REPLACED:
        state = AppetiteState.IN_FORCE
    return Stated(
        id=row.id,
        said=appetite_of(row),
        state=state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by if decided else None,
        decided_at=decided,
        replaced_at=replaced,
        row_version=row.row_version,
        ends_on=ends_on,
    )


def _known(moment: datetime | None, until: datetime | None) -> datetime | None:
    """The moment, unless it had not come yet."""
    return moment if moment is None or until is None or moment < until else None
