"""targets with baseline, path and thresholds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("tolerance", sa.Float(), nullable=True),
        sa.Column("course", sa.String(), nullable=False, server_default="at_once"),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("baseline_day", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.String(), nullable=True),
        sa.Column("stages", sa.JSON(), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("replaced_because", sa.String(), nullable=True),
    ):
        op.add_column("target", column)
