"""Past sessions whose incidents are all recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "recorded_session",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_recorded_session"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("recorded_session")
