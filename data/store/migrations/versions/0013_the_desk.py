"""the desk: forms begun and not sent, views of tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Houses that met 0012 in its first days have both tables already.
    known = set(sa.inspect(op.get_bind()).get_table_names())
    if "form_draft" not in known:
        op.create_table(
            "form_draft",
            sa.Column("person", sa.String(), nullable=False),
            sa.Column("form", sa.String(), nullable=False),
            sa.Column("subject", sa.String(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("fields", sa.JSON(), nullable=False),
            sa.Column("saved_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(["person"], ["person.email"]),
            sa.PrimaryKeyConstraint("person", "form", "subject"),
        )
    if "saved_view" not in known:
        op.create_table(
            "saved_view",
            sa.Column("person", sa.String(), nullable=False),
            sa.Column("page", sa.String(), nullable=False),
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("settings", sa.JSON(), nullable=False),
            sa.Column("saved_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(["person"], ["person.email"]),
            sa.PrimaryKeyConstraint("person", "page", "name"),
        )
