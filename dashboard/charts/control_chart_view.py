"""What a control chart shows, in words and numbers of the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboard.charts.canvas import Heading


class Mark(StrEnum):
    """How a point is drawn: its colour and its shape."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Dot:
    """One period: `hover` lists what to say below the period, its value first."""

    value: float | None
    mark: Mark
    period: str
    tick: str
    hover: tuple[str, ...]
    target_low: float | None = None
    target_high: float | None = None
    target_texts: tuple[str, ...] = ()  # the value aimed at, or low and high of its range


@dataclass(frozen=True, slots=True)
class Stretch:
    """Dots `first` to `last` (both included) with their own limits, each with its text."""

    first: int
    last: int
    mean: float | None
    lower: float | None
    upper: float | None
    mean_text: str
    lower_text: str
    upper_text: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A rebase (between two dots) or an event, named above the chart at a dot's position."""

    position: float
    text: str
    hover: str


@dataclass(frozen=True, slots=True)
class Names:
    """The words for the lines and for the special points."""

    mean: str
    lower: str
    upper: str
    target: str
    marks: dict[Mark, str]


@dataclass(frozen=True, slots=True)
class ControlChartView:
    """Everything a control chart shows, in words and numbers of the reader's language."""

    heading: Heading
    dots: tuple[Dot, ...]
    stretches: tuple[Stretch, ...]
    names: Names
    moments: tuple[Moment, ...] = ()
    alt: str = ""
