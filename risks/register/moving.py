"""What moved between two looks at the register: pure, over the records of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from risks.criteria.scale import Criteria
from risks.register.kinds import Kind
from risks.register.record import Risk


class Off(StrEnum):
    """Where a risk is that stands in no cell of the matrix."""

    OUTSIDE = "outside"  # not among those looked at
    UNASSESSED = "unassessed"  # likelihood or impact is not judged


Cell = tuple[int, int]  # likelihood and impact, each from 1
Place = Cell | Off


class Movement(StrEnum):
    """What became of the level of a risk."""

    NEW = "new"  # it was not in the register
    FIRST = "first"  # it was not assessed
    RISEN = "risen"
    FALLEN = "fallen"
    SAME = "same"
    OTHER_CRITERIA = "other_criteria"  # assessed by other criteria since: nothing can be said


@dataclass(frozen=True, slots=True)
class Move:
    """A risk then and now; None where it was not, or is not, among those looked at."""

    before: Risk | None
    after: Risk | None

    @property
    def risk(self) -> Risk:
        """As it is known last."""
        return cast(Risk, self.after or self.before)


Flows = Mapping[tuple[Place, Place], tuple[Move, ...]]  # by whence and whither


def place_of(risk: Risk | None, kind: Kind) -> Place:
    """The cell in which a risk stands, or why it stands in none."""
    if risk is None:
        return Off.OUTSIDE
    judged = risk.assessment(kind)
    if judged is None or judged.likelihood is None or judged.impact is None:
        return Off.UNASSESSED
    return judged.likelihood, judged.impact


def by_place(risks: Iterable[Risk], kind: Kind) -> dict[Place, tuple[Risk, ...]]:
    """The risks by where they stand, each once."""
    found: defaultdict[Place, list[Risk]] = defaultdict(list)
    for risk in risks:
        found[place_of(risk, kind)].append(risk)
    return {place: tuple(some) for place, some in found.items()}


def moves(before: Collection[Risk], after: Collection[Risk]) -> tuple[Move, ...]:
    """Every risk of either look, by number."""
    then, now = ({one.id: one for one in some} for some in (before, after))
    found = (Move(then.get(risk), now.get(risk)) for risk in {**then, **now})
    return tuple(sorted(found, key=lambda move: move.risk.number))


def flows(found: Iterable[Move], kind: Kind) -> Flows:
    """Those that changed their place, by whence and whither."""
    changed: defaultdict[tuple[Place, Place], list[Move]] = defaultdict(list)
    for move in found:
        way = place_of(move.before, kind), place_of(move.after, kind)
        if way[0] != way[1]:
            changed[way].append(move)
    return {way: tuple(some) for way, some in changed.items()}


def level_movement(before: Risk | None, after: Risk, criteria: Criteria) -> Movement:
    """What became of the current level; by other criteria a level says nothing of a change."""
    if before is None or (after.is_active and not before.is_active):
        return Movement.NEW
    old, new = before.current, after.current
    if new is None or new.level is None:
        return Movement.SAME
    if old is None or old.level is None:
        return Movement.FIRST
    if old.criteria_version != new.criteria_version:
        return Movement.OTHER_CRITERIA
    rise = criteria.rank(new.level) - criteria.rank(old.level)
    if rise == 0:
        return Movement.SAME
    return Movement.RISEN if rise > 0 else Movement.FALLEN
