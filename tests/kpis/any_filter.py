"""Counts agree under every filter: the value, its lineage, its rows, and the parts of a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.figure import Missing
from data.metrics.query import Form
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.definitions import HEADLINE, Definition
from kpis.drilling import rows
from kpis.lineage import Explanation, explain
from kpis.measurement import SENSITIVE
from kpis.measures import Statistic
from kpis.readings import Ask, values
from kpis.register import read_kpi
from kpis.suppression import is_told

EVERY_ROW = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """A frequency, a day, up to two dimensions and members by their place, and an event or none."""

    frequency: Frequency
    day: date
    places: tuple[tuple[int, int], ...]
    as_of: int | None

    @classmethod
    def any(cls, random: np.random.Generator, last_event: int) -> Question:
        """One of the many."""
        days = int(random.integers(0, 500))
        places = random.integers(0, 10, size=(int(random.integers(0, 3)), 2)).tolist()
        return cls(
            list(Frequency)[int(random.integers(0, 4))],
            date(2024, 1, 1) + timedelta(days=days),
            tuple((dimension, member) for dimension, member in places),
            None if random.random() < 0.3 else int(random.integers(1, last_event + 1)),
        )


def agrees(workspace: Workspace, code: str, question: Question) -> bool:
    """Whether there was a value to ask about; everything said of it has to agree."""
    with workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader:
        definition = read_kpi(reader, code).definition
        period = _period(definition, question)
        where = _where(reader, definition, period, question)
        told = explain(reader, code, period, where=where, as_of=question.as_of)
        _as_asked(reader, definition, told, where, question.as_of)
        if SENSITIVE & set(where):
            return told.counted is not None
        drilled = rows(reader, code, period, where=where, as_of=question.as_of, limit=EVERY_ROW)
        assert told.counted == drilled.total == len(drilled.rows)
        if "numerator" in drilled.columns and not definition.formula.over(
            definition.formula.headline
        ):
            place = drilled.columns.index("numerator")
            assert sum(row[place] or 0 for row in drilled.rows) == told.numerator
    return bool(told.counted)


def parts_are_the_whole(workspace: Workspace, code: str, question: Question) -> None:
    """What was counted and left out adds up over the members of a further breakdown."""
    with workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader:
        definition = read_kpi(reader, code).definition
        period = _period(definition, question)
        where = _where(reader, definition, period, replace(question, places=question.places[:1]))
        told = explain(reader, code, period, where=where, as_of=question.as_of)
        _parts(reader, definition, told, where, question.as_of)


def _period(definition: Definition, question: Question) -> Period:
    known = definition.frequencies(definition.formula.headline)
    wanted = question.frequency
    return Period.covering(question.day, wanted if wanted in known else definition.frequency)


def _where(
    reader: Any, definition: Definition, period: Period, question: Question
) -> dict[str, str]:
    """Members there are in the period, of dimensions that may be told together."""
    names = [one.name for one in definition.dimensions if not one.numerator_only]
    where: dict[str, str] = {}
    for dimension, member in question.places:
        left = [name for name in names if name not in where and not SENSITIVE & set(where)]
        left = [name for name in left if is_told(name, period.frequency, where)]
        if not left:
            continue
        name = left[dimension % len(left)]
        found = values(reader, Ask(definition.code, period, period, (name,)))
        members = sorted({each.cell.members[name] for each in found})
        if members:
            where[name] = members[member % len(members)]
    return where


def _as_asked(
    reader: Any, definition: Definition, told: Explanation, where: dict[str, str], event: int | None
) -> None:
    """The lineage speaks of the very readings that are shown."""
    ask = Ask(definition.code, told.period, told.period, where=where, measures=None, as_of=event)
    assert told.readings == values(reader, ask)
    (headline,) = (each for each in told.readings if each.measure == HEADLINE)
    if headline.figure.missing is Missing.SUPPRESSED:
        assert (told.counted, told.numerator, told.denominator) == (None, None, None)
    elif headline.loaded and headline.numerator is not None and not _is_index(definition):
        assert headline.numerator == told.numerator


def _is_index(definition: Definition) -> bool:
    """Whether the value is weighted from what is counted row by row."""
    return definition.formula.headline.statistic is Statistic.WEIGHTED


def _parts(
    reader: Any, definition: Definition, told: Explanation, where: dict[str, str], event: int | None
) -> None:
    query = definition.formula.query_of(definition.formula.headline)
    left = [
        one.name
        for one in definition.dimensions
        if one.name not in where and one.name not in SENSITIVE and not one.numerator_only
    ]
    if not left or SENSITIVE & set(where) or query.form is Form.LATEST:
        return  # a newest run is of its own place
    ask = Ask(definition.code, told.period, told.period, (left[0],), where, as_of=event)
    counted, excluded = 0, Counter[str]()
    for member in sorted({each.cell.members[left[0]] for each in values(reader, ask)}):
        within = {**where, left[0]: member}
        part = explain(reader, definition.code, told.period, where=within, as_of=event)
        counted += part.counted or 0
        excluded.update(part.excluded)
    assert counted == told.counted
    assert +excluded <= +Counter(told.excluded)  # a member nobody counted is in no breakdown
