"""What an evaluation is given and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data.notices import NewNotice, NoticeKind
from data.workspace import Workspace

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """For whom and when something is judged, and what was kept of the last time."""

    workspace: Workspace
    today: date
    before: Kept | None  # None: it is judged for the first time


@dataclass(frozen=True, slots=True)
class Found:
    """What an evaluation found: to keep, to tell, and about which subjects each kind still is."""

    keep: Kept = field(default_factory=dict)
    notices: tuple[NewNotice, ...] = ()
    still: Mapping[NoticeKind, frozenset[str]] = field(default_factory=dict)


def told_of(one: NewNotice) -> dict[str, Any]:
    """A notice as the result of a job keeps it."""
    return {"kind": one.kind, "key": one.key, "values": dict(one.values)}
