"""What somebody is to a risk: its owner, who stands in for him, somebody above, a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid, PermissionDenied
from data.store.tables import Delegation
from data.workspace import Change, Reader
from risks.register.record import Risk


@dataclass(frozen=True, slots=True)
class Hand:
    """The rights of an actor on one risk."""

    by: Actor
    is_owner: bool  # or stands in for the owner today
    is_author: bool
    coordinates: bool

    def require_work(self, reason: str = "") -> None:
        """Owner and deputy work on their own; a coordinator on anybody's, with a reason."""
        if self.is_owner or self.by.is_system:
            return
        if not self.coordinates:
            raise PermissionDenied("risks.refused.not_yours")
        if not reason.strip():
            raise Invalid("risks.refused.reason_of_coordinator")

    def require_own(self) -> None:
        """What is the owner's to ask, nobody asks for him but his deputy."""
        if not self.is_owner:
            raise PermissionDenied("risks.refused.not_yours")

    def require_coordination(self) -> None:
        if not (self.coordinates or self.by.is_system):
            raise PermissionDenied("risks.refused.not_coordinator")


def hand_of(reader: Reader, risk: Risk) -> Hand:
    """What the actor is to a risk today."""
    by = reader.by
    stands_in = by.email in deputies(reader, risk.owner, reader.today)
    is_owner = by.email == risk.owner or (stands_in and by.may(Permission.RISK_WORK))
    coordinates = by.may_in(Permission.RISK_COORDINATE, risk.unit_code)
    return Hand(by, is_owner, by.email == risk.author, coordinates)


def deputies(reader: Reader, owner: str, today: date) -> frozenset[str]:
    """Who stands in for an owner on a day."""
    table = Delegation
    statement = select(table.deputy).where(
        table.owner == owner, table.valid_from <= today, table.valid_to >= today
    )
    return frozenset(reader.all(statement.where(col(table.ended_at).is_(None))))


def owners_stood_in_for(reader: Reader, deputy: str, today: date) -> frozenset[str]:
    """For whom somebody stands in on a day."""
    table = Delegation
    statement = select(table.owner).where(
        table.deputy == deputy, table.valid_from <= today, table.valid_to >= today
    )
    return frozenset(reader.all(statement.where(col(table.ended_at).is_(None))))


def may_see(reader: Reader, risk: Risk) -> bool:
    """Risks of one's units, one's own wherever they are, and those of whom one stands in for."""
    units = reader.by.units_for(Permission.RISK_VIEW)
    if units is None or risk.unit_code in units:
        return True
    own = {reader.by.email} | owners_stood_in_for(reader, reader.by.email, reader.today)
    return risk.owner in own or risk.author == reader.by.email


def require_role(change: Change, role: str, unit_code: str) -> None:
    """Refuse unless the actor holds this very role over the unit."""
    for grant in change.by.grants:
        if grant.role.value == role and (grant.units is None or unit_code in grant.units):
            return
    raise PermissionDenied("risks.refused.needs_role", role=role)
