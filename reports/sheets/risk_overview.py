"""One page for who reads only one: counts, the heat map as cells, the highest risks, categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.packs.risk_register import RiskRegisterPack
from reports.sheets.board import set_grid, write_heading, write_heads, write_title
from reports.sheets.book import Book
from reports.sheets.risk_looks import level_look, level_text, look_of, sign_of
from risks.appetite.above import Bound
from risks.criteria.scale import SIZE, Criteria
from risks.register.choosing import Order, ordered
from risks.register.kinds import Kind
from risks.register.record import Risk
from risks.register.states import Status

_COLUMNS = range(12)
_WIDTHS = (*(7.8,) * 7, 9.6, 9.6, 10.4, 9.2, 10.8)
_CELL_HEIGHT = 38
_HIGHEST, _CODES = 8, 2  # risks named on the page; codes named in a cell of the map
_EDGE: dict[str, Any] = {"border": 1, "border_color": styles.WHITE}


def write_overview(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """The page."""
    set_grid(sheet, _WIDTHS)
    sheet.fit_to_pages(1, 1)
    day = book.text("risk_book.overview.as_of", day=pack.today)
    row = write_title(book, sheet, book.text("risk_book.sheet.overview"), day)
    row = _tiles(book, sheet, row, pack)
    if pack.criteria is not None:
        row = _map(book, sheet, row + 1, pack, pack.criteria)
        row = _highest(book, sheet, row + 1, pack, pack.criteria)
        _categories(book, sheet, row + 1, pack, pack.criteria)


def _tiles(book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack) -> int:
    """One tile a count: its number, large, over what it counts."""
    active = pack.active
    late = sum(bool(t.days_late(pack.today)) for one in active for t in one.open_treatments)
    reviews = sum(one.next_review is not None and one.next_review < pack.today for one in active)
    counts = {
        "active": (len(active), styles.PRIMARY),
        "above": (sum(one.code in pack.above for one in active), styles.WORSENING),
        "escalated": (sum(one.is_escalated for one in active), styles.WORSENING),
        "late_treatments": (late, styles.IMPROVING),
        "late_reviews": (reviews, styles.IMPROVING),
        "accepted": (sum(one.status is Status.ACCEPTED for one in active), styles.COMMON),
    }
    sheet.set_row(row, 34)
    sheet.set_row(row + 1, 30)
    for place, (name, (count, colour)) in enumerate(counts.items()):
        left = place * 2
        look = {"bg_color": styles.RAISED, "align": "center", "font_color": colour, "bold": True}
        number = book.styles.of(font_size=styles.HUGE, top=5, top_color=colour, **look)
        sheet.merge_range(row, left, row, left + 1, "", number)
        sheet.write_number(row, left, count, number)
        label = book.styles.of(text_wrap=True, **look)
        sheet.merge_range(row + 1, left, row + 1, left + 1, "", label)
        sheet.write_string(row + 1, left, book.text(f"risk_book.tile.{name}"), label)
    return row + 2


def _map(book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack, criteria: Criteria) -> int:
    """The matrix with the number of risks in each cell; beside it how many are at each level."""
    write_heading(book, sheet, row, book.text("risk_book.overview.map"), range(7))
    start = write_heading(book, sheet, row, book.text("risk_book.overview.levels"), range(8, 12))
    for place, likelihood in enumerate(range(SIZE, 0, -1)):
        at = start + place
        sheet.set_row(at, _CELL_HEIGHT)
        name = book.texts.value(criteria.likelihood[likelihood - 1].names)
        _across(book, sheet, at, range(2), f"{likelihood}  {name}", text_wrap=True)
        for impact in range(1, SIZE + 1):
            found = pack.in_cell(Kind.CURRENT, likelihood, impact)
            level = criteria.matrix[likelihood - 1][impact - 1]
            _cell(book, sheet, (at, impact + 1), found, criteria, level)
    at = start + SIZE
    axis = {"font_color": styles.MUTED, "align": "center", "font_size": styles.SMALL}
    for impact in range(1, SIZE + 1):
        book.write(sheet, at, impact + 1, str(impact), **axis)
    _across(book, sheet, at, range(2), book.text("risk_book.overview.axes"),
            font_color=styles.MUTED, font_size=styles.SMALL)  # fmt: skip
    _levels(book, sheet, start, pack, criteria)
    return at + 1


def _cell(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    found: Sequence[Risk],
    criteria: Criteria,
    level: str,
) -> None:
    """How many risks, and the first of them by name; the shape of the level where there is none."""
    colours = look_of(criteria, level)
    shape = book.styles.of(
        **_EDGE, text_wrap=True, align="center", font_size=styles.SMALL, **colours
    )
    sign = sign_of(criteria, level)
    if not found:
        sheet.write_string(*place, sign, shape)
        return
    codes = [one.code for one in found[:_CODES]]
    if len(found) > _CODES:
        codes[-1] += f" +{len(found) - _CODES}"
    large = book.styles.of(bold=True, font_size=styles.LARGE, **_letters(colours))
    small = book.styles.of(font_size=styles.SMALL - 2, **_letters(colours))
    parts = [large, f"{sign} {len(found)}", small, "\n" + "\n".join(codes)]
    sheet.write_rich_string(*place, *parts, shape)


def _letters(colours: dict[str, Any]) -> dict[str, Any]:
    return {"font_color": colours["font_color"]}


def _levels(
    book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack, criteria: Criteria
) -> None:
    """How many active risks are at each level: without controls, now, as meant."""
    muted = {"font_color": styles.MUTED, "font_size": styles.SMALL, "align": "right"}
    for place, kind in enumerate(Kind):
        look = {**muted, "valign": "bottom", "text_wrap": True}
        book.write(sheet, row, 9 + place, book.texts.word(kind), **look)
    for place, level in enumerate(reversed(criteria.levels), start=1):
        at = row + place
        said = f"{sign_of(criteria, level.code)} {book.texts.value(level.names)}"
        book.write(sheet, at, 8, said, **_EDGE, align="left", **look_of(criteria, level.code))
        for column, kind in enumerate(Kind, start=9):
            judged = [one.assessment(kind) for one in pack.active]
            count = sum(one is not None and one.level == level.code for one in judged)
            book.write(sheet, at, column, count, bold=kind is Kind.CURRENT)


def _highest(
    book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack, criteria: Criteria
) -> int:
    """The highest risks: from where to where, and what is done."""
    found = ordered(pack.active, Order.LEVEL, criteria)[:_HIGHEST]
    row = write_heading(book, sheet, row, book.text("risk_book.overview.highest"), _COLUMNS)
    text = book.text
    heads = [text("risk_column.code"), text("risk_column.title"), "", ""]
    heads += [text("risk_column.unit"), "", "", *(book.texts.word(kind) for kind in Kind)]
    heads += [text("risk_book.overview.treatments"), text("risk_column.next_review")]
    row = write_heads(book, sheet, row, heads, _WIDTHS)
    for one in found:
        _one(book, sheet, row, pack, one)
        row += 1
    return row


def _one(book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack, risk: Risk) -> None:
    line = {"bottom": 1, "bottom_color": styles.LINE, "text_wrap": True}
    book.write(sheet, row, 0, risk.code, bold=True, **line)
    _across(book, sheet, row, range(1, 4), risk.title, **line)
    unit = book.texts.value(pack.lexicon.naming.units.get(risk.unit_code, risk.unit_code))
    _across(book, sheet, row, range(4, 7), unit, **line, font_size=styles.SMALL)
    for column, kind in enumerate(Kind, start=7):
        judged = risk.assessment(kind)
        look = {"align": "left", "font_size": styles.SMALL, **level_look(pack.lexicon, judged)}
        said = level_text(book.texts, pack.lexicon, judged)
        book.write(sheet, row, column, said, **{**line, **look})
    late = sum(bool(each.days_late(pack.today)) for each in risk.open_treatments)
    said = str(len(risk.open_treatments))
    if late:
        said = book.text("risk_command.late", count=said, late=late)
    book.write(sheet, row, 10, said, **line)
    is_late = risk.next_review is not None and risk.next_review < pack.today
    look = {"font_color": styles.WORSENING, "bold": True} if is_late else {}
    book.write(sheet, row, 11, risk.next_review, **line, **look)
    book.fit_row(sheet, row, [(risk.title, 22.0), (unit, 23.0), (said, 8.0)])


def _categories(
    book: Book, sheet: Worksheet, row: int, pack: RiskRegisterPack, criteria: Criteria
) -> None:
    """How many active risks of each category there are at each level, and above appetite."""
    levels = list(reversed(criteria.levels))[:5]
    row = write_heading(book, sheet, row, book.text("risk_book.overview.categories"), _COLUMNS)
    names = [book.texts.value(level.names) for level in levels]
    heads = [book.text("risk_column.category_name"), "", "", book.text("risk_book.tile.active"),
             *names, *([""] * (5 - len(levels))), book.text("risk_book.above.tolerable"),
             book.text("risk_book.above.optimal"), book.text("risk_column.escalated")]  # fmt: skip
    row = write_heads(book, sheet, row, heads, _WIDTHS, numeric=range(3, 12))
    for code, name in pack.lexicon.naming.categories.items():
        risks = [one for one in pack.active if one.category_code == code]
        if risks:
            line = {"bottom": 1, "bottom_color": styles.LINE}
            _across(book, sheet, row, range(3), book.texts.value(name), **line)
            counts: list[int | None] = [len(risks)]
            counts += [sum(one.level == level.code for one in risks) for level in levels]
            counts += [None] * (5 - len(levels))
            counts += [sum(pack.above.get(one.code) is bound for one in risks)
                       for bound in (Bound.TOLERABLE, Bound.OPTIMAL)]  # fmt: skip
            counts.append(sum(one.is_escalated for one in risks))
            for column, count in enumerate(counts, start=3):
                shown = "" if count is None else count
                book.write(sheet, row, column, shown, **line, align="right")
            row += 1


def _across(book: Book, sheet: Worksheet, row: int, columns: range, text: str, **look: Any) -> None:
    """A text over several columns of one row."""
    shape = book.styles.of(**look)
    sheet.merge_range(row, columns.start, row, columns.stop - 1, "", shape)
    sheet.write_string(row, columns.start, text, shape)
