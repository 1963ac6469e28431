"""records of every room beside those of the register; documents that stay what they were"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FROZEN = "frozen_document"
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()
"""


def upgrade() -> None:
    for name in ("now", "then", "of"):
        op.drop_index(f"register_version_{name}", "register_version")
    op.rename_table("register_version", "record_version")
    op.create_index("record_version_now", "record_version", ["noun", "replaced_at", "sha256"])
    op.create_index(
        "record_version_then", "record_version", ["noun", "at", "replaced_at", "sha256"]
    )
    op.create_index(
        "record_version_of", "record_version", ["noun", "noun_id", "version"], unique=True
    )
    op.create_table(
        FROZEN,
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("noun_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index("ix_frozen_document_noun_id", FROZEN, ["noun_id"])
    _protect()


def _protect() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE") if is_sqlite else ("",):
        op.execute((SQLITE if is_sqlite else POSTGRESQL).format(table=FROZEN, verb=verb))
