"""Rows of one key: identical ones are dropped, others settled by the rule, every one accounted."""

from __future__ import annotations

from data.extracts.profile import Profile
from data.extracts.profile_files import read_profile
from tests.data.extracts.checks import HEAD, Desk, listed, notes, numbered, rows, table

WITH_TIMES = HEAD + ",updated_at,extracted_at"


def with_rule(desk: Desk, rule: str) -> Profile:
    """The profile with another rule for duplicates."""
    desk.profile()
    path = desk.folder / "profile.toml"
    path.write_text(path.read_text().replace("newest_updated", rule))
    return read_profile(path)


def version(number: int, decision: str, updated: str, extracted: str = "2025-04-01") -> str:
    return f"{numbered(number, decision=decision)},{updated},{extracted}"


def test_identical_rows_are_dropped_and_counted(desk: Desk) -> None:
    checked = desk.check(table(numbered(1), numbered(2), numbered(1), numbered(1)))
    assert (checked.counts.accepted, checked.counts.duplicate) == (2, 2)
    assert notes(checked)["repeated_rows"]["count"] == 2
    assert [(one["row"], one["reason"]) for one in listed(checked.noted)] == [
        (2, "repeated"),
        (4, "repeated"),
    ]


def test_a_later_extraction_of_the_same_content_is_a_repetition(desk: Desk) -> None:
    first = version(1, "approved", "2025-03-07", "2025-04-01")
    again = version(1, "approved", "2025-03-07", "2025-04-02")
    checked = desk.check(table(first, again, head=WITH_TIMES))
    assert notes(checked)["repeated_rows"]["count"] == 1


def test_the_newest_update_wins_wherever_it_stands(desk: Desk) -> None:
    checked = desk.check(
        table(
            version(1, "rejected", "2025-03-09"),
            version(1, "approved", "2025-03-07"),
            version(1, "withdrawn", ""),
            version(2, "approved", "2025-03-07"),
            head=WITH_TIMES,
        )
    )
    assert list(rows(checked)["decision"]) == ["rejected", "approved"]
    assert (checked.counts.accepted, checked.counts.duplicate) == (2, 2)
    assert notes(checked)["superseded_rows"]["count"] == 2


def test_rows_that_contradict_each_other_are_not_let_in(desk: Desk) -> None:
    same_moment = [version(1, "rejected", "2025-03-09"), version(1, "approved", "2025-03-09")]
    checked = desk.check(table(*same_moment, version(2, "approved", ""), head=WITH_TIMES))
    assert (checked.counts.accepted, checked.counts.quarantined) == (1, 2)
    assert checked.quarantine_reasons == {"conflicting_duplicate": 2}
    without = desk.check(table(numbered(1), numbered(1, decision="rejected"), numbered(2)))
    assert (without.counts.accepted, without.counts.quarantined) == (1, 2)


def test_the_later_row_wins_where_the_profile_says_so(desk: Desk) -> None:
    text = table(numbered(1), numbered(2), numbered(1, decision="rejected"), numbered(2))
    checked = desk.check(text, with_rule(desk, "later_row_wins"))
    assert list(rows(checked)["decision"]) == ["rejected", "approved"]
    assert checked.counts.duplicate == 2
    assert desk.check(text, desk.profile()).counts.quarantined == 2


def test_reject_lets_no_version_in_but_drops_repetitions(desk: Desk) -> None:
    lines = [numbered(1), numbered(1), numbered(2), numbered(2, decision="rejected"), numbered(3)]
    checked = desk.check(table(*lines), with_rule(desk, "reject"))
    assert list(rows(checked)["application_id"]) == ["A-1", "A-3"]
    assert (checked.counts.duplicate, checked.counts.quarantined) == (1, 2)


def test_versions_of_one_key_may_open_in_different_years(desk: Desk) -> None:
    old = numbered(1, submitted_at="2024-12-31 09:00:00") + ",2025-01-01,"
    new = numbered(1, submitted_at="2025-01-02 09:00:00") + ",2025-01-03,"
    checked = desk.check(table(old, new, numbered(2) + ",,", head=WITH_TIMES))
    assert [folder.name for folder in checked.accepted.glob("*/*.parquet")]
    assert list(rows(checked)["submitted_at"].dt.year) == [2025, 2025]


def test_a_bad_row_is_no_rival_of_a_good_one(desk: Desk) -> None:
    checked = desk.check(table(numbered(1), numbered(1, submitted_at="soon")))
    assert (checked.counts.accepted, checked.counts.quarantined) == (1, 1)


def test_a_row_with_a_remark_can_be_superseded_and_is_then_listed_once(desk: Desk) -> None:
    wrong = numbered(1, decided_at="2025-03-01 10:00:00") + ",2025-03-07,"
    right = numbered(1) + ",2025-03-08,"
    checked = desk.check(table(wrong, right, head=WITH_TIMES))
    assert [one["reason"] for one in listed(checked.noted)] == ["superseded"]
    assert "wrong_order" not in notes(checked)
