"""Texts fill typed values in the language's own form and never guess a missing key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from data.errors import Invalid
from data.figure import Figure, Missing, Unit
from data.language.languages import Language, LocalText
from data.language.texts import Texts
from data.period import Frequency, Period

EN, SQ, SR = (Texts(language) for language in (Language.EN, Language.SQ, Language.SR))
NB = "\N{NO-BREAK SPACE}"


def test_a_refusal_is_said_in_each_language() -> None:
    refusal = Invalid("period.unreadable", period="2025-99")
    assert EN.said(refusal).startswith("“2025-99” is not a period")
    assert SQ.said(refusal).startswith("„2025-99“ nuk është periudhë")
    assert SR.said(refusal).startswith("„2025-99“ nije period")


def test_an_unknown_key_and_a_missing_value_are_bugs() -> None:
    with pytest.raises(KeyError):
        EN.text("no.such.key")
    with pytest.raises(KeyError):
        EN.text("period.unreadable")


def test_text_from_outside_is_never_a_pattern() -> None:
    assert "{period.__class__}" in EN.text("period.unreadable", period="{period.__class__}")


@pytest.mark.parametrize(
    ("code", "en", "sq", "sr"),
    [
        ("2025-03", "March 2025", "mars 2025", "mart 2025."),
        ("2025-Q1", "Q1 2025", "TM1 2025", "1. kvartal 2025."),
        ("2025-W03", "week 3, 2025", "java 3, 2025", "3. nedelja 2025."),
        ("2021-W53", "week 1, 2022", "java 1, 2022", "1. nedelja 2022."),
        ("2025", "2025", "2025", "2025."),
    ],
)
def test_periods_in_words(code: str, en: str, sq: str, sr: str) -> None:
    if code == "2021-W53":  # 2021 has no week 53: the first days of 2022 stand for the turn
        period = Period.covering(date(2022, 1, 3), Frequency.WEEK)
    else:
        period = Period.parse(code)
    assert (EN.period(period), SQ.period(period), SR.period(period)) == (en, sq, sr)


@pytest.mark.parametrize(
    ("value", "decimals", "en", "sr"),
    [
        (1.0, 0, "1 working day", "1 radni dan"),
        (3.0, 0, "3 working days", "3 radna dana"),
        (12.0, 0, "12 working days", "12 radnih dana"),
        (9.0, 1, "9.0 working days", "9,0 radnih dana"),
    ],
)
def test_units_follow_the_number(value: float, decimals: int, en: str, sr: str) -> None:
    figure = Figure(value, Unit.WORKING_DAYS, decimals)
    assert EN.figure(figure) == en
    assert SR.figure(figure) == sr


def test_a_missing_figure_says_why() -> None:
    figure = Figure(None, Unit.PERCENT, 1, Missing.NO_DATA)
    assert (EN.figure(figure), SQ.figure(figure), SR.figure(figure)) == (
        "no data",
        "nuk ka të dhëna",
        "nema podataka",
    )
    assert EN.figure_number(figure) == "no data"


def test_figures_round_half_up_with_their_unit() -> None:
    assert EN.figure(Figure(12.25, Unit.PERCENT, 1)) == "12.3%"
    assert SQ.figure(Figure(12.25, Unit.PERCENT, 1)) == f"12,3{NB}%"
    assert EN.figure_number(Figure(1234.5, Unit.CASES, 0)) == "1,235"


def test_values_of_every_kind() -> None:
    late = datetime(2025, 3, 5, 23, 30, tzinfo=UTC)
    assert EN.value(late) == "6 March 2025, 00:30"
    assert SR.value(late) == "6. mart 2025. 00:30"
    assert Texts(Language.EN, ZoneInfo("UTC")).value(late) == "5 March 2025, 23:30"
    assert SQ.value(date(2025, 3, 5)) == "5 mars 2025"
    assert SR.value(12345) == "12.345"
    assert EN.value(Decimal("1.50")) == "1.5"
    assert (EN.value(True), SQ.value(False), EN.value(None)) == ("Yes", "Jo", "–")
    assert EN.value(Missing.TOO_FEW) == "too few cases"
    assert SQ.value(LocalText("Pasaporta", "Pasoš", "Passport")) == "Pasaporta"
    assert EN.value(["a", 2, Frequency.MONTH]) == "a, 2, monthly"
    assert "“x”" in EN.value(Invalid("period.unreadable", period="x"))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        EN.moment(datetime(2025, 3, 5, 12, 0))  # noqa: DTZ001 - that is the point


def test_a_text_nobody_translated_falls_back() -> None:
    assert LocalText("", "", "Passport").within(Language.SR) == "Passport"
    assert LocalText("Pasaporta", "", "").within(Language.SR) == "Pasaporta"


def test_a_sentence_that_ends_with_a_serbian_day_ends_once() -> None:
    told = {"service": "X", "speed": "Y", "day": date(2026, 12, 16)}
    ends = [one.text("formulas.rule_twice", **told)[-6:] for one in (EN, SR)]
    assert ends == [" 2026.", " 2026."]
    assert SR.text("formulas.rule_twice", **told | {"day": "2026..."}).endswith("2026....")
