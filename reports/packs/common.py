"""What every pack says about itself: whose it is, of when, from which snapshot, how sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from data.language.languages import LocalText
from data.period import Period


@dataclass(frozen=True)
class Message:
    """A message key with typed values, put into words by whoever lays the pack out."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


def message(key: str, **values: Any) -> Message:
    """A message with its values by name."""
    return Message(key, values)


Wording = LocalText | Message


class Verdict(StrEnum):
    """How far the data of a pack may be trusted."""

    SOUND = "sound"
    GAPS = "gaps"  # usable, with the named gaps in mind
    DOUBTFUL = "doubtful"  # decide nothing on it alone


@dataclass(frozen=True)
class Cover:
    """Whose report it is and which snapshot it prints."""

    agency: LocalText
    period: Period
    as_of: datetime  # extract events up to this moment are in it
    event_number: int
    snapshot_id: str
    snapshot_hash: str  # sha256 of the snapshot's content
    prepared_by: str
    approved_by: str | None
    verdict: Verdict
    verdict_reasons: tuple[Wording, ...] = ()
    demo: bool = False
