"""Personal data among the values: found by its shape, reported by column and count, never kept."""

from __future__ import annotations

from data.extracts.column_parsing import Parsing
from data.extracts.contracts import ColumnType

# Ten digits: an assumption about personal numbers, to be confirmed (docs/extract-profiles.md).
_NUMBER = "(^|[^0-9])[0-9]{10}([^0-9]|$)"
_PHONE = "(^|[^0-9])(\\+|00)383[ /-]?[0-9]|(^|[^0-9])04[3-9][ /-]?[0-9]{3}[ -]?[0-9]{3}([^0-9]|$)"
SHORTEST = 9  # 044 123 456 without its blanks
_E_MAIL = "[^ @]+@[^ @]+[.][^ @]+"


def is_personal_sql(parsing: Parsing, text: str, *, has_plus: bool, has_at: bool) -> str | None:
    """Whether a text looks like a personal number, a phone or an e-mail; None = cannot.

    Columns whose codes are listed are left out: what is not in the list is not kept anyway. Ids
    and pseudonyms are tested as a whole, since digits within a hash mean nothing; other texts are
    searched. The cheap tests come first, because most values are short or have no such sign.
    """
    if not parsing.column.type.is_text or parsing.is_closed or parsing.mapped.filled is not None:
        return None
    if parsing.column.type is ColumnType.ID:
        return _whole_sql(parsing, text, has_plus=has_plus, has_at=has_at)
    return _anywhere_sql(parsing, text, has_at=has_at)


def _whole_sql(parsing: Parsing, text: str, *, has_plus: bool, has_at: bool) -> str | None:
    tests = []
    if not parsing.mapped.digits_ok:
        shapes = "[0-9]{10}|04[3-9][0-9]{6}|00383[0-9]{8}|383[0-9]{8}"
        tests.append(
            f"CASE WHEN strlen({text}) BETWEEN 9 AND 13 AND {text} < ':' "  # begins with a digit
            f"THEN regexp_full_match({text}, '{shapes}') ELSE false END"
        )
    if has_plus:
        tests.append(f"coalesce(starts_with({text}, '+383'), false)")
    if has_at:
        tests.append(_e_mail_sql(text))
    return " OR ".join(tests) or None


def _anywhere_sql(parsing: Parsing, text: str, *, has_at: bool) -> str | None:
    tests = []
    if not parsing.mapped.digits_ok:
        found = f"regexp_matches({text}, '{_NUMBER}|{_PHONE}')"
        tests.append(f"CASE WHEN strlen({text}) >= {SHORTEST} THEN {found} ELSE false END")
    if has_at:
        tests.append(_e_mail_sql(text))
    return " OR ".join(tests) or None


def _e_mail_sql(text: str) -> str:
    return (
        f"CASE WHEN contains({text}, '@') THEN regexp_matches({text}, '{_E_MAIL}') ELSE false END"
    )
