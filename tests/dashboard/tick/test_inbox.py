"""The inbox: what is dropped is taken in once, or refused with reasons; nothing is lost."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.jobs import JobState
from dashboard.jobs.inbox.looking import look
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, PermissionDenied
from data.extracts.actions import load_extract
from data.extracts.checked_file import Declared
from data.extracts.history import loads
from data.notices import acknowledge
from data.workspace import Workspace
from tests.dashboard.tick.houses import (
    AT_ONCE,
    declare,
    drop,
    lying,
    march,
    outcomes,
    refused,
    settings_of,
    ticked,
)
from tests.data.extracts.loads import STEWARD, VIEWER, audit, batches, events, statuses, written
from tests.house import inhabit, join

NEVER: dict[str, Any] = {"submitted_at": "never"}


def today(house: Workspace) -> str:
    return datetime.now(house.settings.zone).date().isoformat()


def reasons(house: Workspace, name: str) -> str:
    path = house.settings.inbox / "refused" / today(house) / f"{name}.reasons.txt"
    return path.read_text(encoding="utf-8-sig")


# Taken in


def test_a_file_is_loaded_by_the_system_and_put_away(house: Workspace) -> None:
    content = drop(house, "march.csv", march()).read_bytes()
    ended = ticked(house)
    assert ended.state is JobState.DONE
    assert outcomes(ended) == {"march.csv": "loaded"}
    assert len(statuses(house)) == 20
    assert lying(house) == []
    kept = house.settings.inbox / "loaded" / today(house) / "march.csv"
    assert kept.read_bytes() == content
    (batch,), (event,) = batches(house), events(house)
    assert (batch.loaded_by, event.by, event.reason) == ("SYSTEM", "SYSTEM", "inbox")
    assert AuditTag.EXTRACT_LOADED in [entry.tag for entry in audit(house)]


def test_nothing_new_says_so_and_changes_nothing(house: Workspace) -> None:
    assert outcomes(ticked(house)) == {}
    drop(house, "march.csv", march())
    ticked(house)
    drop(house, "again.csv", march())
    assert outcomes(ticked(house)) == {"again.csv": "nothing_new"}
    assert len(events(house)) == 1


def test_names_never_overwrite_each_other(house: Workspace) -> None:
    for updated, status in enumerate(("received", "ready"), start=1):
        drop(house, "cases.csv", march(status=status, updated=updated))
        ticked(house)
        drop(house, "cases.csv", march(**NEVER, decided_at=status))
        ticked(house)
    assert lying(house, "loaded") == ["cases (2).csv", "cases.csv"]
    shelf = house.settings.inbox / "loaded" / today(house)
    assert "ready" in (shelf / "cases (2).csv").read_text()
    assert lying(house, "refused") == [
        *("cases (2).csv", "cases (2).csv.reasons.txt"),
        *("cases.csv", "cases.csv.reasons.txt"),
    ]
    assert set(statuses(house).values()) == {"ready"}


def test_what_the_sender_declares_is_kept(house: Workspace) -> None:
    file = drop(house, "old.csv", march())
    declare(
        file,
        "cut_at = 2025-04-30\ncoverage_from = 2025-03-01\ncoverage_to = 2025-03-31\n"
        'scope = "full"\n'
        'history = true\nreason = "Register kept until 2025"\n[control_totals]\nrows = 20\n',
    )
    ticked(house)
    (batch,), (event,) = batches(house), events(house)
    assert batch.history
    assert event.reason == "Register kept until 2025"
    assert (batch.coverage_from, batch.coverage_to) == (date(2025, 3, 1), date(2025, 3, 31))
    assert batch.cut_at == datetime(2025, 4, 30, 22, tzinfo=UTC)
    assert (batch.scope, batch.control_totals) == ("full", {"rows": 20})
    assert lying(house, "loaded") == ["old.csv", "old.csv.toml"]


UNREADABLE = {
    "[control_totals]\nrows = 21\n": "21",
    "covers = 2025-03-01\n": "covers",
    'coverage_from = "2025-03-01"\n': "coverage_from",
    "coverage_from = 2025-03-01T00:00:00\n": "coverage_from",
    'scope = "some"\n': "some",
    "[control_totals]\nrows = nan\n": "rows",
    "history = true\n": "reason",
    "not toml": "7.csv.toml",
}


def test_a_declaration_is_read_strictly(house: Workspace) -> None:
    for number, text in enumerate(UNREADABLE):
        declare(drop(house, f"{number}.csv", march()), text)
    file = drop(house, "SHOUTED.CSV", march())
    declare(file, "[control_totals]\nrows = 21\n").rename(file.with_name("SHOUTED.CSV.TOML"))
    assert set(outcomes(ticked(house)).values()) == {"refused"}
    for number, said in enumerate(UNREADABLE.values()):
        assert said in reasons(house, f"{number}.csv")
    assert lying(house, "refused")[:3] == ["0.csv", "0.csv.reasons.txt", "0.csv.toml"]
    assert "SHOUTED.CSV.toml" in lying(house, "refused")
    assert statuses(house) == {}


# Not yet, or not at all


def test_what_still_arrives_is_left_with_its_declaration(house: Workspace) -> None:
    inbox = house.settings.inbox
    done = drop(house, "done.csv", march())
    for name in ("a.csv.part", "~$b.xlsx", ".c.csv", "d.csv.reasons.txt", "lonely.csv.toml"):
        (inbox / name).write_text("x")
    (inbox / "folder").mkdir()
    seen = look(inbox, quiet=timedelta(0))
    assert [one.path for one in seen.arrived] == [done]
    assert seen.left == {
        "a.csv.part": "skipped",
        "~$b.xlsx": "skipped",
        ".c.csv": "skipped",
        "d.csv.reasons.txt": "skipped",
        "lonely.csv.toml": "alone",
        "folder": "folder",
    }
    ticked(house)
    assert lying(house) == sorted(set(seen.left) - {"folder"})


def test_a_file_that_grows_between_two_looks_waits(
    house: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing, still = drop(house, "growing.csv", march()), drop(house, "still.csv", march(21, 30))
    late = drop(house, "late.csv", march(31, 40))
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    for file in (growing, still, late):
        os.utime(file, (long_ago, long_ago))  # as copying leaves them

    def meanwhile(_seconds: float) -> None:
        with growing.open("a") as file:
            file.write("more\n")
        os.utime(growing, (long_ago, long_ago))
        declare(late, 'scope = "full"\n')

    monkeypatch.setattr("dashboard.jobs.inbox.looking.time.sleep", meanwhile)
    seen = look(house.settings.inbox, quiet=timedelta(seconds=30))
    assert [one.name for one in seen.arrived] == ["still.csv"]
    assert seen.left == dict.fromkeys(("growing.csv", "late.csv", "late.csv.toml"), "arriving")


def test_links_pipes_and_odd_names_are_never_followed(house: Workspace, tmp_path: Path) -> None:
    outside = written(tmp_path / "outside.csv", march())
    inbox = house.settings.inbox
    inbox.mkdir()
    (inbox / "link.csv").symlink_to(outside)
    os.mkfifo(inbox / "pipe.csv")
    os.link(drop(house, "a.csv", march()), os.fsencode(inbox) + b"/\xff\n..csv")
    (inbox / "a.csv").unlink()
    found = outcomes(ticked(house))
    assert len(found) == 3
    assert set(found.values()) == {"refused"}
    assert (inbox / "refused" / today(house) / os.fsdecode(b"\xff\n..csv")).is_file()
    assert outside.read_bytes()
    assert (inbox / "refused" / today(house) / "link.csv").is_symlink()


@pytest.mark.parametrize("where", ["", "loaded"])
def test_an_inbox_that_is_a_link_is_refused(house: Workspace, tmp_path: Path, where: str) -> None:
    inbox, elsewhere = house.settings.inbox, tmp_path / "elsewhere"
    elsewhere.mkdir()
    if where:
        inbox.mkdir()
    (inbox / where).symlink_to(elsewhere)
    drop(house, "march.csv", march())
    ended = ticked(house)
    assert ended.refusal is not None
    assert ended.refusal.key == "tick.refused.inbox_no_folder"
    assert (inbox / "march.csv").is_file()


# Refused


def test_a_refusal_says_what_where_and_what_to_do(house: Workspace) -> None:
    drop(house, "bad.csv", [*march(1, 9), *march(10, 12, **NEVER)])
    assert outcomes(ticked(house)) == {"bad.csv": "refused"}
    said = reasons(house, "bad.csv")
    assert "3 of 12 rows" in said
    for row in (11, 12, 13):
        assert f"bad.csv, row {row}, submitted_at: No date" in said
    assert "never" not in said
    assert "put the file into the inbox again" in said
    (notice,) = refused(house)
    assert (notice.subject, notice.contract) == ("bad.csv", "applications")
    tags = [entry.tag for entry in audit(house)]
    assert {AuditTag.EXTRACT_REFUSED, AuditTag.NOTICE_WRITTEN} <= set(tags)


def test_personal_data_are_deleted_and_only_the_reasons_stay(
    house: Workspace,
) -> None:
    speaking = Workspace(replace(house.settings, language="sq"), house.database)
    drop(house, "people.csv", march(rejection_reason="call 044 123 456"))
    drop(house, "headers.csv", march(personal_number="1234567890"))
    assert outcomes(ticked(speaking)) == {"headers.csv": "refused", "people.csv": "refused"}
    kept = [path for path in house.settings.home.rglob("*") if path.is_file()]
    for secret in (b"044 123 456", b"1234567890"):
        assert not [path for path in kept if secret in path.read_bytes()]
    assert lying(house, "refused") == ["headers.csv.reasons.txt", "people.csv.reasons.txt"]
    assert reasons(house, "people.csv").startswith("people.csv nuk u ngarkua.")
    assert "u fshi" in reasons(house, "people.csv")


def test_one_bad_file_does_not_hold_up_the_others(
    house: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_on(_workspace: Workspace, *, file_name: str, **asked: object) -> object:
        if file_name == "a.csv":
            raise MemoryError
        return load_extract(_workspace, file_name=file_name, **asked)  # type: ignore[arg-type]

    monkeypatch.setattr("dashboard.jobs.inbox.arrivals.load_extract", break_on)
    drop(house, "a.csv", march(1, 5))
    drop(house, "b.csv", march(6, 9))
    assert outcomes(ticked(house)) == {"a.csv": "failed", "b.csv": "loaded"}
    assert lying(house) == ["a.csv"]
    monkeypatch.undo()
    assert outcomes(ticked(house)) == {"a.csv": "loaded"}
    assert refused(house) == []


# Until somebody has seen to it


def test_a_refusal_stands_until_a_good_load_of_its_days_follows(house: Workspace) -> None:
    days = "coverage_from = 2025-03-01\ncoverage_to = 2025-03-31\n"
    declare(drop(house, "bad.csv", march(**NEVER)), days)
    ticked(house)
    assert [one.subject for one in refused(house)] == ["bad.csv"]
    some = Declared(coverage_from=date(2025, 3, 1), coverage_to=date(2025, 3, 30))
    load_into(house, "some.csv", some)
    assert refused(house)
    all_days = Declared(coverage_from=date(2025, 2, 1), coverage_to=date(2025, 3, 31))
    load_into(house, "whole.csv", all_days)
    assert refused(house) == []
    declare(drop(house, "bad.csv", march(**NEVER)), days)
    ticked(house)
    assert len(refused(house)) == 1


def load_into(house: Workspace, name: str, declared: Declared) -> None:
    path = written(house.settings.home / name, march())
    load_extract(house, by=STEWARD, path=path, file_name=name, declared=declared)


def test_a_refusal_is_acknowledged_by_whoever_may_load(house: Workspace) -> None:
    drop(house, "odd.csv", [{"nobody": "knows"}])
    ticked(house)
    (notice,) = refused(house)
    with pytest.raises(PermissionDenied):
        acknowledge(house, by=VIEWER, notice_id=notice.id or 0)
    acknowledge(house, by=STEWARD, notice_id=notice.id or 0)
    assert refused(house) == []
    with pytest.raises(Conflict):
        acknowledge(house, by=STEWARD, notice_id=notice.id or 0)
    entry = audit(house)[-1]
    assert (entry.tag, entry.actor) == (AuditTag.NOTICE_CLOSED, STEWARD.email)


def test_it_is_loaded_in_the_name_of_somebody_who_may(tmp_path: Path) -> None:
    house = Workspace.open(replace(settings_of(tmp_path / "home"), inbox_quiet=AT_ONCE))
    inhabit(house)
    join(house, "steward@example.org", Role.DATA_STEWARD, WHOLE_AGENCY)
    join(house, "vera@example.org", Role.VIEWER, WHOLE_AGENCY)
    drop(house, "march.csv", march())
    for email, key in (
        ("nobody@example.org", "tick.refused.nobody"),
        ("vera@example.org", "door.denied"),
    ):
        ended = ticked(Workspace(replace(house.settings, inbox_as=email), house.database))
        assert ended.refusal is not None
        assert ended.refusal.key == key
        assert lying(house) == ["march.csv"]
    ticked(Workspace(replace(house.settings, inbox_as="steward@example.org"), house.database))
    (load,) = loads(house, by=SYSTEM)
    assert load.batch.loaded_by == load.event.by == "steward@example.org"
    assert lying(house, "loaded") == ["march.csv"]
    house.database.dispose()


def test_history_needs_a_reason(house: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path / "old.csv", march())
    with pytest.raises(Invalid):
        load_extract(house, by=STEWARD, path=path, file_name="old.csv", history=True, reason=" ")
    assert events(house) == []
