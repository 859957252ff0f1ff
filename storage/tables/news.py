"""What is announced, and what becomes of it in each chat."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, text

from storage.tables.metadata import WIDE, metadata

announcement = Table(
    "announcement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("follows", ForeignKey("announcement.id")),
    Column("told_to", WIDE),
    Index(None, "follows"),
    # Partial on PostgreSQL too, where storage/database/postgresql.py says so: naming its dialect here would load it.
    Index(
        "ix_announcement_unfinished",
        "id",
        sqlite_where=text("told_to IS NOT NULL"),
    ),
)
"""Something to be told to all who subscribed, or to whoever was told what it `follows`.

`subject` is a JSON document; `told_to` is the last chat that has its delivery, null once all have.
"""

delivery = Table(
    "delivery",
    metadata,
    Column("announcement_id", ForeignKey("announcement.id"), primary_key=True),
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("platform", Text, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("settled_at", BigInteger),
    Column("message", Text),
    Column("problem", Text),
    Column("taken_by", Text),
    Index(
        "ix_delivery_pending",
        "platform",
        "due_at",
        "announcement_id",
        "chat_id",
        sqlite_where=text("state = 0"),
    ),
    Index("ix_delivery_dead", "settled_at", sqlite_where=text("state = 2")),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)
"""The outbox: an announcement on its way to a chat, see `storage.outbox.State`; moments are seconds since 1970.

`taken_by` is the process that has it in hand, where several deliver; from `due_at` on another may take it.
"""
