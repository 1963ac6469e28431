"""The workbook that goes out: one row for each office and period a value is expected of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from xlsxwriter.worksheet import Worksheet

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.directory import offices, the_agency
from data.errors import Invalid
from data.figure import Figure
from data.language.languages import Language, LocalText
from data.language.texts import Texts
from data.period import Frequency, Period
from data.store.tables import Office
from data.workspace import Workspace
from kpis.entered import EnteredKind
from kpis.entering.waiting import Expected, read_expected
from kpis.entries.reading import Entry
from kpis.entries.values import figure_of
from reports import styles
from reports.packs.common import Cover, Verdict
from reports.readings_exchange.columns import INPUTS, WIDTHS, ReadingField
from reports.sheets.book import Book, Cell
from reports.workbook import with_language

PERIODS = 13  # a year, and the same period one year ago
_PLACES = {field: place for place, field in enumerate(ReadingField)}
_TEXTS = (ReadingField.EVIDENCE, ReadingField.REASON)


def export_readings(
    workspace: Workspace,
    *,
    by: Actor,
    language: Language,
    codes: Collection[str] | None = None,
    periods: int = PERIODS,
) -> bytes:
    """The values expected of the last periods in the actor's units, with what is known of them."""
    with workspace.read(by, Permission.READING_ENTER) as reader:
        rows = read_expected(reader, codes, periods=periods)
    if not rows:
        raise Invalid("entering.refused.nothing_expected")
    agency = the_agency(workspace, by=by)
    name = LocalText.name_of(agency) if agency else LocalText.same("")
    book = Book(Texts(language, workspace.settings.zone), _cover(name, rows, by))
    _set_properties(book)
    sheet = book.add_sheet(book.text("entering.sheet.readings"), colour=styles.PRIMARY)
    _write_rows(book, sheet, rows, {row.code: row for row in offices(workspace, by=by)})
    _write_help(book)
    sheet.activate()
    return with_language(book.close(), language.tag)


def stand_of(row: Expected) -> str:
    """Which row a line changes, and as it was when: '' where nothing was there yet."""
    entry = row.on_its_way or row.approved
    return f"{entry.id}.{entry.row_version}" if entry else ""


def _cover(agency: LocalText, rows: Sequence[Expected], by: Actor) -> Cover:
    """Whose values, as of the last change among them: the same values give the same file."""
    entries = [one for row in rows for one in (row.approved, row.on_its_way) if one]
    newest = max((one.changed_at for one in entries), default=datetime(2000, 1, 1, tzinfo=UTC))
    said = "\n".join(f"{row.slot.code} {row.slot.period.code} {stand_of(row)}" for row in rows)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return Cover(
        agency=agency,
        period=Period.covering(newest.date(), Frequency.MONTH),
        as_of=newest,
        event_number=0,
        snapshot_id=f"readings-{digest[:8]}",
        snapshot_hash=digest,
        prepared_by=by.name,
        approved_by=None,
        verdict=Verdict.SOUND,
    )


def _set_properties(book: Book) -> None:
    cover = book.cover
    book.workbook.set_properties(
        {
            "title": book.text("entering.workbook.title"),
            "subject": book.texts.value(cover.agency),
            "author": cover.prepared_by,
            "keywords": cover.snapshot_id,
            "created": cover.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )


def _write_rows(
    book: Book, sheet: Worksheet, rows: Sequence[Expected], known: dict[str, Office]
) -> None:
    """The table: what is locked is told, what is open is to be filled in."""
    for number, row in enumerate(rows, start=1):
        told = _told(book, row, known)
        for field in ReadingField:
            _write(book, sheet, number, row, field, told[field])
    for field, width in WIDTHS.items():
        sheet.set_column(_PLACES[field], _PLACES[field], width)
    name = book.text("entering.workbook.title")
    sheet.add_table(
        0,
        0,
        len(rows),
        len(_PLACES) - 1,
        {
            "name": "tbl_readings",
            "style": "Table Style Light 1",
            "columns": [{"header": book.texts.word(field)} for field in ReadingField],
            "title": name,
            "description": book.text("entering.sheet.readings_about"),
        },
    )
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _told(book: Book, row: Expected, known: dict[str, Office]) -> dict[ReadingField, Cell]:
    slot, entry, definition = row.slot, row.on_its_way, row.definition
    office = known.get(slot.office or "")
    agency = book.text("shell.every_office")
    shown = entry or row.approved
    names = definition.names
    return {
        ReadingField.KPI: slot.code,
        ReadingField.NAME: LocalText(names.sq, names.sr, names.en),
        ReadingField.UNIT: book.texts.word(definition.unit),
        ReadingField.PERIOD: slot.period.code,
        ReadingField.OFFICE: slot.office or "",
        ReadingField.OFFICE_NAME: LocalText.name_of(office) if office else agency,
        ReadingField.APPROVED: _approved(row),
        ReadingField.FIRST: shown.numerator if shown else None,
        ReadingField.SECOND: shown.denominator if shown else None,
        ReadingField.EVIDENCE: _note(entry),
        ReadingField.REASON: entry.reason if entry else "",
        ReadingField.STAND: stand_of(row),
    }


def _note(entry: Entry | None) -> str:
    notes = [item.note for item in entry.evidence if item.note] if entry else []
    return notes[-1] if notes else ""


def _approved(row: Expected) -> Figure | str:
    if row.approved is None:
        return ""
    return figure_of(row.definition, row.approved.numerator, row.approved.denominator)


def _write(
    book: Book, sheet: Worksheet, number: int, row: Expected, field: ReadingField, value: Cell
) -> None:
    entered = row.definition.formula.entered
    ratio = entered is not None and entered.kind is EnteredKind.RATIO
    is_open = field in INPUTS and (ratio or field is not ReadingField.SECOND)
    look = {"locked": not is_open, "border": 1, "border_color": styles.LINE, "valign": "top"}
    if not is_open:
        look |= {"bg_color": styles.RAISED, "font_color": styles.MUTED}
    if field in (ReadingField.FIRST, ReadingField.SECOND):
        decimals = (entered.part_decimals if ratio else entered.decimals) if entered else 0
        look |= {"num_format": styles.number_format(row.definition.unit, decimals)}
    elif field is not ReadingField.APPROVED:
        look |= {"num_format": "@", "text_wrap": field in (*_TEXTS, ReadingField.NAME)}
    if value is None or value == "":
        sheet.write_blank(number, _PLACES[field], None, book.styles.of(**look))
    else:
        book.write(sheet, number, _PLACES[field], value, **look)


def _write_help(book: Book) -> None:
    """What each column takes, on a sheet of its own."""
    sheet = book.add_sheet(book.text("entering.sheet.help"), colour=styles.COMMON)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    lines = [(book.texts.word(field), f"entering.column_help.{field.value}") for field in INPUTS]
    for number, (name, key) in enumerate(lines):
        book.write(sheet, number, 0, name, bold=True, valign="top")
        book.write(sheet, number, 1, book.text(key), text_wrap=True, valign="top")
    book.write(sheet, len(lines) + 1, 1, book.text("entering.sheet.rules"), text_wrap=True)
