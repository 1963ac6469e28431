"""What was judged, decided and looked at: one row an assessment, acceptance, escalation, review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure, Unit
from data.language.texts import Texts
from reports.packs.risk_register import RiskRegisterPack
from reports.sheets.book import Book, Cell
from reports.sheets.risk_looks import level_text
from reports.sheets.tables import Column, write_table
from risks.register.record import Acceptance, Assessment, Escalation, Quantity, Review, Risk

Judged = tuple[Risk, Assessment]
Borne = tuple[Risk, Acceptance]
Raised = tuple[Risk, Escalation]
Looked = tuple[Risk, Review]


def write_assessments(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """Every assessment, in the order in which they came."""
    text, texts = book.text, book.texts
    rows = [(risk, one) for risk in pack.risks for one in risk.assessments]
    columns: list[Column[Judged]] = [
        Column(text("risk_column.code"), lambda row: row[0].code, 9),
        Column(text("risk_book.head.kind"), lambda row: texts.word(row[1].kind), 12),
        Column(text("risk_book.head.day"), lambda row: row[1].assessed_at.date(), 12),
        Column(text("risk_book.head.likelihood"), lambda row: row[1].likelihood, 12),
        Column(text("risk_book.head.impact"), lambda row: row[1].impact, 10),
        Column(
            text("risk_book.head.level"),
            lambda row: level_text(texts, pack.lexicon, row[1]),
            13,
        ),
        *_dimensions(pack, texts),
        Column(text("risk_book.head.confidence"), lambda row: texts.word(row[1].confidence), 15),
        Column(text("risk_book.head.rationale"), lambda row: row[1].rationale or None, 40),
        Column(text("risk_book.head.exception"), lambda row: row[1].exception, 26),
        *_figures(book),
        Column(text("risk_book.head.by"), lambda row: row[1].assessed_by or None, 28),
        Column(text("risk_book.head.criteria"), lambda row: row[1].criteria_version, 10),
        Column(text("risk_book.head.id"), lambda row: row[1].id, 35),
    ]
    write_table(book, sheet, "tbl_assessments", columns, rows, text("risk_book.about.assessments"))


def _dimensions(pack: RiskRegisterPack, texts: Texts) -> list[Column[Judged]]:
    """A column for each dimension of impact that was judged by any criteria."""
    judged = {code for risk in pack.risks for one in risk.assessments for code in one.impacts}
    names = {
        one.code: one.names
        for criteria in pack.lexicon.versions.values()
        for one in criteria.dimensions
    }

    def column(code: str) -> Column[Judged]:
        head = texts.text("risk_book.head.on", dimension=names[code])
        return Column(head, lambda row: row[1].impacts.get(code), 11)

    return [column(code) for code in names if code in judged]


def _figures(book: Book) -> list[Column[Judged]]:
    """How often and how costly, where somebody said so."""
    text, texts = book.text, book.texts

    def said_of(name: str, shown: Callable[[Any], Cell]) -> Callable[[Judged], Cell]:
        return lambda row: _figure(row[1].quantity, name, shown)

    def euros(value: float) -> Cell:
        return Figure(value, Unit.EUR, 0)

    return [
        Column(text("risk_book.head.frequency"), said_of("frequency", texts.word), 16),
        Column(text("risk_book.head.rate"), said_of("rate", _rate), 10),
        Column(text("risk_book.head.severity"), said_of("severity", texts.word), 18),
        Column(text("risk_book.head.low"), said_of("low", euros), 12),
        Column(text("risk_book.head.mode"), said_of("mode", euros), 12),
        Column(text("risk_book.head.high"), said_of("high", euros), 12),
    ]


def _rate(rate: float) -> Cell:
    """A chance, or how often in a year."""
    return Figure(rate, Unit.INDEX, 2)


def _figure(quantity: Quantity | None, name: str, shown: Callable[[Any], Cell]) -> Cell:
    value = getattr(quantity, name, None)
    return None if value is None else shown(value)


def write_acceptances(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """Every request to bear a risk, and what became of it."""
    text, texts = book.text, book.texts
    rows = [(risk, one) for risk in pack.risks for one in risk.acceptances]

    def level(row: Borne) -> str:
        return texts.value(pack.lexicon.level_named(row[1].level, row[1].criteria_version))

    columns: list[Column[Borne]] = [
        Column(text("risk_column.code"), lambda row: row[0].code, 9),
        Column(text("risk_column.title"), lambda row: row[0].title, 28),
        Column(text("risk_book.head.state"), lambda row: texts.word(row[1].state), 13),
        Column(text("risk_book.head.level"), level, 12),
        Column(text("risk_book.head.until"), lambda row: row[1].valid_until, 12),
        Column(text("risk_book.head.rationale"), lambda row: row[1].rationale, 30),
        Column(text("risk_book.head.asked_by"), lambda row: row[1].requested_by, 28),
        Column(text("risk_book.head.asked_at"), lambda row: row[1].requested_at, 16),
        Column(text("risk_book.head.decided_by"), lambda row: row[1].decided_by, 28),
        Column(text("risk_book.head.decided_at"), lambda row: row[1].decided_at, 16),
        Column(text("risk_book.head.note"), lambda row: row[1].decision_note or None, 26),
        Column(text("risk_book.head.ended_at"), lambda row: row[1].ended_at, 16),
        Column(
            text("risk_book.head.ended_because"),
            lambda row: said(texts, row[1].ended_because),
            26,
        ),
        Column(text("risk_book.head.criteria"), lambda row: row[1].criteria_version, 10),
    ]
    write_table(book, sheet, "tbl_acceptances", columns, rows, text("risk_book.about.acceptances"))


def write_escalations(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """What was laid before whom, and what was answered."""
    text, texts = book.text, book.texts
    rows = [(risk, one) for risk in pack.risks for one in risk.escalations]
    columns: list[Column[Raised]] = [
        Column(text("risk_column.code"), lambda row: row[0].code, 9),
        Column(text("risk_column.title"), lambda row: row[0].title, 28),
        Column(text("risk_book.head.raised_at"), lambda row: row[1].raised_at, 16),
        Column(text("risk_book.head.raised_by"), lambda row: row[1].raised_by, 28),
        Column(text("risk_book.head.to"), lambda row: said(texts, f"role.{row[1].to_role}"), 18),
        Column(text("risk_book.head.cause"), lambda row: texts.word(row[1].cause), 22),
        Column(text("risk_book.head.reason"), lambda row: said(texts, row[1].reason), 36),
        Column(text("risk_book.head.answer"), lambda row: row[1].answer or None, 36),
        Column(text("risk_book.head.answered_by"), lambda row: row[1].answered_by, 28),
        Column(text("risk_book.head.answered_at"), lambda row: row[1].answered_at, 16),
    ]
    write_table(book, sheet, "tbl_escalations", columns, rows, text("risk_book.about.escalations"))


def write_reviews(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """Every look at a risk at its time, or late."""
    text, texts = book.text, book.texts
    rows = [(risk, one) for risk in pack.risks for one in risk.reviews]

    def late(row: Looked) -> int | None:
        due = row[1].due
        return max(0, (row[1].reviewed_at.date() - due).days) if due else None

    columns: list[Column[Looked]] = [
        Column(text("risk_column.code"), lambda row: row[0].code, 9),
        Column(text("risk_column.title"), lambda row: row[0].title, 32),
        Column(text("risk_book.head.due"), lambda row: row[1].due, 12),
        Column(text("risk_book.head.done"), lambda row: row[1].reviewed_at, 16),
        Column(text("risk_book.head.days_late"), late, 11),
        Column(text("risk_book.head.outcome"), lambda row: texts.word(row[1].outcome), 20),
        Column(text("risk_book.head.note"), lambda row: row[1].note or None, 46),
        Column(text("risk_book.head.by"), lambda row: row[1].reviewed_by or None, 28),
    ]
    write_table(book, sheet, "tbl_reviews", columns, rows, text("risk_book.about.reviews"))


def said(texts: Texts, text: str | None) -> str | None:
    """The words of a person, or the message the system left."""
    if not text:
        return None
    try:
        return texts.text(text)
    except (KeyError, ValueError, IndexError):
        return text
