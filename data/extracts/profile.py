"""One way files look: what a profile says about headers, formats and habits (as read from TOML)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from data.extracts.contracts import Contract

ISO = "iso"


class Zone(StrEnum):
    """Whose clock the timestamps of a file show."""

    LOCAL = "local"
    UTC = "utc"
    OFFSET = "offset"  # each timestamp ends with its own offset


class Duplicates(StrEnum):
    """What holds when rows of one key differ."""

    NEWEST_UPDATED = "newest_updated"
    LATER_ROW_WINS = "later_row_wins"
    REJECT = "reject"


class CutOff(StrEnum):
    """Where the moment comes from after which a file knows nothing."""

    EXTRACTED_AT = "extracted_at"
    LATEST_TIMESTAMP = "latest_timestamp"
    FILE_NAME = "file_name"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class FileRules:
    """Where the rows lie in the file."""

    kinds: tuple[str, ...] = ("csv", "xlsx")
    names: tuple[str, ...] = ()  # patterns of file names; they only break ties
    encodings: tuple[str, ...] = ("utf-8", "utf-16", "cp1250", "cp1252")  # tried in this order
    separators: tuple[str, ...] = (",", ";", "\t")
    quote: str = '"'
    header_row: int = 1  # the first of the header rows, counted from 1
    header_rows: int = 1
    sheet: str | None = None  # name of the sheet; the first visible one otherwise


@dataclass(frozen=True, slots=True)
class Formats:
    """How values are written."""

    date: str = ISO
    timestamp: str = ISO
    zone: Zone = Zone.LOCAL
    decimal: str = "."
    thousands: str = ""
    currency: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sentinels: tuple[dt.date, ...] = ()  # dates that mean "none"
    serial_dates: bool = False  # bare numbers are Excel's day numbers


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """Where one column of the contract comes from."""

    name: str
    headers: tuple[str, ...]
    format: str | None = None  # where it differs from the file's
    zone: Zone | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # "" = not stated
    filled: str | None = None  # the value wherever the source cell holds anything
    whole: bool = False  # "20.0" means 20
    digits_ok: bool = False  # ten digits are no personal number here
    unchecked: bool = False  # codes of another house: not held against the reference lists


@dataclass(frozen=True, slots=True)
class TrialRules:
    """Which rows are tests, besides those flagged."""

    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # where the words are looked for; the key otherwise
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # e.g. training offices


@dataclass(frozen=True, slots=True)
class Profile:
    """One way files of a contract look."""

    id: str
    titles: Mapping[str, str]  # by language; one under "" speaks for all
    contract: Contract
    version: int
    columns: tuple[ProfileColumn, ...]
    file: FileRules = field(default_factory=FileRules)
    formats: Formats = field(default_factory=Formats)
    constants: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()  # headers left outside the door
    test: TrialRules = field(default_factory=TrialRules)
    totals: tuple[str, ...] = ()  # first words of rows that are sums
    duplicates: Duplicates = Duplicates.NEWEST_UPDATED
    scope: str = "changes"
    cut_off: tuple[CutOff, ...] = (CutOff.EXTRACTED_AT, CutOff.LATEST_TIMESTAMP)
    cut_off_pattern: str | None = None
    cut_off_format: str = "%Y%m%d"
    open_rows: bool = True  # the source exports open cases too
    bad_row_limit: float | None = None
    built_in: bool = True
    hash: str = ""  # sha256 of the file it came from

    def title(self, language: str) -> str:
        """The profile's own title, in the language where it has one."""
        return self.titles.get(language) or self.titles.get("") or self.titles.get("en") or self.id

    def column(self, name: str) -> ProfileColumn | None:
        return next((column for column in self.columns if column.name == name), None)
