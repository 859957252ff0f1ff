"""Chats have ids of 64 bits, and nothing is left of a person where they were forgotten.

On SQLite every id has 64 bits as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

WIDE = {
    "chat": ("id", "moved_to"),
    "post": ("id", "chat_id"),
    "announcement": ("told_to",),
    **dict.fromkeys(("chat_settings", "subscription", "subscriber", "unseen_chat"), ("chat_id",)),
    **dict.fromkeys(("served_quotation", "delivery", "chat_poll", "chat_tally", "vote"), ("chat_id",)),
}
"""The columns that hold a chat's id, or a post's, by their tables."""

SEQUENCES = ("chat_id_seq", "post_id_seq")

FORGOTTEN = "SELECT id FROM chat WHERE kind = 'private' AND external LIKE 'forgotten %'"
INLINE = "SELECT id FROM chat WHERE kind = 'elsewhere'"
LEFT_BEHIND = ("unseen_chat", "subscriber", "subscription", "chat_settings", "chat_poll", "post", "served_quotation")


def upgrade() -> None:
    forget()
    resize("BIGINT")


def downgrade() -> None:
    resize("INTEGER")


def forget() -> None:
    # Who asked to be forgotten cannot be told from who did not: what was dealt in private begins anew for everybody.
    dealt_to = "kind = 'private' AND external LIKE 'private %'"
    op.execute(sa.text(f"UPDATE chat SET external = 'forgotten ' || id WHERE {dealt_to}"))  # noqa: S608
    for table in LEFT_BEHIND:
        op.execute(sa.text(f"DELETE FROM {table} WHERE chat_id IN ({FORGOTTEN})"))  # noqa: S608
    # An inline message's id holds the number of whoever posted it.
    op.execute(sa.text(f"DELETE FROM post WHERE chat_id IN ({INLINE})"))  # noqa: S608


def resize(kind: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in WIDE.items():
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER COLUMN {column} TYPE {kind}" for column in columns))
    for sequence in SEQUENCES:
        op.execute(f"ALTER SEQUENCE {sequence} AS {kind}")
