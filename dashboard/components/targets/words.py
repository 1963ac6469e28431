"""Targets in words: what is aimed at, from where, how and by when."""

from __future__ import annotations

from collections.abc import Iterator

from data.figure import Figure, Unit
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.definitions import Definition
from kpis.targets import Course, Path, Stage, TargetEntry

_SPACE, _BETWEEN = "\N{NO-BREAK SPACE}", "\N{EN DASH}"


def aim(texts: Texts, definition: Definition, target: Target | None) -> str:
    """'≥ 98.5%', '≤ 10.0 working days', '1.0–5.0%', or a dash."""
    if target is None:
        return texts.value(None)
    return _bounds(texts, definition, target.low, target.high)


def number(texts: Texts, definition: Definition, value: float | None) -> str:
    """A value of the KPI with its unit, or a dash."""
    if value is None:
        return texts.value(None)
    return texts.figure(Figure(value, definition.unit, definition.decimals))


def path(texts: Texts, definition: Definition, target: Target, way: Path) -> str:
    """How the aim is reached, in a sentence."""
    if way.course is Course.AT_ONCE or way.baseline is None or way.due is None:
        return texts.text("targets.path.at_once")
    values = {
        "baseline": number(texts, definition, way.baseline.value),
        "day": way.baseline.day,
        "aim": aim(texts, definition, target),
        "due": way.due,
    }
    if way.course is Course.LINEAR:
        return texts.text("targets.path.linear", **values)
    stages = "; ".join(_stage(texts, definition, stage) for stage in way.stages)
    return texts.text("targets.path.stages", stages=stages, **values)


def details(texts: Texts, definition: Definition, entry: TargetEntry) -> Iterator[str]:
    """What there is to say of a target beside its value: path, baseline, threshold."""
    if entry.target is None:
        return
    way = entry.path
    if way.course is not Course.AT_ONCE:
        yield path(texts, definition, entry.target, way)
    if way.baseline is not None:
        yield texts.text(
            "targets.baseline_is",
            baseline=number(texts, definition, way.baseline.value),
            day=way.baseline.day,
            source=way.baseline.source,
        )
    if entry.target.tolerance is not None:
        yield texts.text(
            "targets.tolerance_is", tolerance=gap(texts, definition, entry.target.tolerance)
        )


def gap(texts: Texts, definition: Definition, value: float) -> str:
    """A difference: percentages differ by percentage points."""
    unit = Unit.PERCENTAGE_POINTS if definition.unit is Unit.PERCENT else definition.unit
    return texts.figure(Figure(value, unit, definition.decimals))


def _stage(texts: Texts, definition: Definition, stage: Stage) -> str:
    said = _bounds(texts, definition, stage.low, stage.high)
    return texts.text("targets.stage", day=texts.day_short(stage.day), aim=said)


def _bounds(texts: Texts, definition: Definition, low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        first = texts.figure_number(Figure(low, definition.unit, definition.decimals))
        return f"{first}{_BETWEEN}{number(texts, definition, high)}"
    sign, value = ("≥", low) if low is not None else ("≤", high)
    return f"{sign}{_SPACE}{number(texts, definition, value)}"
