"""How one KPI's control chart is judged: settings that belong to the KPI, and two profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from data.errors import Invalid

SHORTEST_BASELINE = 12
_LENGTHS = {"trend_length": (6, 7), "shift_length": (6, 7, 8, 9)}
_FEWEST_POINTS = range(2, 101)


class Profile(StrEnum):
    """REFERENCE answers as the reference package does; PRODUCT withholds what it cannot know."""

    PRODUCT = "product"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Rebase:
    """From this date on the process is a different one: why, and who says so."""

    date: date
    reason: str
    author: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.author.strip():
            raise Invalid("variation.refused.rebase_unexplained", date=self.date)


@dataclass(frozen=True, slots=True)
class ChartSettings:
    """Everything that decides how a series is judged; unusable values are Invalid."""

    profile: Profile = Profile.PRODUCT
    trend_length: int = 7  # points that move one way without a break, 6 or 7
    shift_length: int = 7  # points on one side of the mean, 6 to 9
    outside_counts_as_close: bool = False  # points outside the limits count in two of three
    screening: bool = True  # unusually large moving ranges do not widen the limits
    minimum_points: int = 13  # fewer values than this give no judgement
    baseline: float | None = None  # limits from the first so many rows of a group; None: all rows
    rebases: tuple[Rebase, ...] = ()
    seasonal: bool = False  # a series found seasonal is judged without its season

    def __post_init__(self) -> None:
        for name, allowed in _LENGTHS.items():
            if getattr(self, name) not in allowed:
                raise _odd(name, getattr(self, name))
        if self.minimum_points not in _FEWEST_POINTS:
            raise _odd("minimum_points", self.minimum_points)
        if self.baseline is not None and self.baseline < SHORTEST_BASELINE:
            raise Invalid("variation.refused.baseline_too_short", needed=SHORTEST_BASELINE)
        dates = [rebase.date for rebase in self.rebases]
        if dates != sorted(set(dates)):
            raise _odd("rebases", ", ".join(map(str, dates)))

    def with_rebases(self, more: Iterable[Rebase]) -> ChartSettings:
        """The settings with more rebases; of two on one day the later named holds."""
        by_date = {rebase.date: rebase for rebase in (*self.rebases, *more)}
        return replace(self, rebases=tuple(by_date[day] for day in sorted(by_date)))

    @property
    def lenient(self) -> bool:
        """True where the reference package judges although it should not."""
        return self.profile is Profile.REFERENCE

    def to_dict(self) -> dict[str, Any]:
        """The settings as a JSON document, as a KPI definition stores them."""
        document: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        if not self.seasonal:
            del document["seasonal"]  # what was stored before the setting existed stays the same
        document["profile"] = self.profile.value
        document["rebases"] = [
            {"date": each.date.isoformat(), "reason": each.reason, "author": each.author}
            for each in self.rebases
        ]
        return document

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> ChartSettings:
        """Read what `to_dict` wrote; what is left out keeps its default, the odd is Invalid."""
        known = {field.name for field in fields(cls)}
        for name, value in document.items():
            if name not in known or not _has_right_type(name, value):
                raise _odd(name, value)
        values = dict(document)
        if "profile" in values:
            values["profile"] = _profile(values["profile"])
        if "rebases" in values:
            values["rebases"] = tuple(_rebase(each) for each in values["rebases"])
        return cls(**values)


PRODUCT = ChartSettings()
REFERENCE = ChartSettings(profile=Profile.REFERENCE)


def _odd(name: str, value: object) -> Invalid:
    return Invalid("variation.refused.bad_setting", name=name, value=value)


def _has_right_type(name: str, value: object) -> bool:
    if name in ("screening", "outside_counts_as_close", "seasonal"):
        return isinstance(value, bool)
    if name in ("profile", "rebases"):
        return isinstance(value, str if name == "profile" else list)
    if name == "baseline":
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    return isinstance(value, int) and not isinstance(value, bool)


def _profile(name: str) -> Profile:
    if name not in set(Profile):
        raise _odd("profile", name)
    return Profile(name)


def _rebase(document: object) -> Rebase:
    try:
        if not isinstance(document, Mapping):
            raise TypeError(document)
        return Rebase(
            date.fromisoformat(document["date"]), str(document["reason"]), str(document["author"])
        )
    except (KeyError, TypeError, ValueError):
        raise _odd("rebases", document) from None
