"""A pack of frozen values becomes the bytes of an Excel workbook: same pack, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter.worksheet import Worksheet

from data.language.texts import Texts
from reports import styles
from reports.packs.management import ManagementPack
from reports.sheets.actions import write_actions
from reports.sheets.book import Book
from reports.sheets.cover import write_cover
from reports.sheets.data import write_delivery_data, write_scorecard_data, write_status_counts
from reports.sheets.definitions import write_definitions, write_lineage
from reports.sheets.delivery import (
    in_reading_order,
    of_offices,
    of_services,
    write_offices,
    write_services,
)
from reports.sheets.kpi import write_kpi
from reports.sheets.notes import write_notes
from reports.sheets.quality import write_extracts, write_fates, write_gaps, write_restatements
from reports.sheets.scorecard import write_scorecard
from reports.sheets.series import SeriesRange, write_series
from reports.sheets.summary import write_summary

CORE = "docProps/core.xml"


@dataclass(frozen=True)
class _Sheets:
    """All sheets by their role, in reading order, with what the cover lists about them."""

    by_role: dict[str, Worksheet]
    contents: list[tuple[str, str]]

    def name(self, role: str) -> str:
        return str(self.by_role[role].name)


def build_workbook(pack: ManagementPack, texts: Texts) -> bytes:
    """The management board pack as an .xlsx file in the language of `texts`.

    A pack without a single KPI is a ValueError: there would be nothing to report.
    """
    if not pack.scorecard:
        raise ValueError("a board pack needs at least one KPI")
    book = Book(texts, pack.cover)
    _set_properties(book)
    sheets = _add_sheets(book, pack)
    _fill(book, pack, sheets)
    write_cover(book, sheets.by_role["cover"], sheets.contents)
    sheets.by_role["cover"].activate()
    return with_language(book.close(), texts.language.tag)


def _add_sheets(book: Book, pack: ManagementPack) -> _Sheets:
    """Add every sheet that has something to say, board sheets first."""
    sheets = _Sheets({}, [])
    sheets.by_role["cover"] = _add(
        book, book.text("reports.sheet.cover"), board=True, landscape=False
    )
    _add_listed(book, sheets, "summary", board=True, landscape=False)
    _add_listed(book, sheets, "scorecard", board=True)
    for section in pack.off_track:
        code, name = section.row.code, book.texts.value(section.row.name)
        sheet = sheets.by_role[code] = _add(book, f"{code} {name}", board=True, landscape=False)
        sheets.contents.append((str(sheet.name), name))
    if of_services(pack.delivery):
        _add_listed(book, sheets, "delivery", board=True)
    if of_offices(pack.delivery):
        _add_listed(book, sheets, "offices", board=True)
    for role, rows in _data_roles(pack):
        if rows:
            _add_listed(book, sheets, role, board=False)
    return sheets


def _data_roles(pack: ManagementPack) -> list[tuple[str, Sequence[object]]]:
    return [
        ("scorecard_data", pack.scorecard),
        ("statuses", pack.scorecard),
        ("series", [point for row in pack.scorecard for point in row.series]),
        ("delivery_data", pack.delivery),
        ("fates", pack.batches),
        ("extracts", pack.batches),
        ("gaps", pack.gaps),
        ("restated", pack.restatements),
        ("definitions", pack.definitions),
        ("lineage", pack.lineage),
        ("actions", pack.actions),
        ("notes", pack.scorecard),
    ]


def _add_listed(
    book: Book, sheets: _Sheets, role: str, *, board: bool, landscape: bool = True
) -> None:
    name = book.text(f"reports.sheet.{role}")
    sheet = sheets.by_role[role] = _add(book, name, board=board, landscape=landscape)
    sheets.contents.append((str(sheet.name), book.text(f"reports.{role}.about")))


def _add(book: Book, name: str, *, board: bool, landscape: bool = True) -> Worksheet:
    colour = styles.PRIMARY if board else styles.COMMON
    return book.add_sheet(name, landscape=landscape, colour=colour)


def _fill(book: Book, pack: ManagementPack, sheets: _Sheets) -> None:
    """Write the data sheets first: the board sheets refer to where their rows stand."""
    roles = sheets.by_role
    write_scorecard_data(book, roles["scorecard_data"], pack.scorecard)
    counts = write_status_counts(
        book, roles["statuses"], pack.scorecard, sheets.name("scorecard_data")
    )
    places = _series(book, pack, sheets)
    _fill_records(book, pack, sheets)
    write_summary(book, roles["summary"], pack, counts)
    write_scorecard(book, roles["scorecard"], pack.scorecard, places)
    for section in pack.off_track:
        write_kpi(book, roles[section.row.code], section, places.get(section.row.code))
    write_notes(book, roles["notes"], pack)


def _series(book: Book, pack: ManagementPack, sheets: _Sheets) -> dict[str, SeriesRange]:
    if "series" not in sheets.by_role:
        return {}
    return write_series(book, sheets.by_role["series"], pack.scorecard)


def _fill_records(book: Book, pack: ManagementPack, sheets: _Sheets) -> None:
    """Write the sheets that exist only when there is something to record."""
    roles = sheets.by_role
    if pack.delivery:
        rows = in_reading_order(pack.delivery)
        write_delivery_data(book, roles["delivery_data"], rows)
        if "delivery" in roles:
            write_services(book, roles["delivery"], rows, sheets.name("delivery_data"))
        if "offices" in roles:
            write_offices(book, roles["offices"], rows)
    if pack.batches:
        write_fates(book, roles["fates"], pack.batches)
        write_extracts(book, roles["extracts"], pack.batches)
    if pack.gaps:
        write_gaps(book, roles["gaps"], pack.gaps)
    if pack.restatements:
        write_restatements(book, roles["restated"], pack.restatements)
    if pack.definitions:
        write_definitions(book, roles["definitions"], pack.definitions)
    if pack.lineage:
        write_lineage(book, roles["lineage"], pack.lineage)
    if pack.actions:
        write_actions(book, roles["actions"], pack.actions)


def _set_properties(book: Book) -> None:
    cover = book.cover
    title = f"{book.text('reports.title')} · {book.texts.period(cover.period)}"
    demo = f" · {book.text('reports.demo.label')}" if cover.demo else ""
    book.workbook.set_properties(
        {
            "title": title + demo,
            "subject": book.text("reports.subject", agency=cover.agency, period=cover.period),
            "author": cover.prepared_by,
            "company": book.texts.value(cover.agency),
            "keywords": cover.snapshot_id,
            "comments": book.text("reports.footer.snapshot", snapshot=cover.snapshot_id),
            "created": cover.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )


def with_language(content: bytes, tag: str) -> bytes:
    """Name the language in the document's properties, which XlsxWriter cannot do."""
    end, said = b"</cp:coreProperties>", f"<dc:language>{escape(tag)}</dc:language>".encode()
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry, part.replace(end, said + end) if entry.filename == CORE else part)
    return packed.getvalue()
