"""The audit trail: whatever is done to it behind the product's back is found and named."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select, text

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.auditing import Wanted, entries, head, verify_trail
from data.store.tables import AuditEntry
from data.workspace import Workspace

ENTRIES = 6


@pytest.fixture
def written(workspace: Workspace) -> Workspace:
    """A house with six entries, one of each kind of value."""
    for number in range(1, ENTRIES + 1):
        with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
            change.record(
                AuditTag.REFERENCE_CHANGED,
                noun="thing",
                noun_id=f"{number}",
                old={"name": "Gračanica", "count": number - 1},
                new={"name": "Graçanicë", "count": number, "share": 0.1, "none": None},
            )
    return workspace


@contextmanager
def tampering(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """Somebody with the database file and enough knowledge to take the triggers away."""
    file = Path(workspace.database.url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(f"DROP TRIGGER audit_entry_no_{verb}")
        yield connection
    connection.close()


def test_a_whole_trail_holds_and_ends_in_its_head(written: Workspace) -> None:
    verdict = verify_trail(written, by=SYSTEM)
    assert verdict.holds
    assert verdict.entries == ENTRIES
    assert verdict.head == head(written, by=SYSTEM)


def test_the_hashes_can_be_computed_with_nothing_but_a_hash_function(written: Workspace) -> None:
    previous = "0" * 64
    for entry in reversed(entries(written, by=SYSTEM, wanted=Wanted())):
        at = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
        said = [entry.number, at, entry.actor, entry.tag, entry.noun, entry.noun_id]
        document = [*said, entry.old, entry.new, previous]
        line = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(line.encode()).hexdigest()
        assert entry.hash == previous


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody.else@example.org"),
        ("at", "2001-01-01 00:00:00.000000"),
        ("tag", "access.signed_in"),
        ("noun", "other"),
        ("noun_id", "9"),
        ("old", "null"),
        ("new", '{"count": 99}'),
        ("previous_hash", "f" * 64),
        ("hash", "f" * 64),
    ],
)
@pytest.mark.parametrize("number", [1, 3, ENTRIES])
def test_an_edited_entry_is_named(written: Workspace, number: int, column: str, value: str) -> None:
    with tampering(written) as connection:
        connection.execute(f"UPDATE audit_entry SET {column} = ? WHERE number = ?", (value, number))
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (number, "edited")


@pytest.mark.parametrize("number", [1, 3, ENTRIES - 1])
def test_a_removed_entry_is_named(written: Workspace, number: int) -> None:
    with tampering(written) as connection:
        connection.execute("DELETE FROM audit_entry WHERE number = ?", (number,))
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (number, "missing")


def test_a_removed_entry_is_named_even_when_the_others_are_renumbered(written: Workspace) -> None:
    with tampering(written) as connection:
        connection.execute("DELETE FROM audit_entry WHERE number = 3")
        connection.execute("UPDATE audit_entry SET number = number - 1 WHERE number > 3")
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (3, "edited")


def test_an_inserted_entry_is_named(written: Workspace) -> None:
    with tampering(written) as connection:
        connection.execute("UPDATE audit_entry SET number = number + 10 WHERE number > 3")
        connection.execute("UPDATE audit_entry SET number = number - 9 WHERE number > 13")
        connection.execute(
            "INSERT INTO audit_entry SELECT 4, at, actor, tag, noun, noun_id, old, new,"
            " previous_hash, hash FROM audit_entry WHERE number = 3"
        )
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (4, "edited")


def test_an_entry_forged_with_a_right_hash_breaks_the_link_of_the_next(
    written: Workspace,
) -> None:
    from data.audit.trail import entry_hash

    with written.database.reading() as session:
        forged = session.exec(select(AuditEntry).where(AuditEntry.number == 3)).one()
        forged.actor = "somebody.else@example.org"
        right = entry_hash(forged)
        session.expunge(forged)
    with tampering(written) as connection:
        connection.execute(
            "UPDATE audit_entry SET actor = ?, hash = ? WHERE number = 3", (forged.actor, right)
        )
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (4, "broken_link")


def test_two_entries_that_changed_places_are_named(written: Workspace) -> None:
    with tampering(written) as connection:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            connection.execute("UPDATE audit_entry SET number = ? WHERE number = ?", (new, old))
    verdict = verify_trail(written, by=SYSTEM)
    assert (verdict.first_bad, verdict.fault) == (2, "edited")


def test_a_trail_cut_off_at_its_end_is_told_by_a_head_noted_before(written: Workspace) -> None:
    noted = head(written, by=SYSTEM)
    assert verify_trail(written, by=SYSTEM, expected_head=noted).holds
    with tampering(written) as connection:
        connection.execute("DELETE FROM audit_entry WHERE number > 4")
    assert verify_trail(written, by=SYSTEM).holds
    verdict = verify_trail(written, by=SYSTEM, expected_head=noted)
    assert (verdict.first_bad, verdict.fault) == (5, "head_not_found")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "UPDATE audit_entry SET hash = hash WHERE number = 1",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_itself_accepts_new_entries_only(written: Workspace, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        written.database.writing() as session,
    ):
        session.connection().execute(text(statement))
    assert verify_trail(written, by=SYSTEM).holds
