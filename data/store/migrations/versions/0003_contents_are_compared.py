"""whether two batches hold the same rows is asked of the rows, not of a kept fingerprint"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("batch") as batch_op:
        batch_op.drop_index("ix_batch_content_sha256")
        batch_op.drop_column("content_sha256")
