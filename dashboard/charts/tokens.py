"""Every colour and size of the product's look, in its light and its dark form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FONT = '"Source Sans", "Source Sans Pro", sans-serif'


class Size:
    """The four text sizes of a page, in pixels."""

    TITLE = 16
    TEXT = 14
    LABEL = 12
    SMALL = 11


class Tone(StrEnum):
    """What a mark means; never said by its colour alone."""

    MET = "met"
    BEHIND_IMPROVING = "behind_improving"
    BEHIND_WORSENING = "behind_worsening"
    NEUTRAL = "neutral"  # no data, no target, stale
    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one appearance."""

    background: str
    raised: str
    text: str
    muted: str
    grid: str
    primary: str
    met: str
    behind_improving: str
    behind_worsening: str
    neutral: str
    common: str
    improvement: str  # points and large marks
    concern: str
    target: str
    levels: tuple[str, ...]  # of risk, from the lowest: their lightness alone puts them in order

    def tone(self, tone: Tone) -> str:
        """The colour of a meaning."""
        return str(getattr(self, tone.value))

    def on(self, surface: str) -> str:
        """Black or white, whichever reads better: one of them reaches 4.5 on any surface."""
        return max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, surface))

    def shade(self, share: float) -> str:
        """A step on the way from the raised surface (0) to primary (1)."""
        return mix(self.raised, self.primary, share)

    def level(self, share: float) -> str:
        """The colour of a level of risk, the lowest (0) to the highest (1) of however many."""
        place = share * (len(self.levels) - 1)
        below = min(int(place), len(self.levels) - 2)
        return mix(self.levels[below], self.levels[below + 1], place - below)


LIGHT = Palette(
    background="#FFFFFF",
    raised="#F4F6F9",
    text="#1B2733",
    muted="#566173",
    grid="#E3E7ED",
    primary="#244AA5",
    met="#1565A0",
    behind_improving="#8A6D00",
    behind_worsening="#8E1B3A",
    neutral="#5F6B7A",
    common="#6B7785",
    improvement="#0B5CAD",
    concern="#B85C00",
    target="#7A1FA2",
    levels=("#FBF1DF", "#F5CF94", "#DD9052", "#A9482F", "#5C1229"),
)

DARK = Palette(
    background="#10161D",
    raised="#1A222C",
    text="#E6EDF3",
    muted="#9DA9B8",
    grid="#2A3440",
    primary="#9DB7FF",
    met="#5AD7E8",
    behind_improving="#F2D14D",
    behind_worsening="#FF8A80",
    neutral="#A3AFBD",
    common="#94A1B0",
    improvement="#6FB1FF",
    concern="#FFA94D",
    target="#D59BF0",
    levels=("#2B2622", "#59402B", "#94623A", "#D2955B", "#FFDDAE"),
)


def palette(appearance: str | None) -> Palette:
    """The palette of 'dark', else the light one."""
    return DARK if appearance == "dark" else LIGHT


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def mix(start: str, end: str, share: float) -> str:
    """The colour so far (0 to 1) on the way from one to another."""
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
