"""SQL that reads codes: within their list, by every word that is known to mean one."""

from __future__ import annotations

from collections.abc import Mapping

from data.extracts import vocabulary
from data.extracts.column_parsing import Parsing
from data.extracts.contracts import Column, ColumnType
from data.extracts.profile import Profile
from data.extracts.sql import listed, literal

FEW = 12  # more words than this are found by hash, not one after the other


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


def code_sql(parsing: Parsing, text: str) -> str:
    padded = _padded(parsing.column.width, text)
    words = parsing.words
    if parsing.allowed is None:
        found = _lookup(words, f"{vocabulary.fold_sql(text)}") if words else "NULL"
        known = listed(sorted(words))
        folded = vocabulary.fold_sql(text)
        return (
            f"CASE WHEN {folded} IN ({known}) THEN {found} ELSE {padded} END" if words else padded
        )
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
