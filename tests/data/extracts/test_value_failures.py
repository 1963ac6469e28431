"""How values go wrong: numbers, dates, clocks, zeros, codes; each with a file that shows it."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from tests.data.extracts.checks import (
    COLUMNS,
    HEAD,
    ROW,
    Desk,
    listed,
    notes,
    numbered,
    payments,
    rows,
    table,
)

# NUM: numbers by the profile, never by guess


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,50 €", "1234.50"),
        ("12,5", "12.5"),
        ("€ 7", "7"),
        ("1.000.000,00 EUR", "1000000"),
        ("-3,25", "-3.25"),
        ("1234,5678", "1234.5678"),
    ],
)
def test_numbers_are_read_by_the_declared_marks(desk: Desk, text: str, value: str) -> None:
    found = rows(payments(desk, text))["amount_eur"][0]
    assert Decimal(str(found)) == Decimal(value)


@pytest.mark.parametrize("text", ["12.34", "1.23,5", "1,234.50", "12,34567", "12 34", "abc", "1e3"])
def test_other_numbers_go_to_quarantine_and_are_never_guessed(desk: Desk, text: str) -> None:
    checked = payments(desk, text, "1,00")
    assert checked.counts.accepted == 1
    assert checked.quarantine_reasons == {"not_a_number": 1}


# DATE: one declared format


def test_dates_of_the_declared_format_only(desk: Desk) -> None:
    profile = desk.profile('[formats]\ntimestamp = "%d.%m.%Y %H:%M"\ndate = "%d.%m.%Y"')
    checked = desk.check(
        table(
            numbered(1, submitted_at="03.02.2025 08:15", decided_at="", ready_at=""),
            numbered(2, submitted_at="2025-02-03 08:15", decided_at="", ready_at=""),
            numbered(3, submitted_at="02/25/2025", decided_at="", ready_at=""),
            numbered(4, submitted_at="03.02.25 08:15", decided_at="", ready_at=""),
            numbered(5, submitted_at="02.13.2025 08:15", decided_at="", ready_at=""),
            numbered(6, submitted_at="30.02.2025 08:15", decided_at="", ready_at=""),
        ),
        profile,
    )
    assert rows(checked)["submitted_at"][0] == pd.Timestamp("2025-02-03 08:15")
    assert [(one["row"], one["column"], one["reason"]) for one in listed(checked.quarantine)] == [
        (3, "submitted_at", "not_a_date"),
        (4, "submitted_at", "not_a_date"),
        (5, "submitted_at", "date_out_of_range"),
        (6, "submitted_at", "day_month_swapped"),
        (7, "submitted_at", "not_a_date"),
    ]


def test_two_digit_years_only_where_declared(desk: Desk) -> None:
    profile = desk.profile('[formats]\ntimestamp = "%d.%m.%y"')
    checked = desk.check(
        table(numbered(1, submitted_at="03.02.25", decided_at="", ready_at="")), profile
    )
    assert rows(checked)["submitted_at"][0] == pd.Timestamp("2025-02-03")


def test_sentinel_dates_are_emptied_and_counted(desk: Desk) -> None:
    checked = desk.check(
        table(
            numbered(1, decided_at="1900-01-01", ready_at="9999-12-31 00:00:00"),
            numbered(2, ready_at="9999-12-31"),
            numbered(3),
        )
    )
    assert checked.counts.accepted == 3
    assert list(rows(checked)["ready_at"].isna()) == [True, True, False]
    assert notes(checked)["sentinel_dates"]["columns"] == ("decided_at: 1", "ready_at: 2")
    assert {one["reason"] for one in listed(checked.noted)} == {"sentinel_date"}


# TZ: whose clock


def test_utc_times_become_local_ones(desk: Desk) -> None:
    profile = desk.profile('[formats]\nzone = "utc"')
    checked = desk.check(
        table(
            numbered(1, submitted_at="2025-01-10 23:30:00", decided_at="2025-07-10T22:30:00Z"),
        ),
        profile,
    )
    assert rows(checked)["submitted_at"][0] == pd.Timestamp("2025-01-11 00:30:00")
    assert rows(checked)["decided_at"][0] == pd.Timestamp("2025-07-11 00:30:00")


def test_a_local_time_with_an_offset_is_not_taken_for_the_local_clock(desk: Desk) -> None:
    checked = desk.check(table(numbered(1, submitted_at="2025-01-10 23:30:00+05:00"), numbered(2)))
    assert checked.quarantine_reasons == {"not_a_date": 1}


def test_the_hour_that_comes_twice_or_never_is_flagged(desk: Desk) -> None:
    checked = desk.check(
        table(
            numbered(1, submitted_at="2024-10-27 02:30:00"),
            numbered(2, submitted_at="2024-03-31 02:00:00"),
            numbered(3, submitted_at="2024-10-27 03:00:00"),
            numbered(4, submitted_at="2024-10-27 01:59:59"),
        )
    )
    assert checked.counts.accepted == 4
    assert notes(checked)["ambiguous_hours"]["columns"] == ("submitted_at: 2",)


def test_instants_are_kept_in_utc_too(desk: Desk) -> None:
    text = (
        "incident_id,service,opened_at,restored_at\nI-1,mail,2025-07-01 12:00:00,2025-12-01 12:00\n"
    )
    found = rows(desk.check(text, "it_incidents-native"))
    assert found["opened_at_utc"][0] == pd.Timestamp("2025-07-01 10:00:00")
    assert found["restored_at_utc"][0] == pd.Timestamp("2025-12-01 11:00:00")
    assert found["closed_at_utc"].isna().all()


# ZERO: lost zeros and digits


def test_codes_are_texts_and_padded_to_their_declared_width(desk: Desk) -> None:
    head = HEAD + ",municipality_code"
    checked = desk.check(table(ROW + ",1", numbered(2) + ",07", numbered(3) + ",19", head=head))
    assert list(rows(checked)["municipality_code"]) == ["01", "07", "19"]


@pytest.mark.parametrize("number", ["1.23457E+11", "1,2E+09", "2E+15"])
def test_numbers_in_scientific_notation_have_lost_digits(desk: Desk, number: str) -> None:
    text = table(ROW, f'"{number}",' + ROW.split(",", 1)[1])
    assert desk.check(text).quarantine_reasons == {"scientific_notation": 1}


# CODE: names for codes, unknown ones, ambiguous ones


@pytest.mark.parametrize(
    "name", ["19", "Prishtine", "Prishtinë", "PRISHTINA", "Priština", "pristina", "Приштина"]
)
def test_every_form_of_a_municipality_is_its_code(desk: Desk, name: str) -> None:
    checked = desk.check(table(f"{ROW},{name}", head=HEAD + ",Komuna"))
    assert rows(checked)["municipality_code"][0] == "19"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Mitrovica", "ambiguous_code"),
        ("Mitrovicë", "ambiguous_code"),
        ("Kosovska Mitrovica", "ambiguous_code"),
        ("Tirana", "unknown_code"),
        ("99", "unknown_code"),
    ],
)
def test_what_no_code_is_sure_for_goes_to_review(desk: Desk, name: str, reason: str) -> None:
    checked = desk.check(table(f"{ROW},{name}", numbered(2) + ",38", head=HEAD + ",Komuna"))
    assert (checked.counts.accepted, checked.quarantine_reasons) == (1, {reason: 1})


def test_both_mitrovicas_are_told_apart(desk: Desk) -> None:
    text = table(
        f"{ROW},Mitrovica e Veriut", numbered(2) + ",Južna Mitrovica", head=HEAD + ",Komuna"
    )
    assert list(rows(desk.check(text))["municipality_code"]) == ["38", "11"]


def test_reference_lists_are_held_against_codes(desk: Desk) -> None:
    desk.codes = {"office": frozenset({"PR-1", "GJ-2"})}
    checked = desk.check(table(numbered(1), numbered(2, office_code="XX"), numbered(3)))
    assert checked.quarantine_reasons == {"unknown_code": 1}
    assert listed(checked.quarantine)[0]["shown"] == "XX"


def test_words_for_codes_are_known_and_the_profile_has_the_last_say(desk: Desk) -> None:
    values = 'values = { "po ashtu" = "rejected", "pa vendim" = "" }'
    profile = desk.profile(columns=COLUMNS + values)
    checked = desk.check(
        table(
            numbered(1, decision="Aprovuar"),
            numbered(2, decision="Po ashtu"),
            numbered(3, decision="ODBIJENO"),
            numbered(4, decision="pa vendim"),
            numbered(5, decision="empty"),
        ),
        profile,
    )
    decisions = rows(checked)["decision"]
    assert list(decisions.fillna("")) == ["approved", "rejected", "rejected", "", ""]
