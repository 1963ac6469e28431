"""What watches over the risks of the workbook: controls with their tests, indicators."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from reports.packs.risk_register import Leant, RiskRegisterPack, Watched
from reports.sheets.book import Book, Cell
from reports.sheets.risk_looks import unit_text
from reports.sheets.tables import Column, write_table


def write_controls(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """The controls the risks lean on, by code."""
    text, texts = book.text, book.texts

    def works(row: Leant) -> str:
        return text("risk_book.works" if row.control.works else "risk_book.works_not")

    def leans(row: Leant) -> str:
        return "; ".join(f"{one.risk.code} ({texts.word(one.side)})" for one in row.risks)

    columns: list[Column[Leant]] = [
        Column(text("risk_book.head.control"), lambda row: row.control.code, 9),
        Column(text("risk_column.title"), lambda row: row.control.title, 30),
        Column(text("risk_book.head.what_kind"), lambda row: texts.word(row.control.kind), 13),
        Column(text("risk_book.head.description"), lambda row: row.control.description or None, 40),
        Column(text("risk_column.owner"), lambda row: row.control.owner or None, 28),
        Column(
            text("risk_column.unit"), lambda row: unit_text(pack, texts, row.control.unit_code), 26
        ),
        Column(text("risk_book.head.found"), works, 20),
        *_tests(book),
        Column(text("risk_book.head.next_test"), lambda row: row.control.next_test, 12),
        Column(
            text("risk_book.head.test_late"), lambda row: row.control.days_overdue(pack.today), 11
        ),
        Column(text("risk_book.head.leaning"), leans, 34),
    ]
    write_table(
        book, sheet, "tbl_controls", columns, pack.controls, text("risk_book.about.controls")
    )


def _tests(book: Book) -> list[Column[Leant]]:
    """What the last test found."""
    text, texts = book.text, book.texts

    def last(row: Leant, name: str) -> Cell:
        test = row.control.last_test
        return texts.value(getattr(test, name)) if test and getattr(test, name) else None

    def day(row: Leant) -> Cell:
        test = row.control.last_test
        return test.tested_at.date() if test else None

    return [
        Column(text("risk_book.head.design"), lambda row: last(row, "design"), 16),
        Column(text("risk_book.head.operating"), lambda row: last(row, "operating"), 16),
        Column(text("risk_book.head.tested_on"), day, 12),
        Column(text("risk_book.head.test_note"), lambda row: last(row, "note"), 30),
    ]


def write_indicators(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """The key risk indicators of the risks, by code."""
    text, texts = book.text, book.texts
    shown = {one.code for one in pack.risks}

    def warns(row: Watched) -> str:
        links = [one for one in row.view.links if one.code in shown]
        return "; ".join(f"{one.code} ({texts.word(one.effect)})" for one in links)

    def since(row: Watched) -> Cell:
        return texts.period_short(row.view.red_since) if row.view.red_since else None

    columns: list[Column[Watched]] = [
        Column(text("risk_book.head.indicator"), lambda row: row.view.indicator.code, 10),
        Column(text("risk_column.title"), lambda row: row.view.indicator.title, 32),
        Column(text("risk_book.head.kpi"), lambda row: row.view.indicator.kpi_code, 9),
        Column(text("risk_book.head.office"), lambda row: row.view.indicator.office_code, 10),
        Column(text("risk_book.head.service"), lambda row: row.view.indicator.service_code, 14),
        Column(
            text("risk_book.head.each"), lambda row: texts.word(row.view.indicator.frequency), 12
        ),
        Column(text("risk_book.head.unit_of"), lambda row: row.unit and texts.word(row.unit), 14),
        Column(
            text("risk_book.head.dangerous"),
            lambda row: texts.word(row.view.indicator.direction),
            12,
        ),
        Column(text("risk_book.head.amber"), lambda row: _limit(row, "amber"), 10),
        Column(text("risk_book.head.red"), lambda row: _limit(row, "red"), 10),
        Column(text("risk_book.head.state"), lambda row: texts.word(row.view.state), 14),
        *_newest(book),
        Column(text("risk_book.head.red_since"), since, 12),
        Column(text("risk_book.head.warns"), warns, 34),
    ]
    write_table(
        book, sheet, "tbl_indicators", columns, pack.indicators, text("risk_book.about.indicators")
    )


def _newest(book: Book) -> list[Column[Watched]]:
    """The newest reading that was judged."""
    text, texts = book.text, book.texts

    def period(row: Watched) -> Cell:
        return texts.period_short(row.view.newest.period) if row.view.newest else None

    def value(row: Watched) -> Cell:
        newest = row.view.newest
        if newest is None or newest.value is None:
            return None
        return Figure(newest.value, row.unit, row.decimals) if row.unit else newest.value

    return [
        Column(text("risk_book.head.newest"), period, 12),
        Column(text("risk_book.head.value"), value, 10),
    ]


def _limit(row: Watched, name: str) -> Cell:
    value: float = getattr(row.view.indicator, name)
    return Figure(value, row.unit, row.decimals) if row.unit else value
