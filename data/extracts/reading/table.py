"""A file opened as a table of texts that SQL can read in one pass."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.errors import ExtractRejected
from data.extracts.profile import FileRules, Profile
from data.extracts.reading import containers, encodings, headers, spreadsheets
from data.extracts.reading.containers import HEAD_BYTES, Kind
from data.extracts.reading.headers import HeaderMap
from data.extracts.sql import listed, literal

LONGEST_LINE = 1 << 20
SHEET_LIMITS = {1_048_576: "xlsx", 65_536: "xls"}


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a file of text, and how it was found."""

    headers: tuple[str, ...]
    separator: str
    lines: int  # physical lines up to and with the header
    rows: int  # rows up to and with the header, as a person counts them


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts: columns c0, c1 ... as they stand in the file."""

    kind: Kind
    path: Path
    encoding: str
    headers: HeaderMap
    head: Head
    quote: str
    missing_words: tuple[str, ...]
    noticed: tuple[tuple[str, dict[str, object]], ...]  # note keys and their values
    epoch_1904: bool = False
    has_plus: bool = True
    has_at: bool = True
    blanks: tuple[str, ...] = encodings.BLANKS

    @property
    def sql(self) -> str:
        """The rows, in any order."""
        if self.kind is Kind.XLSX:
            return f"read_parquet({literal(str(self.path))})"
        columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self.head.headers)))
        return (
            f"read_csv({literal(str(self.path))}, auto_detect=false, header=false, "
            f"skip={self.head.lines}, delim={literal(self.head.separator)}, "
            f"quote={literal(self.quote)}, escape={literal(self.quote)}, strict_mode=true, "
            f"nullstr=[{listed(('', *self.missing_words))}], max_line_size={LONGEST_LINE}, "
            f"columns={{{columns}}})"
        )

    @property
    def numbered_sql(self) -> str:
        """The rows with `row`, their number in the file as a person counts, header included."""
        if self.kind is Kind.XLSX:
            return f"(SELECT * FROM {self.sql})"
        return f"(SELECT row_number() OVER () + {self.head.rows} AS row, * FROM {self.sql})"

    def refuse_full_sheet(self, rows: int) -> None:
        """Refuse exactly as many rows as a sheet can hold: the rest was probably cut off."""
        if self.head.rows + rows in SHEET_LIMITS or rows in SHEET_LIMITS:
            limit = rows if rows in SHEET_LIMITS else self.head.rows + rows
            raise ExtractRejected(
                "extracts.refused.cut_at_limit", rows=limit, format=SHEET_LIMITS[limit]
            )


def open_table(path: Path, profile: Profile, scratch: Path) -> TextTable:
    """Open a file the way the profile says; ExtractRejected when it is not such a file."""
    content = containers.open_content(path, scratch)
    if content.kind.value not in profile.file.kinds:
        raise ExtractRejected(
            "extracts.refused.kind_not_accepted",
            kind=content.kind.value,
            accepted=profile.file.kinds,
        )
    if content.kind is Kind.XLSX:
        return _open_sheet(content.path, profile, scratch)
    return _open_text(content.path, profile, scratch)


def _open_text(path: Path, profile: Profile, scratch: Path) -> TextTable:
    text = encodings.open_text(path, profile.file.encodings, scratch)
    head = best_head(read_start(text.path), profile)
    found = headers.map_headers(head.headers, profile)
    headers.require(found)
    noticed: list[tuple[str, dict[str, object]]] = []
    if not text.ends_with_line:
        noticed.append(("extracts.note.no_final_line_end", {}))
    return TextTable(
        kind=Kind.CSV,
        path=text.path,
        encoding=text.encoding,
        headers=found,
        head=head,
        quote=profile.file.quote,
        missing_words=profile.formats.missing,
        noticed=tuple(noticed),
        has_plus=text.has_plus,
        has_at=text.has_at,
        blanks=text.blanks,
    )


def _open_sheet(path: Path, profile: Profile, scratch: Path) -> TextTable:
    sheet = spreadsheets.open_sheet(path, profile.file.sheet)
    if sheet.facts.formulas_without_value:
        raise ExtractRejected(
            "extracts.refused.formula_without_value", cells=sheet.facts.formulas_without_value
        )
    head = sheet_head(sheet, profile.file)
    found = headers.map_headers(head.headers, profile)
    headers.require(found)
    target = scratch / "sheet.parquet"
    width = len(head.headers)
    spreadsheets.write_texts(sheet, head.rows, width, profile.formats.decimal, target)
    noticed: list[tuple[str, dict[str, object]]] = []
    if sheet.facts.hidden_rows:
        noticed.append(("extracts.note.hidden_rows", {"count": sheet.facts.hidden_rows}))
    if sheet.hidden_sheets:
        noticed.append(("extracts.note.hidden_sheets", {"sheets": sheet.hidden_sheets}))
    return TextTable(
        kind=Kind.XLSX,
        path=target,
        encoding="xlsx",
        headers=found,
        head=head,
        quote='"',
        missing_words=profile.formats.missing,
        noticed=tuple(noticed),
        epoch_1904=sheet.facts.epoch_1904,
    )


def read_start(path: Path) -> str:
    """The first part of a UTF-8 file, without a byte order mark."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES).decode("utf-8", errors="ignore").removeprefix("\ufeff")


def best_head(start: str, profile: Profile) -> Head:
    """The header under the separator that fits the profile best, the first on a tie."""
    declared = _declared_separator(start)
    separators = [declared] if declared in profile.file.separators else profile.file.separators
    heads = [_head(start, separator, profile.file, declared) for separator in separators]
    return max(heads, key=lambda head: _fit(head, profile))


def _fit(head: Head, profile: Profile) -> tuple[int, int]:
    found = headers.map_headers(head.headers, profile)
    return len(found.sources), -len(found.missing)


def _declared_separator(start: str) -> str:
    """The separator a first line such as "sep=;" declares, or nothing."""
    first = start.split("\n", 1)[0].strip("\r").strip('"')
    return first[4:5] if first.lower().startswith("sep=") and len(first) == 5 else ""


def _head(start: str, separator: str, rules: FileRules, declared: str) -> Head:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator, quotechar=rules.quote)
    offset = 1 if declared else 0
    first = rules.header_row - 1 + offset
    last = first + rules.header_rows
    rows: list[list[str]] = []
    with suppress(csv.Error):  # not under this separator; another may do
        rows = [*islice(reader, last)]
    header = _joined([_filled(row) for row in rows[first:last]])
    return Head(header, separator, reader.line_num, last)


def sheet_head(sheet: spreadsheets.Sheet, rules: FileRules) -> Head:
    """The header of a sheet, its rows joined where there are several."""
    first, last = rules.header_row, rules.header_row + rules.header_rows - 1
    rows = [
        [spreadsheets.as_text(cell, ".") or "" for cell in cells]
        for number, cells in islice(sheet.rows(), last)
        if first <= number <= last
    ]
    return Head(_joined(rows), "", 0, last)


def _filled(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _joined(rows: list[list[str]]) -> tuple[str, ...]:
    """Header rows read downwards: "Afati" above "ligjor" is "Afati ligjor"; repeats count once."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[index] if index < len(row) else "" for row in rows] for index in range(width)]
    return tuple(" ".join(dict.fromkeys(part for part in parts if part)) for parts in columns)
