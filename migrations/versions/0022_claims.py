"""Which process has a message or a delivery in hand, of all that edit and deliver on one database."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("post", sa.Column("claimed_by", sa.Text(), nullable=True))
    op.add_column("post", sa.Column("claimed_until", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("taken_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "taken_by")
    op.drop_column("post", "claimed_until")
    op.drop_column("post", "claimed_by")
