"""Where the bots are, for processes that serve pages and have no token."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "bot_address",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_bot_address")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("bot_address")
