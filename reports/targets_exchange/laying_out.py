"""The workbook of targets: a sheet to fill in, what its columns mean, the codes it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from data.figure import Figure
from data.language.languages import LocalText
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.targets import Course
from kpis.targets.listing import Listed
from kpis.targets.wishes import EARLIEST, LATEST
from reports import styles
from reports.packs.common import Cover
from reports.sheets.book import LINE_HEIGHT, Book, Cell, lines_of
from reports.targets_exchange.columns import (
    COLUMNS,
    KEYS,
    Kind,
    TargetField,
    header,
    values_of_entry,
)
from reports.targets_exchange.notes import Offices, write_lists, write_notes
from reports.workbook import with_language

SPARE = 40  # rows for targets that are not there yet
MOST = 1e9  # of any number
_EDGE: dict[str, Any] = {"border": 1, "border_color": styles.LINE, "valign": "top"}
_LOCKED: dict[str, Any] = {"bg_color": styles.RAISED, "font_color": styles.MUTED, "locked": True}
_INPUT: dict[str, Any] = {"locked": False}
_UNFIT: dict[str, Any] = {
    "pattern": 14,
    "fg_color": styles.LINE,
    "bg_color": styles.RAISED,
    "locked": True,
}
_PLACES = {field: place for place, field in enumerate(TargetField)}


def build_exchange(texts: Texts, cover: Cover, rows: Sequence[Listed], offices: Offices) -> bytes:
    """The workbook as a file: the same rows give the same bytes."""
    book = Book(texts, cover)
    _set_properties(book)
    sheet = book.add_sheet(book.text("targets.sheet.targets"), colour=styles.PRIMARY)
    notes = book.add_sheet(book.text("targets.sheet.notes"), colour=styles.COMMON)
    lists = book.add_sheet(book.text("targets.sheet.lists"), colour=styles.COMMON)
    codes = write_lists(book, lists, rows, offices)
    _write_rows(book, sheet, rows, offices)
    _validate(book, sheet, len(rows), codes)
    write_notes(book, notes)
    sheet.activate()
    return with_language(book.close(), texts.language.tag)


def _set_properties(book: Book) -> None:
    cover = book.cover
    demo = f" · {book.text('reports.demo.label')}" if cover.demo else ""
    book.workbook.set_properties(
        {
            "title": book.text("targets.workbook.title") + demo,
            "subject": book.text("targets.workbook.subject", agency=cover.agency),
            "author": cover.prepared_by,
            "company": book.texts.value(cover.agency),
            "keywords": cover.snapshot_id,
            "created": cover.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )


def _write_rows(book: Book, sheet: Worksheet, rows: Sequence[Listed], offices: Offices) -> None:
    """A row for each target or KPI without one, and empty ones below for more."""
    for number, row in enumerate(rows, start=1):
        told = _told(book, row, offices)
        given = values_of_entry(row.entry)
        unfit = _unfit(row.kpi.definition.direction)
        written = []
        for field, column in COLUMNS.items():
            look = _EDGE | (_INPUT if column.is_input else _LOCKED)
            look |= _UNFIT if field in unfit else {}
            text = _write(book, sheet, number, field, given.get(field, told.get(field)), look)
            written.append((text, column.width - 1))
        book.fit_row(sheet, number, written)
    for number in range(len(rows) + 1, len(rows) + 1 + SPARE):
        for field, column in COLUMNS.items():
            is_open = column.is_input or field in (TargetField.KPI, TargetField.OFFICE)
            _write(book, sheet, number, field, None, _EDGE | (_INPUT if is_open else _LOCKED))
    _head(book, sheet, len(rows) + SPARE)


def _told(book: Book, row: Listed, offices: Offices) -> dict[TargetField, Cell]:
    """What stands in the locked cells."""
    definition = row.kpi.definition
    names = definition.names
    everywhere = book.text("shell.every_office")
    return {
        TargetField.RECORD: str(row.entry.id) if row.entry else "",
        TargetField.KPI: row.kpi.code,
        TargetField.NAME: LocalText(names.sq, names.sr, names.en),
        TargetField.UNIT: book.texts.word(definition.unit),
        TargetField.DIRECTION: book.texts.word(definition.direction),
        TargetField.OFFICE: row.office or "",
        TargetField.OFFICE_NAME: offices.names.get(row.office, row.office)
        if row.office
        else everywhere,
        TargetField.PERIOD: book.texts.period_short(row.period),
        TargetField.ACTUAL: row.reading.figure if row.reading else None,
        TargetField.AIM: _aim(book, row),
    }


def _aim(book: Book, row: Listed) -> Cell:
    aim = row.aim
    if aim is None:
        return None
    point = aim.point
    if point is not None:
        return _figure(row, point)
    return "–".join(book.texts.figure_number(_figure(row, bound)) for bound in _bounds(aim))


def _bounds(aim: Target) -> list[float]:
    return [bound for bound in (aim.low, aim.high) if bound is not None]


def _figure(row: Listed, value: float) -> Figure:
    return Figure(value, row.kpi.definition.unit, row.kpi.definition.decimals)


def _unfit(direction: Direction) -> frozenset[TargetField]:
    """The bound that the direction has no use for."""
    unfit = {Direction.HIGHER: {TargetField.HIGH}, Direction.LOWER: {TargetField.LOW}}
    return frozenset(unfit.get(direction, ()))


def _write(
    book: Book, sheet: Worksheet, row: int, field: TargetField, value: Cell, look: dict[str, Any]
) -> str:
    """Write one cell; gives its text, as `Book.write` does."""
    place = _PLACES[field]
    look = look | _shape(field)
    if value is None or value == "":
        sheet.write_blank(row, place, None, book.styles.of(**look))
        return ""
    return book.write(sheet, row, place, value, **look)


def _shape(field: TargetField) -> dict[str, Any]:
    """Codes and words stay text whatever is typed; a value that is told has its own decimals."""
    column = COLUMNS[field]
    if column.kind is Kind.DAY:
        return {"num_format": styles.DAY}
    if column.kind is Kind.NUMBER:
        return {"num_format": "General"}
    text = {"text_wrap": True}
    return text | {"num_format": "@"} if column.is_input or field in KEYS else text


def _head(book: Book, sheet: Worksheet, last: int) -> None:
    heads = [header(book.texts, field) for field in TargetField]
    for place, column in enumerate(COLUMNS.values()):
        sheet.set_column(place, place, column.width)
    widths = [column.width for column in COLUMNS.values()]
    lines = max(lines_of(head, width - 2) for head, width in zip(heads, widths, strict=True))
    sheet.set_row(0, LINE_HEIGHT * lines + 6)
    sheet.freeze_panes(1, len((TargetField.RECORD, TargetField.KPI, TargetField.NAME)))
    sheet.repeat_rows(0)
    sheet.fit_to_pages(2, 0)
    sheet.add_table(
        0,
        0,
        last,
        len(heads) - 1,
        {
            "name": "tbl_targets",
            "style": None,
            "columns": [_described(book, field) for field in TargetField],
            "title": "tbl_targets",
            "description": book.text("targets.sheet.targets_about"),
        },
    )
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})


def _described(book: Book, field: TargetField) -> dict[str, Any]:
    is_input = COLUMNS[field].is_input
    shape = book.styles.of(
        bold=True,
        text_wrap=True,
        valign="bottom",
        locked=True,
        font_color=styles.WHITE if is_input else styles.TEXT,
        bg_color=styles.PRIMARY if is_input else styles.RAISED,
        bottom=1,
        bottom_color=styles.MUTED,
    )
    return {"header": header(book.texts, field), "header_format": shape}


def _validate(book: Book, sheet: Worksheet, filled: int, codes: tuple[int, int]) -> None:
    """What a cell may hold is checked while it is filled in, and again when it comes back."""
    last = filled + SPARE
    for field, column in COLUMNS.items():
        if column.is_input:
            rule = _rule(book, column.kind) | _hint(book, field)
            sheet.data_validation(1, _PLACES[field], last, _PLACES[field], rule)
    listed = ((TargetField.KPI, 0, codes[0]), (TargetField.OFFICE, 2, codes[1]))
    for field, place, count in listed:
        if count:
            name, letter = book.text("targets.sheet.lists"), xl_col_to_name(place)
            source = f"='{name}'!${letter}$2:${letter}${count + 1}"
            rule = {"validate": "list", "source": source} | _hint(book, field)
            sheet.data_validation(filled + 1, _PLACES[field], last, _PLACES[field], rule)


def _rule(book: Book, kind: Kind) -> dict[str, Any]:
    match kind:
        case Kind.NUMBER:
            return {"validate": "decimal", "criteria": "between", "minimum": -MOST, "maximum": MOST}
        case Kind.DAY:
            ends = {"minimum": EARLIEST, "maximum": LATEST}
            return {"validate": "date", "criteria": "between", **ends}
        case Kind.YES_NO:
            words = [book.text("common.yes"), book.text("common.no")]
            return {"validate": "list", "source": words}
        case Kind.COURSE:
            return {"validate": "list", "source": [book.texts.word(one) for one in Course]}
        case Kind.TEXT:
            return {"validate": "any"}


def _hint(book: Book, field: TargetField) -> dict[str, str]:
    """What is shown beside a cell being filled in; Excel takes 32 and 255 letters."""
    return {
        "input_title": header(book.texts, field)[:32],
        "input_message": book.text(f"targets.column_help.{field.value}")[:255],
        "error_title": header(book.texts, field)[:32],
        "error_message": book.text(f"targets.column_help.{field.value}")[:255],
    }
