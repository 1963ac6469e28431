"""Numbers agree with paper: half up, the language's separators, a real sign."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figure import round_half_up
from data.language.languages import Language
from data.language.numbers import number, percent, plural, rounded, signed

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "decimals", "en", "sq", "sr"),
    [
        (1234567.5, 0, "1,234,568", f"1{NB}234{NB}568", "1.234.568"),
        (-1234.25, 1, "-1,234.3", f"-1{NB}234,3", "-1.234,3"),
        (-0.04, 1, "0.0", "0,0", "0,0"),
        (0.125, 2, "0.13", "0,13", "0,13"),
        (Decimal("2.5"), None, "2.5", "2,5", "2,5"),
        (7, None, "7", "7", "7"),
        (1200, None, "1,200", f"1{NB}200", "1.200"),
        (0.12345, None, "0.123", "0,123", "0,123"),
    ],
)
def test_separators(value: float, decimals: int | None, en: str, sq: str, sr: str) -> None:
    shown = [number(value, one, decimals) for one in (Language.EN, Language.SQ, Language.SR)]
    assert shown == [en, sq, sr]


def test_signs() -> None:
    assert signed(1.25, Language.EN, 1) == "+1.3"
    assert signed(-1.25, Language.SR, 1) == "−1,3"
    assert signed(-0.04, Language.EN, 1) == "0.0"


def test_percent() -> None:
    assert percent(98.45, Language.EN) == "98.5%"
    assert percent(98.45, Language.SQ) == f"98,5{NB}%"


def test_serbian_counts_in_three_ways() -> None:
    counts = (1, 2, 5, 11, 21, 22, 112)
    forms = [plural(count, Language.SR) for count in counts]
    assert forms == ["one", "few", "other", "other", "one", "few", "other"]


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_rounding_is_the_figures_rounding(value: float, decimals: int) -> None:
    assert rounded(value, decimals) == round_half_up(value, decimals)
