"""Two editions side by side: what was added, what is gone, which field says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from kpis.strategy.record import Edition

DAYS = ("first_day", "last_day")
FRAME = ("names", "vision", "first_day", "last_day", "assumption")


class PartKind(StrEnum):
    EDITION = "edition"
    PERSPECTIVE = "perspective"
    OBJECTIVE = "objective"
    LINK = "link"


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; a field's values before and after where it changed."""

    part: PartKind
    code: str
    change: ChangeKind
    field: str = ""
    before: Any = None
    after: Any = None


def compare(before: Edition, after: Edition) -> tuple[Difference, ...]:
    """Everything that differs between two editions, part by part and field by field."""
    frame = ({before.code: before}, {before.code: after})
    return (
        *_compared(PartKind.EDITION, *frame, FRAME),
        *_compared(PartKind.PERSPECTIVE, _coded(before.perspectives), _coded(after.perspectives)),
        *_objectives(before, after),
        *_compared(PartKind.LINK, _links(before), _links(after)),
    )


def _objectives(before: Edition, after: Edition) -> Iterator[Difference]:
    """Objectives; a day that was and is the edition's own says nothing beside the edition's."""
    for one in _compared(PartKind.OBJECTIVE, before.by_code, after.by_code):
        is_days = one.change is ChangeKind.CHANGED and one.field in DAYS
        if is_days and (one.before, one.after) == (
            getattr(before, one.field),
            getattr(after, one.field),
        ):
            continue
        yield one


def _compared(
    part: PartKind,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: tuple[str, ...] = (),
) -> Iterator[Difference]:
    for code in (*before, *(code for code in after if code not in before)):
        if code not in after:
            yield Difference(part, code, ChangeKind.REMOVED, before=before[code])
        elif code not in before:
            yield Difference(part, code, ChangeKind.ADDED, after=after[code])
        else:
            yield from _changed(part, code, before[code], after[code], names)


def _changed(
    part: PartKind, code: str, one: Any, other: Any, names: tuple[str, ...]
) -> Iterator[Difference]:
    for name in names or tuple(each.name for each in fields(one)):
        was, now = getattr(one, name), getattr(other, name)
        if was != now:
            yield Difference(part, code, ChangeKind.CHANGED, name, was, now)


def _coded(parts: Any) -> dict[str, Any]:
    return {one.code: one for one in parts}


def _links(edition: Edition) -> dict[str, Any]:
    return {f"{one.cause} → {one.effect}": one for one in edition.links}
