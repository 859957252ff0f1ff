"""The posts of races in forums."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "forum_post",
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("race", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("starter", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_forum_post_chat_id_chat")),
        sa.PrimaryKeyConstraint("chat_id", "race", name=op.f("pk_forum_post")),
    )
    op.create_index(op.f("ix_forum_post_thread"), "forum_post", ["thread"])


def downgrade() -> None:
    op.drop_table("forum_post")
