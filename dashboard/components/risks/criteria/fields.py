"""Criteria as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from risks.criteria.scale import SIZE, Criteria, Dimension, Level, Likelihood, Names

LANGUAGES = ("sq", "sr", "en")
DAYS = ("acceptance_days", "late_review_days", "late_treatment_days")
Fields = Mapping[str, Any]


def fields_of(criteria: Criteria) -> dict[str, Any]:
    """Every field of the form, by its path; chances in percent."""
    said: dict[str, Any] = {name: getattr(criteria, name) for name in (*DAYS, "assumption")}
    for row, levels in enumerate(criteria.matrix):
        said |= {f"matrix.{row}.{column}": code for column, code in enumerate(levels)}
    for place, step in enumerate(criteria.likelihood):
        said |= _named(f"likelihood.{place}", step.names)
        said[f"likelihood.{place}.high"] = round(step.high * 100, 6)
    for place, level in enumerate(criteria.levels):
        said |= _named(f"levels.{place}", level.names)
        said[f"levels.{place}.review_days"] = level.review_days
        said[f"levels.{place}.accepted_by"] = level.accepted_by
    for place, one in enumerate(criteria.dimensions):
        said |= _named(f"dimensions.{place}", one.names)
        for number, names in enumerate(one.steps):
            said |= _named(f"dimensions.{place}.{number}", names)
    return said


def criteria_of(said: Fields, before: Criteria) -> Criteria:
    """The criteria that the fields make up, on the levels and dimensions there were before."""
    days = {name: int(said[name] or 0) for name in DAYS}
    return replace(
        before,
        likelihood=tuple(_step(said, place) for place in range(SIZE)),
        dimensions=tuple(
            _dimension(said, place, one) for place, one in enumerate(before.dimensions)
        ),
        matrix=tuple(
            tuple(said[f"matrix.{row}.{column}"] for column in range(SIZE)) for row in range(SIZE)
        ),
        levels=tuple(_level(said, place, one) for place, one in enumerate(before.levels)),
        assumption=bool(said["assumption"]),
        **days,
    )


def _step(said: Fields, place: int) -> Likelihood:
    """The chances of a step begin where those of the one before end; the last one ends at 1."""
    low = said[f"likelihood.{place - 1}.high"] if place else 0.0
    high = said[f"likelihood.{place}.high"] if place < SIZE - 1 else 100.0
    return Likelihood(
        names=_names(said, f"likelihood.{place}"), low=(low or 0.0) / 100, high=(high or 0.0) / 100
    )


def _level(said: Fields, place: int, before: Level) -> Level:
    path = f"levels.{place}"
    return replace(
        before,
        names=_names(said, path),
        review_days=int(said[f"{path}.review_days"] or 0),
        accepted_by=said[f"{path}.accepted_by"],
    )


def _dimension(said: Fields, place: int, before: Dimension) -> Dimension:
    path = f"dimensions.{place}"
    steps = tuple(_names(said, f"{path}.{step}") for step in range(SIZE))
    return replace(before, names=_names(said, path), steps=steps)


def _named(path: str, names: Names) -> dict[str, str]:
    return {f"{path}.{language}": names[language] for language in LANGUAGES}


def _names(said: Fields, path: str) -> Names:
    return {language: (said[f"{path}.{language}"] or "").strip() for language in LANGUAGES}
