"""What a message that shows a poll shows, on which platform it is, and when it was of use last; room beside votes."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("post", sa.Column("platform", sa.Text(), nullable=True))
    op.add_column("post", sa.Column("shown", sa.BigInteger(), nullable=True))
    op.add_column("post", sa.Column("used_at", sa.BigInteger(), nullable=True))
    fill = "UPDATE post SET used_at = :now, platform = (SELECT platform FROM chat WHERE chat.id = post.chat_id)"
    connection.execute(sa.text(fill), {"now": int(time.time())})
    with op.batch_alter_table("post") as post:
        post.alter_column("platform", existing_type=sa.Text(), nullable=False)
        post.alter_column("used_at", existing_type=sa.BigInteger(), nullable=False)
        post.drop_index("ix_post_poll_id_id")
        post.create_index("ix_post_poll_id_platform_id", ["poll_id", "platform", "id"])
        post.create_index("ix_post_used_at", ["used_at"])
    if connection.dialect.name == "postgresql":
        # A vote that is changed finds room on its own page, so that no index has to be told where it went.
        op.execute("ALTER TABLE vote SET (fillfactor = 85)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE vote RESET (fillfactor)")
    with op.batch_alter_table("post") as post:
        post.drop_index("ix_post_used_at")
        post.drop_index("ix_post_poll_id_platform_id")
        post.create_index("ix_post_poll_id_id", ["poll_id", "id"])
        post.drop_column("used_at")
        post.drop_column("shown")
        post.drop_column("platform")
