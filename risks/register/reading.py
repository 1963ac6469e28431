"""The register as it stands or stood: what everybody is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.access.permissions import Permission
from data.codec import build
from data.errors import NotFound, PermissionDenied
from data.records import contents, history, standing
from data.store.tables import RegisterSnapshot
from data.workspace import Reader
from risks.register.hands import owners_stood_in_for
from risks.register.nouns import Noun
from risks.register.published import published_register
from risks.register.record import Risk

REMEMBERED = 20_000
_MADE: dict[str, Risk] = {}  # by digest of the document, which never changes


@dataclass(frozen=True, slots=True)
class Past:
    """One change of a risk: when, by whom, what kind, why, and the record that it left."""

    version: int
    at: datetime
    actor: str
    tag: str
    cause: dict[str, Any] | None
    document: dict[str, Any]


def read_register(reader: Reader) -> tuple[Risk, ...]:
    """The risks the actor may see, by number, now or at the reader's time.

    Who may see risks sees those of his units, his own, and those of whom he stands in for; others
    see the whole register as it was last published, without what is not told outside.
    """
    if not reader.by.may(Permission.RISK_VIEW):
        return _published(reader)
    units = reader.by.units_for(Permission.RISK_VIEW)
    risks = _standing(reader)
    if units is None:
        return risks
    own = {reader.by.email} | owners_stood_in_for(reader, reader.by.email)
    return tuple(
        one
        for one in risks
        if one.unit_code in units or one.owner in own or one.author == reader.by.email
    )


def read_risk(reader: Reader, code: str) -> Risk:
    """The risk of this code; none, or one the actor may not see, is NotFound."""
    for one in read_register(reader):
        if one.code == code:
            return one
    raise NotFound("risks.refused.no_risk", code=code)


def read_past(reader: Reader, risk: Risk) -> tuple[Past, ...]:
    """Every change of a risk the actor may see in full, oldest first."""
    if not reader.by.may(Permission.RISK_VIEW):
        raise PermissionDenied("door.denied", permission=Permission.RISK_VIEW.value)
    return tuple(
        Past(row.version, row.at, row.actor, row.tag, row.cause, row.content)
        for row in history(reader, Noun.RISK, risk.id)
    )


def published_at(reader: Reader) -> datetime | None:
    """As of when the register was last published, up to the reader's time."""
    table = RegisterSnapshot
    statement = select(table.as_of).where(col(table.published).is_(True))
    if reader.then is not None:
        statement = statement.where(table.taken_at < reader.then.until)
    return reader.first(statement.order_by(col(table.taken_at).desc()).limit(1))


def _published(reader: Reader) -> tuple[Risk, ...]:
    until = published_at(reader)
    return () if until is None else published_register(_standing(reader, until))


def _standing(reader: Reader, until: datetime | None = None) -> tuple[Risk, ...]:
    """Every risk; those made of their documents before are not read again."""
    versions = standing(reader, Noun.RISK, until)
    new = [number for number, said in versions if said not in _MADE]
    if len(_MADE) + len(new) > REMEMBERED:
        _MADE.clear()
        new = [number for number, _said in versions]
    _MADE.update({said: build(Risk, content) for said, content in contents(reader, new)})
    return tuple(sorted((_MADE[said] for _number, said in versions), key=lambda one: one.number))
