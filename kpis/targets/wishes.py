"""What somebody wants to aim at, and whether it can stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.errors import Invalid
from data.store.tables import Office
from data.workspace import Reader
from kpis.assessment import Target
from kpis.definitions import Definition
from kpis.direction import Direction
from kpis.register import read_kpi
from kpis.targets.path import AT_ONCE, Course, Path

LONGEST = 1000  # characters of a source or a reason
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A target for a KPI of the agency or an office from a day on; without one, its end."""

    code: str
    valid_from: date
    target: Target | None
    path: Path = AT_ONCE
    office: str | None = None


def checked(reader: Reader, wish: Wish) -> Wish:
    """The wish with its aims in the KPI's decimals; one that cannot stand is Invalid."""
    definition = read_kpi(reader, wish.code).definition
    if wish.office is not None:
        reader.get(Office, wish.office)
        if not definition.has_dimension("office"):
            raise Invalid("targets.refused.not_by_office", code=wish.code)
    if not EARLIEST <= wish.valid_from <= LATEST:
        raise Invalid("targets.refused.day_unlikely", day=wish.valid_from)
    if wish.target is None:
        return replace(wish, path=AT_ONCE)
    _check_bounds(wish.target, wish.path, definition.direction)
    _check_words(wish)
    if wish.path.course is not Course.AT_ONCE and (wish.path.due or LATEST) < wish.valid_from:
        raise Invalid("targets.refused.due_before", due=wish.path.due, day=wish.valid_from)
    return replace(wish, path=_in_decimals_of(definition, wish.path))


def _in_decimals_of(definition: Definition, path: Path) -> Path:
    return path if path.course is Course.AT_ONCE else replace(path, decimals=definition.decimals)


def _check_bounds(target: Target, path: Path, direction: Direction) -> None:
    aims = [target, *(Target(stage.low, stage.high) for stage in path.stages)]
    if not all(aim.fits(direction) for aim in aims):
        raise Invalid("assessment.refused.target_unfit", direction=direction.value)


def _check_words(wish: Wish) -> None:
    source = wish.target.source if wish.target else ""
    if not source.strip():
        raise Invalid("kpis.refused.target_unexplained", code=wish.code)
    baseline = wish.path.baseline
    if baseline is not None and not baseline.source.strip():
        raise Invalid("targets.refused.baseline_unexplained")
    if max(len(source), len(baseline.source) if baseline else 0) > LONGEST:
        raise Invalid("targets.refused.too_long", most=LONGEST)


def check_reason(reason: str) -> str:
    """The reason, tidied; none or one too long is Invalid."""
    tidy = reason.strip()
    if not tidy:
        raise Invalid("targets.refused.no_reason")
    if len(tidy) > LONGEST:
        raise Invalid("targets.refused.too_long", most=LONGEST)
    return tidy
