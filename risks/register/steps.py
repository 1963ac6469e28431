"""The history of a risk told step by step: who did what when and why, and each value before and
after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from data.codec import build, plain
from data.records import differ
from risks.register.reading import Past
from risks.register.record import Risk

# Who touched the record last and how often says nothing that the step itself does not say.
UNTOLD = frozenset({"id", "number", "row_version", "updated_by", "updated_at"})
PARTS = (
    *("assessments", "treatments", "controls", "indicators", "reviews"),
    *("acceptances", "escalations", "comments"),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """One value that is different: of the risk itself, or of a part of it (`part` says of which).

    Without a `field` it is the part as a whole that is new.
    """

    part: str | None
    part_id: str | None
    field: str | None
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One change; `risk` is the record that it left."""

    version: int
    at: datetime
    actor: str
    tag: str
    cause: Mapping[str, Any] | None
    moved: tuple[Moved, ...]
    risk: Risk


def steps(past: Sequence[Past]) -> tuple[Step, ...]:
    """Every change in the order of the past; the first one made the risk and moved nothing."""
    found, before = [], None
    for one in past:
        after = build(Risk, one.document)
        moved = () if before is None else tuple(_moved(before, after))
        found.append(Step(one.version, one.at, one.actor, one.tag, one.cause, moved, after))
        before = after
    return tuple(found)


def _moved(before: Risk, after: Risk) -> Iterator[Moved]:
    for name, old, new in _different(before, after):
        if name not in PARTS:
            yield Moved(None, None, name, old, new)
    for part in PARTS:
        known = {one.id: one for one in getattr(before, part)}
        for one in getattr(after, part):
            if one.id not in known:
                yield Moved(part, one.id, None, None, one)
            else:
                for name, old, new in _different(known[one.id], one):
                    yield Moved(part, one.id, name, old, new)


def _different(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    for one in fields(after):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name not in UNTOLD and differ(plain(old), plain(new)):
            yield one.name, old, new
