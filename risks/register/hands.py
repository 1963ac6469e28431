"""What somebody is to a risk: its owner, who stands in for him, somebody above, a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.access.roles import Role
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

    def require_other(self) -> None:
        """Decisions are somebody else's: not the owner's, his deputy's or the author's."""
        if self.is_owner or self.is_author:
            raise Invalid("risks.refused.own_risk")

    def require_coordination(self) -> None:
        if not (self.coordinates or self.by.is_system):
            raise PermissionDenied("risks.refused.not_coordinator")


def hand_of(reader: Reader, risk: Risk) -> Hand:
    """What the actor is to a risk today."""
    by = reader.by
    stands_in = by.email in deputies(reader, risk.owner)
    is_owner = by.email == risk.owner or (stands_in and by.may(Permission.RISK_WORK))
    coordinates = by.may_in(Permission.RISK_COORDINATE, risk.unit_code)
    return Hand(by, is_owner, by.email == risk.author, coordinates)


def deputies(reader: Reader, owner: str) -> frozenset[str]:
    """Who stands in for an owner today."""
    return _delegated(reader, Delegation.deputy, Delegation.owner, owner)


def owners_stood_in_for(reader: Reader, deputy: str) -> frozenset[str]:
    """For whom somebody stands in today."""
    return _delegated(reader, Delegation.owner, Delegation.deputy, deputy)


def _delegated(reader: Reader, wanted: Any, known: Any, person: str) -> frozenset[str]:
    table = Delegation
    statement = select(wanted).where(
        known == person, table.valid_from <= reader.today, table.valid_to >= reader.today
    )
    return frozenset(reader.all(statement.where(col(table.ended_at).is_(None))))


def may_see(reader: Reader, risk: Risk) -> bool:
    """Risks of one's units, one's own wherever they are, and those of whom one stands in for."""
    units = reader.by.units_for(Permission.RISK_VIEW)
    if units is None or risk.unit_code in units:
        return True
    own = {reader.by.email} | owners_stood_in_for(reader, reader.by.email)
    return risk.owner in own or risk.author == reader.by.email


def holds(by: Actor, role: str, unit_code: str) -> bool:
    """Whether somebody holds this very role over a unit."""
    return any(
        grant.role == role and (grant.units is None or unit_code in grant.units)
        for grant in by.grants
    )


def require_role(change: Change, role: str, unit_code: str) -> None:
    """Refuse unless the actor holds this very role over the unit."""
    if not holds(change.by, role, unit_code):
        raise PermissionDenied("risks.refused.needs_role", role=Role(role))
