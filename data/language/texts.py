"""Texts of the product by key, with typed values written as the language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from babel.messages.mofile import read_mo

from data.figure import Figure
from data.language import dates, numbers
from data.language.languages import Language, LocalText
from data.period import Frequency, Period

CATALOGUES = Path(__file__).parent / "catalogues"
AGENCY_ZONE = ZoneInfo("Europe/Belgrade")
_POINT_TWICE = re.compile(r"(\d{4}\.)\.(?!\.)")  # "16. dec 2026.", and then the sentence ends
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@runtime_checkable
class Said(Protocol):
    """A message key with its values, not yet in any language: a refusal, a note."""

    @property
    def key(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Texts:
    """Everything the product says in one language, on the agency's clock.

    A key that no catalogue holds is a KeyError: `data.language.check` keeps the three complete.
    """

    language: Language
    zone: ZoneInfo = AGENCY_ZONE

    def text(self, key: str, **values: Any) -> str:
        """The text of a key, its {placeholders} filled with values in the language's own form."""
        written = {name: self.value(value) for name, value in values.items()}
        said = catalogue(self.language)[key].format(**written)
        return _POINT_TWICE.sub(r"\1", said) if written and self.language is Language.SR else said

    def counted(self, key: str, count: numbers.Number, **values: Any) -> str:
        """The text of `key`.one, .few or .other, as the language counts; {count} is filled."""
        return self.text(f"{key}.{numbers.plural(count, self.language)}", count=count, **values)

    def said(self, message: Said) -> str:
        """A refusal or a note in words."""
        return self.text(message.key, **message.values)

    def value(self, value: Any) -> str:
        """A typed value in words. Plain strings stay as they are."""
        match value:
            case StrEnum():
                return self.word(value)
            case str():
                return value
            case bool():
                return self.text("common.yes" if value else "common.no")
            case int() | float() | Decimal():
                return numbers.number(value, self.language)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case None:
                return self.text("common.nothing")
        return self._composed(value)

    def _composed(self, value: Any) -> str:
        match value:
            case Figure():
                return self.figure(value)
            case Period():
                return self.period(value)
            case LocalText():
                return value.within(self.language)
            case list() | tuple():
                return ", ".join(self.value(one) for one in value)
            case Said():
                return self.said(value)
            case {"sq": _, "sr": _, "en": _}:  # a name that somebody gave in the three languages
                return str(value[self.language])
        return str(value)

    def word(self, member: StrEnum) -> str:
        """The word for a member of an enumeration: Missing.NO_DATA is 'missing.no_data'."""
        return self.text(f"{snake_case(type(member).__name__)}.{member.value}")

    def figure(self, figure: Figure) -> str:
        """'98.5%', '9.0 working days', or why there is no value."""
        shown = figure.shown
        if shown is None:
            return self.value(figure.missing)
        form = numbers.plural(shown, self.language)
        number = numbers.number(shown, self.language, figure.decimals)
        return self.text(f"figure.{figure.unit}.{form}", number=number)

    def figure_number(self, figure: Figure) -> str:
        """The number alone, for a column whose header names the unit, or why there is none."""
        if figure.shown is None:
            return self.figure(figure)
        return numbers.number(figure.shown, self.language, figure.decimals)

    def number(self, value: numbers.Number, decimals: int | None = None) -> str:
        return numbers.number(value, self.language, decimals)

    def signed(self, value: numbers.Number, decimals: int = 0) -> str:
        return numbers.signed(value, self.language, decimals)

    def percent(self, value: numbers.Number, decimals: int = 1) -> str:
        return numbers.percent(value, self.language, decimals)

    def day(self, value: date) -> str:
        return dates.day(value, self.language)

    def day_short(self, value: date) -> str:
        return dates.day_short(value, self.language)

    def moment(self, value: datetime) -> str:
        return dates.moment(value, self.language, self.zone)

    def period(self, period: Period) -> str:
        """'March 2025', 'Q1 2025', 'week 3, 2025', '2025' in the language's own words."""
        if period.frequency is Frequency.MONTH:
            return dates.month(period.start, self.language)
        return self.text(f"period.{period.frequency}", **_parts(period))

    def period_short(self, period: Period) -> str:
        """The period as short as an axis wants it: 'Mar 25', 'Q1 25', 'w3 25', '2025'."""
        if period.frequency is Frequency.MONTH:
            return dates.month_short(period.start, self.language)
        return self.text(f"period_short.{period.frequency}", **_parts(period))


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of a language, merged from its compiled domains.

    Raises FileNotFoundError when nothing is compiled yet (`python -m data.language.compile`).
    """
    files = sorted((CATALOGUES / language.value / "LC_MESSAGES").glob("*.mo"))
    if not files:
        raise FileNotFoundError(f"no compiled texts for {language}: run data.language.compile")
    merged: dict[str, str] = {}
    for file in files:
        with file.open("rb") as stream:
            merged |= {str(entry.id): str(entry.string) for entry in read_mo(stream) if entry.id}
    return MappingProxyType(merged)


def snake_case(name: str) -> str:
    """'AuditTag' as 'audit_tag'."""
    return _HUMP.sub("_", name).lower()


def _parts(period: Period) -> dict[str, str]:
    """Year, week and quarter as plain digits: a year is not grouped like a count."""
    year, week, _ = period.start.isocalendar()
    if period.frequency is not Frequency.WEEK:
        year = period.start.year
    quarter = (period.start.month + 2) // 3
    return {
        "year": str(year),
        "yy": f"{year % 100:02}",
        "week": str(week),
        "quarter": str(quarter),
    }
