"""Where the objectives of a strategy map lie, and by which way an arrow goes from one to another.

Boxes stand on a grid, so that between rows and between columns there is always free room: rows of
it are called channels, columns of it gutters. An arrow keeps to them and crosses no box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]

NAME, WIDTH = 120, 1000  # of the column of the lanes' names, of all
MOST, FEWEST = 5, 3  # boxes in a row
GUTTER, TRACK, AIR = 40, 7, 22  # between columns; between arrows side by side; of a channel
HEIGHT = 120  # of a box
_NEAR = 10  # arrows nearer than this to each other take two tracks


@dataclass(frozen=True, slots=True)
class Box:
    """Where an objective lies; y grows downward."""

    code: str
    lane: int
    row: int
    column: int
    left: float
    top: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + HEIGHT

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """The map: its boxes, the way of each arrow, the lanes from top to bottom, and the height."""

    boxes: Mapping[str, Box]
    ways: Mapping[tuple[str, str], tuple[Point, ...]]
    lanes: tuple[tuple[float, float], ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """How an arrow goes: channels it runs along, the gutter between them, sides it uses."""

    ends: tuple[str, str]
    leaves: int  # channel
    arrives: int
    gutter: int | None


@dataclass
class _Tracks:
    """Which arrows run side by side in one channel or gutter."""

    taken: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, one: float, other: float) -> int:
        """The first track on which nothing runs between these two places."""
        low, high = min(one, other) - _NEAR, max(one, other) + _NEAR
        for track, spans in enumerate(self.taken):
            if all(high < begin or low > end for begin, end in spans):
                spans.append((low, high))
                return track
        self.taken.append([(low, high)])
        return len(self.taken) - 1


def place(lanes: Sequence[Sequence[str]], links: Iterable[tuple[str, str]]) -> Placed:
    """Lay out lanes of objectives, and the links from causes to effects."""
    columns = max(FEWEST, min(MOST, max(map(len, lanes), default=0)))
    rows = list(_rows(lanes, columns))
    cells = {code: (row, column) for row, (_, codes) in enumerate(rows) for column, code in codes}
    wanted = [pair for pair in dict.fromkeys(links) if set(pair) <= set(cells)]
    plans = [_plan(pair, cells) for pair in wanted]
    step = (WIDTH - NAME) / columns
    ports = _ports(plans, cells, step)
    along, across = _tracks(plans, ports, step, len(rows))
    tops = _tops(len(rows), along.heights)
    boxes = {
        code: Box(code, rows[row][0], row, column, _left(column, step), tops[row], step - GUTTER)
        for code, (row, column) in cells.items()
    }
    floor = tops[-1] + HEIGHT + along.heights[-1] if rows else 0
    channels = [top - height for top, height in zip(tops, along.heights, strict=False)]
    channels.append(floor - along.heights[-1] if rows else 0)
    ways = {
        plan.ends: _way(plan, boxes, ports[plan.ends], along, across, channels) for plan in plans
    }
    return Placed(boxes, ways, tuple(_lane_spans(lanes, boxes, channels, floor)), floor)


@dataclass
class _Along:
    """The tracks of every channel by arrow and channel, and how high each channel is."""

    track: dict[tuple[tuple[str, str], int], int]
    heights: list[float]


def _rows(
    lanes: Sequence[Sequence[str]], columns: int
) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Each row with its lane; a lane that has too many for one row has several."""
    for lane, codes in enumerate(lanes):
        for begin in range(0, max(len(codes), 1), columns):
            some = codes[begin : begin + columns]
            first = (columns - len(some)) // 2
            yield lane, [(first + n, code) for n, code in enumerate(some)]


def _plan(pair: tuple[str, str], cells: Mapping[str, tuple[int, int]]) -> _Plan:
    """Up out of the top, down out of the bottom; beside each other over the top."""
    (row, column), (end_row, end_column) = cells[pair[0]], cells[pair[1]]
    leaves = row + 1 if end_row > row else row
    arrives = end_row + 1 if end_row < row else end_row
    if leaves == arrives:
        return _Plan(pair, leaves, arrives, None)
    return _Plan(pair, leaves, arrives, end_column if column <= end_column else end_column + 1)


def _ports(
    plans: Sequence[_Plan], cells: Mapping[str, tuple[int, int]], step: float
) -> dict[tuple[str, str], tuple[float, float]]:
    """At which x each arrow leaves its cause and reaches its effect: spread over the side."""
    sides: dict[tuple[str, bool], list[tuple[int, _Plan, int]]] = {}
    for plan in plans:
        for end, code in enumerate(plan.ends):
            channel = plan.arrives if end else plan.leaves
            is_top = channel == cells[code][0]
            other = cells[plan.ends[1 - end]][1]
            sides.setdefault((code, is_top), []).append((other, plan, end))
    found: dict[tuple[tuple[str, str], int], float] = {}
    for (code, is_top), users in sides.items():
        ordered = sorted(users, key=lambda user: (user[0], user[1].ends))
        width = step - GUTTER
        shift = 0 if len(users) == 1 and _is_straight(users[0][1], cells) else 8
        for n, (_, plan, end) in enumerate(ordered):
            place = _left(cells[code][1], step) + width * (n + 1) / (len(ordered) + 1)
            found[plan.ends, end] = place + (shift if is_top else -shift)
    return {plan.ends: (found[plan.ends, 0], found[plan.ends, 1]) for plan in plans}


def _is_straight(plan: _Plan, cells: Mapping[str, tuple[int, int]]) -> bool:
    """Whether it joins two boxes right above each other."""
    (row, column), (end_row, end_column) = (cells[code] for code in plan.ends)
    return column == end_column and abs(row - end_row) == 1


def _tracks(
    plans: Sequence[_Plan],
    ports: Mapping[tuple[str, str], tuple[float, float]],
    step: float,
    rows: int,
) -> tuple[_Along, dict[tuple[str, str], float]]:
    """Which arrow runs where beside which; channels are as high as they need to be."""
    across = _across(plans, step)
    channels = [_Tracks() for _ in range(rows + 1)]
    track_of: dict[tuple[tuple[str, str], int], int] = {}
    for plan in plans:
        start, end = ports[plan.ends]
        if plan.gutter is None:
            track_of[plan.ends, plan.leaves] = channels[plan.leaves].place(start, end)
            continue
        bend = across[plan.ends]
        track_of[plan.ends, plan.leaves] = channels[plan.leaves].place(start, bend)
        track_of[plan.ends, plan.arrives] = channels[plan.arrives].place(bend, end)
    heights = [float(2 * AIR + TRACK * max(len(one.taken) - 1, 0)) for one in channels]
    heights[-1] = heights[-1] if channels[-1].taken else AIR / 2
    return _Along(track_of, heights), across


def _across(plans: Sequence[_Plan], step: float) -> dict[tuple[str, str], float]:
    """At which x each arrow crosses rows; however many share a gutter, all stay within it."""
    gutters: dict[int, _Tracks] = {}
    track_of: dict[tuple[str, str], tuple[int, int]] = {}
    for plan in plans:
        if plan.gutter is not None:
            # In units of rows: whether two arrows share a stretch is all that counts here.
            tracks = gutters.setdefault(plan.gutter, _Tracks())
            track = tracks.place(plan.leaves * HEIGHT, plan.arrives * HEIGHT)
            track_of[plan.ends] = (plan.gutter, track)
    found = {}
    for ends, (gutter, track) in track_of.items():
        count = len(gutters[gutter].taken)
        apart = min(TRACK, (GUTTER - 8) / count)
        found[ends] = NAME + gutter * step + (track - (count - 1) / 2) * apart
    return found


def _tops(rows: int, heights: Sequence[float]) -> list[float]:
    """The top of each row of boxes, below its channel."""
    tops: list[float] = []
    for row in range(rows):
        above = tops[-1] + HEIGHT if tops else 0.0
        tops.append(above + heights[row])
    return tops


def _way(
    plan: _Plan,
    boxes: Mapping[str, Box],
    ports: tuple[float, float],
    along: _Along,
    across: Mapping[tuple[str, str], float],
    channels: Sequence[float],
) -> tuple[Point, ...]:
    """The corners of an arrow, from its cause to its effect."""
    cause, effect = (boxes[code] for code in plan.ends)
    start = (ports[0], cause.top if plan.leaves == cause.row else cause.bottom)
    end = (ports[1], effect.top if plan.arrives == effect.row else effect.bottom)
    first = channels[plan.leaves] + AIR + TRACK * along.track[plan.ends, plan.leaves]
    if plan.gutter is None:
        return (start, (start[0], first), (end[0], first), end)
    last = channels[plan.arrives] + AIR + TRACK * along.track[plan.ends, plan.arrives]
    bend = across[plan.ends]
    return (start, (start[0], first), (bend, first), (bend, last), (end[0], last), end)


def _lane_spans(
    lanes: Sequence[Sequence[str]],
    boxes: Mapping[str, Box],
    channels: Sequence[float],
    floor: float,
) -> Iterator[tuple[float, float]]:
    """Each lane from the middle of the channel above it to the middle of the one below."""
    row = 0
    columns = max(FEWEST, min(MOST, max(map(len, lanes), default=0)))
    for codes in lanes:
        last = row + max(1, -(-len(codes) // columns))
        yield _middle(row, channels, floor), _middle(last, channels, floor)
        row = last


def _middle(channel: int, channels: Sequence[float], floor: float) -> float:
    if channel == 0:
        return 0.0
    if channel == len(channels) - 1:
        return floor
    return channels[channel] + 6  # just under the boxes above, so that arrows stay in one lane


def _left(column: int, step: float) -> float:
    return NAME + GUTTER / 2 + column * step
