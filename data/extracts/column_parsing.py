"""What one column of a file is read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.extracts import vocabulary
from data.extracts.contracts import Column, ColumnType
from data.extracts.profile import Formats, ProfileColumn, Zone

BLANKS = "' \t\r\n\u00a0'"  # as SQL


@dataclass(frozen=True, slots=True)
class Parsing:
    """What a column is read with."""

    column: Column
    mapped: ProfileColumn
    formats: Formats
    agency_zone: str
    allowed: frozenset[str] | None  # the codes it may hold; None = any
    from_sheet: bool  # typed cells of a workbook arrive in ISO form
    epoch: date  # of Excel's day numbers
    blanks: tuple[str, ...] = (" ", "\t", "\u00a0")  # those the file holds at all

    @property
    def zone(self) -> Zone:
        return self.mapped.zone or self.formats.zone

    @property
    def format(self) -> str:
        """The one declared format of dates or timestamps."""
        if self.mapped.format:
            return self.mapped.format
        is_date = self.column.type is ColumnType.DATE
        return self.formats.date if is_date else self.formats.timestamp

    @property
    def words(self) -> Mapping[str, str]:
        """Folded word to code; the profile's own map comes before the shared vocabulary."""
        known = {} if self.mapped.unchecked else vocabulary.value_forms(self.column)
        own = {
            form: code
            for word, code in self.mapped.values.items()
            for form in vocabulary.forms(word)
        }
        return {**known, **dict.fromkeys(map(vocabulary.fold, self.column.empty), ""), **own}

    @property
    def is_closed(self) -> bool:
        return self.allowed is not None
