"""The bow-tie of a risk (IEC 31010, B.4.2): causes, what stands before the event, the event, what
stands after it, consequences; drawn wide, and stacked for a narrow screen.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from dashboard.charts.svg import drawing, shape
from dashboard.charts.tokens import FONT, Palette, Size, Tone

WIDE, NARROW = 1100, 360  # pixels
SIDE, GATE, KNOT, GAP = 208, 196, 160, 33  # widths of the columns and of what is between them
WIDTHS = (SIDE, GATE, KNOT, GATE, SIDE)
PAD, LINE, AIR, HEADING = 12, 18, 12, 26  # within a box, of a line, between boxes, over a column
MOST_LINES = 8  # of a text; the whole of it stands beside the drawing
_CHARACTER = 0.54  # mean width of a character, in parts of its size: whatever font is there


class Holds(StrEnum):
    """Whether the last test found that a control holds."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNTESTED = "untested"


TONES = {
    Holds.YES: Tone.MET,
    Holds.PARTLY: Tone.BEHIND_IMPROVING,
    Holds.NO: Tone.BEHIND_WORSENING,
    Holds.UNTESTED: Tone.NEUTRAL,
}
_DASHES = {Holds.YES: "none", Holds.PARTLY: "14 5", Holds.NO: "3 7", Holds.UNTESTED: "1 5"}
_MARKS = {
    Holds.YES: "M1.5 6.5l3 3 6-7",
    Holds.PARTLY: "M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6M6 1.2v9.6",
    Holds.NO: "M1.8 1.8l8.4 8.4m0-8.4l-8.4 8.4",
    Holds.UNTESTED: "M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6",
}


@dataclass(frozen=True, slots=True)
class Barrier:
    """A control on the way, and in words whether it holds."""

    title: str
    holds: Holds
    said: str


@dataclass(frozen=True, slots=True)
class BowTieView:
    """Everything shown, in the reader's words; `headings` are those of the five columns."""

    causes: tuple[str, ...]
    before: tuple[Barrier, ...]
    event: str
    after: tuple[Barrier, ...]
    consequences: tuple[str, ...]
    headings: tuple[str, str, str, str, str]
    no_control: str
    not_said: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    """A box of a column: its lines, and for a control whether it holds."""

    lines: tuple[str, ...]
    kind: str  # plain | knot | empty | gate
    holds: Holds | None = None
    said: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (len(self.lines) + len(self.said))


def bow_tie(view: BowTieView, colours: Palette) -> str:
    """The wide drawing: what meets in the event fans out from it, controls stand across."""
    columns = _columns(view, WIDTHS)
    height = max(map(_height, columns)) + HEADING + 2
    lefts = [sum(WIDTHS[:place]) + GAP * place for place in range(len(WIDTHS))]
    placed = [_placed(column, height) for column in columns]
    parts: list[str] = []
    for place, (start, end) in enumerate(pairwise(placed)):
        parts += _fan(start, end, lefts[place] + WIDTHS[place], lefts[place + 1], colours)
    for name, left, width, column in zip(view.headings, lefts, WIDTHS, placed, strict=True):
        parts.append(_text(name, left + 1, 14, Size.LABEL, colours.muted))
        parts += [_drawn(box, left, top, width, colours) for box, top in column]
    return drawing(WIDE, height, *parts, title=view.alt)


def bow_tie_stacked(view: BowTieView, colours: Palette) -> str:
    """The same from top to bottom, for a telephone."""
    parts: list[str] = []
    top = 0.0
    columns = _columns(view, (NARROW,) * 5)
    for place, (name, column) in enumerate(zip(view.headings, columns, strict=True)):
        if place:
            parts.append(_arrow(NARROW / 2, top - 4, colours))
        parts.append(_text(name, 1, top + 14, Size.LABEL, colours.muted))
        top += HEADING
        for box in column:
            parts.append(_drawn(box, 0, top, NARROW, colours))
            top += box.height + AIR
        top += GAP - AIR / 2
    return drawing(NARROW, top - GAP + 2, *parts, title=view.alt)


def _columns(view: BowTieView, widths: Sequence[int]) -> list[list[_Box]]:
    return [
        _said(view.causes, widths[0], view.not_said),
        [_gate(one, widths[1]) for one in view.before] or [_nothing(view.no_control, widths[1])],
        [_Box(_wrapped(view.event or view.not_said, widths[2]), "knot")],
        [_gate(one, widths[3]) for one in view.after] or [_nothing(view.no_control, widths[3])],
        _said(view.consequences, widths[4], view.not_said),
    ]


def _said(texts: Iterable[str], width: int, not_said: str) -> list[_Box]:
    boxes = [_Box(_wrapped(text, width), "plain") for text in texts]
    return boxes or [_nothing(not_said, width)]


def _nothing(text: str, width: int) -> _Box:
    return _Box(_wrapped(text, width), "empty")


def _gate(one: Barrier, width: int) -> _Box:
    title = _wrapped(one.title, width - 8)
    return _Box(title, "gate", one.holds, _wrapped(one.said, width - 26, Size.LABEL))


def _wrapped(text: str, width: int, size: int = Size.TEXT) -> tuple[str, ...]:
    """The text in lines that fit; what is too much ends in an ellipsis."""
    letters = max(int((width - 2 * PAD) / (size * _CHARACTER)), 8)
    found = textwrap.wrap(
        text, letters, max_lines=MOST_LINES, placeholder=" \N{HORIZONTAL ELLIPSIS}"
    )
    return tuple(found) or ("",)


def _height(column: Sequence[_Box]) -> int:
    return sum(box.height for box in column) + AIR * (len(column) - 1)


def _placed(column: Sequence[_Box], height: float) -> list[tuple[_Box, float]]:
    """Each box with its top; the column stands in the middle of the height."""
    top = HEADING + (height - HEADING - 2 - _height(column)) / 2
    placed = []
    for box in column:
        placed.append((box, top))
        top += box.height + AIR
    return placed


def _fan(
    start: Sequence[tuple[_Box, float]],
    end: Sequence[tuple[_Box, float]],
    left: float,
    right: float,
    colours: Palette,
) -> Iterable[str]:
    """A line from every box on the left to every box on the right."""
    bend = (right - left) / 2
    for one, top in start:
        for other, low in end:
            y, z = top + one.height / 2, low + other.height / 2
            path = f"M{left:g} {y:g}C{left + bend:g} {y:g} {right - bend:g} {z:g} {right:g} {z:g}"
            yield _stroke(path, colours.common, 1.6)


def _drawn(box: _Box, left: float, top: float, width: float, colours: Palette) -> str:
    is_knot = box.kind == "knot"
    frame = shape(
        "rect",
        x=left + 1,
        y=top,
        width=width - 2,
        height=box.height,
        rx=18 if is_knot else 4,
        fill=colours.background if box.kind == "empty" else colours.raised,
        stroke=colours.primary if is_knot else colours.common,
        stroke_width=2.4 if is_knot else 1,
        stroke_dasharray="5 4" if box.kind == "empty" else "none",
    )
    colour = colours.muted if box.kind == "empty" else colours.text
    inset = PAD + (8 if box.kind == "gate" else 0)
    weight = "600" if is_knot or box.kind == "gate" else "400"
    lines = [
        _text(line, left + inset, top + PAD + LINE * (row + 0.76), Size.TEXT, colour, weight)
        for row, line in enumerate(box.lines)
    ]
    return frame + "".join(lines) + _state(box, left, top, colours)


def _state(box: _Box, left: float, top: float, colours: Palette) -> str:
    """The bar of a control, whole or broken, its mark, and in words whether it holds."""
    if box.holds is None:
        return ""
    colour = colours.tone(TONES[box.holds])
    dashes = _DASHES[box.holds]
    bar = _stroke(f"M{left + 5:g} {top + 3:g}v{box.height - 6:g}", colour, 6, dashes)
    begin = top + PAD + LINE * len(box.lines)
    mark = (
        f'<g transform="translate({left + PAD + 8:g} {begin + 3:g})">'
        f"{_stroke(_MARKS[box.holds], colour, 1.8)}</g>"
    )
    words = [
        _text(line, left + PAD + 26, begin + LINE * (row + 0.74), Size.LABEL, colour)
        for row, line in enumerate(box.said)
    ]
    return bar + mark + "".join(words)


def _arrow(x: float, bottom: float, colours: Palette) -> str:
    return _stroke(
        f"M{x:g} {bottom - 14:g}v12m-5-5l5 5l5-5",
        colours.common,
        1.8,
    )


def _stroke(path: str, colour: str, width: float, dashes: str = "none") -> str:
    return shape(
        "path",
        d=path,
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_dasharray=dashes,
        stroke_linejoin="round",
    )


def _text(text: str, x: float, y: float, size: int, colour: str, weight: str = "400") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family={quoteattr(FONT)} font-size="{size}" '
        f'font-weight="{weight}" fill={quoteattr(colour)}>{escape(text)}</text>'
    )
