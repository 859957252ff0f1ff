"""By how much later a chat sees a race, whether its polls are blind, and when, and which of them, are closed there."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("chat_settings", sa.Column("delay_seconds", sa.Integer(), server_default="0", nullable=False))
    op.add_column("chat_settings", sa.Column("blind", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("chat_settings", sa.Column("closing_hours", sa.Integer()))
    op.create_table(
        "chat_poll",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("closings", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "poll_id", name="pk_chat_poll"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_chat_poll_chat_id"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_chat_poll_poll_id"),
        sqlite_with_rowid=False,
    )
    where = sa.text("closed_at IS NULL")
    op.create_index("ix_chat_poll_opened_at", "chat_poll", ["opened_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_chat_poll_opened_at", "chat_poll")
    op.drop_table("chat_poll")
    with op.batch_alter_table("chat_settings") as batch:
        for column in ("closing_hours", "blind", "delay_seconds"):
            batch.drop_column(column)
