"""Amounts in EUR as one says them: to three digits, which is more than an estimate is worth."""

from __future__ import annotations

import math

from data.language.texts import Texts

DIGITS = 3
MILLION = 1_000_000
WHOLE = 1_000  # below, an amount is said as it is


def euros(texts: Texts, amount: float) -> str:
    """'EUR 1.25 million', 'EUR 845,000', 'EUR 950'."""
    shown = _rounded(amount)
    if abs(shown) >= MILLION:
        return texts.text("risk.eur_million", number=texts.number(shown / MILLION))
    return texts.text("risk.eur", number=texts.number(shown, 0))


def give_or_take(texts: Texts, amount: float, error: float) -> str:
    """'EUR 845,000 ± 12,000': the half width of the 95 % interval of simulating."""
    return f"{euros(texts, amount)} ± {texts.number(_rounded(error, 2), 0)}"


def _rounded(amount: float, digits: int = DIGITS) -> float:
    """To so many digits; whole euros where the amount is small."""
    if abs(amount) < WHOLE:
        return float(round(amount))
    places = digits - 1 - math.floor(math.log10(abs(amount)))
    return float(round(amount, places))
