"""What a person keeps on his own desk: forms begun and not sent, and views of a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class FormDraft(SQLModel, table=True):
    """What somebody has typed into a form and not yet sent."""

    __tablename__ = "form_draft"

    person: str = Field(primary_key=True, foreign_key="person.email")
    form: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)  # what the form is about, such as the code of a risk
    version: int  # of the subject, as it was when the form was begun
    fields: dict[str, Any] = document()
    saved_at: datetime = moment()


class SavedView(SQLModel, table=True):
    """How somebody likes to look at a table: filters, order, columns."""

    __tablename__ = "saved_view"

    person: str = Field(primary_key=True, foreign_key="person.email")
    page: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    settings: dict[str, Any] = document()
    saved_at: datetime = moment()
