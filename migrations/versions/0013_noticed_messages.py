"""What race control said of incidents is kept, so that it is known by the same numbers after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """What was heard so far counted all messages of a session; from now on those about incidents are counted."""
    op.create_table(
        "noticed_message",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lap", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("session", "number", name="pk_noticed_message"),
        sa.UniqueConstraint("session", "said_at", "text", name="uq_noticed_message_session_said_at_text"),
        sqlite_with_rowid=False,
    )
    op.execute("UPDATE noted_incident SET heard = 0")
    op.execute("ALTER TABLE unknown_templates RENAME COLUMN messages TO templates")


def downgrade() -> None:
    op.execute("ALTER TABLE unknown_templates RENAME COLUMN templates TO messages")
    op.drop_table("noticed_message")
