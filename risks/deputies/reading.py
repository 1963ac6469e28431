"""Who stands in for whom, now or as was known at the reader's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from data.access.permissions import Permission
from data.store.tables import Delegation
from data.workspace import Reader


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody stands in for an owner of risks on some days, unless it was ended before."""

    id: str
    owner: str
    deputy: str
    valid_from: date
    valid_to: date
    reason: str
    created_by: str
    created_at: datetime
    ended_by: str | None
    ended_at: datetime | None

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and self.valid_from <= day <= self.valid_to

    def is_over(self, day: date) -> bool:
        """Ended, or its last day has passed."""
        return self.ended_at is not None or self.valid_to < day


def read_deputies(reader: Reader) -> tuple[StandIn, ...]:
    """Who sees every risk of the agency sees all, others what concerns them; the latest first."""
    statement = select(Delegation)
    until = reader.then.until if reader.then else None
    if until is not None:
        statement = statement.where(Delegation.created_at < until)
    order = (col(Delegation.valid_from).desc(), col(Delegation.created_at).desc())
    found = (_as_of(row, until) for row in reader.all(statement.order_by(*order)))
    by = reader.by
    if by.may(Permission.RISK_VIEW) and by.units_for(Permission.RISK_VIEW) is None:
        return tuple(found)
    return tuple(one for one in found if by.email in (one.owner, one.deputy))


def _as_of(row: Delegation, until: datetime | None) -> StandIn:
    is_ended = row.ended_at is not None and (until is None or row.ended_at < until)
    said = row.model_dump()
    return StandIn(**(said if is_ended else said | {"ended_by": None, "ended_at": None}))
