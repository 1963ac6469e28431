"""A person's drafts and views, for himself alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.store.tables import FormDraft, SavedView
from data.workspace import Reader


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, and which version of its subject the person saw as he began."""

    version: int
    fields: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at a table, under the name its owner gave it."""

    name: str
    settings: Mapping[str, Any]


def read_draft(reader: Reader, form: str, subject: str) -> Draft | None:
    """What the reader has typed into a form about something and not sent; None if nothing."""
    row = reader.find(FormDraft, (reader.by.email, form, subject))
    return None if row is None else Draft(row.version, row.fields, row.saved_at)


def read_views(reader: Reader, page: str) -> tuple[View, ...]:
    """The reader's own views of a page, by name."""
    wanted = select(SavedView).where(SavedView.person == reader.by.email, SavedView.page == page)
    rows = reader.all(wanted.order_by(col(SavedView.name)))
    return tuple(View(row.name, row.settings) for row in rows)
