"""Records that are their versions: what stood at any time, who changed it, what is frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, NotFound
from data.records import (
    amend,
    begin,
    freeze,
    next_code,
    read_all,
    read_frozen,
    read_one,
    read_past,
    take,
)
from data.workspace import Then, Workspace

NOUN = "plan"
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    code: str
    text: str


def opened(workspace: Workspace, hours: int) -> Workspace:
    return workspace.by_clock(lambda: MORNING + timedelta(hours=hours))


def said(workspace: Workspace, text: str, version: int | None, hours: int) -> None:
    with opened(workspace, hours).change(SYSTEM, Permission.STRATEGY_KEEP) as change:
        kept = take(change, NOUN, "P001", Plan, version)
        after = replace(kept.value, text=text)
        amend(change, NOUN, "P001", after, AuditTag.STRATEGY_KEPT, {"reason": "news"})


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    with opened(workspace, 0).change(SYSTEM, Permission.STRATEGY_KEEP) as change:
        code = next_code(change, NOUN, "P")
        begin(change, NOUN, code, Plan(code, "as begun"), AuditTag.STRATEGY_KEPT)
    said(workspace, "as amended", 1, 2)
    return workspace


def test_what_stood_at_a_time_is_read_at_that_time(house: Workspace) -> None:
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        now = read_one(reader, NOUN, "P001", Plan)
        assert (now.value, now.version, now.cause) == (
            Plan("P001", "as amended"),
            2,
            {"reason": "news"},
        )
        assert [one.value.text for one in read_past(reader, NOUN, "P001", Plan)] == [
            "as begun",
            "as amended",
        ]
    between = Then(0, MORNING + timedelta(hours=1))
    with house.at(between).read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        (then,) = read_all(reader, NOUN, Plan)
        assert (then.value.text, then.version) == ("as begun", 1)
    before = Then(0, MORNING - timedelta(hours=1))
    with house.at(before).read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert read_all(reader, NOUN, Plan) == ()
        with pytest.raises(NotFound):
            read_one(reader, NOUN, "P001", Plan)


def test_a_version_that_no_longer_stands_cannot_be_built_on(house: Workspace) -> None:
    with pytest.raises(Conflict) as caught:
        said(house, "from the older version", 1, 3)
    assert caught.value.values["current"] == {"code": "P001", "text": "as amended"}
    assert caught.value.values["by"] == SYSTEM.email
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert read_one(reader, NOUN, "P001", Plan).value.text == "as amended"


def test_codes_are_never_given_twice(house: Workspace) -> None:
    with house.change(SYSTEM, Permission.STRATEGY_KEEP) as change:
        assert next_code(change, NOUN, "P") == "P002"
        with pytest.raises(Conflict):
            begin(change, NOUN, "P001", Plan("P001", "again"), AuditTag.STRATEGY_KEPT)
        begin(change, NOUN, "P002", Plan("P002", "another"), AuditTag.STRATEGY_KEPT)


def test_a_frozen_document_is_its_bytes_for_ever(house: Workspace) -> None:
    document = {"b": [1, 2.5, None], "a": "č – ë"}
    with house.change(SYSTEM, Permission.STRATEGY_KEEP) as change:
        sha256 = freeze(change, NOUN, "P001", document)
        assert freeze(change, NOUN, "P001", dict(reversed(document.items()))) == sha256
        change.record(AuditTag.STRATEGY_KEPT, noun=NOUN, noun_id="P001")
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert json.loads(read_frozen(reader, sha256)) == document
        with pytest.raises(NotFound):
            read_frozen(reader, "0" * 64)
    for statement in ("UPDATE frozen_document SET kept_by = 'x'", "DELETE FROM frozen_document"):
        with (
            pytest.raises(sqlalchemy.exc.IntegrityError, match="append-only"),
            house.database.writing() as session,
        ):
            session.connection().execute(sqlalchemy.text(statement))
