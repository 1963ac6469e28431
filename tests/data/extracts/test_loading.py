"""Loading a file: what is added, changed, unchanged or vanishes, and what a second file does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from data.audit.tags import AuditTag
from data.errors import NotFound, PermissionDenied
from data.extracts.actions import load_extract, withdraw_load
from data.extracts.checked_file import Declared
from data.extracts.loading import LoadRefused, LoadReport
from data.store.tables import AuditEntry
from data.workspace import Workspace
from tests.data.extracts.loads import (
    STEWARD,
    VIEWER,
    Values,
    application,
    audit,
    batches,
    events,
    founded,
    load,
    on_disk,
    statuses,
    stock,
    winners,
    written,
)

MARCH = Declared(coverage_from=date(2025, 3, 1), coverage_to=date(2025, 3, 31), scope="full")


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    return founded(workspace)


def counts(report: LoadReport) -> dict[str, int]:
    assert report.rows is not None
    return {name: number for name, number in report.rows.as_dict().items() if number}


def test_a_first_load_adds_everything(house: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", [application(1), application(2)])
    report = load(house, file)
    assert counts(report) == {"read": 2, "accepted": 2, "added": 2}
    assert (report.event, report.contract, report.profile) == (
        1,
        "applications",
        "applications-native",
    )
    assert statuses(house) == {"A-0001": "received", "A-0002": "received"}
    assert on_disk(house) == {report.batch}


def test_the_batch_row_says_what_the_report_says(house: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [application(1)])
    report = load(house, path, history=True, reason="kept elsewhere before")
    (batch,) = batches(house)
    assert report.rows is not None
    assert {
        name: getattr(batch, f"rows_{name}") for name in report.rows.as_dict()
    } == report.rows.as_dict()
    assert (batch.id, batch.sha256, batch.file_name) == (report.batch, report.sha256, "a.csv")
    assert (batch.loaded_by, batch.history, batch.demo) == ("steward@example.org", True, False)
    (entry,) = [one for one in audit(house) if one.tag == AuditTag.EXTRACT_LOADED]
    assert entry.noun_id == report.batch
    assert entry.new is not None
    assert entry.new["rows"] == report.rows.as_dict()


def test_later_news_of_a_case_changes_it_and_the_earlier_state_stays(
    house: Workspace, tmp_path: Path
) -> None:
    """Failure LATE: the status of last month's case arrives this month."""
    load(house, written(tmp_path / "march.csv", [application(1), application(2)]))
    late = [application(2, "issued", updated=2), application(3)]
    report = load(house, written(tmp_path / "april.csv", late))
    assert counts(report) == {"read": 2, "accepted": 2, "added": 1, "changed": 1}
    assert statuses(house, 1) == {"A-0001": "received", "A-0002": "received"}
    assert statuses(house) == {"A-0001": "received", "A-0002": "issued", "A-0003": "received"}


def test_the_same_file_twice_changes_nothing(house: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", [application(1), application(2)])
    first = load(house, file)
    again = load(house, file)
    assert counts(again) == {"read": 2, "accepted": 2, "unchanged": 2}
    assert again.nothing_new
    assert (again.event, again.batch) == (first.event, first.batch)
    assert [note.key for note in again.notes] == ["loading.note.same_file"]
    assert len(events(house)) == 1
    assert on_disk(house) == {first.batch}


def test_the_same_rows_in_another_file_change_nothing(house: Workspace, tmp_path: Path) -> None:
    rows = [application(1), application(2), application(3)]
    load(house, written(tmp_path / "a.csv", rows))
    again = load(house, written(tmp_path / "b.csv", reversed(rows)))
    assert again.nothing_new
    assert counts(again) == {"read": 3, "accepted": 3, "unchanged": 3}
    assert [note.key for note in again.notes][-1] == "loading.note.same_content"
    assert len(events(house)) == 1


def test_the_same_rows_with_a_later_cut_off_are_news(house: Workspace, tmp_path: Path) -> None:
    rows = [application(1), application(2)]
    load(house, written(tmp_path / "a.csv", rows), declared=until(10))
    report = load(house, written(tmp_path / "b.csv", reversed(rows)), declared=until(11))
    assert counts(report) == {"read": 2, "accepted": 2, "unchanged": 2}
    assert not report.nothing_new
    assert report.event == 2


def test_the_same_file_declared_otherwise_is_news(house: Workspace, tmp_path: Path) -> None:
    load(house, written(tmp_path / "a.csv", [application(1), application(2)]))
    file = written(tmp_path / "b.csv", [application(1)])
    load(house, file, declared=until(10))
    assert load(house, file).nothing_new
    assert load(house, file, declared=until(10)).nothing_new
    report = load(house, file, declared=MARCH, accept_vanished=True)
    assert counts(report) == {"read": 1, "accepted": 1, "unchanged": 1, "vanished": 1}
    assert statuses(house) == {"A-0001": "received"}


def until(day: int) -> Declared:
    return Declared(cut_at=datetime(2025, 5, day, tzinfo=UTC))


def test_a_file_loaded_again_after_its_withdrawal_is_news(house: Workspace, tmp_path: Path) -> None:
    from data.extracts.actions import withdraw_load
    from tests.data.extracts.loads import STEWARD

    file = written(tmp_path / "a.csv", [application(1)])
    first = load(house, file)
    withdraw_load(house, by=STEWARD, batch_id=first.batch or "", reason="by mistake")
    report = load(house, file)
    assert report.event == 3
    assert counts(report) == {"read": 1, "accepted": 1, "added": 1}


def test_rows_older_than_what_is_known_change_nothing(house: Workspace, tmp_path: Path) -> None:
    load(house, written(tmp_path / "new.csv", [application(1, "issued", updated=9)]))
    old = [application(1, "received", updated=3), application(2)]
    report = load(house, written(tmp_path / "old.csv", old))
    assert counts(report) == {"read": 2, "accepted": 2, "added": 1, "unchanged": 1}
    (note,) = [one for one in report.notes if one.key == "loading.note.outdated"]
    assert note.values == {"count": 1}
    assert statuses(house)["A-0001"] == "issued"


def test_when_it_was_extracted_makes_no_new_version(house: Workspace, tmp_path: Path) -> None:
    first = [application(1, extracted_at="2025-05-01 08:00:00")]
    second = [
        application(1, extracted_at="2025-05-02 08:00:00"),
        application(2, extracted_at="2025-05-02 08:00:00"),
    ]
    load(house, written(tmp_path / "a.csv", first))
    report = load(house, written(tmp_path / "b.csv", second))
    assert counts(report) == {"read": 2, "accepted": 2, "added": 1, "unchanged": 1}


def test_a_tie_goes_to_the_later_load(house: Workspace, tmp_path: Path) -> None:
    load(house, written(tmp_path / "a.csv", [application(1, "received")]))
    report = load(house, written(tmp_path / "b.csv", [application(1, "issued")]))
    assert counts(report) == {"read": 1, "accepted": 1, "changed": 1}
    assert statuses(house) == {"A-0001": "issued"}


def test_a_missing_time_of_update_is_older_than_any(house: Workspace, tmp_path: Path) -> None:
    load(
        house, written(tmp_path / "a.csv", [application(1, "received", updated=0), application(2)])
    )
    known = [application(1, "issued", updated=1), application(2, "issued", updated=0)]
    report = load(house, written(tmp_path / "b.csv", known))
    assert counts(report) == {"read": 2, "accepted": 2, "changed": 1, "unchanged": 1}
    assert statuses(house) == {"A-0001": "issued", "A-0002": "received"}


def test_without_a_time_of_update_the_later_load_wins(house: Workspace, tmp_path: Path) -> None:
    load(house, written(tmp_path / "a.csv", [stock(1, 500), stock(2, 400)]))
    report = load(house, written(tmp_path / "b.csv", [stock(2, 390), stock(3, 300)]))
    assert counts(report) == {"read": 2, "accepted": 2, "added": 1, "changed": 1}
    found = winners(house, "blank_stock", "on_hand")
    assert {key[1].day: value for key, value in found.items()} == {1: 500, 2: 390, 3: 300}


def test_another_file_may_bring_old_rows_back(house: Workspace, tmp_path: Path) -> None:
    """The same rows are no news only while they still hold."""
    load(house, written(tmp_path / "a.csv", [stock(1, 500), stock(2, 400)]))
    load(house, written(tmp_path / "b.csv", [stock(1, 480)]))
    report = load(house, written(tmp_path / "c.csv", [stock(2, 400), stock(1, 500)]))
    assert counts(report) == {"read": 2, "accepted": 2, "changed": 1, "unchanged": 1}
    assert report.event == 3


def full(house: Workspace, path: Path, rows: list[Values], **options: bool) -> LoadReport:
    return load(house, written(path, rows), declared=MARCH, **options)


def test_a_full_resend_with_the_same_cases_makes_none_vanish(
    house: Workspace, tmp_path: Path
) -> None:
    """Failure RESEND: a period sent again, whole."""
    full(house, tmp_path / "a.csv", [application(n) for n in range(10)])
    resent = [application(n, "issued", updated=2) for n in range(10)]
    report = full(house, tmp_path / "b.csv", resent)
    assert counts(report) == {"read": 10, "accepted": 10, "changed": 10}
    assert statuses(house) == {f"A-{n:04}": "issued" for n in range(10)}


def test_a_full_resend_with_fewer_cases_says_so_before_it_is_accepted(
    house: Workspace, tmp_path: Path
) -> None:
    """Failure RESEND: a period sent again, with fewer rows."""
    full(house, tmp_path / "a.csv", [application(n) for n in range(40)])
    fewer = [application(n) for n in range(39)]
    preview = full(house, tmp_path / "b.csv", fewer, dry_run=True)
    assert counts(preview) == {"read": 39, "accepted": 39, "unchanged": 39, "vanished": 1}
    assert preview.event is None
    assert len(statuses(house)) == 40
    report = full(house, tmp_path / "b.csv", fewer)
    assert counts(report) == counts(preview)
    assert "A-0039" not in statuses(house)
    assert "A-0039" in statuses(house, 1)


def test_many_vanished_cases_refuse_the_file_unless_accepted(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(n) for n in range(10)])
    half = [application(n) for n in range(5)]
    for dry_run in (True, False):
        with pytest.raises(LoadRefused) as refused:
            full(house, tmp_path / "b.csv", half, dry_run=dry_run)
        assert refused.value.key == "loading.refused.vanished"
        assert refused.value.values == {"vanished": 5, "known": 10, "share": 50.0, "limit": 5.0}
        assert counts(refused.value.report)["vanished"] == 5
    assert len(statuses(house)) == 10
    assert len(events(house)) == 1
    full(house, tmp_path / "b.csv", half, accept_vanished=True)
    assert len(statuses(house)) == 5


def test_a_full_file_says_nothing_about_cases_opened_outside_its_scope(
    house: Workspace, tmp_path: Path
) -> None:
    february = application(99, submitted_at="2025-02-27 10:00:00")
    load(house, written(tmp_path / "a.csv", [february, *(application(n) for n in range(3))]))
    report = full(house, tmp_path / "b.csv", [application(n) for n in range(3)])
    assert counts(report) == {"read": 3, "accepted": 3, "unchanged": 3}
    assert len(statuses(house)) == 4


def test_a_case_that_comes_back_after_it_vanished_is_added(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(1), application(2)])
    full(house, tmp_path / "b.csv", [application(1, "issued")], accept_vanished=True)
    report = load(house, written(tmp_path / "c.csv", [application(2, "found", updated=0)]))
    assert counts(report) == {"read": 1, "accepted": 1, "added": 1}
    assert statuses(house) == {"A-0001": "issued", "A-0002": "found"}


def test_a_dry_run_leaves_no_trace(house: Workspace, tmp_path: Path) -> None:
    trail = len(audit(house))
    report = load(house, written(tmp_path / "a.csv", [application(1)]), dry_run=True)
    assert counts(report) == {"read": 1, "accepted": 1, "added": 1}
    assert (report.event, report.batch) == (None, None)
    assert (events(house), batches(house), on_disk(house)) == ([], [], set())
    assert len(audit(house)) == trail


def test_a_refused_file_leaves_an_audit_entry_and_nothing_else(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(n) for n in range(10)])
    before = on_disk(house)
    with pytest.raises(LoadRefused) as refused:
        full(house, tmp_path / "b.csv", [application(1)])
    assert on_disk(house) == before
    entry = audit(house)[-1]
    assert (entry.tag, entry.noun_id) == (AuditTag.EXTRACT_REFUSED, refused.value.report.sha256)
    assert entry.new is not None
    assert entry.new["file"] == "b.csv"
    assert entry.new["reason"]["key"] == "loading.refused.vanished"
    assert entry.new["rows"]["vanished"] == 9


def test_who_may_not_load_is_refused_before_the_file_is_opened(house: Workspace) -> None:
    with pytest.raises(PermissionDenied):
        load_extract(house, by=VIEWER, path=Path("nowhere.csv"), file_name="nowhere.csv")
    with house.database.reading() as session:
        tags = list(session.exec(select(AuditEntry.tag).where(AuditEntry.actor == VIEWER.email)))
    assert tags == [AuditTag.REFUSED]


def test_an_unknown_profile_is_not_found(house: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", [application(1)])
    with pytest.raises(NotFound):
        load(house, file, profile_id="no-such-profile")
    assert on_disk(house) == set()


def test_two_contracts_do_not_touch_each_other(house: Workspace, tmp_path: Path) -> None:
    load(house, written(tmp_path / "a.csv", [application(1)]))
    load(house, written(tmp_path / "b.csv", [stock(1, 500)]))
    assert [(event.number, event.contract) for event in events(house)] == [
        (1, "applications"),
        (2, "blank_stock"),
    ]
    assert len(statuses(house)) == 1
    assert len(winners(house, "blank_stock", "on_hand")) == 1


def test_a_known_case_whose_row_is_held_back_does_not_vanish(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(n) for n in range(40)])
    resent = [application(n, "issued", updated=2) for n in range(39)]
    bad = application(39, "issued", updated=2, service_code="NO_SUCH_SERVICE")
    report = full(house, tmp_path / "b.csv", [*resent, bad])
    assert counts(report) == {"read": 40, "accepted": 39, "changed": 39, "quarantined": 1}
    assert statuses(house)["A-0039"] == "received"


def test_a_known_case_whose_rows_contradict_each_other_does_not_vanish(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(n) for n in range(60)])
    resent = [application(n, "issued", updated=2) for n in range(59)]
    rivals = [application(59, status, updated=2) for status in ("issued", "rejected")]
    report = full(house, tmp_path / "b.csv", [*resent, *rivals])
    assert counts(report) == {"read": 61, "accepted": 59, "changed": 59, "quarantined": 2}
    assert statuses(house)["A-0059"] == "received"


def test_only_cases_the_file_names_are_kept_by_a_row_held_back(
    house: Workspace, tmp_path: Path
) -> None:
    full(house, tmp_path / "a.csv", [application(n) for n in range(60)])
    resent = [application(n, "issued", updated=2) for n in range(58)]
    nameless = application(59, "issued", updated=2, application_id="")
    unreadable = application(58, "issued", updated=2, submitted_at="never")
    report = full(house, tmp_path / "b.csv", [*resent, unreadable, nameless])
    assert counts(report) == {
        "read": 60,
        "accepted": 58,
        "changed": 58,
        "vanished": 1,
        "quarantined": 2,
    }
    assert statuses(house)["A-0058"] == "received"
    assert "A-0059" not in statuses(house)
    (batch,) = on_disk(house) - {events(house)[0].batch_id}
    withdraw_load(house, by=STEWARD, batch_id=batch, reason="a test")
    assert statuses(house) == {f"A-{n:04}": "received" for n in range(60)}
