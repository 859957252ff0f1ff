"""Chats that cannot be seen for a while, who turned topics on in a group, and what groups went on as."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("chat", sa.Column("moved_to", sa.Integer(), nullable=True))
    op.create_table(
        "unseen_chat",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_unseen_chat_chat_id_chat")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_unseen_chat")),
    )
    op.create_table(
        "subscriber",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_subscriber_chat_id_chat")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_subscriber")),
    )
    op.create_index(op.f("ix_subscriber_person"), "subscriber", ["person"])


def downgrade() -> None:
    op.drop_table("subscriber")
    op.drop_table("unseen_chat")
    op.drop_column("chat", "moved_to")
