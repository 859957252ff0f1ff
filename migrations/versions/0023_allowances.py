"""How many calls a platform takes from all processes together, and until when it wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entered", sa.Text(), nullable=False),
        sa.Column("silent_until", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_allowance"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("allowance")
