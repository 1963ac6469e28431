"""Dates and moments as a language writes them; moments in the agency's own time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from data.language.languages import Language


def day(value: date, language: Language) -> str:
    """'5 March 2025', '5 mars 2025', '5. mart 2025.'"""
    return str(format_date(value, "long", language.locale))


def day_short(value: date, language: Language) -> str:
    """'5 Mar 2025', '5 mar 2025', '5. mart 2025.', for tables."""
    return str(format_skeleton("yMMMd", value, locale=language.locale))


def month(value: date, language: Language) -> str:
    """'March 2025', 'mars 2025', 'mart 2025.'"""
    return str(format_skeleton("yMMMM", value, locale=language.locale))


def month_short(value: date, language: Language) -> str:
    """'Mar 25', 'mar 25', for axes."""
    return str(format_date(value, "MMM yy", language.locale))


def moment(value: datetime, language: Language, zone: ZoneInfo) -> str:
    """'5 March 2025, 14:07', in Serbian '5. mart 2025. 14:07'; without a zone it is an error."""
    local = local_moment(value, zone)
    written = day(local.date(), language)
    comma = "" if written.endswith(".") else ","
    return f"{written}{comma} {local:%H:%M}"


def local_moment(value: datetime, zone: ZoneInfo) -> datetime:
    """The moment on the agency's clock."""
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone before it can be shown")
    return value.astimezone(zone)
