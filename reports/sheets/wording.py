"""Words, shapes and colours for what a pack judges, the same on every sheet."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from data.figure import Figure
from data.language.texts import snake_case
from kpis.assessment import StatusKind
from kpis.direction import Direction
from reports import styles
from reports.packs.management import Assurance, ScorecardRow, Target, Variation
from reports.sheets.book import Book, Cell

_VARIATION_SHAPE = {
    Variation.IMPROVEMENT_HIGH: "↑",
    Variation.IMPROVEMENT_LOW: "↓",
    Variation.CONCERN_HIGH: "↑",
    Variation.CONCERN_LOW: "↓",
    Variation.NEUTRAL_HIGH: "↑",
    Variation.NEUTRAL_LOW: "↓",
    Variation.COMMON_CAUSE: "≈",
    Variation.NOT_ENOUGH: "…",
    Variation.WITHHELD: "–",
}
_ASSURANCE_SHAPE = {
    Assurance.PASS: "✓",
    Assurance.FAIL: "✗",
    Assurance.HIT_OR_MISS: "?",
    Assurance.NOT_JUDGED: "–",
}
_DIRECTION_SHAPE = {Direction.HIGHER: "↑", Direction.LOWER: "↓", Direction.RANGE: "↔"}


def word(book: Book, member: StrEnum) -> str:
    """The plain word, for data sheets and formulas."""
    return book.text(f"reports.{snake_case(type(member).__name__)}.{member.value}")


def interval_text(book: Book, row: ScorecardRow) -> str | None:
    """How sure a sample is of its share; None where nobody was asked."""
    if row.interval is None:
        return None
    low, high = row.interval
    return book.text("reports.interval", code=row.code, low=low, high=high)


def status_text(book: Book, status: StatusKind) -> str:
    return f"{styles.STATUS_SHAPE[status]} {word(book, status)}"


def status_of(book: Book, row: ScorecardRow) -> str:
    """The status of a KPI, and the words for it where it is far behind."""
    said = status_text(book, row.status)
    return f"{said} · {book.text('targets.far_behind')}" if row.far_behind else said


def status_look(status: StatusKind) -> dict[str, Any]:
    return {"font_color": styles.STATUS_COLOUR[status], "bold": True}


def variation_text(book: Book, variation: Variation) -> str:
    return f"{_VARIATION_SHAPE[variation]} {word(book, variation)}"


def variation_look(variation: Variation) -> dict[str, Any]:
    if variation in (Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW):
        return {"font_color": styles.IMPROVEMENT}
    if variation in (Variation.CONCERN_HIGH, Variation.CONCERN_LOW):
        return {"font_color": styles.CONCERN}
    return {"font_color": styles.MUTED}


def assurance_text(book: Book, assurance: Assurance) -> str:
    return f"{_ASSURANCE_SHAPE[assurance]} {word(book, assurance)}"


def assurance_look(assurance: Assurance) -> dict[str, Any]:
    if assurance is Assurance.PASS:
        return {"font_color": styles.IMPROVEMENT}
    if assurance is Assurance.FAIL:
        return {"font_color": styles.CONCERN}
    return {"font_color": styles.MUTED}


def direction_text(book: Book, direction: Direction) -> str:
    return f"{_DIRECTION_SHAPE[direction]} {word(book, direction)}"


def period_text(book: Book, row: ScorecardRow) -> str:
    """The row's own period, marked where it is not complete."""
    period = book.texts.period_short(row.period)
    return book.text("reports.partial", period=period) if row.partial else period


def target_cell(book: Book, target: Target | None) -> Cell:
    """A point target as a figure, a range as '1.0–5.0', none as a dash."""
    if target is None or target.range is None:
        return None if target is None else target.point
    low, high = (book.texts.figure_number(bound) for bound in target.range)
    return f"{low}–{high}"


def target_phrase(book: Book, target: Target | None) -> str:
    """The target with its unit, for a sentence."""
    if target is not None and target.range is not None:
        low, high = target.range
        return f"{book.texts.figure_number(low)}–{book.texts.figure(high)}"
    if target is None or target.point is None:
        return book.text("reports.no_target")
    return book.texts.figure(target.point)


def headline(book: Book, row: ScorecardRow) -> str:
    """The message of a KPI in one line: what it is, what was aimed at, whether it changes."""
    return book.text(
        "reports.headline",
        name=row.name,
        actual=row.actual,
        target=target_phrase(book, row.target),
        variation=word(book, row.variation),
    )


def bounds(target: Target | None) -> tuple[Figure | None, Figure | None]:
    """The figure aimed at and, for a range, its upper bound."""
    if target is None:
        return None, None
    return target.range or (target.point, None)
