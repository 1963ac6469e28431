"""Why a row is not let in, or is listed though it is: reason keys and the SQL that finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.extracts import vocabulary
from data.extracts.column_parsing import BLANKS, Parsing
from data.extracts.contracts import ColumnType
from data.extracts.parsing import states_nothing_sql
from data.extracts.sql import listed, literal
from data.extracts.times import is_sentinel_sql

SCIENTIFIC = "[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+"


class Reason(StrEnum):
    """Texts are under "extracts.reason.<value>"."""

    MISSING_VALUE = "missing_value"
    UNKNOWN_CODE = "unknown_code"
    AMBIGUOUS_CODE = "ambiguous_code"
    NOT_A_DATE = "not_a_date"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    NOT_A_NUMBER = "not_a_number"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    NOT_A_FLAG = "not_a_flag"
    SCIENTIFIC_NOTATION = "scientific_notation"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    # listed, though the row is accepted or its newer version is
    WRONG_ORDER = "wrong_order"
    SENTINEL_DATE = "sentinel_date"
    SUPERSEDED = "superseded"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Terms:
    """SQL names of what is known of one column in the query that judges it."""

    text: str  # as cleaned
    parsed: str  # before the range of dates is applied
    value: str


def is_bad_sql(parsing: Parsing, terms: Terms, *, has_plus: bool) -> str | None:
    """Whether the value must keep its row out; None where nothing can be wrong."""
    faults = []
    if parsing.column.required:
        faults.append(f"{terms.value} IS NULL")
    if can_fail(parsing):
        unread = f"NOT {states_nothing_sql(parsing, terms.text)}"
        if parsing.column.type.is_time:
            unread += f" AND NOT coalesce({is_sentinel_sql(parsing, terms.parsed)}, false)"
        lost = f"{terms.value} IS NULL AND {terms.text} IS NOT NULL"
        faults.append(f"CASE WHEN {lost} THEN {unread} ELSE false END")
    if beyond := is_beyond_sql(parsing, terms, has_plus=has_plus):
        faults.append(beyond)
    return f"({' OR '.join(faults)})" if faults else None


def is_beyond_sql(parsing: Parsing, terms: Terms, *, has_plus: bool) -> str | None:
    """Whether a value that could be read is still impossible; None where none can be."""
    if limits := _limits(parsing, terms.value):
        return f"coalesce({limits}, false)"
    if parsing.column.type.is_text and not parsing.is_closed and has_plus:
        return f"coalesce({_scientific(terms.text)}, false)"
    return None


def reason_sql(parsing: Parsing, terms: Terms) -> str:
    """The reason of a value already known to be bad."""
    nothing = f"{terms.text} IS NULL OR {states_nothing_sql(parsing, terms.text)}"
    cases = [(nothing, Reason.MISSING_VALUE)]
    if parsing.column.type.is_text:
        cases.append((_scientific(terms.text), Reason.SCIENTIFIC_NOTATION))
    return _cases([*cases, *_kind_cases(parsing, terms)], _fallback(parsing.column.type))


def kind_sql(text: str) -> str:
    """What sort of thing a text is, never what it says."""
    bare = f"trim({text}, {BLANKS})"
    return (
        f"CASE WHEN {text} IS NULL OR {bare} = '' THEN 'empty' "
        f"WHEN regexp_full_match({bare}, '[0-9]+') THEN 'digits' "
        f"WHEN regexp_full_match({bare}, '[0-9.,+ -]+') THEN 'number' "
        f"WHEN regexp_full_match({bare}, '[0-9.,:/ TZ+-]+') THEN 'date' "
        f"WHEN regexp_full_match({bare}, '\\pL+') THEN 'word' ELSE 'text' END"
    )


def shown_sql(parsing: Parsing, text: str) -> str:
    """The bad value, shortened, where it can hardly be about a person; else NULL.

    Shown are dates and numbers in columns of dates and numbers, and single words in columns of
    codes; never six digits on end outside a date, a sign of an address, or several words.
    """
    bare = f"trim({text}, {BLANKS})"
    if parsing.column.type is ColumnType.CODE:
        safe = f"regexp_full_match({bare}, '[\\pL0-9_.-]{{1,20}}')"
        safe += f" AND NOT regexp_matches({bare}, '[0-9]{{6}}')"
    elif parsing.column.type.is_text:
        return "NULL"
    elif parsing.column.type.is_time:
        day = "[0-9]{1,4}[./ -][0-9]{1,2}[./ -][0-9]{1,4}"
        safe = f"regexp_full_match({bare}, '{day}.{{0,16}}')"
        safe += f" AND NOT regexp_matches({bare}, '\\pL{{2}}|[0-9]{{7}}')"
    else:
        safe = f"strlen({bare}) <= 12 AND NOT regexp_matches({bare}, '[0-9]{{6}}|@|\\pL{{2}}')"
    return f"CASE WHEN {safe} THEN left({bare}, 24) END"


def can_fail(parsing: Parsing) -> bool:
    """Whether a text can have no value in this column."""
    if parsing.mapped.filled is not None:
        return False
    return not parsing.column.type.is_text or parsing.is_closed


def _limits(parsing: Parsing, value: str) -> str:
    column = parsing.column
    beyond = []
    if column.minimum is not None:
        beyond.append(f"{value} < {column.minimum}")
    if column.maximum is not None:
        beyond.append(f"{value} > {column.maximum}")
    return " OR ".join(beyond)


def _scientific(text: str) -> str:
    return f"(contains({text}, '+') AND regexp_full_match({text}, {literal(SCIENTIFIC)}))"


def _kind_cases(parsing: Parsing, terms: Terms) -> list[tuple[str, Reason]]:
    kind = parsing.column.type
    if kind.is_time:
        swapped = f"try_strptime({terms.text}, {literal(_swapped(parsing.format))}) IS NOT NULL"
        return [
            (is_sentinel_sql(parsing, terms.parsed), Reason.MISSING_VALUE),
            (f"{terms.parsed} IS NOT NULL", Reason.DATE_OUT_OF_RANGE),
            (swapped, Reason.DAY_MONTH_SWAPPED),
        ]
    if kind in {ColumnType.INT, ColumnType.DEC} and (limits := _limits(parsing, terms.value)):
        return [(limits, Reason.NUMBER_OUT_OF_RANGE)]
    ambiguous = vocabulary.ambiguous_forms(parsing.column)
    if ambiguous:
        folded = vocabulary.fold_sql(terms.text)
        return [(f"{folded} IN ({listed(sorted(ambiguous))})", Reason.AMBIGUOUS_CODE)]
    return []


def _swapped(form: str) -> str:
    """The format with day and month in each other's place."""
    plain = "%Y-%m-%d" if form == "iso" else form
    return plain.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


_FALLBACKS: Mapping[ColumnType, Reason] = {
    ColumnType.DATE: Reason.NOT_A_DATE,
    ColumnType.TS: Reason.NOT_A_DATE,
    ColumnType.INT: Reason.NOT_A_NUMBER,
    ColumnType.DEC: Reason.NOT_A_NUMBER,
    ColumnType.BOOL: Reason.NOT_A_FLAG,
}


def _fallback(kind: ColumnType) -> Reason:
    return _FALLBACKS.get(kind, Reason.UNKNOWN_CODE)


def _cases(cases: list[tuple[str, Reason]], otherwise: Reason) -> str:
    written = " ".join(f"WHEN {test} THEN {literal(reason)}" for test, reason in cases)
    return f"CASE {written} ELSE {literal(otherwise)} END"
