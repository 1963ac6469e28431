"""The columns of the workbook: what each is called, how wide it is, who fills it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data.language.languages import Language
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.targets import AT_ONCE, Path, TargetEntry
from kpis.targets.stages import stages_as_text

Value = str | float | bool | date | None


class TargetField(StrEnum):
    """A column, in the order in which they stand."""

    RECORD = "record"
    KPI = "kpi"
    NAME = "name"
    UNIT = "unit"
    DIRECTION = "direction"
    OFFICE = "office"
    OFFICE_NAME = "office_name"
    PERIOD = "period"
    ACTUAL = "actual"
    AIM = "aim"
    VALID_FROM = "valid_from"
    LOW = "low"
    HIGH = "high"
    SOURCE = "source"
    ASSUMPTION = "assumption"
    TOLERANCE = "tolerance"
    BASELINE = "baseline"
    BASELINE_DAY = "baseline_day"
    BASELINE_SOURCE = "baseline_source"
    COURSE = "course"
    DUE = "due"
    STAGES = "stages"


class Kind(StrEnum):
    """What a cell of a column may hold."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class Column:
    """How a column looks and what it takes."""

    width: int
    kind: Kind = Kind.TEXT
    is_input: bool = False


COLUMNS: dict[TargetField, Column] = {
    TargetField.RECORD: Column(11),
    TargetField.KPI: Column(10),
    TargetField.NAME: Column(30),
    TargetField.UNIT: Column(13),
    TargetField.DIRECTION: Column(23),
    TargetField.OFFICE: Column(9),
    TargetField.OFFICE_NAME: Column(20),
    TargetField.PERIOD: Column(11),
    TargetField.ACTUAL: Column(13),
    TargetField.AIM: Column(13),
    TargetField.VALID_FROM: Column(12, Kind.DAY, is_input=True),
    TargetField.LOW: Column(10, Kind.NUMBER, is_input=True),
    TargetField.HIGH: Column(10, Kind.NUMBER, is_input=True),
    TargetField.SOURCE: Column(34, is_input=True),
    TargetField.ASSUMPTION: Column(12, Kind.YES_NO, is_input=True),
    TargetField.TOLERANCE: Column(11, Kind.NUMBER, is_input=True),
    TargetField.BASELINE: Column(10, Kind.NUMBER, is_input=True),
    TargetField.BASELINE_DAY: Column(12, Kind.DAY, is_input=True),
    TargetField.BASELINE_SOURCE: Column(24, is_input=True),
    TargetField.COURSE: Column(14, Kind.COURSE, is_input=True),
    TargetField.DUE: Column(12, Kind.DAY, is_input=True),
    TargetField.STAGES: Column(30, is_input=True),
}
INPUTS = tuple(field for field, column in COLUMNS.items() if column.is_input)
KEYS = (TargetField.RECORD, TargetField.KPI, TargetField.OFFICE)
NEEDED = (*KEYS, *INPUTS)  # of the others a file may leave out any: they are not read


def header(texts: Texts, field: TargetField) -> str:
    return texts.word(field)


def folded(text: str) -> str:
    """A header as it is compared: spaces and capitals do not matter."""
    return " ".join(text.split()).casefold()


def fields_by_header() -> dict[str, TargetField]:
    """Every header in every language."""
    return {
        folded(header(Texts(language), field)): field
        for language in Language
        for field in TargetField
    }


def values_of(
    valid_from: date | None, target: Target | None, path: Path = AT_ONCE
) -> dict[TargetField, Value]:
    """What the input cells of a target hold."""
    baseline = path.baseline
    return {
        TargetField.VALID_FROM: valid_from,
        TargetField.LOW: target.low if target else None,
        TargetField.HIGH: target.high if target else None,
        TargetField.SOURCE: target.source.strip() or None if target else None,
        TargetField.ASSUMPTION: target.assumption if target else None,
        TargetField.TOLERANCE: target.tolerance if target else None,
        TargetField.BASELINE: baseline.value if baseline else None,
        TargetField.BASELINE_DAY: baseline.day if baseline else None,
        TargetField.BASELINE_SOURCE: baseline.source or None if baseline else None,
        TargetField.COURSE: path.course if target else None,
        TargetField.DUE: path.due,
        TargetField.STAGES: stages_as_text(path.stages) or None,
    }


def values_of_entry(entry: TargetEntry | None) -> dict[TargetField, Value]:
    """The same of a target that was set; nothing but empty cells without one."""
    if entry is None:
        return values_of(None, None)
    return values_of(entry.valid_from, entry.target, entry.path)
