"""The rows of the register as a file: the columns shown, in plain text, days as ISO writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from dashboard.components.risks.register.columns import (
    RegisterColumn,
    appetite_text,
    level_of,
    next_treatment,
)
from dashboard.components.risks.register.looked import Looked
from dashboard.components.tables import csv_file
from risks.register.kinds import Kind
from risks.register.record import Risk

Write = Callable[[Looked, Risk], Sequence[str]]


def as_file(looked: Looked, risks: Iterable[Risk], columns: Sequence[RegisterColumn]) -> bytes:
    """The risks with what the chosen columns tell of them."""
    heads = ["code", "title", *(head for one in columns for head in WRITTEN[one][0])]
    return csv_file(
        [looked.texts.text(f"risk_register.head.{head}") for head in heads],
        (
            [
                risk.code,
                risk.title,
                *(cell for one in columns for cell in WRITTEN[one][1](looked, risk)),
            ]
            for risk in risks
        ),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moved(looked: Looked, risk: Risk) -> str:
    moved = looked.movement(risk)
    return looked.texts.word(moved) if moved else ""


def _level(looked: Looked, risk: Risk) -> Sequence[str]:
    version = str(risk.current.criteria_version) if risk.current else ""
    return level_of(looked, risk), version, _moved(looked, risk), looked.since.isoformat()


def _status(looked: Looked, risk: Risk) -> Sequence[str]:
    escalated = looked.texts.value(risk.is_escalated) if looked.tells_people else ""
    return looked.texts.word(risk.status), escalated


def _appetite(looked: Looked, risk: Risk) -> Sequence[str]:
    told = appetite_text(looked, risk)
    return (told.loud or told.text,)


WRITTEN: Mapping[RegisterColumn, tuple[tuple[str, ...], Write]] = {
    RegisterColumn.LEVEL: (("level", "criteria", "movement", "since"), _level),
    RegisterColumn.PATH: (
        ("inherent", "current", "target"),
        lambda looked, risk: [level_of(looked, risk, kind) for kind in Kind],
    ),
    RegisterColumn.CATEGORY: (
        ("category",),
        lambda looked, risk: [looked.category(risk.category_code)],
    ),
    RegisterColumn.UNIT: (("unit",), lambda looked, risk: [looked.unit(risk.unit_code)]),
    RegisterColumn.OWNER: (("owner",), lambda looked, risk: [looked.owner(risk.owner)]),
    RegisterColumn.STATUS: (("status", "escalated"), _status),
    RegisterColumn.RESPONSE: (
        ("response",),
        lambda looked, risk: [looked.texts.word(risk.response) if risk.response else ""],
    ),
    RegisterColumn.REVIEW: (("review",), lambda _, risk: [_day(risk.next_review)]),
    RegisterColumn.TREATMENTS: (
        ("open_treatments", "next_due"),
        lambda _, risk: [str(len(risk.open_treatments)), _day(next_treatment(risk))],
    ),
    RegisterColumn.APPETITE: (("appetite",), _appetite),
    RegisterColumn.OBJECTIVES: (
        ("objectives",),
        lambda looked, risk: ["; ".join(looked.objective(code) for code in risk.objectives)],
    ),
    RegisterColumn.CHANGED: (
        ("changed",),
        lambda looked, risk: [_day(risk.updated_at.astimezone(looked.texts.zone).date())],
    ),
}
