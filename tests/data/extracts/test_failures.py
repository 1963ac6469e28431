"""Every known way in which such files go wrong, each with a file that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from data.errors import ExtractRejected
from data.extracts.checking import CheckedFile, Declared, check_file
from data.extracts.profile_files import read_profile
from tests.data.extracts.checks import (
    COLUMNS,
    HEAD,
    KOSOVAR,
    ROW,
    ZONE,
    Desk,
    listed,
    notes,
    numbered,
    rows,
    table,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refusal(act: Callable[[], object]) -> ExtractRejected:
    with pytest.raises(ExtractRejected) as caught:
        act()
    return caught.value


# ENC: encodings and mangled letters


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1250", "cp1250"),
    ],
)
def test_letters_survive_every_encoding_and_the_encoding_is_recorded(
    desk: Desk, encoding: str, recorded: str
) -> None:
    text = table(numbered(1, office_code="Zyra-Gjakovë-çš"), numbered(2, office_code="Šalter-1"))
    checked = desk.check(text.encode(encoding))
    assert checked.encoding == recorded
    assert list(rows(checked)["office_code"]) == ["Zyra-Gjakovë-çš", "Šalter-1"]


def test_cp1252_is_tried_after_cp1250(desk: Desk) -> None:
    text = table(numbered(1, office_code="Zyra ë ˆ"))  # ˆ is 0x88, which cp1250 does not define
    checked = desk.check(text.encode("cp1252"))
    assert (checked.encoding, rows(checked)["office_code"][0]) == ("cp1252", "Zyra ë ˆ")


def test_serbian_cyrillic_stands_beside_latin(desk: Desk) -> None:
    text = "Број захтева,Usluga,Opština,Податo,datum podnošenja,Odlučeno,Spremno\n"
    text += "A-1,Pasoš,Приштина,,2025-03-03 09:00:00,,\nA-2,Лична карта,Priština,,2025-03-03,,\n"
    checked = desk.check(text)
    assert list(rows(checked)["service_code"]) == ["PASSPORT", "ID_CARD"]
    assert list(rows(checked)["municipality_code"]) == ["19", "19"]


@pytest.mark.parametrize(
    "damage", ["Prishtin\ufffd", "PrishtinÃ«", "Å¡alter", "PrishtinĂ«", "Ä\x8d"]
)
def test_mangled_letters_refuse_the_file(desk: Desk, damage: str) -> None:
    said = refusal(lambda: desk.check(table(numbered(1, office_code=damage))))
    assert said.key in {"extracts.refused.lost_letters", "extracts.refused.misread_letters"}


def test_a_profile_can_insist_on_an_encoding(desk: Desk) -> None:
    profile = desk.profile('[file]\nencodings = ["utf-8"]')
    text = table(numbered(1, office_code="ë")).encode("cp1250")
    assert refusal(lambda: desk.check(text, profile)).key == "extracts.refused.undecodable"
    wide = table(ROW).encode("utf-16")
    said = refusal(lambda: desk.check(wide, profile))
    assert (said.key, said.values["encoding"]) == (
        "extracts.refused.encoding_not_accepted",
        "utf-16",
    )


# SEP: separators, sep=, quoted newlines


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_separators_of_the_profile_are_found(desk: Desk, separator: str) -> None:
    checked = desk.check(table(ROW).replace(",", separator))
    assert checked.counts.accepted == 1


def test_a_first_line_may_declare_the_separator(desk: Desk) -> None:
    checked = desk.check("sep=;\n" + table(ROW).replace(",", ";"))
    assert checked.counts.accepted == 1


def test_quoted_line_breaks_and_separators_are_part_of_the_value(desk: Desk) -> None:
    checked = desk.check(table(numbered(1, office_code='"PR,\n1"')))
    assert rows(checked)["office_code"][0] == "PR,\n1"


@pytest.mark.parametrize(("line", "found"), [(ROW + ",more", 8), ("A-2,PASSPORT", 2)])
def test_another_number_of_columns_fails_with_its_line(desk: Desk, line: str, found: int) -> None:
    said = refusal(lambda: desk.check(table(ROW, line)))
    assert said.key == "extracts.refused.column_count"
    assert said.values == {"line": 3, "expected": 7, "found": found}


# NUM: numbers by the profile, never by guess


AMOUNTS = "Nr. i pagesës;Shuma;Paguar më;Statusi\n"


def payments(desk: Desk, *amounts: str, total: str = "") -> CheckedFile:
    path = desk.folder / "payments.toml"
    path.write_text(KOSOVAR, encoding="utf-8")
    lines = [f"P-{n};{amount};2025-03-03 09:00:00;paid" for n, amount in enumerate(amounts)]
    return desk.check(AMOUNTS + "\n".join([*lines, total]) + "\n", read_profile(path))


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


# NEG: impossible orders


def test_impossible_orders_are_kept_counted_and_listed(desk: Desk) -> None:
    good = [numbered(n) for n in range(2, 40)]
    checked = desk.check(
        table(numbered(1, decided_at="2025-03-01 10:00:00"), *good), threshold=0.05
    )
    assert checked.counts.accepted == 39
    assert notes(checked)["wrong_order"] == {"count": 1, "pairs": ("decided_at < submitted_at: 1",)}
    assert [(one["row"], one["column"]) for one in listed(checked.noted)] == [(2, "decided_at")]


def test_too_many_impossible_orders_refuse_the_file(desk: Desk) -> None:
    wrong = [numbered(n, decided_at="2025-03-01 10:00:00") for n in range(3)]
    good = [numbered(n) for n in range(3, 40)]
    said = refusal(lambda: desk.check(table(*wrong, *good), threshold=0.05))
    assert said.key == "extracts.refused.too_many_out_of_order"
    assert (said.values["count"], said.values["percent"]) == (3, 7.5)
    assert not (desk.staging / "accepted").exists()


# TEST: records that are none


def test_test_records_are_stored_and_counted_apart(desk: Desk) -> None:
    lines = [
        "TEST-1,PASSPORT,PR-1,2025-03-03,,,",
        "prova-2,PASSPORT,PR-1,2025-03-03,,,",  # prova is another word
        "Provë 3,PASSPORT,PR-1,2025-03-03,,,",
        "A-4,PASSPORT,TRAIN,2025-03-03,,,",
        "LATEST-5,PASSPORT,PR-1,2025-03-03,,,",
    ]
    profile = desk.profile(
        '[test]\nwords = ["TEST", "PROVË", "PROVE"]\n[test.values]\noffice_code = ["TRAIN"]'
    )
    desk.codes = {"office": frozenset({"PR-1"})}
    checked = desk.check(table(*lines), profile)
    found = rows(checked).set_index("application_id")["is_test"]
    assert checked.counts.accepted == 5
    assert checked.counts.excluded_test == 3
    assert sorted(found[found].index) == ["A-4", "Provë 3", "TEST-1"]
    assert "no_test_flag" in notes(checked)


def test_the_flag_of_the_file_holds(desk: Desk) -> None:
    checked = desk.check(
        table(ROW + ",po", numbered(2) + ",jo", numbered(3) + ",", head=HEAD + ",Provë")
    )
    assert list(rows(checked)["is_test"]) == [True, False, False]
    assert "no_test_flag" not in notes(checked)


# HEAD: headers in three languages, title rows, several rows of headers


@pytest.mark.parametrize(
    "head",
    [
        "Nr. i kërkesës,Shërbimi,Zyra,Data e aplikimit,Data e vendimit,Gati më,Vendimi",
        "BROJ ZAHTEVA,usluga,Kancelarija,Datum podnošenja,Datum odluke,Spremno,Odluka",
        "Број захтева,Услуга,Канцеларија,Датум подношења,Датум одлуке,Спремно,Одлука",
        "application number,Service,OFFICE,Submission date,Decided,Ready,decision",
        "Nr i kerkeses,Sherbimi,Zyra,Data e aplikimit,Data e vendimit,Gati me,Vendimi",
    ],
)
def test_headers_are_known_in_three_languages_and_two_scripts(desk: Desk, head: str) -> None:
    checked = desk.check(table(ROW, head=head))
    assert (checked.counts.accepted, rows(checked)["decision"][0]) == (1, "approved")


def test_title_rows_stand_above_the_header_row_of_the_profile(desk: Desk) -> None:
    profile = desk.profile("[file]\nheader_row = 3")
    checked = desk.check("Raporti mujor,,,,,,\n,,,,,,\n" + table(ROW), profile)
    assert checked.counts.accepted == 1


def test_two_rows_of_headers_are_read_downwards(desk: Desk) -> None:
    columns = "\n".join(
        f'[columns.{name}]\nheaders = ["{header}"]'
        for name, header in (
            ("application_id", "Kërkesa numri"),
            ("service_code", "Kërkesa shërbimi"),
            ("submitted_at", "Datat parashtruar"),
            ("decided_at", "Datat vendosur"),
            ("ready_at", "Datat gati"),
        )
    )
    profile = desk.profile("[file]\nheader_rows = 2", columns=columns)
    head = "Kërkesa,Kërkesa,Datat,Datat,Datat\nnumri,shërbimi,parashtruar,vendosur,gati"
    checked = desk.check(f"{head}\nA-1,PASSPORT,2025-03-03,,\n", profile)
    assert checked.counts.accepted == 1


def test_missing_columns_are_named(desk: Desk) -> None:
    said = refusal(lambda: desk.check("application_id,submitted_at\nA-1,2025-03-03\n"))
    assert said.key == "extracts.refused.missing_columns"
    assert said.values["columns"] == ("service_code", "decided_at", "ready_at")


def test_a_column_named_twice_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW + ",x", head=HEAD + ",Zyra")))
    assert (said.key, said.values["headers"]) == ("extracts.refused.header_twice", ("Zyra",))


# TOTAL: sums among the rows


def test_rows_of_sums_are_dropped_and_used_as_control_totals(desk: Desk) -> None:
    checked = payments(desk, "10,00", "2,50", total="Totali;12,50;;")
    assert checked.counts.excluded_total == 1
    assert checked.control_totals == {"amount_eur": Decimal("12.5")}


def test_a_sum_that_does_not_agree_refuses_the_file(desk: Desk) -> None:
    said = refusal(lambda: payments(desk, "10,00", "2,50", total="UKUPNO:;13,50;;"))
    assert said.key == "extracts.refused.control_total"
    assert (said.values["expected"], said.values["found"]) == (Decimal("13.5"), Decimal("12.5"))


def test_a_sum_is_not_compared_where_a_number_is_unreadable(desk: Desk) -> None:
    checked = payments(desk, "10,00", "x", total="Total;12,50;;")
    assert checked.control_totals == {}
    assert "total_not_compared" in notes(checked)


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


# TRUNC: files cut short


def test_a_file_cut_in_the_middle_of_a_line_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW, numbered(2))[:-60]))
    assert said.key == "extracts.refused.column_count"


def test_a_file_cut_within_a_quoted_value_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW, '"A-2') + "PASSPORT"))
    assert said.key == "extracts.refused.open_quote"


def test_a_last_line_without_its_end_is_noticed(desk: Desk) -> None:
    assert "no_final_line_end" in notes(desk.check(table(ROW).rstrip("\n")))
    assert "no_final_line_end" not in notes(desk.check(table(ROW)))


def test_exactly_as_many_rows_as_a_sheet_can_hold_raise_the_alarm(desk: Desk) -> None:
    lines = [numbered(n) for n in range(65_535)]
    said = refusal(lambda: desk.check(table(*lines)))
    assert said.values == {"rows": 65_536, "format": "xls"}
    declared = Declared(control_totals={"rows": 65_535})
    assert desk.check(table(*lines), declared=declared).counts.accepted == 65_535


def test_declared_control_totals_are_compared(desk: Desk) -> None:
    text = table(ROW, numbered(2))
    agreed = desk.check(text, declared=Declared(control_totals={"rows": 2}))
    assert agreed.control_totals == {"rows": 2}
    said = refusal(lambda: desk.check(text, declared=Declared(control_totals={"rows": 3})))
    assert said.key == "extracts.refused.control_total"


# CLOSED: open cases left out


def test_a_file_without_open_cases_says_so(desk: Desk) -> None:
    assert "no_open_rows" in notes(desk.check(table(ROW)))
    still_open = numbered(2, decided_at="", ready_at="", decision="")
    assert "no_open_rows" not in notes(desk.check(table(ROW, still_open)))
    profile = desk.profile("open_rows = false")
    assert "closed_only" in notes(desk.check(table(ROW), profile))


# The file as a whole


def test_too_many_bad_rows_refuse_the_file_and_leave_the_list(desk: Desk) -> None:
    bad = [numbered(n, submitted_at="soon") for n in range(3)]
    good = [numbered(n) for n in range(3, 40)]
    said = refusal(lambda: desk.check(table(*bad, *good), threshold=0.05))
    assert said.key == "extracts.refused.too_many_bad_rows"
    assert said.values["reasons"] == {"not_a_date": 3}
    assert len(listed(said.values["quarantine"])) == 3
    assert desk.check(table(*bad[:2], *good), threshold=0.055).counts.quarantined == 2


def test_the_cut_off_and_the_days_covered_come_from_the_file(desk: Desk) -> None:
    text = table(ROW + ",2025-04-01 06:00:00", head=HEAD + ",Izvezeno")
    checked = desk.check(text)
    assert checked.cut_at.isoformat() == "2025-04-01T06:00:00+02:00"
    assert (checked.coverage_from, checked.coverage_to) == (date(2025, 3, 3), date(2025, 3, 3))
    assert desk.check(table(ROW)).cut_at.isoformat() == "2025-03-06T11:00:00+01:00"
    dates_only = desk.check(table(numbered(1, ready_at="2025-03-06")))
    assert dates_only.cut_at.isoformat() == "2025-03-07T00:00:00+01:00"


def test_the_cut_off_may_stand_in_the_file_name(desk: Desk) -> None:
    profile = desk.profile(
        "[cut_off]\nrules = ['file_name']\nfile_name = 'apps_(?P<date>[0-9]{8})'"
    )
    checked = desk.check(table(ROW), profile, name="apps_20250331.csv")
    assert checked.cut_at.isoformat() == "2025-04-01T00:00:00+02:00"
    said = refusal(lambda: desk.check(table(ROW), profile, name="apps.csv"))
    assert said.key == "extracts.refused.no_cut_off"


def test_what_is_declared_comes_first(desk: Desk) -> None:
    declared = Declared(
        cut_at=datetime.fromisoformat("2025-03-04T00:00:00+01:00"),
        coverage_from=date(2025, 3, 1),
        coverage_to=date(2025, 3, 2),
        scope="full",
    )
    checked = desk.check(table(ROW), declared=declared)
    assert (checked.cut_at, checked.scope) == (declared.cut_at, "full")
    assert (checked.scope_from, checked.scope_to) == (date(2025, 3, 1), date(2025, 3, 2))
    assert notes(checked)["after_cut_off"]["columns"] == ("decided_at", "ready_at")
    assert "outside_coverage" in notes(checked)


def test_columns_nobody_asked_for_are_named_and_not_stored(desk: Desk) -> None:
    checked = desk.check(table(ROW + ",blu", head=HEAD + ",Ngjyra"))
    assert notes(checked)["unknown_columns"]["headers"] == ("Ngjyra",)
    assert "Ngjyra" not in rows(checked).columns


def test_a_file_of_headers_or_of_nothing_is_refused(desk: Desk) -> None:
    assert refusal(lambda: desk.check(HEAD + "\n")).key == "extracts.refused.no_rows"
    assert refusal(lambda: desk.check("")).key == "extracts.refused.empty_file"


def test_rows_lie_in_the_folder_of_their_year(desk: Desk) -> None:
    lines = [
        numbered(n, submitted_at=f"{year}-12-31", decided_at="", ready_at="")
        for n, year in enumerate((2023, 2024, 2024, 2025))
    ]
    checked = desk.check(table(*lines))
    assert sorted(folder.name for folder in checked.accepted.iterdir()) == ["2023", "2024", "2025"]
    assert not (desk.staging / "scratch").exists()


def test_progress_goes_from_nothing_to_all(desk: Desk) -> None:
    path = desk.folder / "a.csv"
    path.write_text(table(ROW))
    seen: list[tuple[str, float]] = []
    desk.staging.mkdir()
    checked = check_file(
        path,
        file_name="a.csv",
        profile=desk.profile(),
        staging=desk.staging,
        zone=ZONE,
        codes={},
        declared=Declared(),
        threshold=0.0,
        progress=lambda stage, done: seen.append((stage, done)),
        sha256="known",
    )
    assert (seen[0], seen[-1]) == (("reading", 0.0), ("reading", 1.0))
    assert checked.sha256 == "known"
