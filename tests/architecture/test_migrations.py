"""Migrations in step with the tables, on a database made by the migrations alone."""

from __future__ import annotations

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from data.store.tables import AuditEntry
from data.workspace import Workspace


def test_migrated_schema_is_the_schema_of_the_tables(workspace: Workspace) -> None:
    with workspace.database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_migrated_database_is_current_and_an_absent_one_is_not(workspace: Workspace) -> None:
    assert workspace.database.is_current()
    workspace.database.dispose()
    for file in workspace.settings.home.glob("cra.db*"):
        file.unlink()
    assert not workspace.database.is_current()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"]
)
def test_the_audit_trail_is_append_only(workspace: Workspace, statement: str) -> None:
    from data.audit import trail
    from data.audit.tags import AuditTag

    with workspace.database.writing() as session:
        trail.append(session, actor="a", tag=AuditTag.SIGNED_IN, noun="person", noun_id="a")
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="append-only"),
        workspace.database.writing() as session,
    ):
        session.connection().execute(sqlalchemy.text(statement))
    with workspace.database.reading() as session:
        assert session.get(AuditEntry, 1) is not None
