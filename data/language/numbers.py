"""Numbers as a language writes them; always rounded half up, like `Figure` and like Excel."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

from data.language.languages import Language

Number = int | float | Decimal


def rounded(value: Number, decimals: int) -> Decimal:
    """The value half up to so many decimals, from the shortest decimal that stands for it.

    What rounds to nothing has no sign.
    """
    shown = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return shown or abs(shown)


def number(value: Number, language: Language, decimals: int | None = None) -> str:
    """'1.234,5' in Serbian, '1 234,5' in Albanian, '1,234.5' in English.

    Without `decimals` as many are shown as the value has, at most three.
    """
    if decimals is None:
        decimals = _own_decimals(value)
    shown = rounded(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(shown, format=pattern, locale=language.locale))


def signed(value: Number, language: Language, decimals: int = 0) -> str:
    """A difference with its sign: '+1.2', '−0.4', and '0.0' for none."""
    shown = rounded(value, decimals)
    text = number(abs(shown), language, decimals)
    return text if shown == 0 else f"+{text}" if shown > 0 else f"−{text}"


def percent(value: Number, language: Language, decimals: int = 1) -> str:
    """A percentage held as 98.5: '98.5%' in English, '98,5 %' in the others."""
    gap = "" if language is Language.EN else "\N{NO-BREAK SPACE}"
    return f"{number(value, language, decimals)}{gap}%"


def plural(value: Number, language: Language) -> str:
    """The grammatical number that goes with a value as it is shown: 'one', 'few' or 'other'."""
    return str(language.locale.plural_form(value))


def _own_decimals(value: Number) -> int:
    exponent = rounded(value, 3).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
