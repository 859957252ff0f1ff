"""What chats want to be told, and what is on its way to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "chat_settings",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("spoilers", sa.Text(), server_default="shown", nullable=False),
        sa.Column("hold_minutes", sa.Integer()),
        sa.Column("hold_until", sa.Integer()),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_chat_settings_chat_id"),
        sa.PrimaryKeyConstraint("chat_id", name="pk_chat_settings"),
    )
    op.create_table(
        "subscription",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_subscription_chat_id"),
        sa.PrimaryKeyConstraint("topic", "chat_id", name="pk_subscription"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscription_chat_id", "subscription", ["chat_id"])
    _create_outbox()


def _create_outbox() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("follows", sa.Integer()),
        sa.Column("told_to", sa.Integer()),
        sa.ForeignKeyConstraint(["follows"], ["announcement.id"], name="fk_announcement_follows"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
        sa.UniqueConstraint("key", name="uq_announcement_key"),
    )
    op.create_index("ix_announcement_follows", "announcement", ["follows"])
    _create_partial_index("ix_announcement_unfinished", "announcement", ["id"], "told_to IS NOT NULL")
    op.create_table(
        "delivery",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("message", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name="fk_delivery_announcement_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_delivery_chat_id"),
        sa.PrimaryKeyConstraint("announcement_id", "chat_id", name="pk_delivery"),
        sqlite_with_rowid=False,
    )
    pending = ["platform", "due_at", "announcement_id", "chat_id"]
    _create_partial_index("ix_delivery_pending", "delivery", pending, "state = 0")
    _create_partial_index("ix_delivery_dead", "delivery", ["settled_at"], "state = 2")
    op.create_index("ix_delivery_chat_id", "delivery", ["chat_id"])


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in ("delivery", "announcement", "subscription", "chat_settings"):
        op.drop_table(table)
