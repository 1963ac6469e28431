"""SQL that turns the texts of one column into values: each by the one declared format, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.extracts import vocabulary
from data.extracts.contracts import Column, ColumnType
from data.extracts.profile import ISO, Formats, Profile, ProfileColumn, Zone
from data.extracts.sql import listed, literal

BLANKS = "' \t\r\n\u00a0'"
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
FEW = 12  # more words than this are found by hash, not one after the other
_CLOCKS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
           "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_DAY = "%Y-%m-%d"


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
            form: code for word, code in self.mapped.values.items()
            for form in vocabulary.forms(word)
        }
        return {**known, **dict.fromkeys(map(vocabulary.fold, self.column.empty), ""), **own}

    @property
    def is_closed(self) -> bool:
        return self.allowed is not None


def allowed_codes(
    column: Column, profile: Profile, references: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    """The codes a column may hold: its own list, within the reference list where one is given."""
    mapped = profile.column(column.name)
    if column.type is not ColumnType.CODE or (mapped and mapped.unchecked):
        return frozenset(column.codes) or None
    known = references.get(column.reference or "")
    if column.codes:
        codes = frozenset(column.codes)
        return codes & known if known else codes
    if known is None and column.reference == "municipality":
        known = frozenset(vocabulary.value_forms(column).values())
    training = profile.test.values.get(column.name, ())
    return None if known is None else known | frozenset(training)


def text_sql(parsing: Parsing, cell: str) -> str:
    """A cell without blanks around it, or NULL where it says "not stated".

    The reader has emptied cells that hold exactly a word for "not stated", and dates and numbers
    are parsed with blanks around them; so only texts are trimmed here, and only those with blanks.
    """
    kind = parsing.column.type
    if not kind.is_text and not parsing.mapped.whole:
        return cell
    bare = f"trim({cell}, {BLANKS})"
    words = listed(("", *parsing.formats.missing))
    cleaned = f"CASE WHEN {bare} NOT IN ({words}) THEN {bare} END"
    suspicious = " OR ".join(f"contains({cell}, {literal(sign)})" for sign in parsing.blanks)
    text = f"CASE WHEN {suspicious} THEN {cleaned} ELSE {cell} END"
    return f"regexp_replace({text}, '[.,]0+$', '')" if parsing.mapped.whole else text


def states_nothing_sql(parsing: Parsing, text: str) -> str:
    """Whether a text that gave no value says "not stated" rather than something wrong."""
    silent = [form for form, code in parsing.words.items() if not code]
    words = listed(("", *parsing.formats.missing))
    blank = f"trim({text}, {BLANKS}) IN ({words})"
    if not silent or parsing.column.type is not ColumnType.CODE:
        return blank
    return f"({blank} OR {vocabulary.fold_sql(text)} IN ({listed(silent)}))"


def value_sql(parsing: Parsing, text: str) -> str:
    """The value of a text, NULL where it has none. Dates are not yet held to their range."""
    if parsing.mapped.filled is not None:
        return f"CASE WHEN {text} IS NOT NULL THEN {literal(parsing.mapped.filled)} END"
    kind = parsing.column.type
    if kind.is_time:
        return _time_sql(parsing, text)
    if kind is ColumnType.INT:
        return _int_sql(parsing.formats, text)
    if kind is ColumnType.DEC:
        return _dec_sql(parsing.formats, text)
    if kind is ColumnType.BOOL:
        return _bool_sql(parsing.formats, text)
    if kind is ColumnType.CODE:
        return _code_sql(parsing, text)
    return text


def in_range_sql(parsing: Parsing, value: str) -> str:
    """A date or timestamp within its possible range and no sentinel, else NULL."""
    sentinels = parsing.formats.sentinels
    inner = [day for day in sentinels if EARLIEST < day <= LATEST]
    low = max([EARLIEST, *(day for day in sentinels if day <= EARLIEST)])
    above = ">" if low in sentinels else ">="
    end = f"DATE '{LATEST}' + 1"
    fits = f"{value} {above} DATE '{low}' AND {value} < {end}"
    if above == ">" and parsing.column.type is ColumnType.TS:
        fits = f"{value} >= DATE '{low}' + 1 AND {value} < {end}"
    if inner:
        fits += f" AND CAST({value} AS DATE) NOT IN ({_dates(inner)})"
    return f"CASE WHEN {fits} THEN {value} END"


def is_sentinel_sql(parsing: Parsing, value: str) -> str:
    """Whether a parsed date is one that means "none"."""
    sentinels = parsing.formats.sentinels
    return f"CAST({value} AS DATE) IN ({_dates(sentinels)})" if sentinels else "false"


def instant_sql(parsing: Parsing, text: str, local: str) -> str:
    """The moment in UTC; an hour that comes twice counts as its second time."""
    if parsing.zone is Zone.LOCAL:
        return f"timezone('UTC', timezone({literal(parsing.agency_zone)}, {local}))"
    return f"CASE WHEN {local} IS NOT NULL THEN {_moment_sql(parsing, text)} END"


def _dates(days: tuple[date, ...] | list[date]) -> str:
    return ", ".join(f"DATE '{day}'" for day in days)


def _time_sql(parsing: Parsing, text: str) -> str:
    plain = _local_sql(parsing, text)
    if parsing.formats.serial_dates:
        plain = f"coalesce({plain}, {_serial_sql(parsing, text)})"
    return f"CAST({plain} AS {parsing.column.type.sql})"


def _local_sql(parsing: Parsing, text: str) -> str:
    """The local wall clock of a text."""
    formats = _formats(parsing)
    if parsing.zone is Zone.LOCAL:
        return _strptime(text, _likely_first(parsing, formats))
    moved = f"timezone({literal(parsing.agency_zone)}, timezone('UTC', {_moment_sql(parsing, text)}))"
    days = _days(parsing) if parsing.column.type is ColumnType.DATE else []
    return f"coalesce({_strptime(text, days)}, {moved})" if days else moved


def _moment_sql(parsing: Parsing, text: str) -> str:
    """The TIMESTAMP in UTC of a text on a clock that is not the agency's."""
    formats = _formats(parsing)
    if parsing.zone is Zone.UTC:
        zulu = [f"{one}Z" for one in formats if parsing.format == ISO]
        return _strptime(text, [*formats, *zulu])
    offsets = [one if "%z" in one else f"{one}%z" for one in formats]
    zulu = [f"{one}Z" for one in formats if parsing.format == ISO]
    moment = f"timezone('UTC', {_strptime(text, offsets)})"
    return f"coalesce({moment}, {_strptime(text, zulu)})" if zulu else moment


def _formats(parsing: Parsing) -> list[str]:
    if parsing.format == ISO:
        return list(_CLOCKS)
    return [parsing.format, *(_CLOCKS if parsing.from_sheet else ())]


def _likely_first(parsing: Parsing, formats: list[str]) -> list[str]:
    """All formats in the order in which values most likely match, since each failure costs."""
    is_date = parsing.column.type is ColumnType.DATE
    return [*_days(parsing), *formats] if is_date else [*formats, *_days(parsing)]


def _days(parsing: Parsing) -> list[str]:
    return [_DAY] if parsing.format == ISO or parsing.from_sheet else []


def _strptime(text: str, formats: list[str]) -> str:
    return f"try_strptime({text}, [{listed(formats)}])"


def _serial_sql(parsing: Parsing, text: str) -> str:
    """Excel's day number, with the time of day as its fraction, to the second."""
    number = f"replace({text}, ',', '.')"
    seconds = f"CAST(round(CAST({number} AS DOUBLE) * 86400) AS BIGINT)"
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,6}}([.,][0-9]+)?') "
        f"THEN TIMESTAMP '{parsing.epoch} 00:00:00' + to_seconds({seconds}) END"
    )


def _bare_number(formats: Formats, text: str) -> str:
    """The number without blanks and currency."""
    bare = f"trim({text}, {BLANKS})"
    for sign in formats.currency:
        bare = f"replace({bare}, {literal(sign)}, '')"
    if formats.currency or formats.thousands == " ":
        bare = f"trim({bare}, {BLANKS})"
    return f"replace({bare}, '\u00a0', ' ')" if formats.thousands == " " else bare


def _whole_pattern(formats: Formats) -> str:
    mark = f"[{formats.thousands}]" if formats.thousands else ""
    grouped = f"|[0-9]{{1,3}}({mark}[0-9]{{3}}){{1,4}}" if mark else ""
    return f"[+-]?([0-9]{{1,14}}{grouped})"


def _int_sql(formats: Formats, text: str) -> str:
    """Whole numbers; most are written as SQL would write them, which is quick to see."""
    bare = _bare_number(formats, text)
    digits = f"replace({bare}, {literal(formats.thousands)}, '')" if formats.thousands else bare
    cast = f"TRY_CAST({digits} AS BIGINT)"
    return (
        f"CASE WHEN CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR) = {text} "
        f"THEN TRY_CAST({text} AS BIGINT) "
        f"WHEN regexp_full_match({bare}, {literal(_whole_pattern(formats))}) THEN {cast} END"
    )


def _dec_sql(formats: Formats, text: str) -> str:
    """Decimal numbers with at most four decimals: no digit is ever dropped."""
    bare = _bare_number(formats, text)
    pattern = f"{_whole_pattern(formats)}([{formats.decimal}][0-9]{{1,4}}0*)?"
    digits = f"replace({bare}, {literal(formats.thousands)}, '')" if formats.thousands else bare
    point = f"replace({digits}, ',', '.')" if formats.decimal == "," else digits
    return (
        f"CASE WHEN regexp_full_match({bare}, {literal(pattern)}) "
        f"THEN TRY_CAST({point} AS DECIMAL(18,4)) END"
    )


def _bool_sql(formats: Formats, text: str) -> str:
    true = listed(word.lower() for word in formats.true)
    false = listed(word.lower() for word in formats.false)
    word = f"lower(trim({text}, {BLANKS}))"
    return (
        f"CASE WHEN {word} IN ({true}) THEN true WHEN {word} IN ({false}) THEN false END"
    )


def _code_sql(parsing: Parsing, text: str) -> str:
    padded = _padded(parsing.column.width, text)
    words = parsing.words
    if parsing.allowed is None:
        found = _lookup(words, f"{vocabulary.fold_sql(text)}") if words else "NULL"
        known = listed(sorted(words))
        folded = vocabulary.fold_sql(text)
        return f"CASE WHEN {folded} IN ({known}) THEN {found} ELSE {padded} END" if words else padded
    plain = sorted(c for c in parsing.allowed if words.get(vocabulary.fold(c), c) == c)
    words = {form: code for form, code in words.items() if code in parsing.allowed}
    words |= {vocabulary.fold(code): code for code in plain}
    found = _lookup(words, vocabulary.fold_sql(padded)) if words else "NULL"
    return f"CASE WHEN {_is_one_of(plain, text)} THEN {text} ELSE {found} END"


def _is_one_of(codes: list[str], text: str) -> str:
    if len(codes) > FEW:
        return f"TRY_CAST({text} AS ENUM({listed(codes)})) IS NOT NULL"
    return f"{text} IN ({listed(codes) or 'NULL'})"


def _padded(width: int | None, text: str) -> str:
    if width is None:
        return text
    short = f"strlen({text}) < {width} AND regexp_full_match({text}, '[0-9]+')"
    return f"CASE WHEN {short} THEN lpad({text}, {width}, '0') ELSE {text} END"


def _lookup(words: Mapping[str, str], folded: str) -> str:
    """The code of a folded word. An enum is the engine's hash table of words."""
    targets = {form: code for form, code in words.items() if code}
    if not targets:
        return "NULL"
    if len(targets) <= FEW:
        cases = " ".join(f"WHEN {literal(w)} THEN {literal(c)}" for w, c in targets.items())
        return f"CASE {folded} {cases} END"
    position = f"enum_code(TRY_CAST({folded} AS ENUM({listed(targets)}))) + 1"
    return f"[{listed(targets.values())}][CAST({position} AS INTEGER)]"
