"""A person's own desk: what was typed is there again, for him alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.access.actor import Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import head
from data.desk import Draft, read_draft, read_views
from data.desk.actions import (
    LONGEST_DRAFT,
    MOST_VIEWS,
    drop_draft,
    forget_view,
    keep_draft,
    save_view,
)
from data.errors import Invalid
from data.workspace import Workspace
from tests.house import ADMIN, actor, inhabit, join


@pytest.fixture
def owner(workspace: Workspace) -> Actor:
    inhabit(workspace)
    return join(workspace, "owner@example.org", Role.RISK_OWNER, "O01")


def typed(workspace: Workspace, by: Actor, subject: str = "R-0001") -> Draft | None:
    with workspace.read(by, Permission.SELF_CHANGE) as reader:
        return read_draft(reader, "word", subject)


def views(workspace: Workspace, by: Actor) -> dict[str, object]:
    with workspace.read(by, Permission.SELF_CHANGE) as reader:
        return {one.name: one.settings for one in read_views(reader, "risks")}


def keep(workspace: Workspace, by: Actor, text: str, *, subject: str = "R-0001") -> None:
    keep_draft(workspace, by=by, form="word", subject=subject, version=3, fields={"cause": text})


def test_what_was_typed_last_is_there_again_for_its_writer_alone(
    workspace: Workspace, owner: Actor
) -> None:
    other = join(workspace, "other@example.org", Role.RISK_OWNER, "O01")
    keep(workspace, owner, "Deliveries come")
    keep(workspace, owner, "Deliveries come late")
    kept = typed(workspace, owner)
    assert kept is not None
    assert (kept.version, kept.fields) == (3, {"cause": "Deliveries come late"})
    assert typed(workspace, other) is None
    assert typed(workspace, owner, "R-0002") is None
    drop_draft(workspace, by=owner, form="word", subject="R-0001")
    assert typed(workspace, owner) is None


def test_a_draft_nobody_came_back_to_is_forgotten(workspace: Workspace, owner: Actor) -> None:
    now = datetime.now(UTC)
    keep(workspace.by_clock(lambda: now - timedelta(days=91)), owner, "Old")
    keep(workspace.by_clock(lambda: now - timedelta(days=89)), owner, "Newer", subject="R-0002")
    keep(workspace, owner, "New", subject="R-0003")
    left = {code for code in ("R-0001", "R-0002", "R-0003") if typed(workspace, owner, code)}
    assert left == {"R-0002", "R-0003"}


def test_more_than_a_form_can_hold_is_refused_and_nothing_is_lost(
    workspace: Workspace, owner: Actor
) -> None:
    keep(workspace, owner, "Kept")
    with pytest.raises(Invalid, match="draft_too_long"):
        keep(workspace, owner, "x" * LONGEST_DRAFT)
    kept = typed(workspace, owner)
    assert kept is not None
    assert kept.fields == {"cause": "Kept"}


def test_views_are_replaced_by_name_and_forgotten(workspace: Workspace, owner: Actor) -> None:
    save_view(workspace, by=owner, page="risks", name=" High ones ", settings={"levels": ["high"]})
    save_view(workspace, by=owner, page="risks", name="Mine", settings={"owners": ["me"]})
    save_view(workspace, by=owner, page="risks", name="High ones", settings={"levels": ["low"]})
    assert views(workspace, owner) == {"High ones": {"levels": ["low"]}, "Mine": {"owners": ["me"]}}
    forget_view(workspace, by=owner, page="risks", name="High ones")
    assert set(views(workspace, owner)) == {"Mine"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_name_one_can_read(workspace: Workspace, owner: Actor, name: str) -> None:
    with pytest.raises(Invalid, match="view_name"):
        save_view(workspace, by=owner, page="risks", name=name, settings={})


def test_there_is_an_end_to_views(workspace: Workspace, owner: Actor) -> None:
    for number in range(MOST_VIEWS):
        save_view(workspace, by=owner, page="risks", name=f"View {number}", settings={})
    with pytest.raises(Invalid, match="too_many_views"):
        save_view(workspace, by=owner, page="risks", name="One more", settings={})
    save_view(workspace, by=owner, page="risks", name="View 7", settings={"text": "blanks"})
    assert views(workspace, owner)["View 7"] == {"text": "blanks"}


def test_the_trail_does_not_tell_of_it(workspace: Workspace, owner: Actor) -> None:
    admin = actor(workspace, ADMIN)
    before = head(workspace, by=admin)
    keep(workspace, owner, "Private thoughts")
    save_view(workspace, by=owner, page="risks", name="Mine", settings={})
    assert head(workspace, by=admin) == before
