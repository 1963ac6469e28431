"""Taking an indicator in hand for a change, and keeping what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlmodel import col, func, select

from data.audit.tags import AuditTag
from data.codec import build, plain
from data.errors import Conflict, NotFound
from data.records import contents, keep, last_hand, standing, step_past
from data.store.tables import RiskIndicator, RiskIndicatorLink
from data.workspace import Change, Reader
from risks.indicators.record import Indicator
from risks.register.nouns import Noun

OWN = tuple(one.name for one in fields(Indicator) if one.name not in {"standing", "row_version"})


def kept_indicators(reader: Reader) -> tuple[Indicator, ...]:
    """Every indicator, retired ones too, as it stands or stood at the reader's time; by code."""
    versions = [number for number, _said in standing(reader, Noun.INDICATOR)]
    found = (build(Indicator, content) for _said, content in contents(reader, versions))
    return tuple(sorted(found, key=lambda one: one.code))


def find_indicator(reader: Reader, code: str) -> Indicator:
    """The indicator of this code; none is NotFound."""
    for one in kept_indicators(reader):
        if one.code == code:
            return one
    raise NotFound("risks.indicators.refused.none", code=code)


def take_indicator(change: Change, code: str, version: int | None) -> Indicator:
    """The indicator as it stands; from here on it is later than all that was kept of it.

    A version seen that is no longer current is a Conflict that carries what stands now; None is
    for the system.
    """
    found = find_indicator(change, code)
    step_past(change, Noun.INDICATOR, found.id)
    if version is not None and found.row_version != version:
        raise Conflict(
            "risks.indicators.refused.conflict",
            code=code,
            by=last_hand(change, Noun.INDICATOR, found.id),
            current=plain(found),
        )
    return found


def next_code(change: Change) -> str:
    """The code of the next indicator; it stays its own for ever."""
    count = change.first(select(func.count(col(RiskIndicator.id)))) or 0
    return f"KRI-{count + 1:03}"


def settle_indicator(
    change: Change,
    after: Indicator,
    tag: AuditTag,
    cause: Mapping[str, Any] | None = None,
) -> Indicator:
    """Write the next state of an indicator, with its version and its audit entry."""
    row = change.find(RiskIndicator, after.id)
    said = {name: plain_value(getattr(after, name)) for name in OWN}
    if row is None:
        row = RiskIndicator(**said)
    for name, value in said.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    change.add(row)
    kept = build(Indicator, row.model_dump() | {"standing": plain(after.standing)})
    keep(change, Noun.INDICATOR, kept.id, plain(kept), tag, cause)
    return kept


def plain_value(value: Any) -> Any:
    """A column holds the value of a word, and days and moments as they are."""
    return getattr(value, "value", value)


def links_to(reader: Reader, indicator_id: str) -> tuple[RiskIndicatorLink, ...]:
    """The links that stand from risks to an indicator, in the order in which they were made."""
    table = RiskIndicatorLink
    statement = select(table).where(
        table.indicator_id == indicator_id, col(table.ended_at).is_(None)
    )
    return tuple(reader.all(statement.order_by(col(table.linked_at), col(table.id))))
