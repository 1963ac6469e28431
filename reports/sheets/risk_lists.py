"""The sheets behind the register: codes to choose from, the criteria, what may come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from xlsxwriter.worksheet import Worksheet

from reports.packs.risk_register import RiskRegisterPack
from reports.register_columns import RISK_INPUTS, RiskColumn, TreatmentColumn
from reports.sheets.book import Book
from reports.sheets.tables import Column, write_table
from risks.criteria.scale import Criteria, Level

RETURNS = ("version", "all", "conflict", "missing", "new", "rights", "reason", "scores")
_HEADS = ("category", "category_name", "objective", "objective_name", "kpi", "kpi_name")
_WIDTHS = (16, 26, 11, 40, 10, 48)

Line = tuple[str | None, ...]


def write_lists(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> dict[RiskColumn, int]:
    """The codes a cell may hold, with their names; gives how many categories there are."""
    naming = pack.lexicon.naming
    listed: list[list[tuple[str, str]]] = [
        [(code, book.texts.value(name)) for code, name in names.items()]
        for names in (naming.categories, naming.objectives, pack.kpis)
    ]
    lines: list[Line] = [
        tuple(cell for pair in row for cell in pair)
        for row in zip_longest(*listed, fillvalue=(None, None))
    ]
    columns: list[Column[Line]] = [
        Column(book.text(f"risk_book.list.{head}"), _cell(place), width, plotted=True)
        for place, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True))
    ]
    write_table(book, sheet, "tbl_lists", columns, lines, book.text("risk_book.about.lists"))
    return {RiskColumn.CATEGORY: len(listed[0])}


def _cell(place: int) -> Callable[[Line], str | None]:
    return lambda line: line[place]


def choose_categories(
    book: Book, sheet: Worksheet, lists: Worksheet, risks: int, categories: int
) -> None:
    """A category is chosen from the list while it is filled in."""
    if not (risks and categories):
        return
    place = list(RiskColumn).index(RiskColumn.CATEGORY)
    name = str(lists.name).replace("'", "''")
    rule = {
        "validate": "list",
        "source": f"='{name}'!$A$2:$A${categories + 1}",
        "error_title": book.texts.word(RiskColumn.CATEGORY)[:32],
        "error_message": book.text("risk_book.list.choose")[:255],
    }
    sheet.data_validation(1, place, risks, place, rule)


@dataclass(frozen=True, slots=True)
class _Step:
    scale: str
    step: str
    meaning: str


def write_criteria(book: Book, sheet: Worksheet, criteria: Criteria) -> None:
    """By what the risks are measured: the version in force."""
    columns: list[Column[_Step]] = [
        Column(book.text("risk_book.scale.scale"), lambda one: one.scale, 26),
        Column(book.text("risk_book.scale.step"), lambda one: one.step, 22),
        Column(book.text("risk_book.scale.meaning"), lambda one: one.meaning, 70),
    ]
    about = book.text("risk_book.about.criteria")
    write_table(book, sheet, "tbl_criteria", columns, list(_steps(book, criteria)), about)


def _steps(book: Book, criteria: Criteria) -> Iterator[_Step]:
    texts = book.texts
    scale = book.text("risk_book.head.likelihood")
    for number, one in enumerate(criteria.likelihood, start=1):
        ends = {name: texts.percent(100 * getattr(one, name), 0) for name in ("low", "high")}
        meaning = book.text("risk_book.scale.chance", **ends)
        yield _Step(scale, f"{number} {texts.value(one.names)}", meaning)
    for dimension in criteria.dimensions:
        scale = book.text("risk_book.head.on", dimension=dimension.names)
        for number, names in enumerate(dimension.steps, start=1):
            yield _Step(scale, str(number), texts.value(names))
    for level in criteria.levels:
        yield _Step(
            book.text("risk_book.head.level"), texts.value(level.names), _level(book, level)
        )


def _level(book: Book, level: Level) -> str:
    """How often a risk of a level is looked at, and who may bear it."""
    who = book.text(f"role.{level.accepted_by}" if level.accepted_by else "risk_book.scale.nobody")
    return book.text("risk_book.scale.level", days=level.review_days, who=who)


@dataclass(frozen=True, slots=True)
class _Note:
    topic: str
    text: str


def write_notes(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """What may be changed and how it comes back; what the empty cells mean."""
    notes = [*_general(book, pack), *(_returning(book) if pack.can_return else ())]
    columns: list[Column[_Note]] = [
        Column(book.text("reports.head.topic"), lambda note: note.topic, 34),
        Column(book.text("reports.head.explanation"), lambda note: note.text, 90),
    ]
    write_table(book, sheet, "tbl_notes", columns, notes, book.text("risk_book.about.notes"))


def _general(book: Book, pack: RiskRegisterPack) -> Iterator[_Note]:
    if pack.cover.demo:
        yield _Note(book.text("reports.demo.label"), book.text("reports.demo.long"))
    for name in ("empty", "level", "appetite", "figures", "comments"):
        yield _note(book, name)
    if pack.published_as_of is not None:
        yield _note(book, "published")


def _returning(book: Book) -> Iterator[_Note]:
    inputs: Sequence[str] = [book.texts.word(one) for one in RISK_INPUTS]
    changed = book.text(
        "risk_book.note.changed.text", risks=inputs, due=book.texts.word(TreatmentColumn.DUE)
    )
    yield _Note(book.text("risk_book.note.changed.topic"), changed)
    for name in RETURNS:
        yield _note(book, name)


def _note(book: Book, name: str) -> _Note:
    return _Note(
        book.text(f"risk_book.note.{name}.topic"), book.text(f"risk_book.note.{name}.text")
    )
