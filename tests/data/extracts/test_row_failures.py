"""How rows go wrong: orders, tests, sums, missing open cases; and what the file speaks for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from data.extracts.checking import Declared, check_file
from tests.data.extracts.checks import (
    HEAD,
    ROW,
    ZONE,
    Desk,
    listed,
    notes,
    numbered,
    payments,
    refusal,
    rows,
    table,
)

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
    check_file(
        path,
        file_name="a.csv",
        profile=desk.profile(),
        staging=desk.staging,
        zone=ZONE,
        codes={},
        declared=Declared(),
        threshold=0.0,
        progress=lambda stage, done: seen.append((stage, done)),
    )
    assert (seen[0], seen[-1]) == (("reading", 0.0), ("reading", 1.0))
