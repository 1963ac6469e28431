"""The heat map's content: what stands in each cell, whence it came, how single risks are led."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.charts.canvas import Heading
from dashboard.charts.heat_map import Arrow, HeatMapView, Mark, MatrixCell, shortened
from dashboard.components.kpi_drawing import Sheet, marks
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.words import level_text
from risks.criteria.scale import SIZE
from risks.register.kinds import Kind
from risks.register.moving import Cell, Flows, Off, Place, by_place, flows, moves, place_of
from risks.register.record import Risk

STEPS = range(1, SIZE + 1)
CELLS: tuple[Cell, ...] = tuple((likelihood, impact) for likelihood in STEPS for impact in STEPS)
EARLIER = "†"  # beside a number that holds risks assessed by earlier criteria
LED_AT_MOST, ARROWS_AT_MOST, NAMED_AT_MOST = 8, 12, 5
BESIDE, BELOW, FULL = 0.1, 0.22, 3  # how marks stand apart in a cell, and how many at most so far
SYMBOLS: Mapping[Kind, str] = {
    Kind.INHERENT: "circle",
    Kind.CURRENT: "circle",
    Kind.TARGET: "diamond",
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """The chosen risks by their cell, now and then; `moved` are those that changed it."""

    looked: Looked
    kind: Kind
    now: Mapping[Place, tuple[Risk, ...]]
    then: Mapping[Place, tuple[Risk, ...]]
    moved: Flows

    @property
    def assessed(self) -> int:
        return sum(len(self.now.get(cell, ())) for cell in CELLS)

    @property
    def unassessed(self) -> int:
        return len(self.now.get(Off.UNASSESSED, ()))

    @property
    def earlier(self) -> int:
        """How many of them were assessed by earlier criteria."""
        found = (risk for cell in CELLS for risk in self.now.get(cell, ()))
        return sum(self.looked.by_earlier(risk, self.kind) for risk in found)

    def entered(self, cell: Cell) -> int:
        return sum(len(some) for (_, end), some in self.moved.items() if end == cell)

    def left(self, cell: Cell) -> int:
        return sum(len(some) for (start, _), some in self.moved.items() if start == cell)


def mapped(looked: Looked, now: Sequence[Risk], then: Sequence[Risk], kind: Kind) -> Mapped:
    """The risks of both days by where they stand; nothing to compare with, nothing moved."""
    moved = flows(moves(then, now), kind) if looked.then else {}
    return Mapped(looked, kind, by_place(now, kind), by_place(then, kind), moved)


def cell_text(looked: Looked, cell: Cell) -> str:
    """'Likely × impact 4: ▆ High'."""
    likelihood, impact = cell
    return looked.texts.text(
        "risk_register.map.cell",
        likelihood=looked.texts.value(looked.criteria.likelihood[likelihood - 1].names),
        impact=impact,
        level=level_text(looked.texts, looked.criteria, looked.criteria.level(likelihood, impact)),
    )


def levels(found: Mapped) -> dict[str | None, int]:
    """How many stand at each level, by the criteria each was assessed by; None: not assessed."""
    return _levels(found.now, found.kind)


def levels_then(found: Mapped) -> dict[str | None, int]:
    return _levels(found.then, found.kind)


def _levels(places: Mapping[Place, Sequence[Risk]], kind: Kind) -> dict[str | None, int]:
    risks = (risk for some in places.values() for risk in some)
    judged = (risk.assessment(kind) for risk in risks)
    return Counter(one.level if one else None for one in judged)


def view_of(
    found: Mapped, *, led: Sequence[Risk], moving: bool, chosen: Cell | None
) -> HeatMapView:
    """The map with, as wanted, what moved since then or the way of a few risks."""
    texts, criteria = found.looked.texts, found.looked.criteria
    heading = Heading(*_title(found), marks(texts), line=64)
    cells = tuple(_cell(found, cell, moving=moving, is_chosen=cell == chosen) for cell in CELLS)
    return HeatMapView(
        heading=heading,
        likelihoods=tuple(texts.value(one.names) for one in criteria.likelihood),
        impacts=tuple(map(str, STEPS)),
        up=texts.text("risk_register.map.up"),
        across=texts.text("risk_register.map.across"),
        cells=cells,
        arrows=(*(_moved_arrows(found) if moving else ()), *_led_arrows(led)),
        marks=tuple(_led_marks(found, led)),
        alt=". ".join((heading.title, heading.subtitle, *_in_words(found))),
    )


def _title(found: Mapped) -> tuple[str, str]:
    """How many stand at the highest level that any stands at; what is shown, as of when."""
    looked, counts = found.looked, levels(found)
    texts = looked.texts
    highest = next((one for one in reversed(looked.criteria.levels) if counts.get(one.code)), None)
    title = texts.text("risk_register.map.none_assessed")
    if highest is not None:
        title = texts.text(
            "risk_register.map.title",
            level=level_text(texts, looked.criteria, highest.code),
            count=counts[highest.code],
            all=found.assessed,
        )
    shown = {"kind": found.kind, "day": looked.today, "version": looked.criteria.version}
    return title, texts.text("risk_register.map.subtitle", **shown)


def _cell(found: Mapped, cell: Cell, *, moving: bool, is_chosen: bool) -> MatrixCell:
    looked = found.looked
    texts, criteria = looked.texts, looked.criteria
    likelihood, impact = cell
    level = criteria.matrix[likelihood - 1][impact - 1]
    risks = found.now.get(cell, ())
    mark = EARLIER if any(looked.by_earlier(risk, found.kind) for risk in risks) else ""
    return MatrixCell(
        likelihood=likelihood,
        impact=impact,
        level=level_text(texts, criteria, level),
        share=criteria.rank(level) / max(len(criteria.levels) - 1, 1),
        count=len(risks),
        text=f"{texts.number(len(risks))}{mark}",
        moved=_moved_text(found, cell) if moving else "",
        hover=tuple(_hover(found, cell)),
        is_chosen=is_chosen,
    )


def _moved_text(found: Mapped, cell: Cell) -> str:
    """'+2 −1': who entered, who left."""
    texts = found.looked.texts
    entered, left = found.entered(cell), found.left(cell)
    said = [texts.signed(entered)] if entered else []
    return " ".join([*said, *([texts.signed(-left)] if left else [])])


def _hover(found: Mapped, cell: Cell) -> Iterator[str]:
    """The cell in words, and the first of the risks in it."""
    texts, risks = found.looked.texts, found.now.get(cell, ())
    yield cell_text(found.looked, cell)
    yield texts.counted("risk_register.map.risks", len(risks))
    for risk in risks[:NAMED_AT_MOST]:
        yield f"{risk.code} {risk.title}"
    if len(risks) > NAMED_AT_MOST:
        yield texts.text("risk_register.map.more", count=len(risks) - NAMED_AT_MOST)


def _spot(cell: Cell) -> tuple[float, float]:
    return float(cell[1]), float(cell[0])


def moved_between_cells(found: Mapped) -> list[tuple[Cell, Cell, int]]:
    """Between which cells risks moved, and how many; the most first."""
    ways = [
        (start, end, len(some))
        for (start, end), some in found.moved.items()
        if not isinstance(start, Off) and not isinstance(end, Off)
    ]
    return sorted(ways, key=lambda way: (-way[2], way[0], way[1]))


def _moved_arrows(found: Mapped) -> Iterator[Arrow]:
    for start, end, count in moved_between_cells(found)[:ARROWS_AT_MOST]:
        text = found.looked.texts.number(count) if count > 1 else ""
        yield Arrow(*shortened(_spot(start), _spot(end)), text)


def _led(risks: Sequence[Risk]) -> Iterator[tuple[Risk, dict[Kind, tuple[float, float]]]]:
    """Where each risk stands by each kind, beside the others that are led through the cell."""
    cells = {risk.id: {kind: place_of(risk, kind) for kind in Kind} for risk in risks}
    for risk in risks:
        spots = {}
        for kind, cell in cells[risk.id].items():
            if not isinstance(cell, Off):
                together = [one for one, places in cells.items() if cell in places.values()]
                aside = together.index(risk.id) - (len(together) - 1) / 2
                step = min(1.0, FULL / max(len(together) - 1, 1))
                across, up = _spot(cell)
                spots[kind] = (across - aside * step * BESIDE, up - aside * step * BELOW)
        yield risk, spots


def _led_arrows(risks: Sequence[Risk]) -> Iterator[Arrow]:
    for _risk, spots in _led(risks):
        way = [(kind, spots[kind]) for kind in Kind if kind in spots]
        for (_, start), (kind, end) in pairwise(way):
            if start != end:
                yield Arrow(start, end, is_aim=kind is Kind.TARGET)


def _led_marks(found: Mapped, risks: Sequence[Risk]) -> Iterator[Mark]:
    """A mark for each kind; the code of the risk stands where it begins."""
    texts = found.looked.texts
    for risk, spots in _led(risks):
        for number, (kind, spot) in enumerate(spots.items()):
            said = (f"{risk.code} {risk.title}", texts.word(kind))
            name = "" if number else risk.code
            yield Mark(spot, SYMBOLS[kind], name, kind is not Kind.CURRENT, said)


def _in_words(found: Mapped) -> Iterator[str]:
    """Every cell that holds any, from the highest likelihood."""
    for cell in sorted(CELLS, reverse=True):
        if cell in found.now:
            count = found.looked.texts.number(len(found.now[cell]))
            yield f"{cell_text(found.looked, cell)}: {count}"


def as_sheet(found: Mapped) -> Sheet:
    """The map as a table: likelihoods from the highest, impacts from the lowest."""
    looked = found.looked
    texts = looked.texts
    impacts = (texts.text("risk_register.map.impact", step=step) for step in STEPS)
    heads = (texts.text("risk_register.map.up"), *impacts)
    rows = []
    for likelihood in reversed(STEPS):
        cells = (found.now.get((likelihood, impact), ()) for impact in STEPS)
        name = texts.value(looked.criteria.likelihood[likelihood - 1].names)
        rows.append((name, *(texts.number(len(risks)) for risks in cells)))
    return Sheet(heads, tuple(rows), frozenset(heads[1:]))
