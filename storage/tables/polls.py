"""Polls, votes and tallies; triggers keep the tallies equal to the votes."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.metadata import WIDE, metadata

poll = Table(
    "poll",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("ruled_at", BigInteger),
    Column("question", Text, nullable=False, server_default="blame"),
    UniqueConstraint("incident", "question"),
)
"""An incident's question, who was to blame or how its ruling is rated; `ruled_at` is when the ruling was known.

That is in seconds since 1970, and null where nothing was ruled, or where a ruling is what is rated.
"""

choice = Table(
    "choice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("poll_id", "key"),
    UniqueConstraint("poll_id", "id"),
)
"""An answer that a poll offers, or once offered."""


def _choice_of_the_poll(**info: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["poll_id", "choice_id"], ["choice.poll_id", "choice.id"], info=info)


vote = Table(
    "vote",
    metadata,
    Column("poll_id", Integer, primary_key=True),
    Column("voter", BigInteger, primary_key=True, autoincrement=False),
    Column("choice_id", Integer, nullable=False),
    Column("chat_id", WIDE, nullable=False),
    Column("cast_at", BigInteger, nullable=False),
    Column("after_ruling", SmallInteger, nullable=False),
    _choice_of_the_poll(dialect="sqlite"),
    ForeignKeyConstraint(["chat_id"], ["chat.id"], info={"dialect": "sqlite"}),
    sqlite_with_rowid=False,
)
"""One a poll and voter; `voter` is a pseudonym, `cast_at` in seconds since 1970, `after_ruling` 0 or 1.

PostgreSQL, where looking up what a vote refers to takes longer than to write it, does so for its tallies alone: a
trigger counts each vote into both, and neither ever loses a row, so what a vote refers to is there and stays.
"""

poll_tally = Table(
    "poll_tally",
    metadata,
    Column("poll_id", Integer, primary_key=True),
    Column("choice_id", Integer, primary_key=True),
    Column("after_ruling", SmallInteger, primary_key=True, autoincrement=False),
    Column("votes", Integer, nullable=False),
    _choice_of_the_poll(),
    sqlite_with_rowid=False,
)
"""Everyone's votes, counted by triggers on `vote`."""

chat_tally = Table(
    "chat_tally",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("poll_id", Integer, primary_key=True),
    Column("choice_id", Integer, primary_key=True),
    Column("after_ruling", SmallInteger, primary_key=True, autoincrement=False),
    Column("votes", Integer, nullable=False),
    _choice_of_the_poll(),
    sqlite_with_rowid=False,
)
"""Each chat's votes, counted by triggers on `vote`."""

COUNTED = ((vote, poll_tally), (vote, chat_tally))
"""Tables by whose triggers the rows of another are written, and that other: these rows follow by themselves."""

chat_poll = Table(
    "chat_poll",
    metadata,
    Column("chat_id", ForeignKey("chat.id"), primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), primary_key=True),
    Column("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("closings", Integer, nullable=False, server_default="0"),
    Index("ix_chat_poll_opened_at", "opened_at", sqlite_where=text("closed_at IS NULL")),
    Index("ix_chat_poll_closed_at", "closed_at", sqlite_where=text("closed_at IS NOT NULL")),
    sqlite_with_rowid=False,
)
"""A poll that is closed in a chat, was once, or will be by the clock; moments are seconds since 1970.

`opened_at` is when the chat's closing time began to run, null where it does not; `closed_at` is null while the poll is
open; `closings` counts how often it was closed there.
"""
