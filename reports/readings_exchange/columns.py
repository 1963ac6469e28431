"""The columns of the workbook: what each is called, how wide it is, who fills it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from data.language.languages import Language
from data.language.texts import Texts


class ReadingField(StrEnum):
    """A column, in the order in which they stand."""

    KPI = "kpi"
    NAME = "name"
    UNIT = "unit"
    PERIOD = "period"
    OFFICE = "office"
    OFFICE_NAME = "office_name"
    APPROVED = "approved"
    FIRST = "first"  # the value, or the numerator
    SECOND = "second"  # the denominator
    EVIDENCE = "evidence"
    REASON = "reason"
    STAND = "stand"  # what was on its way or approved when the workbook was written


WIDTHS: Mapping[ReadingField, int] = {
    ReadingField.KPI: 9,
    ReadingField.NAME: 34,
    ReadingField.UNIT: 14,
    ReadingField.PERIOD: 11,
    ReadingField.OFFICE: 9,
    ReadingField.OFFICE_NAME: 22,
    ReadingField.APPROVED: 16,
    ReadingField.FIRST: 16,
    ReadingField.SECOND: 16,
    ReadingField.EVIDENCE: 40,
    ReadingField.REASON: 40,
    ReadingField.STAND: 12,
}
INPUTS = (
    ReadingField.FIRST,
    ReadingField.SECOND,
    ReadingField.EVIDENCE,
    ReadingField.REASON,
)
NEEDED = (
    ReadingField.KPI,
    ReadingField.PERIOD,
    ReadingField.OFFICE,
    *INPUTS,
    ReadingField.STAND,
)


def fields_by_header() -> dict[str, ReadingField]:
    """Every header in every language."""
    return {
        folded(Texts(language).word(field)): field
        for language in Language
        for field in ReadingField
    }


def folded(text: str) -> str:
    """A header as it is compared: spaces and capitals do not matter."""
    return " ".join(text.split()).casefold()
