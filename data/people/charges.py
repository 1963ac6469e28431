"""What somebody answers for in the risk register, so that nobody leaves with it still in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from data.access.permissions import Permission
from data.people.reach import units_of, upwards
from data.store.tables import Delegation, Person, Risk, RiskControl, RiskTreatment
from data.workspace import Reader

# On the way into the register or in it, closed ones too, which may be open again any day: whoever
# owns one of these has to be there.
OWNED = (
    *("proposed", "open", "in_treatment", "acceptance_requested", "accepted"),
    *("close_requested", "closed"),
)
OVER = ("rejected", "closed")
OPEN_TREATMENTS = ("planned", "under_way")


@dataclass(frozen=True, slots=True)
class Charge:
    """One kind of thing somebody answers for, as a message key with what it names."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


def charges_of(reader: Reader, email: str) -> tuple[Charge, ...]:
    """What somebody owns, does, runs or stands in for now; nothing when he may leave."""
    return tuple(_charges(reader, email))


def out_of_reach(reader: Reader, person: Person) -> Sequence[str]:
    """The risks somebody owns in units where no role of his lets him work on them."""
    units = units_of(reader, person, Permission.RISK_WORK)
    owned = select(Risk).where(Risk.owner == person.email, col(Risk.status).in_(OWNED))
    risks = reader.all(owned.order_by(col(Risk.number)))
    return [one.code for one in risks if units.isdisjoint(upwards(reader, one.unit_code))]


def _charges(reader: Reader, email: str) -> Iterator[Charge]:
    owned = select(Risk.code).where(Risk.owner == email, col(Risk.status).in_(OWNED))
    if codes := _codes(reader, owned):
        yield Charge("access.charge.risks", {"codes": codes})
    treated = (
        select(Risk.code)
        .join(RiskTreatment, col(RiskTreatment.risk_id) == col(Risk.id))
        .where(RiskTreatment.owner == email, col(RiskTreatment.state).in_(OPEN_TREATMENTS))
        .where(col(Risk.status).not_in(OVER))
    )
    if codes := _codes(reader, treated):
        yield Charge("access.charge.treatments", {"codes": codes})
    run = select(RiskControl.code).where(
        RiskControl.owner == email, col(RiskControl.retired_at).is_(None)
    )
    if codes := _codes(reader, run):
        yield Charge("access.charge.controls", {"codes": codes})
    stands_in = select(Delegation.owner).where(
        Delegation.deputy == email,
        col(Delegation.ended_at).is_(None),
        Delegation.valid_to >= reader.today,
    )
    if people := _codes(reader, stands_in):
        yield Charge("access.charge.deputy", {"people": people})


def _codes(reader: Reader, statement: Any) -> Sequence[str]:
    return sorted(set(reader.all(statement)))
