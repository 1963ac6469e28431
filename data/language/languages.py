"""The three languages of the agency, and texts that people wrote in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from babel import Locale


class Language(StrEnum):
    """A language of the product; the values are the folder names of the catalogues."""

    SQ = "sq"
    SR = "sr"
    EN = "en"

    @property
    def locale(self) -> Locale:
        """How numbers and dates are written in it in Kosovo (English: in Europe)."""
        return _LOCALES[self]

    @property
    def tag(self) -> str:
        """The name of the language for documents and browsers (BCP 47)."""
        return "sr-Latn" if self is Language.SR else self.value


_LOCALES = {
    Language.SQ: Locale.parse("sq_XK"),
    Language.SR: Locale.parse("sr_Latn_XK"),
    Language.EN: Locale.parse("en_GB"),
}


class Named(Protocol):
    """Anything that carries its name in three languages, such as a row of the database."""

    name_sq: str
    name_sr: str
    name_en: str


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text that somebody wrote in the three languages, outside the catalogues."""

    sq: str
    sr: str
    en: str

    @classmethod
    def same(cls, text: str) -> LocalText:
        """A text that is the same in every language: a code, a person's name."""
        return cls(text, text, text)

    @classmethod
    def name_of(cls, named: Named) -> LocalText:
        return cls(named.name_sq, named.name_sr, named.name_en)

    def within(self, language: Language) -> str:
        """The text in this language; an empty one falls back to English, then Albanian."""
        own = {Language.SQ: self.sq, Language.SR: self.sr, Language.EN: self.en}[language]
        return own or self.en or self.sq
