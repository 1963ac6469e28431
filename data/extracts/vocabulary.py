"""The words files use: headers, values and personal data, as Kosovo writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from data.extracts import strict_toml
from data.extracts.contracts import Column, Contract

FOLDER = Path(__file__).with_name("vocabulary")
_LANGUAGES = ("sq", "sr", "en")
_APART = re.compile(r"[\W_]+")
_CYRILLIC = "абвгдежзијклмнопрстћуфхцчшђ"
_LATIN = "abvgdežzijklmnoprstćufhcčšđ"
_DIGRAPHS = (("љ", "lj"), ("њ", "nj"), ("џ", "dž"))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without capitals, accents, punctuation or Cyrillic: how words are compared."""
    latin = text.lower().translate(str.maketrans(_CYRILLIC, _LATIN))
    for cyrillic, pair in _DIGRAPHS:
        latin = latin.replace(cyrillic, pair)
    bare = unicodedata.normalize("NFD", latin.replace("đ", "d"))
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _APART.sub(" ", kept).strip()


def fold_sql(text: str) -> str:
    """SQL that folds a text expression as `fold` does."""
    latin = f"translate(lower({text}), '{_CYRILLIC}đ', '{_LATIN.replace('đ', 'd')}d')"
    for cyrillic, pair in _DIGRAPHS:
        latin = f"replace({latin}, '{cyrillic}', '{pair}')"
    return f"trim(regexp_replace(strip_accents({latin}), '[^\\pL\\pN]+', ' ', 'g'))"


def forms(text: str) -> frozenset[str]:
    """The folded forms of a word: as written, and with "đ" written "dj"."""
    return frozenset({fold(text), fold(text.lower().replace("đ", "dj"))})


def header_aliases(column: str) -> tuple[str, ...]:
    """What a column is called in Albanian, Serbian and English, beside its own name."""
    return _headers().get(column, ())


@cache
def header_forms(contract: Contract) -> frozenset[str]:
    """The folded headers of all columns of a contract."""
    words = [word for name in contract.names for word in (name, *header_aliases(name))]
    return frozenset(form for word in words for form in forms(word))


def value_forms(column: Column) -> dict[str, str]:
    """Folded word to code, for a column of codes; empty where the vocabulary knows none."""
    if column.reference == "municipality":
        return _municipalities()
    words = _values().get(column.dimension or "", {})
    known = {form: code for word, code in words.items() for form in forms(word)}
    known = {form: code for form, code in known.items() if code in column.codes}
    return known | {fold(code): code for code in column.codes}


def ambiguous_forms(column: Column) -> frozenset[str]:
    """Folded words that could stand for more than one code of the column."""
    if column.reference != "municipality":
        return frozenset()
    table = strict_toml.read(FOLDER / "municipality.toml").table("ambiguous")
    return frozenset(form for word in table.texts("forms") for form in forms(word))


@dataclass(frozen=True, slots=True)
class PersonalHeader:
    """A header of personal data, and what kind it is."""

    header: str
    kind: str


def personal_headers(headers: Iterable[str]) -> tuple[PersonalHeader, ...]:
    """Those of the headers that announce personal data."""
    found = []
    for header in headers:
        kind = _personal_kind(fold(header))
        if kind:
            found.append(PersonalHeader(header, kind))
    return tuple(found)


def _personal_kind(folded: str) -> str | None:
    for kind, (whole, words) in _personal().items():
        padded = f" {folded} "
        if folded in whole or any(f" {word} " in padded for word in words):
            return kind
    return None


@cache
def _personal() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    table = strict_toml.read(FOLDER / "personal.toml")
    kinds = table.names
    return {
        kind: (_folded(part.texts("headers")), _folded(part.texts("words")))
        for kind, part in ((kind, table.table(kind)) for kind in kinds)
    }


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in forms(word))


@cache
def _headers() -> dict[str, tuple[str, ...]]:
    table = strict_toml.read(FOLDER / "headers.toml")
    return {
        name: tuple(alias for language in _LANGUAGES for alias in part.texts(language))
        for name, part in ((name, table.table(name)) for name in table.names)
    }


@cache
def _municipalities() -> dict[str, str]:
    codes = strict_toml.read(FOLDER / "municipality.toml").table("codes")
    return {
        form: code for code in codes.names for word in codes.texts(code) for form in forms(word)
    }


@cache
def _values() -> dict[str, dict[str, str]]:
    """Dimension to word to code."""
    table = strict_toml.read(FOLDER / "values.toml")
    return {
        name: {word: code for code in part.names for word in part.texts(code)}
        for name, part in ((name, table.table(name)) for name in table.names)
    }
