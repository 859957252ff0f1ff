"""How many of the stewards' messages in a session follow no template that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "unknown_templates",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_unknown_templates"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("unknown_templates")
