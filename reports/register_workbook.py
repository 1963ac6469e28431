"""The risk register as the bytes of a workbook: same pack, same bytes."""

from __future__ import annotations

from datetime import UTC

from xlsxwriter.worksheet import Worksheet

from data.language.texts import Texts
from reports import styles
from reports.packs.risk_register import RiskRegisterPack
from reports.register_columns import RiskColumn
from reports.sheets.book import Book
from reports.sheets.risk_cover import write_cover
from reports.sheets.risk_lists import choose_categories, write_criteria, write_lists, write_notes
from reports.sheets.risk_overview import write_overview
from reports.sheets.risk_records import (
    write_acceptances,
    write_assessments,
    write_escalations,
    write_reviews,
)
from reports.sheets.risk_rows import write_risks, write_treatments
from reports.sheets.risk_watch import write_controls, write_indicators
from reports.workbook import with_language

SCHEMA = "cra-risk-register-1"  # of the sheets that come back


def build_register(pack: RiskRegisterPack, texts: Texts) -> bytes:
    """The register in the language of `texts`; sheets with nothing to tell are left out."""
    book = Book(texts, pack.cover)
    _set_properties(book)
    cover = book.add_sheet(book.text("reports.sheet.cover"), landscape=False, colour=styles.PRIMARY)
    sheets = {
        role: book.add_sheet(
            book.text(f"risk_book.sheet.{role}"),
            landscape=role != "overview",
            colour=styles.PRIMARY if role in ("overview", "risks", "treatments") else styles.COMMON,
        )
        for role in _roles(pack)
    }
    _fill(book, pack, sheets)
    contents = [
        (str(sheet.name), book.text(f"risk_book.about.{role}")) for role, sheet in sheets.items()
    ]
    write_cover(book, cover, pack, contents)
    cover.activate()
    return with_language(book.close(), texts.language.tag)


def _roles(pack: RiskRegisterPack) -> list[str]:
    """The sheets, in reading order."""
    told = {
        "overview": True,
        "risks": True,
        "treatments": pack.treatments,
        "assessments": any(one.assessments for one in pack.risks),
        "controls": pack.controls,
        "indicators": pack.indicators,
        "acceptances": any(one.acceptances for one in pack.risks),
        "escalations": any(one.escalations for one in pack.risks),
        "reviews": any(one.reviews for one in pack.risks),
        "criteria": pack.criteria,
        "lists": True,
        "notes": True,
    }
    return [role for role, has in told.items() if has]


def _fill(book: Book, pack: RiskRegisterPack, sheets: dict[str, Worksheet]) -> None:
    writers = {
        "overview": write_overview,
        "risks": write_risks,
        "treatments": write_treatments,
        "assessments": write_assessments,
        "controls": write_controls,
        "indicators": write_indicators,
        "acceptances": write_acceptances,
        "escalations": write_escalations,
        "reviews": write_reviews,
        "notes": write_notes,
    }
    for role, write in writers.items():
        if role in sheets:
            write(book, sheets[role], pack)
    if pack.criteria is not None:
        write_criteria(book, sheets["criteria"], pack.criteria)
    counts = write_lists(book, sheets["lists"], pack)
    if pack.can_return:
        categories = counts[RiskColumn.CATEGORY]
        choose_categories(book, sheets["risks"], sheets["lists"], len(pack.risks), categories)


def _set_properties(book: Book) -> None:
    cover = book.cover
    demo = f" · {book.text('reports.demo.label')}" if cover.demo else ""
    book.workbook.set_properties(
        {
            "title": book.text("risk_book.title") + demo,
            "subject": book.text("risk_book.subject", agency=cover.agency),
            "author": cover.prepared_by,
            "company": book.texts.value(cover.agency),
            "keywords": f"{cover.snapshot_id} {SCHEMA}",
            "comments": book.text("reports.footer.snapshot", snapshot=cover.snapshot_id),
            "created": cover.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )
