"""The register as it stands or stood: what everybody is shown of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlmodel import col, select

from data.access.permissions import Permission
from data.errors import NotFound, PermissionDenied
from data.store.tables import RegisterSnapshot, RegisterVersion
from data.workspace import Reader, Then
from risks.codec import build
from risks.register.hands import owners_stood_in_for
from risks.register.log import Noun, history, read_versions
from risks.register.record import Risk

REMEMBERED = 20_000  # risks made of their documents; a version never changes


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
    see the whole register as it was last published.
    """
    if not reader.by.may(Permission.RISK_VIEW):
        return _published(reader)
    units = reader.by.units_for(Permission.RISK_VIEW)
    risks = _made(read_versions(reader, Noun.RISK))
    if units is None:
        return risks
    own = {reader.by.email} | owners_stood_in_for(reader, reader.by.email, reader.today)
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


def risks_of(risks: Iterable[Risk], people: Collection[str]) -> tuple[Risk, ...]:
    """Those that belong to any of these people."""
    return tuple(one for one in risks if one.owner in people)


def _published(reader: Reader) -> tuple[Risk, ...]:
    until = published_at(reader)
    if until is None:
        return ()
    event = reader.then.event if reader.then else 0
    then, reader.then = reader.then, Then(event, until)
    try:
        return _made(read_versions(reader, Noun.RISK))
    finally:
        reader.then = then


def _made(rows: Iterable[RegisterVersion]) -> tuple[Risk, ...]:
    made = (_risk(_Document(row.sha256, row.content)) for row in rows)
    return tuple(sorted(made, key=lambda one: one.number))


@dataclass(frozen=True, slots=True, eq=False)
class _Document:
    """A document known by its digest."""

    sha256: str
    content: dict[str, Any]

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and self.sha256 == other.sha256


@lru_cache(maxsize=REMEMBERED)
def _risk(document: _Document) -> Risk:
    return build(Risk, document.content)
