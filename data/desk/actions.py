"""Every write of a person's own desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import col, delete, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.store.tables import FormDraft, SavedView
from data.workspace import Change, Workspace

LONGEST_DRAFT = 60_000  # characters of JSON: some times what all fields of a form may hold
LONGEST_NAME = 60
MOST_VIEWS = 40  # of one page
KEPT = timedelta(days=90)  # a draft nobody came back to is forgotten


def keep_draft(
    workspace: Workspace,
    *,
    by: Actor,
    form: str,
    subject: str,
    version: int,
    fields: Mapping[str, Any],
) -> None:
    """Keep what somebody has typed so far, in place of what was kept before."""
    said = json.loads(json.dumps(dict(fields)))
    if len(json.dumps(said)) > LONGEST_DRAFT:
        raise Invalid("desk.refused.draft_too_long")
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        change.leave_unrecorded()
        _forget_old(change)
        row = change.find(FormDraft, (by.email, form, subject))
        if row is None:
            row = FormDraft(person=by.email, form=form, subject=subject, version=version)
        row.version, row.fields, row.saved_at = version, said, change.now
        change.add(row)


def drop_draft(workspace: Workspace, *, by: Actor, form: str, subject: str) -> None:
    """Forget what was typed: it was sent, or is not wanted any more."""
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        change.leave_unrecorded()
        table = FormDraft
        own = (col(table.person) == by.email, col(table.form) == form)
        change.execute(delete(table).where(*own, col(table.subject) == subject))


def save_view(
    workspace: Workspace, *, by: Actor, page: str, name: str, settings: Mapping[str, Any]
) -> None:
    """Keep a way to look at a page under a name; one of this name is replaced."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("desk.refused.view_name", longest=LONGEST_NAME)
    said = json.loads(json.dumps(dict(settings)))
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        change.leave_unrecorded()
        row = change.find(SavedView, (by.email, page, name))
        if row is None:
            _require_room(change, page)
            row = SavedView(person=by.email, page=page, name=name)
        row.settings, row.saved_at = said, change.now
        change.add(row)


def forget_view(workspace: Workspace, *, by: Actor, page: str, name: str) -> None:
    """Forget one of one's own views."""
    with workspace.change(by, Permission.SELF_CHANGE) as change:
        change.leave_unrecorded()
        table = SavedView
        own = (col(table.person) == by.email, col(table.page) == page)
        change.execute(delete(table).where(*own, col(table.name) == name))


def _forget_old(change: Change) -> None:
    table = FormDraft
    old = col(table.saved_at) < change.now - KEPT
    change.execute(delete(table).where(col(table.person) == change.by.email, old))


def _require_room(change: Change, page: str) -> None:
    table = SavedView
    count = select(func.count()).where(table.person == change.by.email, table.page == page)
    if (change.first(count) or 0) >= MOST_VIEWS:
        raise Invalid("desk.refused.too_many_views", most=MOST_VIEWS)
