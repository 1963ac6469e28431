"""From the input cells of a row to a target: each cell is what it should be, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, TypeVar

from data.errors import Invalid, Refusal
from data.language.languages import Language
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.targets import Baseline, Course, Path
from kpis.targets.stages import stages_from_text
from kpis.targets.wishes import LONGEST
from reports.opening import is_day
from reports.targets_exchange.columns import COLUMNS, INPUTS, Kind, TargetField, Value, folded
from reports.targets_exchange.laying_out import MOST
from reports.targets_exchange.opening import CellFound, RowFound

Made = TypeVar("Made")


class Misread(Exception):
    """A cell that cannot be read: which, and why."""

    def __init__(self, where: TargetField, key: str, **values: Any) -> None:
        super().__init__(where, key, values)
        self.where = where
        self.why = Invalid(key, **values)


@dataclass(frozen=True, slots=True)
class Given:
    """What the input cells of a row hold, and which of them cannot be read."""

    values: dict[TargetField, Value]
    misread: tuple[Misread, ...] = ()

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in self.values.values()) and not self.misread


@dataclass(slots=True)
class _Reading:
    values: dict[TargetField, Value] = field(default_factory=dict)
    misread: list[Misread] = field(default_factory=list)


def read_inputs(row: RowFound) -> Given:
    """Every input cell of a row in its type."""
    read = _Reading()
    for where in INPUTS:
        try:
            read.values[where] = _READERS[COLUMNS[where].kind](where, row.cell(where))
        except Misread as misread:
            read.misread.append(misread)
    return Given(read.values, tuple(read.misread))


def code_in(row: RowFound, where: TargetField) -> str:
    """A code as it stands, without the spaces around it; a number is no code."""
    value = row.cell(where).value
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Misread(where, "targets.refused.code_no_text", value=str(value))
    return value.strip()


def target_of(given: Given, direction: Direction) -> tuple[date, Target, Path]:
    """The target that the cells say; what cannot be together is a Misread at its cell."""
    values = given.values
    valid_from = values[TargetField.VALID_FROM]
    if not isinstance(valid_from, date):
        raise Misread(TargetField.VALID_FROM, "targets.refused.no_valid_from")
    _require_bounds(values, direction)
    target = _at(TargetField.LOW, lambda: _target(values))
    return valid_from, target, _at(TargetField.COURSE, lambda: _path(values, direction))


def _at(where: TargetField, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except Refusal as refusal:
        raise Misread(where, refusal.key, **refusal.values) from refusal


def _require_bounds(values: dict[TargetField, Value], direction: Direction) -> None:
    needed = {
        Direction.HIGHER: (TargetField.LOW,),
        Direction.LOWER: (TargetField.HIGH,),
        Direction.RANGE: (TargetField.LOW, TargetField.HIGH),
    }[direction]
    for where in (TargetField.LOW, TargetField.HIGH):
        if where in needed and values[where] is None:
            raise Misread(where, "targets.refused.bound_missing", direction=direction)
        if where not in needed and values[where] is not None:
            raise Misread(where, "targets.refused.bound_unfit", direction=direction)


def _target(values: dict[TargetField, Value]) -> Target:
    return Target(
        low=_number_in(values, TargetField.LOW),
        high=_number_in(values, TargetField.HIGH),
        source=_text_in(values, TargetField.SOURCE),
        assumption=values[TargetField.ASSUMPTION] is True,
        tolerance=_number_in(values, TargetField.TOLERANCE),
    )


def _path(values: dict[TargetField, Value], direction: Direction) -> Path:
    due, course = values[TargetField.DUE], values[TargetField.COURSE]
    stages = stages_from_text(_text_in(values, TargetField.STAGES), direction)
    return Path(
        course=course if isinstance(course, Course) else Course.AT_ONCE,
        baseline=_baseline(values),
        due=due if isinstance(due, date) else None,
        stages=stages,
    )


def _baseline(values: dict[TargetField, Value]) -> Baseline | None:
    value, day = _number_in(values, TargetField.BASELINE), values[TargetField.BASELINE_DAY]
    if value is None and day is None:
        return None
    if value is None or not isinstance(day, date):
        raise Invalid("targets.refused.baseline_incomplete")
    return Baseline(value, day, _text_in(values, TargetField.BASELINE_SOURCE))


def _number_in(values: dict[TargetField, Value], where: TargetField) -> float | None:
    value = values[where]
    return float(value) if isinstance(value, int | float) else None


def _text_in(values: dict[TargetField, Value], where: TargetField) -> str:
    value = values[where]
    return value if isinstance(value, str) else ""


def _number(where: TargetField, cell: CellFound) -> Value:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misread(where, "targets.refused.not_a_number", value=_shown(value))
    if "%" in cell.number_format:
        raise Misread(where, "targets.refused.percent_cell")
    if not isfinite(value) or abs(value) > MOST:
        raise Misread(where, "targets.refused.not_a_number", value=_shown(value))
    return float(value)


def _day(where: TargetField, cell: CellFound) -> Value:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not is_day(value):
        raise Misread(where, "targets.refused.not_a_day", value=_shown(value))
    return value if isinstance(value, date) else None


def _text(where: TargetField, cell: CellFound) -> Value:
    value = cell.value
    if value is None:
        return None
    if not isinstance(value, str):
        raise Misread(where, "targets.refused.not_a_text", value=_shown(value))
    if len(value) > LONGEST:
        raise Misread(where, "targets.refused.too_long", most=LONGEST)
    return value.strip() or None


def _yes_no(where: TargetField, cell: CellFound) -> Value:
    if isinstance(cell.value, bool):
        return cell.value
    return _one_of(where, cell, {"common.yes": True, "common.no": False})


def _course(where: TargetField, cell: CellFound) -> Value:
    return _one_of(where, cell, {f"course.{one.value}": one for one in Course})


def _one_of(where: TargetField, cell: CellFound, members: dict[str, Value]) -> Value:
    """The member that a word of any language names."""
    if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
        return None
    known = {
        folded(Texts(language).text(key)): member
        for key, member in members.items()
        for language in Language
    }
    word = folded(cell.value) if isinstance(cell.value, str) else ""
    if word not in known:
        raise Misread(where, "targets.refused.not_in_list", value=_shown(cell.value))
    return known[word]


def _shown(value: object) -> str:
    return str(value)[:60]


_READERS: dict[Kind, Callable[[TargetField, CellFound], Value]] = {
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.YES_NO: _yes_no,
    Kind.COURSE: _course,
}
