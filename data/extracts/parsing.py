"""SQL that turns the texts of one column into values: by the one declared format, or not at all."""

from __future__ import annotations

from data.extracts import codes, times, vocabulary
from data.extracts.column_parsing import BLANKS, Parsing
from data.extracts.contracts import ColumnType
from data.extracts.profile import Formats
from data.extracts.sql import listed, literal


def text_sql(parsing: Parsing, cell: str) -> str:
    """A cell without blanks around it, or NULL where it says "not stated".

    The reader has emptied cells that hold exactly a word for "not stated"; dates, numbers and
    listed codes are parsed with blanks around them; so only free texts are trimmed here.
    """
    if parsing.mapped.whole:
        return f"regexp_replace({_trimmed(parsing, cell)}, '[.,]0+$', '')"
    is_parsed = not parsing.column.type.is_text or parsing.is_closed
    return cell if is_parsed else _trimmed(parsing, cell)


def _trimmed(parsing: Parsing, cell: str) -> str:
    bare = f"trim({cell}, {BLANKS})"
    words = listed(("", *parsing.formats.missing))
    cleaned = f"CASE WHEN {bare} NOT IN ({words}) THEN {bare} END"
    suspicious = " OR ".join(f"contains({cell}, {literal(sign)})" for sign in parsing.blanks)
    return f"CASE WHEN {suspicious} THEN {cleaned} ELSE {cell} END"


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
        return times.time_sql(parsing, text)
    if kind is ColumnType.INT:
        return _int_sql(parsing.formats, text)
    if kind is ColumnType.DEC:
        return _dec_sql(parsing.formats, text)
    if kind is ColumnType.BOOL:
        return _bool_sql(parsing.formats, text)
    if kind is ColumnType.CODE:
        return codes.code_sql(parsing, text)
    return text


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
        f"CASE WHEN {text} IN ({false}) THEN false WHEN {text} IN ({true}) THEN true "
        f"WHEN {word} IN ({true}) THEN true WHEN {word} IN ({false}) THEN false END"
    )
