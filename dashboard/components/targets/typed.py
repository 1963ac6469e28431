"""The fields of the form of a target: what they begin with, and the target they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.context import PageContext
from data.errors import Invalid
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.register import Kpi
from kpis.targets import Baseline, Course, Path, TargetEntry
from kpis.targets.stages import stages_as_text, stages_from_text
from kpis.targets.wishes import EARLIEST, LATEST, LONGEST, Wish

GENERATION = "targets.form.generation"  # a new one begins with what stands


@dataclass(frozen=True, slots=True)
class Fields:
    """Draws the fields of one KPI and unit; what is typed stays until the target is set."""

    context: PageContext
    kpi: Kpi
    office: str | None
    standing: TargetEntry | None

    def wish(self) -> Wish:
        """The target the fields say; what cannot be together is Invalid."""
        direction = self.kpi.definition.direction
        valid_from = self._day("valid_from", self._begins())
        low, high = self._bounds(direction)
        source, assumption = self._source()
        tolerance = self._number("tolerance", self._target.tolerance if self._target else None)
        path = self._path(direction)
        if valid_from is None:
            raise Invalid("targets.refused.no_valid_from")
        target = Target(low, high, source, assumption, tolerance)
        return Wish(self.kpi.code, valid_from, target, path(), self.office)

    @property
    def _target(self) -> Target | None:
        return self.standing.target if self.standing else None

    def _begins(self) -> date:
        """After what is over already: the past is not judged anew unless somebody wants it."""
        ahead = self.context.period.end
        return max(self.standing.valid_from, ahead) if self.standing else ahead

    def _bounds(self, direction: Direction) -> tuple[float | None, float | None]:
        low = high = None
        if direction is not Direction.LOWER:
            low = self._number("low", self._target.low if self._target else None)
        if direction is not Direction.HIGHER:
            high = self._number("high", self._target.high if self._target else None)
        return low, high

    def _source(self) -> tuple[str, bool]:
        target = self._target
        source = st.text_input(
            self._label("source"),
            target.source if target else "",
            max_chars=LONGEST,
            key=self._key("source"),
        )
        assumption = st.checkbox(
            self.context.texts.text("targets.is_assumption"),
            target.assumption if target else True,
            key=self._key("assumption"),
        )
        return source, assumption

    def _path(self, direction: Direction) -> _Way:
        """The fields of the path; those a course does not need are not shown."""
        way = self.standing.path if self.standing else Path()
        course = st.radio(
            self._label("course"),
            list(Course),
            index=list(Course).index(way.course),
            format_func=self.context.texts.word,
            horizontal=True,
            key=self._key("course"),
        )
        if course is Course.AT_ONCE:
            return _Way(direction, Course.AT_ONCE, way.baseline, way.due)
        baseline = self._baseline(way.baseline)
        due = self._day("due", way.due)
        stages = ""
        if course is Course.STAGES:
            stages = st.text_area(
                self._label("stages"),
                stages_as_text(way.stages).replace("; ", "\n"),
                help=self.context.texts.text("targets.column_help.stages"),
                key=self._key("stages"),
            )
        return _Way(direction, course or Course.AT_ONCE, baseline, due, stages)

    def _baseline(self, standing: Baseline | None) -> Baseline | None:
        left, right = st.columns(2)
        with left:
            value = self._number("baseline", standing.value if standing else None)
        with right:
            day = self._day("baseline_day", standing.day if standing else None)
        source = st.text_input(
            self._label("baseline_source"),
            standing.source if standing else "",
            max_chars=LONGEST,
            key=self._key("baseline_source"),
        )
        return Baseline(value, day, source) if value is not None and day is not None else None

    def _number(self, name: str, value: float | None) -> float | None:
        return st.number_input(
            self._label(name),
            value=value,
            format="%g",
            help=self.context.texts.text(f"targets.column_help.{name}"),
            key=self._key(name),
        )

    def _day(self, name: str, value: date | None) -> date | None:
        return st.date_input(
            self._label(name),
            value,
            min_value=EARLIEST,
            max_value=LATEST,
            format="DD.MM.YYYY",
            help=self.context.texts.text(f"targets.column_help.{name}"),
            key=self._key(name),
        )

    def _label(self, name: str) -> str:
        return self.context.texts.text(f"target_field.{name}")

    def _key(self, name: str) -> str:
        return field_key(self.kpi.code, self.office, name)


@dataclass(frozen=True, slots=True)
class _Way:
    """A path as typed, read once all of its fields are drawn."""

    direction: Direction
    course: Course
    baseline: Baseline | None
    due: date | None
    stages: str = ""

    def __call__(self) -> Path:
        stages = stages_from_text(self.stages, self.direction)
        return Path(self.course, self.baseline, self.due, stages)


def field_key(code: str, office: str | None, name: str) -> str:
    """The key of a field's widget."""
    generation = st.session_state.setdefault(GENERATION, 0)
    return f"targets.form.{generation}.{code}.{office or 'CRA'}.{name}"


def begin_anew() -> None:
    """Have the fields begin with what stands."""
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1
